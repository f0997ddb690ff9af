"""The passphrase of a local backend: private, made once, never made anew over state that needs the old one."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import stat
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.engine.passphrase import FILE_NAME, Passphrase, user_key
from platform_pulumi.errors import EngineError

RACERS = 4


def race(root: str, start: Any, results: Any) -> None:
    start.wait()
    Passphrase.of_local_backend(Path(root), has_stacks=False)
    results.put((Path(root) / FILE_NAME).read_text(encoding="utf-8"))


def test_it_is_private_to_its_user(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        found = Passphrase.of_local_backend(tmp_path, has_stacks=False)
    finally:
        os.umask(before)
    path = tmp_path / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text(encoding="utf-8").strip()) >= 40
    assert found.environment == {"PULUMI_CONFIG_PASSPHRASE_FILE": str(path)}
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_of_several_processes_that_make_it_at_once_all_use_the_same(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start, results = context.Barrier(RACERS), context.Queue()
    racers = [context.Process(target=race, args=(str(tmp_path), start, results)) for _ in range(RACERS)]
    for racer in racers:
        racer.start()
    seen = {results.get(timeout=60) for _ in racers}
    for racer in racers:
        racer.join(timeout=60)
        assert racer.exitcode == 0
    assert len(seen) == 1
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_what_a_killed_process_of_the_same_id_left_beside_it_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / f"{FILE_NAME}.{os.getpid()}").write_text("half", encoding="utf-8")
    assert Passphrase.of_local_backend(tmp_path, has_stacks=False).key("a") != Passphrase.given("half").key("a")


def test_an_existing_one_is_kept(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("mine\n", encoding="utf-8")
    assert Passphrase.of_local_backend(tmp_path, has_stacks=True).key("a") == Passphrase.given("mine").key("a")
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8") == "mine\n"


def test_a_missing_one_is_not_made_where_stacks_are(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="The passphrase of the state is missing") as refused:
        Passphrase.of_local_backend(tmp_path, has_stacks=True)
    assert str(tmp_path / FILE_NAME) in refused.value.detail
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_an_empty_or_unreadable_one_is_a_failure(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "given"
    path.write_bytes(content)
    with pytest.raises(EngineError) as refused:
        Passphrase.read(path)
    assert str(path) in refused.value.detail


def test_a_file_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="The passphrase cannot be read"):
        Passphrase.read(tmp_path / "none")


def test_a_place_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match="The passphrase cannot be kept") as refused:
        Passphrase.of_local_backend(tmp_path / "file" / "state", has_stacks=False)
    assert str(tmp_path / "file" / "state") in refused.value.detail


def test_keys_belong_to_the_passphrase_and_the_context() -> None:
    one = Passphrase.given("one")
    assert one.key("acme/prod") == Passphrase.given("one").key("acme/prod")
    assert len({one.key("acme/prod"), one.key("acme/dev"), Passphrase.given("two").key("acme/prod")}) == 3


def test_where_the_backend_keeps_its_own_secrets_the_key_is_the_users(tmp_path: Path) -> None:
    key = user_key(tmp_path / "cache", "acme/prod")
    assert user_key(tmp_path / "cache", "acme/prod") == key, "the same in the next command"
    assert len({key, user_key(tmp_path / "cache", "acme/dev"), user_key(tmp_path / "other", "acme/prod")}) == 3
    (file,) = (tmp_path / "cache").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (tmp_path / "file").touch()
    assert len(user_key(tmp_path / "file", "acme/prod")) == 32, "what cannot be kept is made anew each time"


def test_it_is_not_printed() -> None:
    assert "hunter2" not in repr(Passphrase.given("hunter2"))
    assert pickle.loads(pickle.dumps(Passphrase.given("hunter2"))) == Passphrase.given("hunter2")
