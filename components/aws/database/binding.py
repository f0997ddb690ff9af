"""Binding of `database` to AWS, field by field. No pulumi here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from platform_pulumi.sdk.fidelity import FULL, Condition, FieldFidelity, partial
from platform_pulumi.sdk.provider import CapabilityBinding

#: GiB, of an RDS instance on gp3: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
LEAST_STORAGE: Final = 20

FIDELITY: Mapping[str, FieldFidelity] = {
    "engine": FULL,
    "version": FULL,
    "instance_class": FULL,
    "storage_gb": partial(
        f"RDS gives at least {LEAST_STORAGE} GiB on gp3; {LEAST_STORAGE} is used",
        when=Condition(f"it is less than {LEAST_STORAGE}", lambda value, _: value < LEAST_STORAGE),
    ),
    "multi_az": FULL,
    "database_name": FULL,
    "username": FULL,
    "password": FULL,
    "backup_retention_days": FULL,
    "encrypted": FULL,
    "deletion_protection": FULL,
    "final_snapshot": FULL,
}

BINDING = CapabilityBinding(
    "components.aws.database.component:Database",
    FIDELITY,
    requires=lambda _: ("network",),
    summary="RDS instance in private subnets",
)
