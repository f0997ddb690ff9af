"""The table of capability types, and what strictness means for all of them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from platform_pulumi.model.capabilities import CAPABILITY_TYPES, tier_of
from platform_pulumi.model.capabilities.fields import seconds
from platform_pulumi.model.value import Secret


def test_the_table_is_true() -> None:
    assert len(CAPABILITY_TYPES) == len(list(CAPABILITY_TYPES))
    for name, model in CAPABILITY_TYPES.items():
        assert (name, tier_of(name)) == (model.TYPE, model.TIER)
        assert CAPABILITY_TYPES.get(name) is model
        assert all(need.type in CAPABILITY_TYPES and need.property in model.model_fields for need in model.NEEDS)
        assert any(spec.identifies for spec in model.OUTPUTS.values()), f"what tells one {name} from another?"
    assert "nothing" not in CAPABILITY_TYPES
    with pytest.raises(KeyError):
        CAPABILITY_TYPES["nothing"]


@pytest.mark.parametrize(
    "change",
    [
        {"replicas": "3"},
        {"replicas": True},
        {"replicas": 3.0},
        {"image": 5},
        {"ingress": {"host": "h", "tls": "no"}},
        {"ports": {"container_port": 80}},
        {"command": "run"},
        {"memory": True},
        {"unknown": 1},
    ],
)
def test_nothing_is_converted(change: dict[str, Any]) -> None:
    model = CAPABILITY_TYPES["container_runtime"]
    base = {"image": "a", "ports": [{"container_port": 80}]}
    assert type(model.model_validate(base)) is model
    with pytest.raises(ValidationError):
        model.model_validate({**base, **change})


def test_passwords_are_secret_and_text() -> None:
    model = CAPABILITY_TYPES["database"]
    database: Any = model.model_validate({"engine": "mysql", "version": "8.0", "password": "canary"})
    assert database.password == Secret("canary")
    assert "canary" not in repr(database)
    with pytest.raises(ValidationError):
        model.model_validate({"engine": "mysql", "version": "8.0", "password": 5})


def test_durations() -> None:
    assert [seconds(text) for text in ("10s", "5m", "1h")] == [10, 300, 3600]
    with pytest.raises(ValueError, match="not a duration"):
        seconds("5 minutes")
