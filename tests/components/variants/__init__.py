"""For every leaf field of every capability type: a declaration, and another value for that field alone.

A file for each type, named like it: `BASE` sets every field, so that each has something to change; `SURROUNDINGS`,
where there are any, are other declarations in which a change may do less (surroundings.py).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from platform_pulumi.model.capabilities import CAPABILITY_TYPES

from .variant import Variant, Variants

__all__ = ["BASES", "SURROUNDINGS", "VARIANTS", "Variant"]

_MODULES = {kind: importlib.import_module(f"{__name__}.{kind}") for kind in CAPABILITY_TYPES}
BASES: Mapping[str, Mapping[str, Any]] = {kind: module.BASE for kind, module in _MODULES.items()}
VARIANTS: Mapping[str, Variants] = {kind: module.VARIANTS for kind, module in _MODULES.items()}
#: Further declarations around the fields of a type, by name: changes of its `BASE` by path, None takes a field away.
SURROUNDINGS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    kind: getattr(module, "SURROUNDINGS", {}) for kind, module in _MODULES.items()
}
