"""For every leaf field of every capability type: a declaration, and another value for that field alone.

A file for each type, named like it: `BASE` sets every field, so that each has something to change.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from platform_pulumi.model.capabilities import CAPABILITY_TYPES

from .variant import Variant, Variants

__all__ = ["BASES", "VARIANTS", "Variant"]

_MODULES = {kind: importlib.import_module(f"{__name__}.{kind}") for kind in CAPABILITY_TYPES}
BASES: Mapping[str, Mapping[str, Any]] = {kind: module.BASE for kind, module in _MODULES.items()}
VARIANTS: Mapping[str, Variants] = {kind: module.VARIANTS for kind, module in _MODULES.items()}
