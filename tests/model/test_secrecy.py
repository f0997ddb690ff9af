"""What is taken for a secret by its look, and what is not, so that plans can be read."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.model.secrecy import holds_secret, masked, names_secret, veiled
from tests.secrecy import CREDENTIALS, HARMLESS_NAMES, HARMLESS_TEXTS, SECRET_NAMES

CANARY = "canary91f0"


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_names_of_secrets(name: str) -> None:
    assert names_secret(name)


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_names_that_only_look_like_it(name: str) -> None:
    assert not names_secret(name)


@pytest.mark.parametrize("form", CREDENTIALS)
@pytest.mark.parametrize("around", ["{}", "psql {} -c 'select 1'", '["{}", "b"]', "see {}, and more"])
def test_credentials_within_text(form: str, around: str) -> None:
    text = around.replace("{}", form.replace("{}", CANARY))
    assert holds_secret(text)
    shown = masked(text)
    assert CANARY not in shown
    assert len(shown) == len(text)
    assert CANARY not in masked(text, lambda _: "***")


@pytest.mark.parametrize("text", HARMLESS_TEXTS)
def test_texts_that_only_look_like_it(text: str) -> None:
    assert not holds_secret(text)
    assert masked(text) == text


@given(st.text(max_size=80))
def test_what_is_masked_keeps_its_length_and_needs_no_second_time(text: str) -> None:
    assert len(masked(text)) == len(text)
    assert holds_secret(text) or masked(text) == text


@pytest.mark.parametrize(
    "piece",
    ["a", ":", "@", "=", "//", "//b:", "a:b@", "x@", "user:", "a=b ", "password=", "password=$(", "//a:$(", "${",
     "eyJ", "eyJaaaaaaaa.", "Bearer ", "ghp_a", "-----BEGIN PRIVATE KEY-----", "a.b-", "'", "a='"],
)  # fmt: skip
def test_no_text_takes_long(piece: str) -> None:
    started = time.monotonic()
    masked(piece * (20_000 // len(piece)))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        ({"env": {"DB_PWD": "x", "MODE": "y"}}, {"env": {"DB_PWD": "-", "MODE": "y"}}),
        ({"env": [{"name": "DB_PWD", "value": "x"}]}, {"env": [{"name": "DB_PWD", "value": "-"}]}),
        ({"env": [{"name": "MODE", "value": "x"}]}, {"env": [{"name": "MODE", "value": "x"}]}),
        ({"envs": ["DB_PWD=x", "MODE=y", "_auth=x"]}, {"envs": ["-", "MODE=y", "-"]}),
        ({"keepers": {"env.DB_PWD": "x", "image": "y"}}, {"keepers": {"env.DB_PWD": "-", "image": "y"}}),
        (
            {"spec": {"env": {"TOKEN": {"template": ["a", "b"]}}}},
            {"spec": {"env": {"TOKEN": "-"}}},
        ),
        ({"command": ["app", "postgres://u:x@h/db"]}, {"command": ["app", "-"]}),
        (
            {"valueFrom": {"secretKeyRef": {"name": "api", "key": "DB_PWD"}}},
            {"valueFrom": {"secretKeyRef": {"name": "api", "key": "DB_PWD"}}},
        ),
        (
            {"secretId": "arn:x", "size": 3, "on": True, "none": None},
            {"secretId": "arn:x", "size": 3, "on": True, "none": None},
        ),
    ],
)
def test_what_was_recorded_in_clear(recorded: dict[str, Any], shown: dict[str, Any]) -> None:
    assert veiled(recorded, "-") == shown
