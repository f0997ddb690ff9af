"""The Pulumi type of a cache, for the simulator and the plugin alike."""

from __future__ import annotations

from typing import Final

from platform_pulumi.plugins.schema import ResourceSchema

TOKEN: Final = "acme:index:Cache"
CACHE: Final = ResourceSchema(
    TOKEN,
    inputs={
        "name": "string",
        "engine": {"enum": ["redis", "valkey"]},
        "version": "string",
        "memory": "string",
        "eviction": "string",
        "password": "string",
        "tags": {"map": "string"},
    },
    required=("name", "engine", "version", "password"),
    outputs={"host": "string", "port": "number"},
)
#: Inputs whose change makes another cache.
REPLACING: Final = ("name", "engine")
