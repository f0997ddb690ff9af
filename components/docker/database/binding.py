"""Binding of `database` to Docker, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.sdk.provider import FULL, CapabilityBinding, FieldFidelity, is_true, partial, stub

FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": FULL,
    "version": FULL,
    "instance_class": stub("no machine classes: the database takes what the machine has"),
    "storage_gb": stub("no limit: Docker's volumes grow with the disk of the machine"),
    "multi_az": stub("single instance (production uses Multi-AZ RDS)", when=is_true),
    "database_name": FULL,
    "username": FULL,
    "password": partial(
        "taken when the data folder is empty, as the official images do: a later change reaches the applications and "
        "not the database. Without one, the platform makes it and keeps it as a secret in its state",
        "change it in the database as well",
    ),
    "backup_retention_days": stub("no backups", "dump the database yourself", when=lambda value, _: value > 0),
    "encrypted": stub("not encrypted, unless the disk of the machine is", when=is_true),
    "deletion_protection": partial(
        "Docker itself refuses nothing; the platform keeps the volume unless its loss is named", when=is_true
    ),
    "final_snapshot": stub("no snapshot: the volume is kept unless its loss is named", when=is_true),
}

BINDING = CapabilityBinding(
    "components.docker.database.component:Database",
    FIDELITY,
    requires=lambda _: ("network",),
    summary="container with a volume",
)
