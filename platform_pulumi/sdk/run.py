"""Input of a tier program: one tier's capabilities, resolved and wired, and the outputs of the tiers above.

A `TierRun` is frozen and can be pickled: it crosses a private pipe to the child process that runs the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.context import Context, StackName
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import OutputDeclaration
from platform_pulumi.model.tier import Tier, TierKey
from platform_pulumi.model.value import OutputValue


@dataclass(frozen=True, slots=True)
class Upstream:
    """Upstream tier, as a lower program sees it.

    Args:
        outputs: contract name to the capability output it stands for.
        values: `capability:field` to its value, planned or applied.
        reference: the fully qualified stack name, for the StackReference; None where the stack does not exist.
    """

    tier: Tier
    outputs: Mapping[str, OutputDeclaration]
    values: Mapping[str, OutputValue]
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderRun:
    """Provider within a run: the definition's entry point name and its resolved config (plain values, secrets too)."""

    name: str
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class TierRun:
    """Input of one run of a tier program: everything it depends on.

    Args:
        capabilities: in dependency order.
        upstream: the tiers above, by tier.
        unprotected: capabilities whose loss was allowed by name (`--allow-data-loss`).
        contract: exported as `platform:contract`.
        simulated: whether provider servers of ours stand in for the real ones.
    """

    context: Context
    tier: Tier
    application: str | None
    stack: StackName
    capabilities: tuple[Capability, ...]
    outputs: tuple[OutputDeclaration, ...]
    providers: Mapping[str, ProviderRun]
    contract: TierContract
    upstream: Mapping[Tier, Upstream] = field(default_factory=dict)
    unprotected: frozenset[str] = frozenset()
    simulated: bool = False

    @property
    def key(self) -> TierKey:
        """The tier and its application."""
        return TierKey(self.tier, self.application)
