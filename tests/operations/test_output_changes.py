"""What is said of a tier's outputs beside those recorded: same and changed only where that is certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from platform_pulumi.model.capability import Capability, CapabilityRef
from platform_pulumi.model.contract import CONTRACT_OUTPUT
from platform_pulumi.model.plan import Action, PlanAction, PlannedOutput
from platform_pulumi.model.platform import OutputDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, OutputValue, TierOutput
from platform_pulumi.operations.output_changes import OutputSources, planned_outputs
from platform_pulumi.operations.ports import StateOutput
from tests.operations.test_actions import HERE, KIND, TIER, capability, run

A, B = OutputValue("string", "a"), OutputValue("string", "b")
HIDDEN, UNKNOWN = OutputValue("string", "a", secret=True), OutputValue("string", known=False)
SEALED = StateOutput(None, secret=True)
Above = Mapping[Tier, Mapping[str, PlannedOutput]]


def act(kind: Action, name: str = "db", *waits: str) -> PlanAction:
    return PlanAction(kind, name, name, KIND, "aws", f"urn:{name}:{kind}", waits_for=waits)


def change(
    planned: OutputValue,
    recorded: StateOutput | None,
    *actions: PlanAction,
    name: str = "db:url",
    above: Above | None = None,
    capabilities: Iterable[Capability] = (),
) -> PlannedOutput:
    declared = OutputDeclaration("database_url", "db", "url", "string", HERE)
    made = run(*(capabilities or (capability(),)), outputs=(declared,))
    sources = OutputSources(made, actions or (act(Action.NO_OP),), above or {})
    return planned_outputs({name: planned}, {name: recorded} if recorded else {}, sources, {})[name]


@pytest.mark.parametrize(
    ("planned", "recorded", "shown"),
    [
        (A, None, PlannedOutput("string", "new", "a")),
        (A, StateOutput("a"), PlannedOutput("string", "same", "a")),
        (B, StateOutput("a"), PlannedOutput("string", "changed", "b")),
        (UNKNOWN, StateOutput("a"), PlannedOutput("string", "may-change", unknown=True)),
        (replace(UNKNOWN, secret=True), SEALED, PlannedOutput("string", "may-change", secret=True)),
        (UNKNOWN, None, PlannedOutput("string", "new", unknown=True)),
        (HIDDEN, None, PlannedOutput("string", "new", secret=True)),
        (HIDDEN, SEALED, PlannedOutput("string", "same", secret=True)),
        (HIDDEN, StateOutput("a"), PlannedOutput("string", "changed", secret=True)),
        (A, SEALED, PlannedOutput("string", "changed", "a")),
        (HIDDEN, StateOutput("a", secret=True), PlannedOutput("string", "same", secret=True)),
        (HIDDEN, StateOutput("b", secret=True), PlannedOutput("string", "changed", secret=True)),
        # A tier that is not run has the recorded outputs, in which no secret is revealed.
        (replace(HIDDEN, value=None), StateOutput("b", secret=True), PlannedOutput("string", "same", secret=True)),
    ],
)
def test_outputs_stand_beside_what_is_recorded(
    planned: OutputValue, recorded: StateOutput | None, shown: PlannedOutput
) -> None:
    assert change(planned, recorded) == shown


@pytest.mark.parametrize("kind", [Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.OTHER])
@pytest.mark.parametrize("name", ["db:url", "database_url"])
def test_a_secret_may_change_with_any_resource_of_its_capability(kind: Action, name: str) -> None:
    assert change(HIDDEN, SEALED, act(Action.NO_OP), act(kind), name=name).change == "may-change"
    assert change(HIDDEN, SEALED, act(Action.NO_OP), act(kind, "other"), name=name).change == "same"


def test_where_it_can_be_compared_a_change_beside_it_is_none_of_its() -> None:
    assert change(HIDDEN, StateOutput("a", secret=True), act(Action.UPDATE)).change == "same"


def test_a_secret_of_a_capability_without_resources_may_change() -> None:
    assert change(HIDDEN, SEALED, act(Action.NO_OP, "other")).change == "may-change"


@pytest.mark.parametrize("said", ["new", "changed", "may-change", "removed", "same"])
def test_a_secret_may_change_with_what_its_capability_is_given_from_above(said: str) -> None:
    upper, expected = Tier.INFRASTRUCTURE, "same" if said == "same" else "may-change"
    token = TierOutput(upper, "token")
    referring = replace(capability(), properties=capability().properties.model_copy(update={"password": token}))
    wired = replace(capability(), bindings={"network": CapabilityRef(upper, "vpc", "network")})
    above = {upper: {"token": PlannedOutput("string", said), "vpc:id": PlannedOutput("string", said)}}
    for one in (referring, wired):
        assert change(HIDDEN, SEALED, above=above, capabilities=(one,)).change == expected
        assert change(HIDDEN, SEALED, capabilities=(one,)).change == "same"  # nothing above is planned
    assert change(HIDDEN, SEALED, above=above).change == "same"


@pytest.mark.parametrize("action", [Action.NO_OP, Action.UPDATE])
def test_a_secret_may_change_with_what_its_capability_is_given_in_its_tier(action: Action) -> None:
    expected, one = "same" if action is Action.NO_OP else "may-change", capability("one", "namespace")
    given = CapabilityOutput("one", "name")
    referring = replace(capability(), properties=capability().properties.model_copy(update={"password": given}))
    wired = replace(capability(), bindings={"namespace": CapabilityRef(TIER, "one", "namespace")})
    for two in (referring, wired):
        found = change(HIDDEN, SEALED, act(action, "one"), act(Action.NO_OP), capabilities=(one, two))
        assert found.change == expected


@pytest.mark.parametrize("kind", [Action.UPDATE, Action.REPLACE])
def test_a_value_of_what_may_stay_may_stay(kind: Action) -> None:
    waiting, certain = act(kind, "db", "infrastructure.vpc.id"), act(Action.UPDATE)
    assert change(B, StateOutput("a"), waiting) == PlannedOutput("string", "may-change", "b")
    assert change(B, StateOutput("a"), waiting, certain).change == "changed"
    assert change(A, StateOutput("a"), waiting).change == "same"


def test_a_value_of_what_is_made_in_any_case_changes() -> None:
    assert change(B, StateOutput("a"), act(Action.CREATE, "db", "infrastructure.vpc.id")).change == "changed"


def test_an_output_that_goes_is_removed_with_its_type_and_the_contract_is_none() -> None:
    recorded = {"gone": StateOutput(["a"]), "hidden": SEALED, CONTRACT_OUTPUT: StateOutput("{}")}
    found = planned_outputs({}, recorded, OutputSources(run(), (), {}), {"gone": "list"})
    assert found == {
        "gone": PlannedOutput("list", "removed"),
        "hidden": PlannedOutput("string", "removed", secret=True),
    }
