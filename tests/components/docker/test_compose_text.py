"""Compose YAML: whatever text it holds, it reads back as that text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.docker.compose.text import Block, Document, comment, escaped

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=20)


@given(st.dictionaries(TEXT.filter(bool), TEXT, max_size=4), st.lists(TEXT, max_size=3))
def test_text_reads_back(environment: dict[str, str], command: list[str]) -> None:
    body = {"environment": environment, "command": command}
    text = Document(("# x",), "p", {"services": {"a": Block(body, comment("\n".join(command)))}}).text()
    assert yaml.safe_load(text) == {"name": "p", "services": {"a": escaped(body)}}


@pytest.mark.parametrize(
    "text", ["on", "No", "y", "null", "~", "1", "0x1f", "0o17", "1e3", "1_000", "12:30:45", ".5", "", "127.0.0.1:80:80"]
)
def test_what_others_misread_is_quoted(text: str) -> None:
    document = Document((), "p", {"services": {"a": Block({"environment": {"A": text}})}}).text()
    assert f'A: "{text}"' in document


@pytest.mark.parametrize("text", ["postgres:15", "5s", "256M", "./a/b", "amqp://queue:5672", "data:/var/lib", "../x"])
def test_what_nobody_misreads_is_plain(text: str) -> None:
    assert f"A: {text}\n" in Document((), "p", {"services": {"a": Block({"A": text})}}).text()


def test_comments_are_one_line_each() -> None:
    assert comment("a\nb\x85c\u2028d\x07") == ("# a b c d",)
    assert all(len(line) <= 112 for line in comment("word " * 100, "  "))
