"""Choosing who exports, and the files of an export on disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.declarations.secrets import LocalSecrets
from platform_pulumi.errors import InputError
from platform_pulumi.model.access import Actor, Policy
from platform_pulumi.model.value import Secret
from platform_pulumi.operations import export as exports
from platform_pulumi.operations import exported_files
from platform_pulumi.operations.services import Services
from platform_pulumi.sdk.export import MARK, Export, ExportedFile, ExportRequest
from tests.operations.fakes import DEFINITIONS, Files, definition

#: What the exporter below was asked for, last.
ASKED: list[ExportRequest] = []


def exporter(request: ExportRequest) -> Export:
    """A form of tests."""
    ASKED[:] = [request]
    return Export(f"{MARK}\n", ())


def services(environment: Mapping[str, str] | None = None) -> Services:
    def closed(*_: Any) -> Any:
        message = "an export opens no engine"
        raise AssertionError(message)

    drawer = replace(definition("drawer"), exports={"drawing": f"{__name__}:exporter"})
    return Services(
        definitions={**DEFINITIONS, "drawer": drawer},
        secrets=LocalSecrets(environment or {}),
        environment=environment or {},
        open_engine=closed,
        record=closed,
        now=lambda: 0,
        actor=Actor("ann"),
        policy=Policy.owned_by("ann"),
        open_runtime=closed,
    )


def test_forms() -> None:
    assert exports.forms(services().definitions) == ("drawing",)


def test_whoever_the_files_name(files: Files, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    exports.export(services(), files.task(), "drawing", tmp_path / "x.yaml", ("platform", "export"))
    (asked,) = ASKED
    assert asked.definition.name == "drawer"
    assert {c.provider for tier in asked.tiers for c in tier.capabilities} == {"drawer"}
    assert asked.target == tmp_path / "x.yaml"
    assert asked.command == ("platform", "export")
    assert (asked.previous("kept.txt"), asked.previous("other.txt")) == ("kept", None)


def test_nothing_is_kept_without_a_place(files: Files) -> None:
    exports.export(services(), files.task(), "drawing")
    (asked,) = ASKED
    assert asked.target == Path("drawing.yaml")
    assert asked.previous("kept.txt") is None


def test_secrets_are_written_for_the_owner(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        files = (ExportedFile("s/p/a", Secret("x"), secret=True), ExportedFile("s/p/b", Secret("y"), True, once=True))
        exported_files.write(Export("", (*files, ExportedFile("open", "z"))), tmp_path)
    finally:
        os.umask(before)
    modes = {str(p.relative_to(tmp_path)): stat.S_IMODE(p.stat().st_mode) for p in tmp_path.rglob("*")}
    assert modes == {"s": 0o700, "s/p": 0o700, "s/p/a": 0o600, "s/p/b": 0o600, "open": 0o644}


def test_what_is_there_is_replaced_unless_it_is_kept(tmp_path: Path) -> None:
    exported_files.write(Export("", (ExportedFile("s/a", "1", True), ExportedFile("s/b", "1", True, True))), tmp_path)
    (tmp_path / "s/b").chmod(0o644)
    inode = (tmp_path / "s/b").stat().st_ino
    exported_files.write(Export("", (ExportedFile("s/a", "2", True), ExportedFile("s/b", "1", True, True))), tmp_path)
    assert (tmp_path / "s/a").read_text() == "2"
    assert (tmp_path / "s/b").stat().st_ino == inode
    assert stat.S_IMODE((tmp_path / "s/b").stat().st_mode) == 0o600
    with pytest.raises(InputError, match="at once"):
        exported_files.write(Export("", (ExportedFile("s/b", "3", True, True),)), tmp_path)
    assert (tmp_path / "s/b").read_text() == "1"
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == ["a", "b"]


def test_somebody_elses_file_is_refused(tmp_path: Path) -> None:
    ours, other = tmp_path / "ours.yaml", tmp_path / "other.yaml"
    ours.write_text(f"{MARK}compose` ...\n")
    other.write_text("services: {}\n")
    exported_files.refuse_foreign(ours)
    exported_files.refuse_foreign(tmp_path / "none.yaml")
    with pytest.raises(InputError, match="somebody else's"):
        exported_files.refuse_foreign(other)


def test_what_cannot_be_written_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        exported_files.write(Export("", (ExportedFile("s/a", "x", True),)), tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not text"):
        exported_files.previous(tmp_path)("binary")
