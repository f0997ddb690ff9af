"""Text of others without secrets, colours and control characters."""

from __future__ import annotations

from typing import Any

import pytest

from components.docker.plugin.masking import Mask
from platform_pulumi.plugins.values import Sealed


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("KEY=abc-def", "KEY is abc-def", "KEY is [secret]"),
        (["A=1", "KEY=hunter22"], "started 10 in 1 s with hunter22", "started 10 in [secret] s with [secret]"),
        ("URL=postgres://u:p%40ss-word@h/d", "auth failed for p@ss-word", "auth failed for [secret]"),
        ('a"b\\c/d e', 'json: "a\\"b\\\\c/d e", url: a%22b%5Cc%2Fd+e', 'json: "[secret]", url: [secret]'),
        ("first line\nsecond line", "x second line", "x [secret]"),
        (12345, "got 12345", "got [secret]"),
        ({"a": ["abcd", "abcdefgh"]}, "abcdefgh abcd", "[secret] [secret]"),
        ("", "nothing", "nothing"),
        ("KEY=", "nothing", "nothing"),
        (True, "True", "True"),
    ],
)
def test_secrets(secret: Any, text: str, shown: str) -> None:
    assert Mask({"envs": ["A=b", Sealed(secret)]})(text) == shown


def test_colours_and_control_characters() -> None:
    text = "\x1b[1;31mred\x1b[0m \x1b]0;title\x07bell\x07 back\x08 tab\t\r\nnext\x9b"
    assert Mask({})(text) == "red bell back tab\t\nnext"
