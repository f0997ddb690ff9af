"""Conversion of parsed, resolved tiers into the model, where no problem was noted."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.declarations.compiler.parsed import ParsedCapability, ParsedOutput, ParsedTier
from platform_pulumi.declarations.compiler.resolution import Resolution
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef
from platform_pulumi.model.platform import OutputDeclaration, TierDeclaration


def build_declaration(parsed: ParsedTier, resolution: Resolution, constraints_checked: int) -> TierDeclaration:
    """Build the declaration of a tier, its capabilities in dependency order."""
    own = {capability.name: capability for capability in parsed.capabilities}
    return TierDeclaration(
        tier=parsed.tier,
        application=parsed.application,
        capabilities=tuple(_capability(own[name], resolution.bindings[name]) for name in resolution.order),
        constraints=tuple(parsed.constraints),
        outputs=tuple(_output(output, own[output.capability]) for output in parsed.outputs),
        declared_at=parsed.declared_at,
        constraints_checked=constraints_checked,
        named=parsed.named,
    )


def _capability(parsed: ParsedCapability, bindings: Mapping[str, CapabilityRef]) -> Capability:
    assert parsed.properties is not None, "a tier with problems is never declared"
    return Capability(
        name=parsed.name,
        type=parsed.type,
        tier=parsed.tier,
        properties=parsed.properties,
        provider=parsed.provider,
        declared_at=parsed.declared_at,
        constraints=parsed.constraints,
        depends_on=parsed.depends_on,
        bindings=bindings,
        labels=parsed.labels,
        annotations=parsed.annotations,
    )


def _output(parsed: ParsedOutput, source: ParsedCapability) -> OutputDeclaration:
    kind = CAPABILITY_TYPES[source.type].OUTPUTS[parsed.field].type
    return OutputDeclaration(parsed.name, parsed.capability, parsed.field, kind, parsed.declared_at)
