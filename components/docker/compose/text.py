"""Writer of Compose YAML: blocks in a given order, with comments, and unambiguous strings.

PyYAML writes no comments, so each block is dumped by itself and the comments are set above it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

_WIDTH = 110
#: Text that YAML 1.1 (PyYAML), YAML 1.2 (Compose) and people all read as text; all else stands in quotes.
_PLAIN = re.compile(r"(?:[A-Za-z_/]|\.\.?/)[\w./@+-]*(?::[\w./@+-]+)*|[0-9]+[sM]", re.ASCII)
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
#: What a YAML file may not hold, not even within a comment.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Block:
    """Entry of a section: its comment and its content."""

    body: Mapping[str, Any]
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Whole file. `sections` are its top-level mappings (`services`, `networks`, ...); empty ones are left out."""

    header: tuple[str, ...]
    name: str
    sections: Mapping[str, Mapping[str, Block]] = field(default_factory=dict)

    def text(self) -> str:
        """Render the file."""
        parts = ["\n".join(self.header), _dumped({"name": self.name}).rstrip("\n")]
        parts += [_section(name, blocks) for name, blocks in self.sections.items() if blocks]
        return "\n\n".join(parts) + "\n"


def comment(text: str, indent: str = "") -> tuple[str, ...]:
    """Format text as lines of a comment, wrapped; `indent` is what further lines begin with."""
    words = " ".join(_CONTROLS.sub(" ", text).split())
    lines = textwrap.wrap(words, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return tuple(f"# {line}" for line in lines)


def line(text: str) -> str:
    """Format text as one line of a comment, its blanks as they are."""
    return f"# {_CONTROLS.sub(' ', text.replace(chr(10), ' '))}"


def _section(name: str, blocks: Mapping[str, Block]) -> str:
    # Blocks with comments or of several lines are separated by empty lines.
    apart = any(block.comments or len(block.body) > 1 for block in blocks.values())
    written = [_block(key, block) for key, block in blocks.items()]
    return f"{name}:\n" + ("\n\n" if apart else "\n").join(written)


def _block(key: str, block: Block) -> str:
    lines = [*block.comments, *_dumped({key: escaped(block.body)}).splitlines()]
    return "\n".join(f"  {line}" if line else "" for line in lines)


def escaped(value: Any) -> Any:
    """Escape every `$` in a value for Compose."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, Mapping):
        return {key: escaped(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [escaped(item) for item in value]
    return value


class _Dumper(yaml.SafeDumper):
    """Lists within their key, no anchors, strings as `_string` says."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  (PyYAML names it)
        """Indent lists, which PyYAML does not."""
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  (PyYAML names it)
        """Write everything out."""
        return True


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        style = ""
    elif "\n" in text.strip("\n") or {"'", '"'} <= set(text):
        style = "|"
    else:
        style = "'" if text.isprintable() and ('"' in text or "\\" in text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style or None)


_Dumper.add_representer(str, _string)


def _dumped(value: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000, default_flow_style=False
    )
    return text
