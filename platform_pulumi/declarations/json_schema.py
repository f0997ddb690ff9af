"""The JSON Schema of the files, made from the models that read them (platform schema, docs/platform.schema.json)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platform_pulumi.declarations.document import Document
from platform_pulumi.model.capabilities import CAPABILITY_TYPES


def schema() -> dict[str, Any]:
    """The schema; see `platform_pulumi.declarations.schema`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Document.model_json_schema()}


_: Mapping[str, Any] = CAPABILITY_TYPES
