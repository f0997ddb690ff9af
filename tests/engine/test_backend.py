"""Which state backend a run uses, and which passphrase."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi import settings as settings_module
from platform_pulumi.engine.backend import Backend, check_encryption, choose, organization, passphrase
from platform_pulumi.engine.file_backend import folder_of, url_of
from platform_pulumi.errors import EngineError, InputError
from platform_pulumi.model.context import Context
from platform_pulumi.settings import Settings

URL = "s3://state?region=eu-west-1"


def settings(cwd: Path, **environment: str) -> Settings:
    return settings_module.read({"HOME": str(cwd / "home"), **environment}, cwd)


def chosen(
    cwd: Path, flag: str | None = None, declared: Mapping[str, Any] | None = None, **environment: str
) -> tuple[str, str]:
    found = choose(settings(cwd, **environment), flag, declared or {}, simulated=False)
    return found.url, found.source


def test_the_default_is_a_folder_of_the_project(tmp_path: Path) -> None:
    found = choose(settings(tmp_path), None, {}, simulated=False)
    assert found == Backend(f"file://{tmp_path}/.platform/state", "default", tmp_path / ".platform/state")


def test_the_flag_then_ours_then_the_file_then_pulumis(tmp_path: Path) -> None:
    declared = {"backend": "s3://file"}
    ours, theirs = {"PLATFORM_BACKEND_URL": "s3://ours"}, {"PULUMI_BACKEND_URL": "s3://theirs"}
    assert chosen(tmp_path, "s3://flag", declared, **ours, **theirs) == ("s3://flag", "--backend")
    assert chosen(tmp_path, None, declared, **ours, **theirs) == ("s3://ours", "PLATFORM_BACKEND_URL")
    assert chosen(tmp_path, None, declared, **theirs) == ("s3://file", "platform.state.backend")
    assert chosen(tmp_path, None, {}, **theirs) == ("s3://theirs", "PULUMI_BACKEND_URL")


@pytest.mark.parametrize("scheme", ["s3", "gs", "azblob", "postgres", "https", "http"])
def test_other_backends_have_no_folder(tmp_path: Path, scheme: str) -> None:
    found = choose(settings(tmp_path), f"{scheme}://somewhere", {}, simulated=False)
    assert (found.url, found.root, found.world) == (f"{scheme}://somewhere", None, None)
    assert found.cloud is scheme.startswith("http")


def test_a_local_backend_has_its_folder_whatever_way_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for url in ("file://state", "file://./state", f"file://{tmp_path}/state"):
        found = choose(settings(tmp_path), url, {}, simulated=False)
        assert (found.root, found.url) == (tmp_path / "state", f"file://{tmp_path}/state")
    assert choose(settings(tmp_path), "file://~/state", {}, simulated=False).root == Path.home() / "state"
    assert choose(settings(tmp_path), "file:///a%20b", {}, simulated=False).root == Path("/a b")


@pytest.mark.parametrize("url", ["state", "ftp://host", "/tmp/state", ""])
def test_anything_else_is_no_backend(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="Not a state backend") as refused:
        choose(settings(tmp_path), url, {}, simulated=False)
    assert refused.value.detail.startswith("--backend is ")
    assert "file://" in refused.value.detail


def test_a_wrong_url_is_shown_without_what_may_be_secret_in_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        choose(settings(tmp_path), None, {"backend": "mysql://ann:hunter2@db/state?token=hunter2"}, simulated=False)
    assert "hunter2" not in refused.value.detail
    assert "platform.state.backend" in refused.value.detail


def test_a_simulated_run_keeps_to_itself(tmp_path: Path) -> None:
    default = choose(settings(tmp_path), None, {}, simulated=True)
    assert default.root == tmp_path / ".platform/simulated"
    local = choose(settings(tmp_path), f"file://{tmp_path}/state", {}, simulated=True)
    assert local.root == tmp_path / "state/simulated"
    remote = choose(settings(tmp_path), URL, {}, simulated=True)
    assert remote.root == tmp_path / ".platform/simulated"
    for found in (default, local, remote):
        assert found.root is not None
        assert found.url == f"file://{found.root}"
        assert found.world == found.root / "world.sqlite"


def test_a_given_passphrase_is_taken_before_its_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("from the file\n", encoding="utf-8")
    backend = Backend(URL, "--backend", None)
    both = settings(tmp_path, PULUMI_CONFIG_PASSPHRASE="given", PULUMI_CONFIG_PASSPHRASE_FILE="file")
    found = passphrase(both, backend)
    assert found is not None
    assert found.environment == {"PULUMI_CONFIG_PASSPHRASE": "given"}
    of_file = passphrase(settings(tmp_path, PULUMI_CONFIG_PASSPHRASE_FILE="file"), backend)
    assert of_file is not None
    assert of_file.environment == {"PULUMI_CONFIG_PASSPHRASE_FILE": str(tmp_path / "file")}


def test_pulumi_cloud_encrypts_itself(tmp_path: Path) -> None:
    assert passphrase(settings(tmp_path), Backend("https://service", "--backend", None)) is None


def test_a_shared_backend_needs_the_passphrase_its_stacks_were_made_with(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="The passphrase is not set") as refused:
        passphrase(settings(tmp_path), Backend("postgres://u:hunter2@db/state", "--backend", None))
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" in refused.value.detail
    assert "hunter2" not in refused.value.detail


def test_a_local_backend_makes_one_and_refuses_to_make_a_second(tmp_path: Path) -> None:
    root = tmp_path / "state"
    backend = Backend(f"file://{root}", "default", root)
    first = passphrase(settings(tmp_path), backend)
    assert first == passphrase(settings(tmp_path), backend)
    (root / ".pulumi/stacks/acme-application").mkdir(parents=True)
    (root / "passphrase").unlink()
    assert first != passphrase(settings(tmp_path), backend)  # nothing was encrypted with the lost one
    (root / ".pulumi/stacks/acme-application/prod.json").touch()
    (root / "passphrase").unlink()
    with pytest.raises(EngineError, match="The passphrase of the state is missing"):
        passphrase(settings(tmp_path), backend)


@pytest.mark.parametrize("wanted", ["passphrase", {"infrastructure": "default", "application": "passphrase"}])
def test_pulumi_cloud_is_not_taken_for_one_that_encrypts_with_a_passphrase(wanted: Any) -> None:
    declared = {"secrets_provider": wanted}
    with pytest.raises(InputError, match="not available on Pulumi Cloud") as refused:
        check_encryption(Backend("https://service", "PULUMI_BACKEND_URL", None), declared)
    assert "PULUMI_BACKEND_URL names Pulumi Cloud" in refused.value.detail
    check_encryption(Backend(URL, "--backend", None), declared)


@pytest.mark.parametrize(
    "declared", [{}, {"secrets_provider": "default"}, {"secrets_provider": {"application": "default"}}]
)
def test_pulumi_cloud_encrypts_as_it_does_where_nothing_else_is_said(declared: Mapping[str, Any]) -> None:
    check_encryption(Backend("https://service", "--backend", None), declared)


def test_only_pulumi_cloud_has_organizations() -> None:
    context = Context("acme", "prod")
    cloud, bucket = Backend("https://service", "--backend", None), Backend(URL, "--backend", None)
    assert organization(cloud, {"organization": "acme-inc"}, context) == "acme-inc"
    assert organization(cloud, {}, context) == "acme"
    assert organization(bucket, {"organization": "acme-inc"}, context) == "organization"


@pytest.mark.parametrize(
    "name", ["a b", "per%20cent", "what?", "h#sh", "100%", "new\nline", "ü", "-d", "\\", "\udcff", "~"]
)
def test_the_url_of_a_folder_leads_back_to_it_whatever_its_name(tmp_path: Path, name: str) -> None:
    url = url_of(tmp_path / name)
    assert folder_of(url) == tmp_path / name
    assert not set("?#") & set(url.removeprefix("file://"))
    found = choose(settings(tmp_path / name), None, {}, simulated=False)
    assert found.root == folder_of(found.url) == tmp_path / name / ".platform" / "state"
    assert choose(settings(tmp_path), url, {}, simulated=True).root == tmp_path / name / "simulated"


@pytest.mark.parametrize("url", ["file:///a?b", "file:///a#b", "file:///a?no_tmp_dir=true"])
def test_a_folders_url_takes_no_settings(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError) as refused:
        choose(settings(tmp_path), url, {}, simulated=False)
    assert "write %3F for ? and %23 for #" in refused.value.detail
