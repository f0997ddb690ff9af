from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from platform_pulumi.declarations.documents import read_documents
from platform_pulumi.declarations.secrets import LocalSecrets
from platform_pulumi.errors import EngineError
from platform_pulumi.operations.doctor import Check, Status
from platform_pulumi.operations.provider_checks import provider_checks
from platform_pulumi.sdk.provider import ProviderDefinition
from tests.operations.fake_runtime import FakeRuntime
from tests.operations.fakes import DEFINITIONS, Files

GONE = EngineError("Docker does not answer", "Is it running?")
NOT_ASKED = "cannot be asked by this version; credentials are checked by the run that needs them"


def checks(
    runtime: FakeRuntime,
    files: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    *,
    named: bool = True,
) -> list[Check]:
    definitions: Mapping[str, ProviderDefinition] = {
        **DEFINITIONS, "acme": replace(DEFINITIONS["acme"], runtime="acme.runtime:Runtime"),
    }  # fmt: skip
    given = environment or {}
    documents = read_documents(files)
    return list(
        provider_checks(
            definitions, LocalSecrets(given), given, documents, strict=named and bool(files), opener=runtime
        )
    )


def test_without_a_file_the_installed_ones_that_can_be_asked() -> None:
    assert checks(FakeRuntime()) == [Check("provider acme", Status.OK, "Acme 1.0 at unix:///acme.sock")]
    assert checks(FakeRuntime(error=GONE)) == [
        Check("provider acme", Status.WARNING, "Docker does not answer", "Is it running?")
    ]


def test_with_a_file_those_that_it_declares(files: Files) -> None:
    assert checks(FakeRuntime(error=GONE), [files.path]) == [
        Check("provider acme", Status.ERROR, "Docker does not answer", "Is it running?")
    ]
    files.write(("    name: acme", "    name: rival"))
    assert checks(FakeRuntime(error=GONE), [files.path]) == [Check("provider rival", Status.OK, NOT_ASKED)]
    files.write(("    name: acme", "    name: pretend"))
    assert checks(FakeRuntime(error=GONE), [files.path]) == [
        Check("provider pretend", Status.OK, "simulated: there is nobody to ask")
    ]


@pytest.mark.parametrize(("named", "severity"), [(True, Status.ERROR), (False, Status.WARNING)])
def test_a_file_that_is_wrong_is_told_and_the_installed_ones_are_asked(
    named: bool, severity: Status, files: Files
) -> None:
    files.write(("storage_gb", "storage_gbs"))
    found = checks(FakeRuntime(), [files.path], named=named)
    assert found == [
        Check(
            "declarations", severity, f"{files.path}: The declarations are wrong",
            "platform validate shows each with its line.",
        ),
        Check("provider acme", Status.OK, "Acme 1.0 at unix:///acme.sock"),
    ]  # fmt: skip


def test_settings_are_resolved_and_never_shown(files: Files, canary: str) -> None:
    files.write(("    name: acme", '    name: acme\n    config: {region: "${env:WHERE}"}'))
    runtime = FakeRuntime(error=GONE)
    found = checks(runtime, [files.path], environment={"WHERE": canary})
    assert runtime.made[0][0] == {"region": canary}
    assert canary not in str(found)
    [unset] = checks(runtime, [files.path])
    assert (unset.status, unset.found) == (Status.ERROR, "The declarations are wrong")
    assert "WHERE" in unset.advice


def test_a_provider_that_is_not_there(files: Files) -> None:
    files.write(("    name: acme", "    name: kubernetes"))
    [check] = checks(FakeRuntime(), [files.path])
    assert (check.name, check.status) == ("provider kubernetes", Status.ERROR)
    assert check.found == "not available in this version"
