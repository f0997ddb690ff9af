"""What is taken for a secret by how it looks: names that people give to secrets, and credentials within text.

One rule for all: environment variables, settings, labels, `--set`, quoted lines, words of engines and commands to type
next (docs/adr/0032). It may hide too much, and a plan then says "secret" of what is none; it may not show what is one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: The words of a name, however they are joined: `DB_PWD`, `db-pwd`, `dbPwd`.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
#: Of a name in small letters, with `_` before, between and after its words.
_SECRET_NAME = re.compile(
    r"""
      passw|passphrase|pass_?code|pass_?key|secret|token(?!i[sz]e)|credential|authori[sz]ation|bearer|mnemonic
    | web_?hook|netrc|npm_?rc|_id_?(?:rsa|ecdsa|ed_?25519)_|auth_?header|(?:seed|recovery)_?phrase
    | kennwort|mot_?de_?passe|contrasena|senha
    | (?:access|backup|pin|recovery|security|verification)_?codes?_|(?:admin|bind|db|root|user)pw_
    | htpasswd|kube_?config|docker_?(?:auth|config)|service_?account_?(?:json|key)|(?:key|trust)_?store_?pa
    | conn(?:ection)?_?(?:str|uri|url)
    | (?:api|access|private|signing|encryption|master|deploy|license|account|storage|ssh|gpg|pgp|tls|ssl)_?keys?_
    | _(?:pass(?:es)?|pwds?|pws?|pats?|creds?|dsns?|jwts?|t?otps?|hmac|psk|sas|csrf|xsrf|pgpass)_
    | [a-z0-9](?:pwd|(?<!com)(?<!by)(?<!tres)(?<!sur)(?<!over)(?<!under)(?<!multi)pass)_
    # `SIGNING_KEY` is one, `KEY_ID` names one.
    | (?:_(?:auth|pins?|salt|pepper|seed|cookies?|sk|signature)
        |(?<!_public_)(?<!_pub_)(?<!_partition_)(?<!_sort_)(?<!_foreign_)(?<!_primary_)(?<!_cache_)(?<!_routing_)
         (?<!_public)(?<!_pub)(?<!mon)(?<!don)(?<!tur)(?<!hot)keys?)
      (?:_(?:base|base64|b64|config|contents?|current|data|env|hex|json|new|next|old|pem|previous|raw|r[ow]|str|string
        |text|value|yaml|live|test|prod|production|staging|dev|[0-9]+))*_$
    """,
    re.VERBOSE,
)
#: Ends of names that say where a secret is, how long it lasts or how many there are: `PASSWORD_FILE`, `TOKEN_TTL`.
_ABOUT_ONE = re.compile(
    r"_(?:algorithm|arn|backend|count|dir|directory|enabled|endpoint|expires|expires_in|expiration|expiry|file|filename"
    r"|folder|host|issuer|length|lifetime|limit|manager|max_age|name|path|policy|port|provider|ref|required|rotation|size"
    r"|store|timeout|ttl|type|version)_$|_max_tokens_$"
)
#: Names that say which secret, and `PWD`, the folder that a process works in.
_NO_SECRETS = frozenset({"credential_ref", "credentialRef", "secrets_provider", "PWD", "OLDPWD"})

#: What only names a secret: a variable of a shell, a reference of ours.
_NAMED = r"""\$(?:(?-i:[A-Z_][A-Z0-9_]*)|\{[^}]*\}|\([^)]*\))"""
#: The password of a URL, which people write with `@` and `/` in it; `://host:8080/@x` has none.
#: One `/` is left of two where it was taken for a path.
_URL_PASSWORD = rf"""[:/]/(?!\[)[^\s/?#@:"]*:(?![0-9]{{1,5}}(?:[/?#\s"',]|$)|{_NAMED}@)(?P<secret>[^\s"]{{0,512}})@"""
#: A token in the place of a user: `https://TOKEN@github.com`.
_URL_TOKEN = r"""https?:/{1,2}(?P<secret>[^\s/?#@:"]{8,})@"""
#: `user:password@tcp(host:3306)/db`, `user/password@//host`; neither an image with its digest nor an address of mail.
_DSN_PASSWORD = (
    rf"""(?:^|[\s"'=])(?!mailto:)[^\s:/@"'=]+:(?!{_NAMED}@)(?P<secret>[^\s"'/@][^\s"'/]{{0,511}})@"""
    r"""(?!sha[0-9]+:)(?=[\w(\[])"""
)
_ORACLE_PASSWORD = r""":thin:[^\s/@]+/(?P<secret>[^\s"]+)@"""
#: What carries its kind on its face: PEM, JWT, the headers of HTTP, tokens of well-known services.
_TOKEN = r"""(?x:
      (?P<secret>-----BEGIN[ A-Z0-9]*PRIVATE\ KEY-----(?:[\s\S]*?-----END[^-]*-----)?
    | \beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*
    | (?<=basic\ )[\w+/=.-]{8,} | (?<=bearer\ )[\w+/=.~-]{8,}
    | \b(?:gh[a-z]_|github_pat_|glpat-|xox[a-z]-|[srp]k_(?:live|test)_|npm_|pypi-|hf_|sk-|AIza|SG\.|dop_v1_)
      (?=[\w.-]*[0-9])[\w.-]{16,}))
"""
_CREDENTIALS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (_URL_PASSWORD, _URL_TOKEN, _DSN_PASSWORD, _ORACLE_PASSWORD, _TOKEN.strip())
)
#: `?password=x`, `Password=x;`, `password='a b'`: a name, and what it is said to be; but no advice of ours.
_PAIR = re.compile(
    rf"""(?<![\w.-])(?P<name>[A-Za-z_-][\w.-]*)\s?=\s?(?!(?:VALUE|{_NAMED})(?:[&;,\s"'`.]|$))"""
    r"""(?P<secret>'[^']*'|\{[^}]*\}|[^&;,\s"'`]+)"""
)
#: `sig` is the signature of a URL that opens what it names.
_SIGNATURE = "sig"
#: Properties that hold variables by name.
_VARIABLES = frozenset({"env", "envs", "environment"})
#: What the name of a variable begins with among other things (the keepers of a revision).
_VARIABLE = "env."
#: What each credential has at least one of: most texts have none, and are not looked at again.
_TRACE = re.compile(
    r"[@=]|PRIVATE KEY-|eyJ|basic |bearer |gh[a-z]_|_pat_|pat-|xox|[srp]k_|npm_|pypi-|hf_|sk-|AIza|SG\.|_v1_", re.I
)


@functools.lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether the value of that name is taken for a secret; `credential_ref` and `secrets_provider` only name one."""
    if name in _NO_SECRETS:
        return False
    words = f"_{'_'.join(_WORD.findall(name)).lower()}_"
    return _SECRET_NAME.search(words) is not None and _ABOUT_ONE.search(words) is None


def holds_secret(text: str) -> bool:
    """Whether credentials stand within a text: a URL with a password, a connection string, a token, a private key."""
    return _TRACE.search(text) is not None and next(_spans(text), None) is not None


def masked(text: str, stars: Callable[[str], str] = lambda secret: "*" * len(secret)) -> str:
    """Return a text with the credentials within it replaced, by as many `*` where nothing else is said."""
    parts, end = [], 0
    for start, stop in sorted(_spans(text)) if _TRACE.search(text) else ():
        if stop > end:
            begin = max(start, end)
            parts += [text[end:begin], stars(text[begin:stop])]
            end = stop
    return "".join((*parts, text[end:]))


def veiled(value: Any, mark: Any, *, named: bool = False, names: bool = False) -> Any:
    """Replace what looks like a secret within recorded values, which an earlier version may have left in clear.

    Args:
        value: of a property or a variable; blocks, lists of them.
        mark: what to write instead.
        named: whether its name says that it is secret.
        names: whether a mapping's keys are names of values: of variables, of a capability's properties.
    """
    if isinstance(value, str):
        return mark if named or holds_secret(value) else value
    if named and isinstance(value, (list, Mapping)):
        return mark
    if isinstance(value, list):
        return [veiled(item, mark, names=names) for item in value]
    if not isinstance(value, Mapping):
        return value
    variable = value.get("name")  # as Kubernetes takes them: {name: PASSWORD, value: x}
    secret = {"value"} if isinstance(variable, str) and names_secret(variable) else set()
    secret |= {key for key in value if (names or key.startswith(_VARIABLE)) and names_secret(key)}
    return {key: veiled(item, mark, named=key in secret, names=key in _VARIABLES) for key, item in value.items()}


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Find where credentials stand; some places overlap."""
    for pattern in _CREDENTIALS:
        for match in pattern.finditer(text):
            yield match.span("secret")
    for match in _PAIR.finditer(text):
        if names_secret(match["name"]) or match["name"].lower() == _SIGNATURE:
            yield match.span("secret")
