"""Lines of source are shown without their secrets, columns kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.declarations.diagnostics import masking


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


@given(st.text(max_size=80))
def test_columns_are_kept(line: str) -> None:
    assert len(masking.masked_line(line)) == len(line)


@given(st.text(alphabet="abcXYZ019!%", min_size=4, max_size=20))
def test_no_value_of_a_secret_key_is_left(value: str) -> None:
    for line in (f"password: {value}", f'  - {{token: "{value}"}}', f"api_key: '{value}' # note"):
        assert value not in masking.masked_line(line)
