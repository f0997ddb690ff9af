"""A tier runs on the providers that the tiers above it were applied with, and real below real."""

from __future__ import annotations

import pytest

from platform_pulumi.errors import RefusedError
from platform_pulumi.operations import preview, up
from tests.operations.fakes import (
    ONE,
    PLATFORM,
    THREE,
    TWO,
    Answer,
    FakeEngine,
    Files,
    Watcher,
    forget_member,
    services,
)

UPPER = PLATFORM[: PLATFORM.index("    application:")]
TEAM = PLATFORM[: PLATFORM.index("    infrastructure:")] + PLATFORM[PLATFORM.index("    application:") :]
LISTED = "  provider: [{name: acme, capabilities: [network, database]}, {name: rival}]\n"


def on(text: str, provider: str) -> str:
    declared = f"  provider: {{name: {provider}}}\n" if "\n" not in provider else provider
    return text.replace("  provider:\n    name: acme\n", declared)


def apply(engine: FakeEngine, files: Files, text: str) -> None:
    up.up(services(engine), files.write(text=text).task(), Watcher(), Answer())


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(plugins={"pretend": "simulated"})


@pytest.mark.parametrize(
    ("above", "below", "summary"),
    [
        ("pretend", "acme", "Simulated and real tiers do not mix"),
        ("acme", "pretend", "Simulated and real tiers do not mix"),
        ("acme", "rival", "The tier above runs on another provider"),
        ("rival", LISTED.replace("database", "container_runtime"), "The tier above runs on another provider"),
        (LISTED, "acme", "The tier above runs on another provider"),
    ],
)
def test_another_provider_below_is_refused(
    files: Files, engine: FakeEngine, above: str, below: str, summary: str
) -> None:
    apply(engine, files, on(UPPER, above))
    with pytest.raises(RefusedError, match=summary) as refused:
        apply(engine, files, on(TEAM, below))
    assert THREE not in engine.stacks_
    assert "infrastructure of acme/prod" in refused.value.detail


@pytest.mark.parametrize(
    ("above", "below"),
    [("acme", "acme"), ("pretend", "pretend"), (LISTED, "rival"), (LISTED, LISTED)],
)
def test_the_provider_of_the_type_is_the_one_that_the_document_above_has_routed_it_to(
    files: Files, engine: FakeEngine, above: str, below: str
) -> None:
    apply(engine, files, on(UPPER, above))
    apply(engine, files, on(TEAM, below))
    assert THREE in engine.stacks_


def test_a_type_that_no_document_above_routes_is_anybodys(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, on(UPPER, "  provider: [{name: acme, capabilities: [network, database]}]\n"))
    apply(engine, files, on(TEAM, "rival"))
    assert THREE in engine.stacks_


def test_what_an_earlier_version_did_not_record_is_for_the_providers_that_it_uses(
    files: Files, engine: FakeEngine
) -> None:
    apply(engine, files, on(UPPER, LISTED))
    for stack in (ONE, TWO):
        forget_member(engine, stack, "routing")
    with pytest.raises(RefusedError, match="The tier above runs on another provider"):
        apply(engine, files, on(TEAM, "rival"))
    apply(engine, files, on(TEAM, "acme"))


IMAGES = "  provider: {name: acme, config: {images: {gateway: %s, db: pg}}}\n"


@pytest.mark.parametrize(
    ("above", "below", "refused"),
    [
        ("caddy", "caddy", ""),
        ("caddy", "evil", "images.gateway of provider acme is set here"),
        ("caddy", '"${env:IMAGE}"', "images.gateway"),
        ("", "evil", "images.gateway and images.db"),
    ],
)
def test_a_file_below_starts_no_other_images_than_the_tiers_above(
    files: Files, engine: FakeEngine, above: str, below: str, refused: str
) -> None:
    apply(engine, files, on(UPPER, IMAGES % above) if above else UPPER)
    apply(engine, files, TEAM)
    if refused:
        with pytest.raises(RefusedError, match="A setting of the tiers above") as error:
            apply(engine, files, on(TEAM, IMAGES % below))
        assert refused in error.value.detail
    else:
        apply(engine, files, on(TEAM, IMAGES % below))


def test_settings_that_bind_below_are_limits_of_the_plan(files: Files, engine: FakeEngine) -> None:
    apply(engine, files, on(UPPER, IMAGES % "caddy"))
    files.write(text=on(UPPER, IMAGES % "evil"))
    plan = preview.preview(services(engine), files.task(), Watcher())
    assert [(limit.limit, limit.old, limit.new, limit.kind) for limit in plan.tiers[0].limits] == [
        ("images of acme", '{"db": "pg", "gateway": "caddy"}', '{"db": "pg", "gateway": "evil"}', "loosened")
    ]
