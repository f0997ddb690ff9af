"""Words about text: letters that nobody sees, text that looks like something else, YAML that is none."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from platform_pulumi.declarations.diagnostics.wording import did_you_mean, strange_letters
from platform_pulumi.declarations.yaml import syntax
from platform_pulumi.declarations.yaml.scalars import in_quotes
from tests.declarations.platforms import HEAD, INFRASTRUCTURE, container, platform

#: (what is written, what is said of it)
HIDDEN = {
    "zero width space": ("e\u200bnv", "U+200B (zero width space)"),
    "soft hyphen": ("env\u00ad", "U+00AD (soft hyphen)"),
    "no-break space": ("\u00a0env", "U+00A0 (no-break space)"),
    "Cyrillic": ("\u0435nv", "U+0435 (cyrillic small letter ie)"),
    "all of them Cyrillic": ("\u0440\u043e\u0433\u0442s", ""),
}


@pytest.mark.parametrize("case", [case for case in HIDDEN if HIDDEN[case][1]])
def test_letters_that_nobody_sees_are_named_wherever_a_key_stands(case: str, refused: Any) -> None:
    name, letters = HIDDEN[case]
    assert did_you_mean(name, ["env", "image"]) == f" Did you mean `env`? What stands here holds {letters}."
    error = refused(platform(container(f'image: a, "{name}": {{A: b}}')))
    assert f"holds {letters}" in error.problems[0].detail


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ('image: a, replicas: "1\u200b"', "holds U+200B (zero width space)"),
        ('image: "${app\u2060.x}"', "holds U+2060 (word joiner)"),
        ('image: "${\u0430pi.endpoint}"', "holds U+0430 (cyrillic small letter a)"),
        ('image: "${env:A\u00adB}"', "holds U+00AD (soft hyphen)"),
    ],
)
def test_in_values_and_references_too(properties: str, words: str, refused: Any) -> None:
    assert words in " ".join(problem.detail for problem in refused(platform(container(properties))).problems)


def test_in_names_and_types_too(refused: Any) -> None:
    named = refused(platform(container(name='"ap\u0456"')))
    assert "holds U+0456 (cyrillic small letter byelorussian-ukrainian i)" in named.problems[0].detail
    text = platform(INFRASTRUCTURE.replace("type: kubernetes_cluster", 'type: "kubernetes\u200b_cluster"'))
    assert "Did you mean `kubernetes_cluster`? What stands here holds U+200B" in refused(text).problems[0].detail


def test_a_space_that_is_none_is_named_where_yaml_fails(refused: Any) -> None:
    (problem,) = refused(f"{HEAD}  tiers:\u00a0\n    x\n  y: 1\n").problems
    assert problem.code == "P2005"
    assert "Here stands U+00A0 (no-break space)" in problem.detail


def test_letters_of_other_languages_are_no_suspects() -> None:
    assert strange_letters("größe 値 é env") == ""
    assert did_you_mean("größe", ["size"]) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("true", 'the text "true"'),
        ("3", 'the text "3"'),
        ("", 'the text ""'),
        (" a", 'the text " a"'),
        ("a", "a"),
        (3, "3"),
    ],
)
def test_text_that_looks_like_something_else_is_shown_as_text(value: Any, shown: str) -> None:
    assert in_quotes(value, str(value)) == shown


def test_a_text_is_told_from_the_value_that_a_constraint_wants(refused: Any) -> None:
    tiers = (
        INFRASTRUCTURE.rstrip()
        + "\n      constraints_for_downstream:\n        - {field: replicas, operator: in, value: [1]}\n"
    )
    (problem,) = [p for p in refused(platform(tiers, container("image: a, replicas: 2"))).problems if p.code == "P3001"]
    assert problem.detail.endswith("It is 2.")
    (problem,) = refused(platform(container('image: a, replicas: "true"'))).problems
    assert problem.detail.endswith('It is the text "true".')


def test_no_word_of_libyaml_reaches_a_user() -> None:
    library = Path(yaml._yaml.__file__).read_bytes().decode("latin-1")  # type: ignore[attr-defined]
    words = re.compile(r"(?:found|did not find|could not find|(?:block|mapping)[a-z ]* not allowed)[ -~]+")
    said = {match[0] for match in words.finditer(library) if " " in match[0]}
    # Of the first both parts come apart; the others are no words about a text.
    others = {
        "found duplicate anchor; first occurrence",
        "did not find expected <stream-start>",
        "found for imported type",
    }
    assert len(said) > 35
    assert said - set(syntax._HELP) - others - {"found another document"} == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &x 1\nb: &x 2\n", "This anchor (`&name`) is given a second time. Give it another name."),
        ("%FOO\n---\na: 1\n%YAML 9\n", "directive"),
        ("a: [1, 2\n", "A list in brackets is not closed"),
        ('a: "\\q"\n', "a \\ begins an escape"),
        ("a: |x\n  b\n", "After | or >"),
        ("a: - b\n", "begin it on a line of its own"),
        ("a: *\n", "After * or &"),
        ("a: !<x\n", "tags are not read"),
    ],
)
def test_what_yaml_cannot_be_read_is_said_with_what_to_do(text: str, words: str, refused: Any) -> None:
    assert words in refused(text).problems[0].detail
