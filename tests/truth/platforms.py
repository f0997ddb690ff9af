"""A platform under test as a value that can be changed, and its YAML documents."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from platform_pulumi.declarations.documents import Document

INFRASTRUCTURE, SHARED, APPLICATION = "infrastructure", "shared_primitives", "application"
#: The tiers that others refer to, and how.
ALIASES = {INFRASTRUCTURE: "tier1", SHARED: "tier2"}
#: How a platform is divided into files.
LAYOUTS = ("one", "tiers", "applications")


@dataclass
class Entry:
    """A declared capability; `properties` as YAML has them, references as text."""

    name: str
    type: str
    properties: dict[str, Any] = field(default_factory=dict)
    depends_on: list[Any] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    def written(self) -> dict[str, Any]:
        """The entry as the file has it."""
        document: dict[str, Any] = {"name": self.name, "type": self.type}
        if self.properties:
            document["properties"] = self.properties
        if self.depends_on:
            document["dependsOn"] = self.depends_on
        if self.labels:
            document["labels"] = self.labels
        return document


@dataclass
class Spec:
    """A platform: capabilities by tier and application, what the tiers promise, and the secrets of its environment."""

    provider: str
    config: dict[str, Any] = field(default_factory=dict)
    tiers: dict[str, list[Entry]] = field(default_factory=lambda: {INFRASTRUCTURE: [], SHARED: []})
    applications: dict[str, list[Entry]] = field(default_factory=dict)
    outputs: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {INFRASTRUCTURE: [], SHARED: []})
    constraints: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {INFRASTRUCTURE: [], SHARED: []})
    secrets: dict[str, str] = field(default_factory=dict)
    layout: str = "one"

    def copy(self) -> Spec:
        """A copy to change."""
        return copy.deepcopy(self)

    def groups(self) -> Iterator[tuple[str, str, list[Entry]]]:
        """Every list of capabilities, with its tier and application ("" above tier 3)."""
        for tier, entries in self.tiers.items():
            yield tier, "", entries
        for application, entries in self.applications.items():
            yield APPLICATION, application, entries

    def entries(self) -> list[tuple[str, str, Entry]]:
        """Every capability, with its tier and application."""
        return [(tier, application, entry) for tier, application, group in self.groups() for entry in group]

    def documents(self) -> tuple[Document, ...]:
        """The YAML documents."""
        return tuple(Document(name, yaml.safe_dump(body, sort_keys=False)) for name, body in self._bodies())

    def text(self) -> str:
        """All documents and secrets, for a person who runs them by hand."""
        parts = [f"# --- {document.name}\n{document.text}" for document in self.documents()]
        secrets = "".join(f"# export {name}={value}\n" for name, value in sorted(self.secrets.items()))
        return secrets + "\n".join(parts)

    def _bodies(self) -> Iterator[tuple[str, dict[str, Any]]]:
        # Those that are empty, too: a document that leaves a tier out says nothing of it.
        upper = {tier: self._tier(tier) for tier in self.tiers}
        apps = {name: {"capabilities": [e.written() for e in group]} for name, group in self.applications.items()}
        head: dict[str, Any] = {"org": "acme", "environment": "fuzz", "provider": {"name": self.provider}}
        if self.config:
            head["provider"] = {**head["provider"], "config": self.config}
        if self.layout == "one":
            below = {APPLICATION: {"applications": apps}} if apps else {}
            yield "platform.yaml", {"platform": {**head, "tiers": {**upper, **below}}}
            return
        if self.layout == "tiers":
            for tier, body in upper.items():
                yield f"{tier}.yaml", {"platform": {**head, "tiers": {tier: body}}}
        else:
            yield "platform.yaml", {"platform": {**head, "tiers": upper}}
        for name, body in apps.items():
            tiers = {APPLICATION: {"applications": {name: body}}}
            yield f"{name}.yaml", {"platform": {**head, "tiers": tiers}}

    def _tier(self, tier: str) -> dict[str, Any]:
        body: dict[str, Any] = {"capabilities": [entry.written() for entry in self.tiers[tier]]}
        if self.constraints[tier]:
            body["constraints_for_downstream"] = self.constraints[tier]
        if self.outputs[tier]:
            body["outputs"] = self.outputs[tier]
        return body


def map_text(value: Any, change: Callable[[str], str]) -> Any:
    """A copy of nested values with every text changed."""
    if isinstance(value, dict):
        return {name: map_text(item, change) for name, item in value.items()}
    if isinstance(value, list):
        return [map_text(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


def texts(value: Any) -> Iterator[str]:
    """Every text within nested values."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value
