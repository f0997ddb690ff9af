"""Reads shapes that are right without their pydantic models, and says nothing of those that are not.

The models of `document` are the truth: they make the JSON Schema and find the words for a mistake. Building them costs
every command some thirty milliseconds, and validating with them a tenth of the time of a large platform, while nearly
every file is right. So what is plainly right is taken here; whatever is not goes to the models. A property test holds
that nothing is taken which they would refuse or read differently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from platform_pulumi.declarations.references import is_name
from platform_pulumi.model.capabilities.fields import seconds
from platform_pulumi.model.constraint import OPERATORS
from platform_pulumi.model.context import APPLICATION_LIMIT, ENVIRONMENT_LIMIT, ORG_LIMIT

#: Whether a value is plainly right; a text names the shape that it must have.
Check = Callable[[Any], bool] | str

CAPABILITY_LIMIT = 50
_OUTPUT_LIMIT = 63
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_OUTPUT_TYPES = frozenset({"string", "integer", "boolean", "list", "map", "credential_ref"})
_MODES = frozenset({"plan_and_approve", "auto_apply"})
_TIERS = frozenset({"infrastructure", "shared_primitives", "application"})


def read(shape: str, data: Any) -> SimpleNamespace | None:
    """The shape's fields, None for those left out; None where it is not plainly right."""
    if data.__class__ is not dict:
        return None
    fields = _FIELDS[shape]
    values: dict[str, Any] = dict.fromkeys(fields)
    for key, value in data.items():
        check = fields.get(key)
        if check is None:
            return None
        if value is None:
            continue
        if check.__class__ is str:
            value = read(check, value)  # noqa: PLW2901  # a text, by its class
            if value is None:
                return None
        elif not check(value):  # type: ignore[operator]  # no text, by its class
            return None
        values[key] = value
    if any(values[name] is None for name in _REQUIRED.get(shape, ())):
        return None
    return SimpleNamespace(**values)


def is_plain_name(value: Any, limit: int) -> bool:
    """Whether a value is a name of small letters, digits and `-`, beginning with a letter, not ending with `-`."""
    return (
        value.__class__ is str
        and 0 < len(value) <= limit
        and value[0].isalpha()
        and value[-1] != "-"
        and _NAME.issuperset(value)
    )


def _name(limit: int) -> Check:
    return lambda value: is_plain_name(value, limit)


def _anything(value: Any) -> bool:
    del value
    return True


def _text(value: Any) -> bool:
    return value.__class__ is str


def _some_text(value: Any) -> bool:
    return value.__class__ is str and value != ""


def _mapping(value: Any) -> bool:
    return value.__class__ is dict


def _labels(value: Any) -> bool:
    return value.__class__ is dict and all(item.__class__ is str for item in value.values())


def _scalars(value: Any) -> bool:
    return value.__class__ is dict and all(item.__class__ in {str, int, float, bool} for item in value.values())


def _texts(value: Any) -> bool:
    return value.__class__ is list and all(item.__class__ is str for item in value)


def _among(known: Any) -> Check:
    return lambda value: value.__class__ is str and value in known


def _duration(value: Any) -> bool:
    try:
        return value.__class__ is str and seconds(value) >= 0
    except ValueError:
        return False


def _output_name(value: Any) -> bool:
    return _some_text(value) and len(value) <= _OUTPUT_LIMIT and is_name(value) and value[0] != "_"


def _secrets_provider(value: Any) -> bool:
    return _text(value) or (_labels(value) and _TIERS.issuperset(value))


def _dependencies(value: Any) -> bool:
    return value.__class__ is list and all(
        item.__class__ is str
        or (
            item.__class__ is dict
            and item.get("name").__class__ is str
            and item.get("optional", False).__class__ is bool
            and len(item) == 1 + ("optional" in item)
        )
        for item in value
    )


_ABOUT: Mapping[str, Check] = {"labels": _labels, "annotations": _labels}
_APPLICATION: Mapping[str, Check] = {"capabilities": _anything, "outputs": _anything, **_ABOUT}
_TIER: Mapping[str, Check] = {**_APPLICATION, "constraints_for_downstream": _anything}
_FIELDS: Mapping[str, Mapping[str, Check]] = {
    "Document": {
        "apiVersion": _among({"platform/v1"}),
        "platform": "PlatformShape",
        "triggers": _anything,
        "template": _anything,
    },
    "PlatformShape": {
        "org": _name(ORG_LIMIT),
        "environment": _name(ENVIRONMENT_LIMIT),
        "application": _name(APPLICATION_LIMIT),
        "app": _scalars,
        "provider": _anything,
        "tiers": "TiersShape",
        "execution": "ExecutionShape",
        "state": "StateShape",
        **_ABOUT,
    },
    "TiersShape": {
        "infrastructure": "TierShape",
        "shared_primitives": "TierShape",
        "application": "ApplicationTierShape",
    },
    "TierShape": _TIER,
    "ApplicationTierShape": {**_TIER, "applications": _anything},
    "ApplicationShape": _APPLICATION,
    "ExecutionShape": {
        **{f"tier{number}_mode": _among(_MODES) for number in (1, 2, 3)},
        "reconciliation_interval": _duration,
        "lock_timeout": _duration,
    },
    "StateShape": {"backend": _text, "secrets_provider": _secrets_provider},
    "ProviderShape": {"name": _text, "config": _mapping, "capabilities": _texts},
    "CapabilityEntry": {
        "name": _name(CAPABILITY_LIMIT),
        "type": _text,
        "tier": _anything,
        "properties": _mapping,
        "dependsOn": _dependencies,
        "constraints": _anything,
        "template": _name(CAPABILITY_LIMIT),
        "version": _text,
        "parameters": _mapping,
        **_ABOUT,
    },
    "ConstraintEntry": {"field": _some_text, "operator": _among(OPERATORS), "value": _anything},
    "OutputEntry": {"name": _output_name, "source": _text, "type": _among(_OUTPUT_TYPES)},
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "ProviderShape": ("name",),
    "ConstraintEntry": ("field", "operator", "value"),
    "OutputEntry": ("name", "source"),
}
