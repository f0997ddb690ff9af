"""The table of capability types, and what strictness means for all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from platform_pulumi.model.capabilities import CAPABILITY_TYPES, tier_of
from platform_pulumi.model.capabilities.application.container_runtime import CONNECTIONS_VARIABLE
from platform_pulumi.model.capabilities.fields import seconds
from platform_pulumi.model.json_form import declared
from platform_pulumi.model.secrecy import names_secret
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import Secret, Template, TierOutput, references, secrets
from tests.secrecy import CREDENTIALS, HARMLESS_NAMES, HARMLESS_TEXTS, SECRET_NAMES


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


HOST = TierOutput(Tier.SHARED_PRIMITIVES, "host")
PASSWORDS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "database": ("password", {"engine": "mysql", "version": "8.0"}),
    "cache": ("password", {"engine": "redis", "version": "7"}),
    "message_queue": ("password", {"engine": "rabbitmq", "version": "3.13"}),
    "object_storage": ("secret_key", {}),
}


def test_every_field_that_is_called_as_a_secret_holds_one() -> None:
    called = {
        (kind, name)
        for kind, model in CAPABILITY_TYPES.items()
        for name in model.model_fields
        if names_secret(name) and name != "access_key"  # the id of a key, as S3 calls it
    }
    assert called == {(kind, field) for kind, (field, _) in PASSWORDS.items()}


@pytest.mark.parametrize("kind", PASSWORDS)
@pytest.mark.parametrize(
    ("given", "secret"),
    [
        ("canary", Secret("canary")),
        (Secret("canary"), Secret("canary")),
        (HOST, Template((Secret(""), HOST))),
        (Template(("canary", HOST)), Template((Secret(""), Secret("canary"), HOST))),
    ],
)
def test_a_password_is_secret_whatever_it_comes_from(kind: str, given: Any, secret: Any) -> None:
    field, others = PASSWORDS[kind]
    properties = CAPABILITY_TYPES[kind].model_validate({**others, field: given})
    assert getattr(properties, field) == secret
    assert "canary" not in json.dumps(declared(properties))
    assert list(references(properties)) == ([HOST] if isinstance(secret, Template) else [])


def _variable(name: str, value: Any) -> Any:
    runtime: Any = CAPABILITY_TYPES["container_runtime"].model_validate({"image": "a", "env": {name: value}})
    return runtime.env[name]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_variable_with_the_name_of_a_secret_is_one(name: str) -> None:
    assert _variable(name, "canary") == Secret("canary")
    assert _variable(name, 12345) == Secret("12345")
    assert _variable(name, HOST) == Template((Secret(""), HOST))
    assert not _variable(name, "")


@pytest.mark.parametrize("form", CREDENTIALS)
def test_a_variable_with_credentials_is_secret_whatever_its_name(form: str) -> None:
    text = form.replace("{}", "canary-form")
    assert _variable("SETTING", text) == Secret(text)
    assert "canary" not in json.dumps(declared(_variable("SETTING", Template((text, HOST)))))


@pytest.mark.parametrize("name", [name for name in HARMLESS_NAMES if name != CONNECTIONS_VARIABLE])
def test_other_variables_are_shown(name: str) -> None:
    assert _variable(name, "plain") == "plain"
    assert _variable(name, HOST) == HOST


@pytest.mark.parametrize("text", HARMLESS_TEXTS)
def test_other_values_are_shown(text: str) -> None:
    assert _variable("SETTING", text) == text


def test_a_url_with_a_password_by_reference_is_secret() -> None:
    given = Template(("postgres://u:", HOST, "@", HOST, "/app"))
    assert list(secrets(_variable("SETTING", given)))
    assert not list(secrets(_variable("SETTING", Template(("postgres://", HOST, "/app")))))


def test_durations() -> None:
    assert [seconds(text) for text in ("10s", "5m", "1h")] == [10, 300, 3600]
    with pytest.raises(ValueError, match="not a duration"):
        seconds("5 minutes")
