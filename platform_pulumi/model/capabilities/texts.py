"""Forms of texts that several properties share, each with the words for what has another form.

Patterns are ASCII: to `\\d` and `isdigit` digits of every script are digits, to no provider.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from platform_pulumi.model.characters import control_character, shown
from platform_pulumi.model.value import Secret, Text

#: The type of the error of a text that a field cannot have.
REFUSED: Final = "refused"
#: Linux ends no variable and no argument later than this: MAX_ARG_STRLEN, execve(2).
LONGEST_ARGUMENT: Final = 131_071


def refused(reason: str, value: str = "") -> PydanticCustomError:
    """Build the error of a value that a field cannot have.

    Args:
        reason: what it should be; it shows nothing of the value.
        value: what is said of the value itself, where it is no secret: "; it is x".
    """
    return PydanticCustomError(REFUSED, "{reason}{value}", {"reason": reason, "value": value})


class Form:
    """Annotation of a text: its pattern, also in the JSON Schema, and what it should be, in words.

    Args:
        pattern: what the whole text matches.
        words: what it should be: "a name of letters".
        most: its greatest length.
    """

    def __init__(self, pattern: str, words: str, most: int) -> None:
        self._pattern = re.compile(pattern, re.ASCII)
        self._words = words
        self._most = most

    def check(self, value: str) -> str:
        """Refuse another form.

        Raises:
            PydanticCustomError: it says what it should be.
        """
        if not value and not self._pattern.fullmatch(""):
            reason = f"should be {self._words}"
            raise refused(reason, "; it is empty")
        if len(value) > self._most:
            reason = f"should be at most {self._most} characters long; it has {len(value):,}"
            raise refused(reason)
        if not self._pattern.fullmatch(value):
            reason = f"should be {self._words}"
            raise refused(reason, f"; it is {shown(value)}")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check what is text."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Say the pattern and the length."""
        return {**handler(schema), "pattern": f"^{self._pattern.pattern}$", "maxLength": self._most}


def _line(value: str) -> str:
    """Refuse what is no line of text: nothing but blanks, a control character in it, longer than any is meant."""
    if not value.strip():
        reason = "should not be empty"
        raise refused(reason)
    if found := control_character(value):
        reason = f"should be one line of text; character {found} stands in it"
        raise refused(reason)
    if len(value) > _LONGEST_LINE:
        reason = f"should be at most {_LONGEST_LINE:,} characters long; it has {len(value):,}"
        raise refused(reason)
    return value


_LONGEST_LINE = 2048


def argument(value: str) -> str:
    """Refuse what execve(2) cannot pass on: C ends a text at NUL, and Linux at 128 KiB.

    Raises:
        PydanticCustomError: it says why.
    """
    if "\0" in value:
        reason = "cannot hold U+0000: it would end there"
        raise refused(reason)
    if len(value.encode(errors="surrogatepass")) > LONGEST_ARGUMENT:
        reason = "is longer than 128 KiB, which no process can be given"
        raise refused(reason)
    return value


def _variable(value: Any) -> Any:
    text = value.reveal() if isinstance(value, Secret) else value
    if isinstance(text, str):
        argument(text)
    return value


def _mount_path(value: str) -> str:
    if not value.startswith("/"):
        reason = f"should begin with /; it is {shown(value)}"
        raise refused(reason)
    if ":" in value or ".." in value.split("/"):
        reason = f"should be a plain path without `:` and `..`; it is {shown(value)}"
        raise refused(reason)
    if not value.strip("/."):
        reason = "cannot be / itself: the image would be hidden"
        raise refused(reason)
    return value


def _command(words: list[str]) -> list[str]:
    if words and not words[0].strip():
        reason = "begins with nothing: its first word is the program to run"
        raise refused(reason)
    return words


_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# github.com/distribution/reference: domain, path components, tag, digest.
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)"
_DOMAIN = rf"(?:{_HOST}(?:\.{_HOST})*|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?"
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REPOSITORY = rf"(?:{_DOMAIN}/)?{_COMPONENT}(?:/{_COMPONENT})*"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})"
_IMAGE = re.compile(rf"(?P<repository>{_REPOSITORY})(?::{_TAG})?(?:@{_DIGEST})?")
#: RepositoryNameTotalLengthMax there.
_LONGEST_REPOSITORY = 255


def is_image(text: str) -> bool:
    """Whether a text is a reference to an image."""
    match = _IMAGE.fullmatch(text)
    return match is not None and len(match["repository"]) <= _LONGEST_REPOSITORY


def _image(value: Any) -> Any:
    """Refuse text that is no reference to an image; what is known only after an apply is not looked at."""
    text = value.reveal() if isinstance(value, Secret) else value
    if not isinstance(text, str) or (isinstance(value, Secret) and not text):  # no value yet
        return value
    if not is_image(text):
        reason = f"should be an image such as registry.acme.com/api:1.4.2 or postgres:15{_why_no_image(value)}"
        raise refused(reason)
    return value


def _why_no_image(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    if not value:
        return "; it is empty"
    if "://" in value:
        return f". Leave the scheme out: {shown(value.partition('://')[2])}"
    if any(c.isspace() or not c.isprintable() for c in value):
        return f'; a blank, or a character that cannot be seen, stands in "{shown(value)}"'
    if value != value.lower() and _IMAGE.fullmatch(value.lower()):
        return f". A repository is written in small letters; it is {shown(value)}"
    if len(value) > _LONGEST_REPOSITORY:
        return f", its name at most {_LONGEST_REPOSITORY} characters long"
    return f"; it is {shown(value)}"


#: One line of text that means something.
Line = Annotated[str, AfterValidator(_line)]
#: Word of a command, or value of a variable.
Argument = Annotated[str, AfterValidator(argument)]
#: A command: the program, then its arguments, which may be empty.
Command = Annotated[list[Argument], AfterValidator(_command)]
#: A reference to a container image.
Image = Annotated[Text, AfterValidator(_image)]
#: Version of an engine: `15`, `3.13`, `15.4.1`.
EngineVersion = Annotated[str, Form(r"[0-9]+(\.[0-9]+){0,2}", "a version such as 15 or 3.13", 20)]
#: Kubernetes minor version.
MinorVersion = Annotated[str, Form(r"[0-9]{1,3}\.[0-9]{1,3}", "a minor version such as 1.29", 7)]
#: Labels of Kubernetes objects: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels.
LabelKey = Annotated[
    str,
    Form(
        rf"({_LABEL}(\.{_LABEL})*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9])?",
        "a name of at most 63 letters, digits, `-`, `_` and `.`, with `domain/` before it or not",
        317,
    ),
]
LabelValue = Annotated[
    str,
    Form(
        "([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?",
        "letters, digits, `-`, `_` and `.` between letters or digits, or empty",
        63,
    ),
]
#: Machine type or class in a provider's words: `m5.xlarge`, `Standard_D2s_v3`.
MachineType = Annotated[str, Form(r"[A-Za-z0-9][A-Za-z0-9._-]*", "a machine type such as m5.large", 64)]
#: Path of an HTTP request (RFC 3986): what is not ASCII, and blanks, are written as %XX. AWS takes 1,024 characters.
RequestPath = Annotated[str, Form(r"/[!-~]*", "a path that begins with / and has no blanks (%20 stands for one)", 1024)]
#: A key of a Kubernetes Secret, in which secret variables are kept: at most 253 characters. One with `=` would be read
#: as another one's value.
VariableName = Annotated[
    str, Form(r"[A-Za-z_][A-Za-z0-9_.-]*", "a name of letters, digits, `_`, `.` and `-` after a letter or `_`", 253)
]
#: Value of a variable; a secret one is not shown.
EnvironmentValue = Annotated[Text, AfterValidator(_variable)]
#: Path of an Ingress: what the controllers take alike.
PathPrefix = Annotated[
    str, Form(r"/[A-Za-z0-9._~%/-]*", "a path of letters, digits and `._~%-` that begins with /", 1024)
]
#: Absolute path within a container, as it stands there: Docker and Kubernetes (`mountPath` has no `:`) take no other.
MountPath = Annotated[str, AfterValidator(_line), AfterValidator(_mount_path)]
#: Domain of a zone, as it is written there.
Domain = Annotated[
    str, Form(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}", "a domain such as acme.com", 253)
]
#: Group of a cluster's machines: part of their names.
GroupName = Annotated[
    str, Form(r"[a-z][a-z0-9-]*", "a name of small letters, digits and `-`, beginning with a letter", 41)
]
#: Port (RFC 6335): a service name.
PortName = Annotated[
    str, Form(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "a name of small letters, digits and single `-` between them", 15)
]
#: What databases take for names without quotes.
DatabaseName = Annotated[
    str, Form(r"[a-z][a-z0-9_]*", "a name of small letters, digits and `_`, beginning with a letter", 63)
]
#: Users of databases: RDS takes 16 characters, the engines more.
DatabaseUser = Annotated[
    str, Form(r"[a-z][a-z0-9_]*", "a name of small letters, digits and `_`, beginning with a letter", 16)
]
#: Users of brokers.
BrokerUser = Annotated[
    str,
    Form(r"[a-z][a-z0-9_]+", "a name of at least 2 small letters, digits and `_`, beginning with a letter", 32),
]
#: Buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, without dots.
BucketName = Annotated[
    str,
    Form(
        r"[a-z0-9][a-z0-9-]+[a-z0-9]",
        "a name of at least 3 small letters, digits and `-`, beginning and ending with a letter or digit",
        63,
    ),
]
AccessKey = Annotated[str, Form(r"[A-Za-z0-9]{3,}", "at least 3 letters and digits", 128)]
#: Text of several lines.
Prose = Annotated[str, Form(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*", "text without control characters", 1000)]
#: Host name (RFC 1123), with `*.` before it for all below it.
HostName = Annotated[str, Form(rf"(\*\.)?{_LABEL}(\.{_LABEL})*", "a host name such as api.acme.com", 253)]
