"""Base model of everything read from YAML: unknown names are errors, and no value is converted.

Without strictness pydantic would take `no` for false and "3" for 3, which YAML 1.2 (and whoever wrote it) does not.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class StrictModel(BaseModel):
    """Pydantic model, strict about names and types, frozen once read, built when first used."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True, defer_build=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Strict fields, but mappings are taken for models, which a strict model would refuse."""
        schema = handler(source)
        if schema["type"] == "model":
            schema["strict"] = False
        return schema
