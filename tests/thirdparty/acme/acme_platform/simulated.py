"""The package `acme` in the simulator: `platform up --simulate` needs nothing of Acme's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from acme_platform import schema
from platform_pulumi.plugins.schema import ObjectSchema, ResourceSchema
from platform_pulumi.plugins.table import Entry, FoundBy, SimulatedPackage

TABLE: Final = {
    schema.TOKEN: Entry(
        id="{name}",
        found_by=FoundBy.TAG,
        replace=schema.REPLACING,
        name="name",
        outputs={"host": "{name}.caches.acme.example", "port": "6379"},
    )
}


class AcmeTypes:
    """The types of the package, by hand; a provider with a generated SDK leaves `types` out, they are read from it."""

    objects: Mapping[str, ObjectSchema] = {}

    def resource(self, token: str) -> ResourceSchema:
        """A type's schema. Raises KeyError where there is none."""
        return {schema.TOKEN: schema.CACHE}[token]


PACKAGE: Final = SimulatedPackage("acme", TABLE.get, types=AcmeTypes)
