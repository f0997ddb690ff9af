from __future__ import annotations

from pathlib import Path

import pytest

from platform_pulumi.settings import read, shown_url

CWD = Path("/project")


def test_an_empty_environment_has_defaults_below_the_user_and_the_project() -> None:
    settings = read({"HOME": "/home/u"}, CWD)
    assert settings.home == Path("/project/.platform")
    assert settings.cache_dir == Path("/home/u/.cache/platform-pulumi")
    assert settings.pulumi_home == Path("/home/u/.pulumi")
    assert (settings.backend_url, settings.backend_source) == (None, "")
    assert (settings.passphrase, settings.passphrase_file) == (None, None)
    assert settings.path == ()


def test_our_own_backend_variable_goes_before_pulumis() -> None:
    both = {"PLATFORM_BACKEND_URL": "file:///a", "PULUMI_BACKEND_URL": "file:///b"}
    assert (read(both, CWD).backend_url, read(both, CWD).backend_source) == ("file:///a", "PLATFORM_BACKEND_URL")
    del both["PLATFORM_BACKEND_URL"]
    assert (read(both, CWD).backend_url, read(both, CWD).backend_source) == ("file:///b", "PULUMI_BACKEND_URL")


def test_relative_folders_are_relative_to_the_current_one() -> None:
    environment = {
        "HOME": "/home/u",
        "PLATFORM_HOME": "mine",
        "XDG_CACHE_HOME": "cache",
        "PULUMI_HOME": "pulumi",
        "PULUMI_CONFIG_PASSPHRASE_FILE": "pass",
        "PATH": "bin:/usr/bin",
    }
    settings = read(environment, CWD)
    assert settings.home == CWD / "mine"
    assert settings.cache_dir == CWD / "cache" / "platform-pulumi"
    assert settings.pulumi_home == CWD / "pulumi"
    assert settings.passphrase_file == CWD / "pass"
    assert settings.path == (CWD / "bin", Path("/usr/bin"))


def test_an_empty_passphrase_is_one() -> None:
    settings = read({"PULUMI_CONFIG_PASSPHRASE": ""}, CWD)
    assert settings.passphrase == ""


def test_no_secret_is_in_the_repr(canary: str) -> None:
    environment = {
        "PULUMI_CONFIG_PASSPHRASE": canary,
        "PULUMI_ACCESS_TOKEN": canary,
        "PLATFORM_BACKEND_URL": f"postgres://u:{canary}@db/state",
    }
    assert canary not in repr(read(environment, CWD))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("file:///srv/state", "file:///srv/state"),
        ("postgres://u:secret@db:5432/state?sslpassword=secret", "postgres://…@db:5432/state?…"),
        ("s3://bucket?endpoint=x", "s3://bucket?…"),
    ],
)
def test_a_shown_url_has_no_credentials(url: str, shown: str) -> None:
    assert shown_url(url) == shown
