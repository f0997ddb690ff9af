"""Wording of YAML that cannot be parsed: libyaml's words name its own parts, ours what a person can do about a line."""

from __future__ import annotations

import yaml

from platform_pulumi.declarations.diagnostics.wording import strange_letters

_INDENT = "Check the indentation of this line and of those around it."
_DIRECTIVE = "A line that begins with % is a directive of YAML, which no declaration needs. Remove it."
_TAG = "What begins with ! is a tag of YAML, and tags are not read. Remove it, or put the text in quotes."
_ESCAPE = "Within double quotes a \\ begins an escape: write \\\\ for the character itself, or use single quotes."
_BLOCK = "After | or > nothing stands on the line but +, - or a digit from 1 to 9; the text begins on the next one."
_NAME = "After * or & stands a name of letters, digits, - and _. Put text that begins with such a character in quotes."
#: So many lines are searched for letters that look like others.
_LINES = 10
#: What our words are for, by libyaml's.
_HELP = {
    "found character that cannot start any token": "A tab, or a character such as @ or `, cannot stand here."
    " Indent with spaces; put text that begins with such a character in quotes.",
    "mapping values are not allowed in this context": "A `key: value` cannot stand here: check the indentation, and put"
    " text that contains `: ` in quotes.",
    "did not find expected key": "Expected another key at this level: check the indentation.",
    "did not find expected '-' indicator": "Expected another `- ` entry at this level: check the indentation.",
    "did not find expected node content": "A value is missing, or a bracket or brace is not closed.",
    "did not find expected ',' or ']'": "A list in brackets is not closed, or a comma is missing between its entries.",
    "did not find expected ',' or '}'": "A mapping in braces is not closed, or a comma is missing between its entries.",
    "found undefined alias": "This alias has no anchor before it.",
    "second occurrence": "This anchor (`&name`) is given a second time. Give it another name.",
    "found unexpected end of stream": "A quote is opened and never closed.",
    "could not find expected ':'": "A key needs a colon and a space after it.",
    "found unexpected ':'": "A `:` cannot stand here. Put text that contains it in quotes.",
    "block sequence entries are not allowed in this context": "A list's `- ` cannot stand here: begin it on a line of"
    " its own.",
    "mapping keys are not allowed in this context": "A `? ` cannot stand here. Put text that begins with it in quotes.",
    "found a tab character that violates indentation": "A tab cannot indent. Indent with spaces.",
    "found a tab character where an indentation space is expected": "A tab cannot indent. Indent with spaces.",
    "found unexpected document indicator": "A `---` or `...` stands within quotes. Close them, or indent it.",
    "did not find expected <document start>": "Something stands before the document begins. Remove it, or check whether"
    " a line that should be indented is not.",
    "found an indentation indicator equal to 0": _BLOCK,
    "did not find expected comment or line break": _BLOCK,
    "did not find expected whitespace or line break": "A space is missing after a tag, an alias or an anchor.",
    "did not find expected alphabetic or numeric character": _NAME,
    "found unexpected non-alphabetical character": _NAME,
    "found unknown escape character": _ESCAPE,
    "did not find expected hexdecimal number": _ESCAPE,
    "found invalid Unicode character escape code": _ESCAPE,
    "did not find URI escaped octet": _TAG,
    "did not find expected tag URI": _TAG,
    "did not find expected '!'": _TAG,
    "did not find the expected '>'": _TAG,
    "found undefined tag handle": _TAG,
    "found an incorrect leading UTF-8 octet": _TAG,
    "found an incorrect trailing UTF-8 octet": _TAG,
    "could not find expected directive name": _DIRECTIVE,
    "did not find expected digit or '.' character": _DIRECTIVE,
    "did not find expected version number": _DIRECTIVE,
    "did not find expected whitespace": _DIRECTIVE,
    "found duplicate %TAG directive": _DIRECTIVE,
    "found duplicate %YAML directive": _DIRECTIVE,
    "found extremely long version number": _DIRECTIVE,
    "found incompatible YAML document": _DIRECTIVE,
    "found unknown directive name": _DIRECTIVE,
}


def explained(error: yaml.MarkedYAMLError, text: str) -> str:
    """Say what is wrong with a text, and what to do; letters that look like others are named."""
    said = _HELP.get(str(error.problem or ""), f"This cannot be read as YAML. {_INDENT}")
    marks = [mark.line for mark in (error.context_mark, error.problem_mark) if mark is not None]
    lines = text.splitlines()[min(marks, default=0) : max(marks, default=0) + 1]
    hidden = strange_letters("".join(lines[:_LINES]))
    return f"{said} Here stands {hidden}, which YAML takes for a letter." if hidden else said
