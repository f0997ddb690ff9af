"""A `message_queue` that sets every field, and another value for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .variant import Variant, Variants, one

BASE: Mapping[str, Any] = {"engine": "rabbitmq", "version": "3.13"}
_SQS: Mapping[str, Any] = {"engine": "sqs", "version": None}

VARIANTS: Variants = {
    "engine": one("sqs"),
    "version": [Variant("4.2"), Variant("3.12"), Variant("3.13", _SQS)],
    "instance_class": [Variant("mq.m7g.xlarge"), Variant("mq.m7g.xlarge", _SQS)],
    "high_availability": [Variant(True), Variant(True, _SQS)],
    "username": [Variant("owner"), Variant("owner", _SQS)],
    "password": [Variant("canary-own"), Variant("canary-own", _SQS)],
    "fifo": [Variant(True, _SQS), Variant(True)],
    "visibility_timeout": [Variant("60s", _SQS), Variant("60s")],
    "retention": [Variant("24h", _SQS), Variant("24h")],
}

SURROUNDINGS: Mapping[str, Mapping[str, Any]] = {
    "a hosted queue": {"engine": "sqs", "version": None},
    "a hosted queue in order": {"engine": "sqs", "version": None, "fifo": True},
    "several brokers": {"high_availability": True},
    "a password given": {"password": "canary-first"},
    "a version that nobody has": {"version": "3.11"},
}
