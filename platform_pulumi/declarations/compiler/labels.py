"""Checks of labels and annotations: they travel to tags and labels of every resource, so each provider must take them.

A name is one that Kubernetes takes for labels and annotations alike, which is one that AWS takes for tags. A value may
hold what a Kubernetes label cannot (it becomes an annotation there), but no more than a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from yaml.nodes import Node

from platform_pulumi.declarations.compiler import credentials
from platform_pulumi.declarations.diagnostics import codes
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.yaml.source import Source, find_node, key_node
from platform_pulumi.model.characters import control_character, shown
from platform_pulumi.sdk.tagging import RESERVED_KEYS

#: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels: a name, with a DNS domain before it or not.
_DOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")
_LONGEST_NAME: Final = 63
#: Of a tag: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html. What
#: begins with `aws:` is AWS's own there; no name has a `:`.
_LONGEST_KEY: Final = 128
_LONGEST_VALUE: Final = 256
#: All annotations of an object together may have 256 KiB (TotalAnnotationSizeLimitB of Kubernetes).
_LONGEST_ANNOTATION: Final = 65_536


def check(shape: Any, node: Node, source: Source, problems: Problems) -> None:
    """Report labels and annotations of a part of the document that not every resource could have."""
    for group in ("labels", "annotations"):
        given = getattr(shape, group) or {}
        for key, value in given.items():
            at = key_node(node, (group, key)) or find_node(node, (group, key))[0]  # a key may stand there twice
            for code, detail in _of_key(key):
                source.note(problems, code, detail, at)
            for detail in _of_value(f"`{shown(key)}`", value, group):
                source.note(problems, codes.WRONG_VALUE, detail, find_node(node, (group, key))[0])
    credentials.check_labels(shape, node, source, problems)


def _of_key(key: str) -> Iterator[tuple[codes.Code, str]]:
    if key.startswith(RESERVED_KEYS):
        yield (
            codes.RESERVED_NAME,
            f"`{shown(key)}` is the platform's own, like every key that begins with `platform:` or `platform/`: by"
            " such keys it finds its resources again. Choose another one.",
        )
        return
    domain, slash, name = key.rpartition("/")
    if not _NAME.fullmatch(name) or (slash and not _DOMAIN.fullmatch(domain)):
        said = f"`{shown(key)}`" if key else "An empty text"
        yield (
            codes.WRONG_NAME,
            f"{said} cannot name a label or annotation: every provider takes letters, digits, `-`, `_` and `.`, with a"
            " domain and `/` before them or not.",
        )
    elif len(name) > _LONGEST_NAME or len(key) > _LONGEST_KEY:
        yield (
            codes.WRONG_NAME,
            f"`{shown(key)}` is too long: every provider takes {_LONGEST_NAME} characters, with a domain and `/` before"
            f" them {_LONGEST_KEY}.",
        )


def _of_value(name: str, value: str, group: str) -> Iterator[str]:
    is_label = group == "labels"
    most = _LONGEST_VALUE if is_label else _LONGEST_ANNOTATION
    if found := control_character(value, "" if is_label else "\t\n\r"):
        yield f"{name} holds the control character {found}, which no provider takes. Remove it."
    if len(value) > most:
        yield f"{name} should be at most {most:,} characters long. It has {len(value):,}."
