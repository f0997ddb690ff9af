"""Checks for settings that the format has and a run does not use: each is reported at its line, none is ignored.

Where ignoring one is harmless it is a warning, which `validate` and every plan show. Where it would do another thing
with secrets or rights than the file says it is an error, with a way out. tests/declarations/test_settings_walk.py holds
that every other field of the document has a consumer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from yaml.nodes import Node

from platform_pulumi.declarations.compiler.parsed import (
    ParsedAnnotations,
    ParsedCapability,
    ParsedDocument,
    ParsedTier,
)
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.diagnostics.wording import did_you_mean, listed
from platform_pulumi.declarations.yaml.source import Source, Step, find_node, key_node
from platform_pulumi.errors import Position
from platform_pulumi.model.characters import control_character
from platform_pulumi.model.fidelity import Fidelity
from platform_pulumi.model.platform import STATE_SCHEMES, Platform, ProviderDeclaration, is_pulumi_cloud
from platform_pulumi.model.source_map import SourceMap
from platform_pulumi.model.tier import Tier
from platform_pulumi.sdk.provider import ProviderDefinition

if TYPE_CHECKING:
    from platform_pulumi.declarations.compiler.merging import MergedDocuments

#: Settings of `platform.execution` that nothing acts on yet, and what to do meanwhile.
_KNOBS: Mapping[str, str] = {
    "reconciliation_interval": "Nothing looks for drift by itself in this version. Schedule `platform preview"
    " --refresh`, which looks once.",
}
#: Pulumi's secrets providers: those whose stacks are made here, and the schemes of keys that are not used yet.
_SECRETS_PROVIDERS = ("passphrase", "default")
_KEY_SCHEMES = frozenset({"awskms", "azurekeyvault", "gcpkms", "hashivault"})
_TRIGGERS = (
    "Triggers are read and checked, and nothing starts them in this version. Schedule `platform preview --refresh` or"
    " `platform up` instead."
)
_TEMPLATE = "A template is read and checked, and cannot be used in this version. Declare its capabilities by hand."


def check(
    documents: Sequence[ParsedDocument],
    merged: MergedDocuments,
    providers: Iterable[ProviderDeclaration],
    definitions: Mapping[str, ProviderDefinition],
    problems: Problems,
    source_map: SourceMap,
    *,
    simulated: bool,
) -> None:
    """Report every setting of the documents that a run does not use.

    Args:
        providers: those that serve the run.
        simulated: whether the run is: then it uses no provider's rights, and nothing is said of those.
    """
    for document in documents:
        for name in _KNOBS.keys() & document.execution.keys():
            _note(document.source, ("platform", "execution", name), _KNOBS[name], problems)
        if document.triggers:
            _note(document.source, ("triggers",), _TRIGGERS, problems)
        if document.templates:
            _note(document.source, ("template",), _TEMPLATE, problems)
        for use in document.uses:
            position, size = source_map.key(use.declared_at, "template")
            problems.add(codes.NOT_AVAILABLE, _template_use(use.name), position, length=size, warning=True)
        _check_state(document, str(merged.state.get("backend") or ""), problems)
        _check_annotations(document.annotated, merged.tiers, definitions, problems)
    if not simulated:
        for provider in providers:
            _check_config(provider, definitions.get(provider.name), problems, source_map, warning=True)


def require_available(
    platform: Platform, definitions: Mapping[str, ProviderDefinition], *, simulated: bool = False
) -> None:
    """Refuse to run what can be declared but not yet done; see `platform_pulumi.declarations.require_available`.

    Raises:
        InputError: the platform needs a provider, a setting of one, templates or triggers that this version lacks.
    """
    problems = Problems()
    used = {capability.provider for tier in platform.tiers for capability in tier.capabilities}
    for provider in platform.providers:
        if used and provider.name not in used:
            continue
        if not simulated:
            _check_config(provider, definitions.get(provider.name), problems, platform.source_map)
        if provider.name not in definitions:
            can = listed(sorted(definitions))
            detail = (
                f"Provider `{provider.name}` can be declared and not yet run. This version runs {can}: --provider NAME."
            )
            problems.add(codes.NOT_AVAILABLE, detail, provider.declared_at)
    for use in platform.template_uses:
        problems.add(codes.NOT_AVAILABLE, _template_use(use.name), use.declared_at)
    if not platform.tiers and not platform.template_uses:
        position = Position(platform.files[0], 1, 1) if platform.files else None
        if platform.triggers:
            detail = "Triggers are read and checked, but nothing runs them yet, and the files declare no tier."
        elif platform.templates:
            detail = "A template is not a platform, and templates cannot be run yet."
        else:
            detail = "The files declare no tier, so there is nothing to do. Declare one under `platform.tiers`."
        problems.add(codes.NOT_AVAILABLE, detail, position)
    problems.raise_if_any()


def check_application(named: str | None, tiers: Any, root: Node, source: Source, problems: Problems) -> None:
    """Report an `application` that names nothing: the file declares no tier 3, or names its applications there."""
    declared = getattr(tiers, Tier.APPLICATION.label, None)
    if named is None or (declared is not None and declared.applications is None):
        return
    detail = (
        "`application` names what this file declares under `tiers.application.capabilities`, and it declares nothing"
        " there. Move it to the file that does, or remove it."
    )
    _note(source, ("platform", "application"), detail, problems, root=root, code=codes.NO_EFFECT)


def check_labels(shape: Any, node: Node, source: Source, problems: Problems) -> None:
    """Report labels and annotations of a tier (or application) that declares no capability beside them."""
    for name in ("labels", "annotations"):
        if getattr(shape, name) and not shape.capabilities:
            detail = f"These {name} are for the capabilities beside them, and there are none. Put them where those are."
            _note(source, (name,), detail, problems, root=node, code=codes.NO_EFFECT)


def _check_config(
    provider: ProviderDeclaration,
    definition: ProviderDefinition | None,
    problems: Problems,
    source_map: SourceMap,
    *,
    warning: bool = False,
) -> None:
    """Note the settings of a provider that it does not act on yet: in a real run it would work with other rights."""
    if definition is None or definition.always_simulated or provider.declared_at is None:
        return
    for name in definition.unavailable.keys() & provider.config.keys():
        position, size = source_map.within(provider.declared_at, "config", name)
        detail = f"Provider `{provider.name}` does not use `{name}` in this version. {definition.unavailable[name]}"
        problems.add(codes.NOT_AVAILABLE, detail, position, length=size, warning=warning)


def _template_use(name: str) -> str:
    return f"Template `{name}` is read and checked, but templates cannot be run yet. Declare its capabilities."


def _check_state(document: ParsedDocument, backend: str, problems: Problems) -> None:
    own, wrong = document.state.get("backend"), ""
    if own is not None and ("://" not in own or own.partition("://")[0] not in STATE_SCHEMES):
        wrong = f"`backend` is a URL with one of {', '.join(f'{scheme}://' for scheme in STATE_SCHEMES)}."
    elif own is not None and (found := control_character(own)):
        wrong = f"`backend` holds the control character {found}, which no URL has."
    if wrong:
        node, _ = find_node(document.source.root, ("platform", "state", "backend"))
        document.source.note(problems, codes.WRONG_VALUE, wrong, node)
    for path, value in _by_tier(document.state.get("secrets_provider")):
        place: tuple[Step, ...] = ("platform", "state", "secrets_provider", *path)
        _check_secrets_provider(document.source, place, value, backend, problems)
    if "organization" in document.state and not is_pulumi_cloud(backend):
        detail = (
            "An organization is one of Pulumi Cloud, and `state.backend` names no such backend (https://...). Name it"
            " there as well, or remove this."
        )
        _note(document.source, ("platform", "state", "organization"), detail, problems, code=codes.NO_EFFECT)


def _by_tier(declared: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(declared, Mapping):
        yield from (((tier,), value) for tier, value in declared.items())
    elif declared is not None:
        yield (), declared


def _check_secrets_provider(
    source: Source, path: tuple[Step, ...], value: str, backend: str, problems: Problems
) -> None:
    scheme = value.partition("://")[0]
    code = codes.NOT_AVAILABLE
    if scheme in _KEY_SCHEMES:
        detail = (
            f"Secrets in state cannot be encrypted with a key of {scheme} in this version. Write `passphrase`, and"
            " give yours in PULUMI_CONFIG_PASSPHRASE_FILE."
        )
    elif value not in _SECRETS_PROVIDERS:
        code = codes.WRONG_VALUE
        hint = did_you_mean(value, _SECRETS_PROVIDERS)
        detail = f"`secrets_provider` is `passphrase`, or `default`: what the backend has by itself.{hint}"
    elif value == "passphrase" and is_pulumi_cloud(backend):
        detail = (
            "Pulumi Cloud encrypts secrets with a key of its own, and a passphrase instead of it is not available in"
            " this version. Write `default`, or choose another backend."
        )
    else:
        return
    _note(source, path, detail, problems, code=code, warning=False)


def _check_annotations(
    annotated: Iterable[ParsedAnnotations],
    tiers: Sequence[ParsedTier],
    definitions: Mapping[str, ProviderDefinition],
    problems: Problems,
) -> None:
    """Note annotations that reach no resource which can have them."""
    for position, size, reached in annotated:
        capabilities = [c for tier in tiers for c in tier.capabilities] if reached is None else reached
        if capabilities and not any(_takes_annotations(capability, definitions) for capability in capabilities):
            reached_types = listed(sorted({f"`{c.type}` on {c.provider}" for c in capabilities}))
            detail = (
                f"These annotations reach nothing: no resource of {reached_types} has any. Use `labels`, which all that"
                " can be tagged get."
            )
            problems.add(codes.NO_EFFECT, detail, position, length=size, warning=True)


def _takes_annotations(capability: ParsedCapability, definitions: Mapping[str, ProviderDefinition]) -> bool:
    definition = definitions.get(capability.provider)
    binding = definition.bindings.get(capability.type) if definition is not None else None
    return (
        binding is None or binding.annotations.level is not Fidelity.NONE
    )  # without a binding there is another problem already


def _note(
    source: Source,
    path: tuple[Step, ...],
    detail: str,
    problems: Problems,
    *,
    root: Node | None = None,
    code: codes.Code = codes.NOT_AVAILABLE,
    warning: bool = True,
) -> None:
    root = root or source.root
    node = key_node(root, path) or find_node(root, path)[0]  # a key that stands there twice may be another one
    source.note(problems, code, detail, node, warning=warning)
