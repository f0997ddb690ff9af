"""Documents are named texts: they need no file, and nothing but their reader opens one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from platform_pulumi import declarations
from platform_pulumi.declarations.documents import Document, Limits, read_documents
from platform_pulumi.declarations.secrets import LocalSecrets, NoSecretError, SecretReference
from platform_pulumi.errors import InputError
from platform_pulumi.model.value import Secret
from tests.declarations.conftest import described, service
from tests.declarations.platforms import container, platform
from tests.declarations.providers import DEFINITIONS

SECRET = container('image: a, env: {A: "${env:A}", B: "${file:b.txt}", C: "${vault:c#d}", D: "${aws-sm:d}"}')


class TenantSecrets:
    """A tenant's secrets, as a server keeps them; it remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[SecretReference] = []

    def resolve(self, reference: SecretReference) -> str:
        """The value of a reference.

        Raises:
            NoSecretError: the tenant has no such variable.
        """
        self.asked.append(reference)
        if reference.name == "MISSING":
            message = "The tenant has no `MISSING`."
            raise NoSecretError(message)
        return f"value of {reference.name}"


def test_a_text_without_a_file_is_loaded() -> None:
    documents = [Document("tenant/7", platform(container()))]
    loaded = declarations.load(documents, secrets=TenantSecrets(), definitions=DEFINITIONS)
    assert loaded.files == ("tenant/7",)
    assert loaded.tiers[0].capabilities[0].declared_at.file == "tenant/7"


def test_every_secret_comes_from_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", "the server's own")
    secrets = TenantSecrets()
    loaded = declarations.load([Document("doc", platform(SECRET))], secrets=secrets, definitions=DEFINITIONS)
    env = service(loaded).env
    assert {name: value.reveal() for name, value in env.items()} == {
        "A": "value of A", "B": "value of b.txt", "C": "value of c#d", "D": "value of d",
    }  # fmt: skip
    assert all(isinstance(value, Secret) for value in env.values())
    assert secrets.asked == [
        ("env", "A", "doc"), ("file", "b.txt", "doc"), ("vault", "c#d", "doc"), ("aws-sm", "d", "doc"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "code"), [("env", "P2036"), ("file", "P2038"), ("vault", "P2039"), ("aws-sm", "P2039")]
)
def test_a_secret_that_the_source_does_not_have_is_told_in_its_words(scheme: str, code: str) -> None:
    text = platform(container(f'image: a, env: {{A: "${{{scheme}:MISSING}}"}}'))
    with pytest.raises(InputError) as caught:
        declarations.load([Document("doc", text)], secrets=TenantSecrets(), definitions=DEFINITIONS)
    (problem,) = caught.value.problems
    assert (problem.code, problem.detail) == (code, "The tenant has no `MISSING`.")


def test_a_simulated_run_asks_for_no_vault() -> None:
    secrets = TenantSecrets()
    documents = [Document("doc", platform(SECRET))]
    declarations.load(documents, secrets=secrets, definitions=DEFINITIONS, simulated=True)
    assert [reference.scheme for reference in secrets.asked] == ["env", "file"]


def test_a_text_shows_in_no_repr() -> None:
    assert "canary" not in repr(Document("a", "canary"))
    assert "canary" not in repr(LocalSecrets({"A": "canary"}))


def test_the_size_of_a_text_is_limited_as_that_of_a_file() -> None:
    with pytest.raises(InputError) as caught:
        declarations.load(
            [Document("doc", "a" * 21)], secrets=TenantSecrets(), definitions=DEFINITIONS, limits=Limits(bytes=20)
        )
    assert "[P2003]" in described(caught.value.problems)


def test_a_file_that_cannot_be_read_is_a_document_that_says_why(tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_bytes(b"\xef\xbb\xbfplatform: {}\r\n")
    missing, folder, read = read_documents([tmp_path / "missing.yaml", tmp_path, good])
    assert (read.text, read.unreadable) == ("platform: {}\r\n", None)
    assert [document.unreadable.code for document in (missing, folder) if document.unreadable] == ["P2001", "P2001"]


def test_files_are_relative_to_their_document(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "secret.txt").write_text("s3\r\n", encoding="utf-8")
    secrets = LocalSecrets({}, tmp_path)
    assert secrets.resolve(SecretReference("file", "secret.txt", "folder/platform.yaml")) == "s3"
    with pytest.raises(NoSecretError, match="no such file or directory"):
        secrets.resolve(SecretReference("file", "secret.txt", "platform.yaml"))


def test_what_an_unreadable_secret_holds_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"canary \xe9")
    with pytest.raises(NoSecretError) as caught:
        LocalSecrets({}, tmp_path).resolve(SecretReference("file", "latin", "platform.yaml"))
    assert "canary" not in caught.value.detail
    assert caught.value.__context__ is None  # a decoding error carries the bytes


def test_nothing_else_opens_files_or_reads_the_environment() -> None:
    room = Path(declarations.__file__).parent
    banned = {"os", "io", "gc", "pathlib"}
    readers = {room / "documents.py", room / "secrets.py"}
    modules = set(room.rglob("*.py"))
    assert readers < modules
    for path in modules - readers:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not banned & {alias.name.partition(".")[0] for alias in node.names}, path
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] not in banned, path
            elif isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                assert name not in {"open", "read_text", "read_bytes", "getenv"}, path
