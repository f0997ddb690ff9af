"""A `database` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variant, Variants, one

BASE: Mapping[str, Any] = {
    "engine": "postgresql",
    "version": "15",
    "instance_class": "db.r6g.large",
    "storage_gb": 100,
    "multi_az": True,
    "database_name": "app",
    "username": "platform",
    "backup_retention_days": 7,
    "encrypted": True,
    "deletion_protection": False,
    "final_snapshot": True,
}

VARIANTS: Variants = {
    "engine": one("mysql", version="8.0"),
    "version": one("16"),
    "instance_class": one("db.r6g.xlarge"),
    "storage_gb": [Variant(200), Variant(10, {"storage_gb": 20})],
    "multi_az": one(False),
    "database_name": one("orders"),
    "username": one("owner"),
    "password": [Variant("canary-own"), Variant("canary-other", {"password": "canary-own"})],
    "backup_retention_days": one(14),
    "encrypted": one(False),
    "deletion_protection": one(True),
    "final_snapshot": one(False),
}

SURROUNDINGS: Mapping[str, Mapping[str, Any]] = {
    "a password given": {"password": "canary-first"},
    "mysql": {"engine": "mysql", "version": "8.0"},
    "little storage": {"storage_gb": 5},
    "protected": {"deletion_protection": True},
    "no backups": {"backup_retention_days": 0, "multi_az": False, "encrypted": False, "final_snapshot": False},
}
