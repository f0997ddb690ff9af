"""What texts of properties are taken, and in which words others are refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from platform_pulumi.model.capabilities import texts
from platform_pulumi.model.capabilities.fields import Cidr, SecretText
from platform_pulumi.model.value import CapabilityOutput, Secret, Template

DIGEST = "sha256:" + "0a" * 32


def refusal(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    return str(caught.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    "image",
    [
        "a",
        "postgres:15",
        "library/postgres",
        "registry.acme.com/shop/api:1.4.2",
        "registry.acme.com:5000/api",
        "localhost:5000/a/b__c/d--e:V_1.2-x",
        f"api@{DIGEST}",
        f"[2001:db8::1]:5000/api:1@{DIGEST}",
        "Acme.example/api",  # a host's name, where capitals mean nothing
        Secret("postgres:15"),
        Template(("registry/", CapabilityOutput("a", "b"))),
    ],
)
def test_images_are_those_of_the_reference_grammar(image: object) -> None:
    assert TypeAdapter(texts.Image).validate_python(image) == image


@pytest.mark.parametrize(
    ("image", "why"),
    [
        ("", "it is empty"),
        (" a", 'a blank, or a character that cannot be seen, stands in " a"'),
        ("a\n", 'a blank, or a character that cannot be seen, stands in "a<U+000A>"'),
        ("nginx latest", 'a blank, or a character that cannot be seen, stands in "nginx latest"'),
        ("api\u200b:1", "api<U+200B>:1"),
        ("nginx:", "it is nginx:"),
        ("--privileged", "it is --privileged"),
        ("Nginx", "small letters; it is Nginx"),
        ("shop/API:1", "small letters; it is shop/API:1"),
        ("https://acme.com/api:1", "Leave the scheme out: acme.com/api:1"),
        ("a" * 256, "at most 255 characters long"),
        ("a:" + "t" * 129, "it is a:ttt"),
        ("a@sha256:0a", "it is a@sha256:0a"),
        ("a:1:2", "it is a:1:2"),
        ("a//b", "it is a//b"),
        ("a/", "it is a/"),
        ("postgres:\u0661", "it is postgres:\u0661"),
    ],
)
def test_what_is_no_image_is_refused(image: str, why: str) -> None:
    told = refusal(texts.Image, image)
    assert told.startswith("should be an image such as registry.acme.com/api:1.4.2 or postgres:15")
    assert why in told


def test_a_secret_is_checked_and_not_shown() -> None:
    assert "canary" not in refusal(texts.Image, Secret("canary image"))
    assert "canary" not in refusal(texts.EnvironmentValue, Secret("canary\0"))
    assert "canary" not in refusal(SecretText, "canary\n")


@pytest.mark.parametrize("value", ["", "\u0661\u0665", "15\n", "v15", "15.", "1.2.3.4", "1" * 21])
def test_what_is_no_version_is_refused(value: str) -> None:
    assert refusal(texts.EngineVersion, value)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (texts.MinorVersion, ["1.29"], ["1", "1.29.1", "\u0661.\u0662", ""]),
        (texts.MachineType, ["m5.large", "Standard_D2s_v3"], ["", "m5 large", "-m", "m" * 65]),
        (texts.RequestPath, ["/", "/a?b=%20#c"], ["", "a", "/a b", "/a\n", "/\u00e9", "/" + "a" * 1024]),
        (texts.PathPrefix, ["/", "/a/%20"], ["a", "/a?b", "/" + "a" * 1024]),
        (texts.MountPath, ["/data", "//data/x"], ["", "/", "//", "data", "/a/../b", "/a:ro", "/a\0"]),
        (texts.VariableName, ["A", "_a.b-c", "A" * 253], ["", "A=B", "A\n", "1A", "\u00c4", "A" * 254]),
        (texts.EnvironmentValue, ["", "a\nb", "a" * 131_071], ["a\0b", "a" * 131_072]),
        (texts.HostName, ["a", "*.a.com", "A-b.c0"], ["", "a..b", "-a", "a-.b", ".a", "a" * 64, "a.*", "a_b"]),
        (texts.Command, [[], ["a", "", "b\nc"]], [[""], [" ", "a"], ["a\0"]]),
        (texts.Line, ["a b"], ["", " ", "a\nb", "a" * 2049]),
        (texts.LabelKey, ["a", "acme.com/Team_1"], ["", "/a", "a/", "a b", "-a", "a" * 64, "aws:a"]),
        (texts.LabelValue, ["", "a.b_C-1"], ["a b", "-a", "a" * 64]),
        (SecretText, ["a b", Secret("")], ["", "a\0", "a\n"]),
        (
            Cidr,
            ["10.0.0.0/8", "100.64.0.0/10", "192.168.1.0/24"],
            [
                "0.0.0.0/0",
                "0.0.0.0/8",
                "127.0.0.0/8",
                "127.1.0.0/16",
                "169.0.0.0/8",
                "169.254.0.0/16",
                "224.0.0.0/4",
                "240.0.0.0/8",
                "10.0.0.1/16",
                "10.0.0.0/33",
                "10.0.0.0",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0/\u0668",
                "10.0.0/8",
                "fd00::/8",
                "",
            ],
        ),
    ],
)
def test_forms(kind: Any, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        assert TypeAdapter(kind).validate_python(value) is not None
    for value in bad:
        assert refusal(kind, value), value
