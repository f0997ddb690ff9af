"""A `iam_role` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variants, one

BASE: Mapping[str, Any] = {
    "assumed_by": ["ec2.amazonaws.com"],
    "description": "Reads reports",
    "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    "statements": [{"effect": "Allow", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::reports/*"]}],
    "max_session": 3600,
}

VARIANTS: Variants = {
    "assumed_by[]": one("lambda.amazonaws.com"),
    "description": one("Reads everything"),
    "managed_policies[]": one("arn:aws:iam::aws:policy/PowerUserAccess"),
    "statements[].effect": one("Deny"),
    "statements[].actions[]": one("s3:PutObject"),
    "statements[].resources[]": one("arn:aws:s3:::others/*"),
    "max_session": one(7200),
}
