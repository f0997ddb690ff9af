"""The key of a simulated world, and what is encrypted with it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from platform_pulumi.errors import EngineError
from platform_pulumi.plugins.vault import Vault

CANARY = {"password": "canary-vault-91c4"}


def test_what_was_encrypted_is_read_by_the_same_key_in_another_process(tmp_path: Path) -> None:
    token = Vault(tmp_path / "world.key").encrypt(CANARY)
    assert b"canary" not in token
    assert Vault(tmp_path / "world.key").decrypt(token) == CANARY


def test_hashes_agree_by_value_and_key(tmp_path: Path) -> None:
    one, same, other = (Vault(tmp_path / name) for name in ("a.key", "a.key", "b.key"))
    assert one.hash(CANARY) == same.hash(CANARY)
    assert one.hash(CANARY) != other.hash(CANARY)
    assert one.hash(CANARY) != one.hash("canary")


def test_the_key_is_the_user_s_alone_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    Vault(tmp_path / "world.key")
    assert [file.name for file in tmp_path.iterdir()] == ["world.key"]
    assert stat.S_IMODE((tmp_path / "world.key").stat().st_mode) == 0o600


def test_another_key_is_told(tmp_path: Path) -> None:
    token = Vault(tmp_path / "a.key").encrypt(CANARY)
    with pytest.raises(EngineError) as caught:
        Vault(tmp_path / "b.key").decrypt(token)
    assert str(tmp_path / "b.key") in caught.value.detail
    assert "canary" not in caught.value.detail
