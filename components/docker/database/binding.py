"""Binding of `database` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from components.docker.claims import host_ports
from components.docker.field_fidelity import KEPT_LABELS
from platform_pulumi.sdk.fidelity import IS_TRUE, Condition, FieldFidelity, none, partial, stub
from platform_pulumi.sdk.provider import CapabilityBinding

_READ_AS_IT_IS = partial(
    "the volume stays as it is: another engine, or another major version, does not start on what the one before wrote",
    "declare it under another name, and move the data there",
)
_TAKEN_ONCE = partial(
    "taken when the data folder is empty, as the official images do: a later change reaches the applications and not "
    "the database",
    "change it in the database as well",
)

FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": _READ_AS_IT_IS,
    "version": _READ_AS_IT_IS,
    "instance_class": stub("no machine classes: the database takes what the machine has"),
    "storage_gb": stub("no limit: Docker's volumes grow with the disk of the machine"),
    "multi_az": stub("single instance (production uses Multi-AZ RDS)", when=IS_TRUE),
    "database_name": _TAKEN_ONCE,
    "username": _TAKEN_ONCE,
    "password": _TAKEN_ONCE,
    "backup_retention_days": stub(
        "no backups", "dump the database yourself", when=Condition("it is not 0", lambda value, _: value > 0)
    ),
    "encrypted": stub("not encrypted, unless the disk of the machine is", when=IS_TRUE),
    "deletion_protection": none(
        "Docker itself refuses nothing; with it or without it, the platform keeps the volume unless its loss is named",
        when=IS_TRUE,
    ),
    "final_snapshot": stub("no snapshot: the volume is kept unless its loss is named", when=IS_TRUE),
}

BINDING = CapabilityBinding(
    "components.docker.database.component:Database",
    FIDELITY,
    requires=lambda _: ("network",),
    claims=host_ports,
    summary="container with a volume",
    labels=KEPT_LABELS,
)
