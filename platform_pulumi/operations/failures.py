"""Conversion of a failed engine run to problems, by capability and its line in the user's file."""

from __future__ import annotations

from platform_pulumi.errors import EngineError, Problem
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.redaction import REDACTED
from platform_pulumi.model.urn import capability_of, urn_name
from platform_pulumi.model.value import secrets
from platform_pulumi.operations.ports import RunResult, StackSnapshot

#: A shorter secret is part of too much to be looked for.
_SHORTEST = 6


def engine_failure(tier: TierDeclaration, result: RunResult, summary: str) -> EngineError:
    """Build the error of a failed run, with a problem for each capability."""
    return EngineError(summary, "", failure_problems(tier, result))


def failure_problems(
    tier: TierDeclaration, result: RunResult, recorded: StackSnapshot | None = None
) -> tuple[Problem, ...]:
    """Convert the errors of a run to problems at their capabilities; `recorded` complements the program's URNs."""
    if result.stopped:
        return (Problem("P6011", "The run was stopped", result.stopped),)
    places = {capability.name: capability.declared_at for capability in tier.capabilities}
    parents = dict(recorded.parents) if recorded is not None else {}
    parents.update({step.urn: step.parent for step in result.steps.values()})
    parents.update({urn: registered.parent for urn, registered in result.registered.items()})
    problems: dict[tuple[str, str], Problem] = {}
    for diagnostic in result.diagnostics:
        if diagnostic.severity != "error":
            continue
        owner, text = capability_of(diagnostic.urn, parents), _without_secrets(diagnostic.text, tier)
        named = f"{owner}: {urn_name(diagnostic.urn)}: " if owner else ""
        problem = Problem("P6010", "The engine failed", named + text, places.get(owner))
        problems.setdefault((owner, text), problem)
    owned = [problem for (owner, _), problem in problems.items() if owner]
    # "update failed" on the stack itself only repeats what a resource has said.
    return tuple(owned or problems.values())


def _without_secrets(text: str, tier: TierDeclaration) -> str:
    """Replace the secrets that a tier declares, which a provider may repeat in what it says is wrong with them."""
    declared = {secret.reveal() for capability in tier.capabilities for secret in secrets(capability.properties)}
    for secret in sorted(declared, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, REDACTED)
    return text
