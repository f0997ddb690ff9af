"""Unknown upstream values: they keep their cause through everything a program does with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from platform_pulumi.model.value import OutputValue
from platform_pulumi.sdk.unknowns import as_output, marker_source

SOURCE = "infrastructure.vpc.id"
UNKNOWN = OutputValue("string", known=False)
Made = tuple[Any, bool, bool, set[str | None]]


def seen(make: Callable[[], pulumi.Output[Any]]) -> Made:
    """An Output's value, whether it is known and secret, and what its dependencies stand for."""

    async def look() -> Made:
        output = make()
        resources = await output.resources()
        urns = [await resource.urn.future() for resource in resources]
        sources = {marker_source(urn or "") for urn in urns}
        return await output.future(), await output.is_known(), await output.is_secret(), sources

    return asyncio.run(look())


def test_a_known_value_is_itself_and_waits_for_nothing() -> None:
    assert seen(lambda: as_output(OutputValue("string", "vpc-1"), SOURCE)) == ("vpc-1", True, False, set())
    assert seen(lambda: as_output(OutputValue("list", ["a", "b"]), SOURCE)) == (["a", "b"], True, False, set())


def test_a_known_secret_stays_one() -> None:
    assert seen(lambda: as_output(OutputValue("string", "pw", secret=True), SOURCE)) == ("pw", True, True, set())


@pytest.mark.parametrize("secret", [False, True])
def test_an_unknown_value_is_unknown_and_names_what_it_waits_for(secret: bool) -> None:
    made = seen(lambda: as_output(OutputValue("string", known=False, secret=secret), SOURCE))
    assert made == (None, False, secret, {SOURCE})


def unwanted(value: Any) -> Any:
    pytest.fail(f"a function ran on an unknown value: {value!r}")


@pytest.mark.parametrize(
    "use",
    [
        lambda value: value.apply(unwanted).apply(unwanted),
        lambda value: pulumi.Output.concat("https://", value, "/"),
        lambda value: pulumi.Output.all(value, pulumi.Output.from_input("x")),
        lambda value: pulumi.Output.all(a=[value]).apply(unwanted),
        pulumi.Output.secret,
        lambda value: pulumi.Output.json_dumps({"a": value}),
        lambda value: pulumi.Output.from_input("x").apply(lambda _: value),
    ],
    ids=["apply", "concat", "all", "all by name", "secret", "json", "returned from an apply"],
)
def test_the_cause_survives_whatever_is_made_of_it(use: Callable[[Any], pulumi.Output[Any]]) -> None:
    _, known, _, sources = seen(lambda: use(as_output(UNKNOWN, SOURCE)))
    assert not known
    assert sources == {SOURCE}


def test_several_causes_are_all_kept() -> None:
    both = seen(lambda: pulumi.Output.concat(as_output(UNKNOWN, "a.b.c"), as_output(UNKNOWN, "d.e.f")))
    assert both[3] == {"a.b.c", "d.e.f"}


def test_only_markers_have_a_source() -> None:
    assert marker_source("urn:platform:upstream::a.b.c") == "a.b.c"
    assert marker_source("urn:pulumi:prod::acme::aws:ec2/vpc:Vpc::vpc") is None
    assert marker_source("") is None
