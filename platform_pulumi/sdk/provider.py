"""Provider definition: a name, the Pulumi packages it uses, and for each capability type a component and fidelity.

A definition is data and imports no pulumi, so that `validate` and `fidelity` stay fast; components and functions are
named by `module:attribute` and loaded when a program runs. Definitions are found through the entry point group
`platform_pulumi.providers` (`aws = "components.aws:DEFINITION"`).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from platform_pulumi.model.fidelity import Fidelity, FidelityReport
from platform_pulumi.sdk.fidelity import ANNOTATIONS, FULL, LABELS, Entry, FieldFidelity, gaps, none

if TYPE_CHECKING:
    from platform_pulumi.model.capability import Capability, CapabilityProperties


UNANNOTATED: Final = none(
    "nothing that it becomes can have annotations", "use labels, which all that can be tagged get"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Claim of a capability to what no other can have beside it, such as a port of the machine.

    Args:
        what: what is claimed, in words; the same words are the same thing.
        stack: whether it is a matter of its own stack, as names of resources are; else of the whole context.
        path: the property that it comes from.
        instead: what to do where somebody else has it.
    """

    what: str
    path: tuple[str | int, ...] = ()
    instead: str = ""
    stack: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a provider cannot have, at the property or setting that says it; the reason is a sentence or several."""

    path: tuple[str | int, ...]
    reason: str


def name_claim(name: str, kind: str, path: tuple[str | int, ...] = ()) -> Claim:
    """Build the claim to a resource's logical name: `a` with a part `b-c`, and `a-b` with a part `c`, share one."""
    return Claim(f"the name `{name}` for {kind}", path, "Rename one of them, or what it is made of.", stack=True)


def host_claim(capability: Capability, _: Mapping[str, Any]) -> Iterable[Claim]:
    """Claim the host of a capability's `ingress`, where it has an address of its own: a name leads to one."""
    ingress = getattr(capability.properties, "ingress", None)
    if ingress is None:
        return ()
    # DNS (RFC 4343) does not tell capitals from small letters.
    return (Claim(f"host {ingress.host.lower()}", ("ingress", "host"), "It leads to one: give one of them another."),)


def no_claims(_: Capability, __: Mapping[str, Any]) -> Iterable[Claim]:
    """Claim nothing: the capability leaves room for any number beside it."""
    return ()


def no_refusals(_: Any) -> Iterable[Refusal]:
    """Refuse nothing beyond what the type, or a setting's name, refuses by itself."""
    return ()


@dataclass(frozen=True, slots=True)
class CapabilityBinding:
    """Binding of a capability type to a provider's component.

    Args:
        component: `module:Class`, a `platform_pulumi.sdk.component.CapabilityComponent`.
        fidelity: a level for every leaf field of the type (`platform_pulumi.model.leaves.walk`).
        reads_files: whether its resources depend on files of this machine, given the properties: then nothing but a
            run of its program can tell that nothing has changed.
        unused: the needs that this provider has no use for, given the properties: they are not bound.
        requires: the needs (capability types) that must be bound, given the properties.
        claims: what no two capabilities can have, given the capability and the provider's settings as far as they are
            written out.
        refuses: what the provider cannot make of properties that the type may have.
        labels: how the user's labels reach its resources.
        annotations: how the user's annotations do: in full where they are Kubernetes objects.
        summary: in one line, its resources ("RDS instance in private subnets").
    """

    component: str
    fidelity: Mapping[str, Entry]
    requires: Callable[[CapabilityProperties], tuple[str, ...]] = lambda _: ()
    summary: str = ""
    unused: Callable[[CapabilityProperties], Collection[str]] = lambda _: ()
    reads_files: Callable[[CapabilityProperties], bool] = lambda _: False
    labels: FieldFidelity = FULL
    annotations: FieldFidelity = UNANNOTATED
    claims: Callable[[Capability, Mapping[str, Any]], Iterable[Claim]] = no_claims
    refuses: Callable[[CapabilityProperties], Iterable[Refusal]] = no_refusals

    def table(self) -> Mapping[str, Entry]:
        """Return the whole table: every leaf field, and the labels and annotations beside them."""
        return {**self.fidelity, LABELS: self.labels, ANNOTATIONS: self.annotations}


@dataclass(frozen=True, slots=True)
class ProviderDefinition:
    """Definition of a provider, as data.

    Args:
        name: its name in YAML; `aliases` are others that mean the same.
        packages: the Pulumi packages its components use, `{"aws": "pulumi_aws"}` (package to the Python module of its
            SDK; "" for a package that nobody publishes).
        bindings: capability type to binding.
        providers: `module:function`, called once a stack with the run's `Scope`, gives the explicit Pulumi provider
            resources by package (`{"aws": aws.Provider(...)}`).
        reveal: `module:function(scope, ref)`, the password behind a `credential_ref` output, as a secret Output.
        always_simulated: whether it has no real side at all (mock).
        config_fields: names allowed in `provider.config`, with what each is for.
        refuses: what is wrong with settings, as far as they are written out.
        unavailable: those of them that a run does not use in this version, with what to do instead: a real run that
            has one is refused.
        location: those of them that say where everything is made: what a capability uses of another tier, made by the
            same provider, is to be there as well.
        implied: settings that others say without being written (the account of a role to work as), as far as those are
            written out; for `location` and `realm`.
        realm: those of them that say whose everything is (an account). What was made in one cannot be reached from
            another, neither to change nor to delete it; what only moves (to another region) is replaced.
        inherited: those of them that belong to the limits of a platform (images that are started beside the declared
            ones): a file below the tiers that were applied may not set them to something else.
        environment: variables that lead its SDKs and plugins to the real thing; no simulated run sees them.
        retained_types: protected resource types that a destroy retains, since nothing else depends on them; the loss of
            all others has to be allowed by name before anything is destroyed.
        deletion_protection: resource type to the input that makes the provider itself refuse to delete such a resource
            while it is true.
        exclusive: resource type to the inputs that no two such resources can share, all of them taken together: a
            replacement that keeps them cannot stand beside what it replaces.
        runtime: `module:Class`, its live side (`platform_pulumi.sdk.runtime.Runtime`), called with the resolved config
            and the environment; "" where it has none that this version can ask.
        simulated: package to `module:attribute`, its part in the simulator
            (`platform_pulumi.plugins.table.SimulatedPackage`); without one, it has no simulated runs.
        faults: `module:function(config)`, the faults (`platform_pulumi.plugins.faults.Faults`) that its settings ask of
            a simulated run; "" where they ask for none.
        embedded: package to `module:Class`, a plugin of its own in the place of the published one
            (`platform_pulumi.plugins.provider.Backend`), called with `environment` and what is neutral.
        standalone: `module:function(folder)`, writes the embedded plugin into a folder as an executable for plain
            Pulumi and gives its path; "" where there is none.
        exports: form to `module:function`, what it would make written in somebody else's form
            (`platform_pulumi.sdk.export`).
    """

    name: str
    packages: Mapping[str, str]
    bindings: Mapping[str, CapabilityBinding]
    providers: str
    reveal: str
    aliases: tuple[str, ...] = ()
    always_simulated: bool = False
    config_fields: Mapping[str, str] = field(default_factory=dict)
    refuses: Callable[[Mapping[str, Any]], Iterable[Refusal]] = no_refusals
    unavailable: Mapping[str, str] = field(default_factory=dict)
    location: tuple[str, ...] = ()
    implied: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda _: {}
    realm: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    retained_types: frozenset[str] = frozenset()
    deletion_protection: Mapping[str, str] = field(default_factory=dict)
    exclusive: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runtime: str = ""
    simulated: Mapping[str, str] = field(default_factory=dict)
    faults: str = ""
    embedded: Mapping[str, str] = field(default_factory=dict)
    standalone: str = ""
    exports: Mapping[str, str] = field(default_factory=dict)

    def report(self, capability: Capability) -> FidelityReport:
        """Report the fidelity gaps of one declaration on this provider.

        Raises:
            KeyError: the provider does not serve the type.
        """
        met = tuple(gaps(self.bindings[capability.type].table(), capability))
        worst = max((gap.fidelity for gap in met), key=lambda level: level.rank, default=Fidelity.FULL)
        return FidelityReport(capability.name, capability.type, self.name, worst, met)


def load(reference: str) -> Any:
    """Load the attribute that `module:attribute` names.

    Raises:
        ImportError: there is no such module.
        AttributeError: the module has no such attribute.
    """
    module, _, attribute = reference.partition(":")
    return getattr(importlib.import_module(module), attribute)
