"""Refusal of credentials where nothing hides them: in fields that are plain text, in labels and in annotations.

Environment variables that look like secrets become some (`model.secrecy`). A command, a path, a label cannot: Docker,
Kubernetes and the clouds show them to whoever may look, so a plan that hid them would only seem safe.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from yaml.nodes import Node

from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.yaml.source import Source, Step, find_node
from platform_pulumi.model.capability import CapabilityProperties
from platform_pulumi.model.secrecy import holds_secret, names_secret
from platform_pulumi.model.value import Secret, Template, as_written

_VARIABLE = " Put them into a variable of `env`, which is kept secret, and have the container read that."
_NO_VARIABLE = " Take them out of it."
#: Values that are no secret, whatever they are called.
_ANSWERS = frozenset({"", "true", "false"})


def check_properties(
    properties: CapabilityProperties, given: Mapping[str, Any], node: Node, source: Source, problems: Problems
) -> None:
    """Note credentials in properties that did not become secrets.

    Args:
        properties: what was read.
        given: what it was read from, references resolved.
        node: where that stands.
    """
    for path in _credentials(given):
        if _is_plain(_at(properties, path)):
            name = next(step for step in reversed(path) if isinstance(step, str))
            advice = _VARIABLE if "env" in type(properties).model_fields and path[0] != "image" else _NO_VARIABLE
            detail = f"`{name}` holds credentials, and whoever may see the resource could read them there.{advice}"
            source.note(problems, codes.SECRET_NOT_ALLOWED, detail, find_node(node, path)[0])


def check_labels(shape: Any, node: Node, source: Source, problems: Problems) -> None:
    """Note labels and annotations that hold credentials, or are called as secrets are.

    Not by their names, where those are a tool's own (`vault.hashicorp.com/agent-inject-secret-db`): it knows what it
    wants.
    """
    for kind in ("labels", "annotations"):
        for key, value in (getattr(shape, kind) or {}).items():
            if holds_secret(value) or ("/" not in key and value not in _ANSWERS and names_secret(key)):
                detail = (
                    f"`{key}` looks like a secret, and {kind} cannot be: whoever may list resources reads them. Remove"
                    " it, or rename it where it is none."
                )
                source.note(problems, codes.SECRET_NOT_ALLOWED, detail, find_node(node, (kind, key))[0])


def _credentials(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Find the places of all text with credentials in it."""
    if isinstance(value, (str, Template)):
        if holds_secret(as_written(value)):
            yield path
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _credentials(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _credentials(item, (*path, index))


def _at(value: Any, path: tuple[Step, ...]) -> Any:
    for step in path:
        value = getattr(value, str(step)) if isinstance(value, BaseModel) else value[step]
    return value


def _is_plain(value: Any) -> bool:
    parts = value.parts if isinstance(value, Template) else (value,)
    return not any(isinstance(part, Secret) for part in parts)
