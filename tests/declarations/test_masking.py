"""Lines of source are shown without their secrets, columns kept."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.declarations.diagnostics import masking
from platform_pulumi.model.redaction import REDACTED
from tests.secrecy import CREDENTIALS, HARMLESS_NAMES, SECRET_NAMES


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("  password: hunter2", "  password: *******"),
        ('  password: "hunter2" # old', '  password: "*******" # old'),
        ("  - {name: db, password: 'hun ter', version: '15'}", "  - {name: db, password: '*******', version: '15'}"),
        ("  env: {API_KEY: abc, DB_PASSWORD: x, NAME: y}", "  env: {API_KEY: ***, DB_PASSWORD: *, NAME: y}"),
        ("  STRIPE_SECRET_KEY: sk_live_1", "  STRIPE_SECRET_KEY: *********"),
        ('  "access-token": abc', '  "access-token": ***'),
        ("  credentials: ${vault:a/b}", "  credentials: ${vault:a/b}"),
        ('  password: "${env:DB_PASSWORD}"', '  password: "${env:DB_PASSWORD}"'),
        ("  url: postgres://me:hunter2@db/app", "  url: postgres://me:*******@db/app"),
        ("  memory: 8Gi", "  memory: 8Gi"),
        ("  source: shared-postgres.credentialRef", "  source: shared-postgres.credentialRef"),
        ("    secrets_provider: awskms://key", "    secrets_provider: awskms://key"),
    ],
)
def test_lines(line: str, masked: str) -> None:
    assert masking.masked_line(line) == masked


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("  env: {API_TOKEN: [abc, d], NAME: y}", "  env: {API_TOKEN: [***, *], ****: *}"),
        ("  - {name: DB_PASSWORD, value: abc, x: y}", "  - {name: DB_PASSWORD, value: ***, x: y}"),
        ("  - {name: HOST, value: abc}", "  - {name: HOST, value: abc}"),
        ('  command: [psql, "postgres://me:hunter2@db/app"]', '  command: [psql, "postgres://me:*******@db/app"]'),
        ("  url: postgres://me:${env:PASSWORD}@db/app", "  url: postgres://me:${env:PASSWORD}@db/app"),
        ("  password: {a: ${env:X}}", "  password: {*: ${env:X}}"),
        ("  password_file: /run/secrets/db", "  password_file: /run/secrets/db"),
    ],
)
def test_lines_that_hold_more_than_a_value(line: str, masked: str) -> None:
    assert masking.masked_line(line) == masked


@pytest.mark.parametrize(
    ("above", "line", "masked"),
    [
        (["db:", "  DB_PASSWORD: |"], "    hunter2", "    *******"),
        (["DB_PASSWORD:", "", "  # old", "  hunt"], "  er2", "  ***"),
        (["token:", "- a"], "- hunter2", "- *******"),
        (["token:", "  - a"], "  - hunter2", "  - *******"),
        (["env:", "  - name: DB_PASSWORD"], "    value: hunter2", "    *****: *******"),
        (["env:", "  - name: DB_PASSWORD", "  - name: DB_HOST"], "    value: db", "    value: db"),
        (["env:", "  - name: 'DB_PASSWORD'", "    x: y"], "    value: ${env:A}", "    *****: ${env:A}"),
        (["password: x"], "user: me", "user: me"),
        (["a:", "  password: x", "  b:"], "    user: me", "    user: me"),
    ],
)
def test_a_value_below_its_key(above: list[str], line: str, masked: str) -> None:
    assert masking.masked_line(line, above) == masked


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_no_value_of_a_secret_name_is_quoted(name: str) -> None:
    for line in (f"{name}: canary91f0", f'  - {{"{name}": "canary91f0"}}', f"env: {{{name}: 'canary91f0'}} # note"):
        assert "canary" not in masking.masked_line(line)
    assert "canary" not in masking.masked_line("    canary91f0", ["env:", f"  {name}: >-"])
    assert masking.masked_settings({name: "canary91f0"}) == {name: REDACTED}


@pytest.mark.parametrize("form", CREDENTIALS)
def test_no_credentials_are_quoted(form: str) -> None:
    text = form.replace("{}", "canary91f0")
    for line in (f"setting: {text}", f"setting: {json.dumps(text)}", f"- [psql, {json.dumps(text)}] # note"):
        assert "canary" not in masking.masked_line(line)
    assert "canary" not in json.dumps(masking.masked_settings({"setting": [text]}))


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_other_values_are_quoted(name: str) -> None:
    assert masking.masked_line(f"{name}: plain") == f"{name}: plain"
    assert masking.masked_settings({name: "plain"}) == {name: "plain"}


@pytest.mark.parametrize("piece", ["{a: ", "- ", "a: ", '"', "'", "a", "a-", "${", ": ", "[", "token: [", "x: y, "])
def test_no_line_takes_long(piece: str) -> None:
    line = piece * (10_000 // len(piece))
    started = time.monotonic()
    masking.masked_line(line, [line] * 20)
    assert time.monotonic() - started < 2


@given(st.text(max_size=80))
def test_columns_are_kept(line: str) -> None:
    assert len(masking.masked_line(line)) == len(line)


@given(st.text(alphabet="abcXYZ019!%", min_size=4, max_size=20))
def test_no_value_of_a_secret_key_is_left(value: str) -> None:
    for line in (f"password: {value}", f'  - {{token: "{value}"}}', f"api_key: '{value}' # note"):
        assert value not in masking.masked_line(line)
