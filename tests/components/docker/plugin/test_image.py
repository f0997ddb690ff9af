"""Images that are built: the digest and plans as the published plugin's, and builds in a real daemon."""

from __future__ import annotations

import hashlib
import os
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from components.docker.plugin.build_context import BuildContext, Ignored
from components.docker.plugin.image import TOKEN, Image
from platform_pulumi.plugins.diffs import Kind
from platform_pulumi.plugins.provider import ProviderError, State
from platform_pulumi.plugins.values import UNKNOWN, Sealed, open_value
from tests.plugins.support import urn

if TYPE_CHECKING:
    from docker import DockerClient

URN = urn(TOKEN, "img")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "app"
    (made / "src").mkdir(parents=True)
    (made / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    (made / "src" / "main.txt").write_text("hello")
    (made / "secret.env").write_text("hidden")
    (made / ".dockerignore").write_text("*.env\n# a remark\n")
    for file in made.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o644)
    return made


def checked(inputs: dict[str, Any]) -> dict[str, Any]:
    made, failures = Image().check(URN, inputs, "unused")
    assert failures == []
    return made


def program(folder: Path, **build: Any) -> dict[str, Any]:
    return {"imageName": "app:1", "skipPush": True, "build": {"context": str(folder), **build}}


def state(inputs: dict[str, Any]) -> State:
    outputs = {**Image().planned(None, inputs), "repoDigest": f"sha256:{'0' * 64}"}
    return State("app:1", inputs, outputs)


def test_the_digest_is_put_together_as_the_published_plugin_does(folder: Path) -> None:
    def entry(name: str, mode: str, content: bytes) -> bytes:
        return name.encode() + mode.encode() + hashlib.sha256(content).digest() + b"\0"

    dockerfile = (folder / "Dockerfile").read_bytes()
    whole = (
        entry("Dockerfile", "----------", dockerfile)
        + entry(".dockerignore", "-rw-r--r--", (folder / ".dockerignore").read_bytes())
        + entry("Dockerfile", "-rw-r--r--", dockerfile)
        + entry("src/main.txt", "-rw-r--r--", b"hello")
    )
    found = BuildContext(folder, folder / "Dockerfile").digest()
    assert found == hashlib.sha256(whole).hexdigest()


def test_the_digest_is_of_content_and_mode_and_nothing_else(folder: Path) -> None:
    context = BuildContext(folder, folder / "Dockerfile")
    before = context.digest()
    os.utime(folder / "src" / "main.txt", (1, 1))
    (folder / "secret.env").write_text("other")
    (folder / "empty").mkdir()
    copy = folder.with_name("copy")
    folder.rename(copy)
    assert BuildContext(copy, copy / "Dockerfile").digest() == before
    (copy / "link").symlink_to("src/main.txt")
    linked = BuildContext(copy, copy / "Dockerfile").digest()
    copy.rename(folder)
    assert context.digest() == linked != before
    (folder / "src" / "main.txt").chmod(0o755)
    assert context.digest() != linked


@pytest.mark.parametrize(
    ("patterns", "ignored", "kept"),
    [
        (["*.md"], ["a.md"], ["b/a.md", "a.mdx"]),
        (["**/*.md"], ["a.md", "b/c/a.md"], ["a.txt"]),
        (["node_modules"], ["node_modules", "node_modules/a/b"], ["a/node_modules"]),
        (["/build/"], ["build/x"], ["src/build"]),
        (["*", "!src", "!Dockerfile"], ["a", "b/c"], ["src", "src/main.py", "Dockerfile"]),
        (["src", "!src/keep.py"], ["src/other.py"], ["src/keep.py"]),
        (["a?c", "[x-z].txt"], ["abc", "y.txt"], ["abbc", "a.txt"]),
        (["docs/**/draft"], ["docs/draft", "docs/a/b/draft"], ["docs/final"]),
        (["docs/**"], ["docs/a"], ["docs"]),
        (["a\\*b"], ["a*b"], ["axb"]),
    ],
)
def test_what_is_ignored(patterns: list[str], ignored: list[str], kept: list[str]) -> None:
    rules = Ignored(patterns)
    assert [path for path in ignored if not rules.matches(path)] == []
    assert [path for path in kept if rules.matches(path)] == []


def test_the_archive_has_what_docker_needs(folder: Path) -> None:
    (folder / ".dockerignore").write_text("*\n!src\n")
    content, name = BuildContext(folder, folder / "Dockerfile").archive()
    with content, tarfile.open(fileobj=content) as tar:
        assert (name, sorted(tar.getnames())) == ("Dockerfile", [".dockerignore", "Dockerfile", "src", "src/main.txt"])
        assert {(entry.uid, entry.gid) for entry in tar} == {(0, 0)}
    outside = folder.with_name("other.Dockerfile")
    outside.write_text("FROM scratch\n")
    content, name = BuildContext(folder, outside).archive()
    with content, tarfile.open(fileobj=content) as tar:
        assert name.startswith(".dockerfile.")
        assert sorted(tar.getnames()) == sorted([name, ".dockerignore", "src", "src/main.txt"])


def test_defaults(folder: Path) -> None:
    made = checked(program(folder))
    assert made["buildOnPreview"] is False
    assert made["build"]["dockerfile"] == f"{folder}/Dockerfile"
    assert made["build"]["platform"].startswith("linux/")
    assert len(made["build"]["contextDigest"]) == 64
    unknown = checked({**program(folder), "build": {"context": UNKNOWN}})
    assert unknown["build"]["contextDigest"] is UNKNOWN


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"skipPush": False}, "skipPush", "does not push"),
        ({"skipPush": None}, "skipPush", "does not push"),
        ({"buildOnPreview": True}, "buildOnPreview", "at an apply only"),
        ({"build": {"context": "/nowhere"}}, "build.context", "/nowhere is no folder"),
        ({"build": {"context": "{folder}/src"}}, "build.dockerfile", "there is no Dockerfile"),
        ({"build": {"context": "{folder}", "dockerfile": "Dockerfile"}}, "build.dockerfile", "did you mean {folder}/"),
        ({"build": {"context": "{folder}", "builderVersion": "BuilderBuildKit"}}, "build.builderVersion", "BuildKit"),
        ({"build": {"context": "{folder}", "contxt": "."}}, "build.contxt", "did you mean 'context'"),
    ],
)
def test_wrong_inputs(folder: Path, change: dict[str, Any], path: str, words: str) -> None:
    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(item) for name, item in value.items()}
        return value.replace("{folder}", str(folder)) if isinstance(value, str) else value

    _, failures = Image().check(URN, filled({**program(folder), **change}), "unused")
    assert [failure.path for failure in failures] == [path]
    assert words.replace("{folder}", str(folder)) in failures[0].reason


def test_changes_build_anew_in_place(folder: Path) -> None:
    old = state(checked(program(folder)))
    assert Image().diff(old, checked(program(folder))).changes == []
    (folder / "src" / "main.txt").write_text("changed")
    found = Image().diff(old, checked(program(folder)))
    assert [(c.path, c.kind, c.replaces) for c in found.changes] == [("build", Kind.UPDATE, False)]
    assert Image().planned(old, checked(program(folder)))["repoDigest"] is UNKNOWN
    renamed = Image().diff(state(checked(program(folder))), {**checked(program(folder)), "imageName": "app:2"})
    assert [c.path for c in renamed.changes] == ["imageName"]


def test_who_logs_in_makes_no_difference(folder: Path) -> None:
    one = {**program(folder), "registry": {"server": "ghcr.io", "username": "a", "password": Sealed("one")}}
    two = {**program(folder), "registry": {"server": "ghcr.io", "username": "b", "password": Sealed("two")}}
    other = {**program(folder), "registry": {"server": "docker.io", "username": "a", "password": Sealed("one")}}
    assert Image().diff(state(checked(one)), checked(two)).changes == []
    assert [c.path for c in Image().diff(state(checked(one)), checked(other)).changes] == ["registry"]


def test_the_state_is_the_published_plugins(folder: Path) -> None:
    inputs = checked(program(folder, args={"TOKEN": Sealed("hidden")}))
    outputs = state(inputs).outputs
    assert isinstance(outputs["__inputs"], Sealed)
    assert open_value(outputs["__inputs"]) == open_value(inputs)
    assert outputs["dockerfile"] == "Dockerfile"
    assert outputs["baseImageName"] == outputs["imageName"] == "app:1"
    published = State("app:1", {}, {"__inputs": Sealed(inputs)})
    assert Image().diff(published, inputs).changes == []


@pytest.mark.docker
def test_a_whole_life(docker_client: DockerClient, folder: Path, prefix: str, busybox: str) -> None:
    (folder / "Dockerfile").write_text(
        f"FROM {busybox} AS first\nARG WHO\nCOPY . /app\nRUN echo hi $WHO > /app/who\nFROM first AS second\nRUN false\n"
    )
    inputs = checked(
        {
            **program(folder, args={"WHO": Sealed("me-secretly")}, target="first", network="none"),
            "imageName": f"{prefix}:1",
        }
    )
    made = Image().create(docker_client, URN, inputs)
    built = docker_client.api.inspect_image(f"{prefix}:1")
    assert (made.id, made.outputs["repoDigest"]) == (f"{prefix}:1", built["Id"])
    assert Image().diff(made, inputs).changes == []
    assert Image().read(docker_client, made) == made
    shown = (
        docker_client.containers.run(f"{prefix}:1", ["/bin/busybox", "ls", "/app"], remove=True, network_mode="none")
        .decode()
        .split()
    )
    assert shown == ["Dockerfile", "src", "who"]

    broken = checked(
        {**program(folder, args={"WHO": Sealed("me-secretly")}, network="none"), "imageName": f"{prefix}:1"}
    )
    with pytest.raises(ProviderError) as caught:
        Image().update(docker_client, URN, made, broken)
    assert "could not be built" in str(caught.value)
    assert "RUN false" in str(caught.value)
    assert "me-secretly" not in str(caught.value)

    Image().delete(docker_client, made)
    assert docker_client.api.inspect_image(f"{prefix}:1")["Id"] == built["Id"]
    docker_client.api.remove_image(f"{prefix}:1")
    assert Image().read(docker_client, made) == State()


@pytest.mark.docker
def test_a_dockerfile_outside_of_the_folder(
    docker_client: DockerClient, folder: Path, prefix: str, busybox: str
) -> None:
    outside = folder.with_name("other.Dockerfile")
    outside.write_text(f"FROM {busybox}\nCOPY . /app\n")
    inputs = checked({**program(folder, dockerfile=str(outside)), "imageName": f"{prefix}:1"})
    made = Image().create(docker_client, URN, inputs)
    assert made.outputs["dockerfile"] == "../other.Dockerfile"
    shown = docker_client.containers.run(
        f"{prefix}:1", ["/bin/busybox", "ls", "-A", "/app"], remove=True, network_mode="none"
    ).decode()
    assert shown.split() == ["Dockerfile", "src"]
