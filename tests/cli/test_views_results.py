from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from platform_pulumi.cli.output import json_text
from platform_pulumi.cli.source import source_line
from platform_pulumi.cli.views.document import results as document
from platform_pulumi.cli.views.human import applied as applied_view
from platform_pulumi.cli.views.human import diagnosis as diagnosis_view
from platform_pulumi.cli.views.human import fidelity as fidelity_view
from platform_pulumi.cli.views.human import outputs as outputs_view
from platform_pulumi.cli.views.human import problems as problems_view
from platform_pulumi.cli.views.human import validity as validity_view
from platform_pulumi.cli.views.markdown import results as markdown
from platform_pulumi.cli.views.view_options import ViewOptions
from platform_pulumi.errors import ConstraintError, EngineError, InputError, Position, Problem
from platform_pulumi.model.applied import OutputsReport
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations.doctor import Status
from tests.cli import samples

Golden = Callable[[str, str], None]

SOURCE = {
    3: "          properties: {engine: postgresql, storage_gbs: 50}",
    5: "\tname: 日本 x  # a tab, and characters that are two columns wide",
    7: "        - field: memory",
    9: "x" * 300 + "  wrong: here" + "y" * 200,
}


def lines(position: Position) -> str | None:
    return SOURCE.get(position.line)


UNKNOWN_PROPERTY = Problem(
    "P2014",
    "Unknown property",
    "`database` has no property `storage_gbs`. Did you mean `storage_gb`?",
    samples.at(3, 44),
    11,
)
CONSTRAINT = Problem(
    "P3001", "Constraint is violated", "memory <= 4Gi, and 8Gi is more.", samples.at(5, 11), 1, (samples.at(7, 18),)
)
FAR = Problem("P2017", "Wrong value", "It stands far to the right.", samples.at(9, 303), 5)
NOWHERE = Problem("P2001", "File cannot be read", "nothing.yaml: there is no such file. " * 5)


def test_mistakes(golden: Golden) -> None:
    error = InputError("The declarations are wrong", "", (UNKNOWN_PROPERTY, CONSTRAINT, FAR, NOWHERE))
    golden("mistakes.txt", problems_view.error_page(error, lines, "Nothing was planned.").text())


def test_the_caret_stands_under_what_is_meant() -> None:
    for problem, expected in ((UNKNOWN_PROPERTY, "storage_gbs"), (FAR, "wrong")):
        page = problems_view.error_page(InputError("wrong", "", (problem,)), lines)
        _, shown, carets, *_ = page.text().splitlines()
        start, length = carets.index("^"), carets.count("^")
        assert shown[start : start + length] == expected
    page = problems_view.error_page(InputError("wrong", "", (CONSTRAINT,)), lines)
    _, shown, carets, *_ = page.text().splitlines()
    assert carets.index("^") == shown.index("本") + 4, "two characters take two columns each"


def test_warnings_beside_mistakes_are_counted() -> None:
    error = InputError("wrong", "", (UNKNOWN_PROPERTY, replace(NOWHERE, warning=True)))
    assert problems_view.error_page(error).text().splitlines()[-1] == "1 problem, 1 warning."


def test_an_error_without_problems_is_a_sentence_and_its_detail() -> None:
    text = problems_view.error_page(EngineError("The engine failed", "Why.\nAnd what to do.")).text()
    assert text.splitlines()[1:] == ["   Why.", "   And what to do.", ""]
    assert text.startswith("error: The engine failed")
    assert "[P6000]" in text


def test_what_the_engine_says_has_a_heading_above_its_problems() -> None:
    text = problems_view.error_page(EngineError("It could not be planned", "", (FAR,))).text()
    assert text.startswith("error: It could not be planned")
    assert "platform.yaml:9:303" in text
    assert "1 problem" not in text


def test_error_documents(golden: Golden) -> None:
    golden("error.json", json_text(document.error(ConstraintError("Violated", "", (CONSTRAINT, NOWHERE)))))
    golden("error_apply.json", json_text(document.error(samples.apply_error())))


def test_a_failed_apply(golden: Golden) -> None:
    options = ViewOptions(lambda verb, *_: f"platform {verb} -f platform.yaml")
    golden("apply_failed.txt", applied_view.failure(samples.apply_error(), options, lines).text())


def test_an_apply_that_failed_before_any_tier_names_its_error() -> None:
    error = samples.apply_error()
    error.tiers = ()
    assert applied_view.failure(error, ViewOptions()).text().startswith("error: shared_primitives failed")


def test_applied(golden: Golden) -> None:
    value = samples.applied()
    golden("applied.txt", applied_view.applied(value).text())
    golden("applied.json", json_text(document.applied(value)))
    golden("applied.md", markdown.applied(value))


def test_what_a_destroy_kept(golden: Golden) -> None:
    value = samples.retained()
    golden("retained.txt", applied_view.applied(value).text())
    golden("retained.json", json_text(document.applied(value)))
    golden("retained.md", markdown.applied(value))


def test_outputs(golden: Golden) -> None:
    value = samples.outputs()
    golden("outputs.txt", outputs_view.outputs(value).text())
    golden("outputs.json", json_text(document.outputs(value)))
    golden("outputs.md", markdown.outputs(value))


def test_several_applications_stand_side_by_side() -> None:
    one, other = samples.OUTPUTS[2], replace(samples.OUTPUTS[2], application="worker")
    report = OutputsReport("acme-corp/production", (one, other))
    assert list(document.outputs(report)["tiers"]) == ["application/api", "application/worker"]
    assert list(document.outputs(samples.outputs())["tiers"])[-1] == "application"


def test_nothing_applied_yet() -> None:
    empty = OutputsReport("acme-corp/production", ())
    assert "Nothing is applied here yet." in outputs_view.outputs(empty).text()
    assert "Nothing is applied here yet." in markdown.outputs(empty)


def test_validity(golden: Golden) -> None:
    value = samples.platform()
    golden("validity.txt", validity_view.validity(value, lines).text())
    golden("validity.json", json_text(document.validity(value)))
    golden("validity.md", markdown.validity(value))


def test_validity_of_several_files_and_applications() -> None:
    value = samples.platform()
    application = replace(value.tiers[1], tier=Tier.APPLICATION, application="api")
    tiers = (*value.tiers, application, replace(application, application="worker"))
    sentence = validity_view.sentence(replace(value, tiers=tiers, files=("a.yaml", "b.yaml"), warnings=()))
    assert sentence == "a.yaml and b.yaml are valid: 3 tiers, 2 applications, 4 capabilities"


def test_fidelity(golden: Golden) -> None:
    aws, mock = samples.tables()
    golden("fidelity_one.txt", fidelity_view.fidelity((aws,)).text())
    golden("fidelity_two.txt", fidelity_view.fidelity((aws, mock)).text())
    golden("fidelity_all.txt", fidelity_view.fidelity((aws,), everything=True).text())
    golden("fidelity_two.md", markdown.fidelity((aws, mock)))
    golden("fidelity.json", json_text(document.fidelity((aws, mock))))


def test_a_provider_without_gaps_says_so() -> None:
    aws, _ = samples.tables()
    table = replace(aws, types={"network": aws.types["network"]})
    assert "Every field is done in full." in markdown.fidelity((table,))


@pytest.mark.parametrize("worst", Status)
def test_diagnosis(worst: Status, golden: Golden) -> None:
    value = samples.diagnosis(worst)
    golden(f"doctor_{worst}.txt", diagnosis_view.diagnosis(value).text())
    golden(f"doctor_{worst}.json", json_text(document.diagnosis(value)))
    golden(f"doctor_{worst}.md", markdown.diagnosis(value))


def test_no_secret_is_in_any_view() -> None:
    report, applied = samples.outputs(), samples.applied()
    texts = [
        outputs_view.outputs(report).text(),
        json_text(document.outputs(report)),
        markdown.outputs(report),
        applied_view.applied(applied).text(),
        json_text(document.applied(applied)),
        markdown.applied(applied),
    ]
    assert not [text for text in texts if samples.CANARY in text]
    assert document.outputs(report)["tiers"]["shared_primitives"]["db_password"] == {"secret": True}


def test_the_excerpt_hides_a_literal_password_and_keeps_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text("platform:\n  password: hunter2 # why\n", encoding="utf-8")
    line = source_line(Position(str(file), 2, 3))
    assert line is not None
    assert "hunter2" not in line
    assert len(line) == len("  password: hunter2 # why")


@pytest.mark.parametrize("content", [b"", b"one line", b"\xff\xfe\n\xff"])
def test_no_excerpt_where_there_is_no_such_line(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "platform.yaml"
    file.write_bytes(content)
    assert source_line(Position(str(file), 40, 1)) is None
    assert source_line(Position(str(tmp_path / "gone.yaml"), 1, 1)) is None
