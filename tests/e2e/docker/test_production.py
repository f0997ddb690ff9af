"""The production example on this machine: the same file, `--provider docker`, a context of its own."""

from __future__ import annotations

import io
import json
import socket
import ssl
import tarfile

import pytest

from tests.e2e.docker.conftest import Maker, Platform
from tests.shared import until

pytestmark = [
    pytest.mark.engine,
    pytest.mark.docker,
    pytest.mark.slow("all that production declares starts on one machine"),
]

HOST = "api.acme.com"
DOCKER = ("--provider", "docker")


@pytest.fixture(scope="module")
def production(make: Maker) -> Platform:
    """The example but for its organization, and its port where somebody has that already."""
    platform = make.example("platform-production.yaml")
    if _free(443):
        platform.port = 443
    else:
        platform.replace("port: 443", f"port: {platform.port}")
    done = platform.run("preview", *DOCKER, "--format", "json", "--out", "plan.json")
    assert done.returncode == 0, done.stderr
    platform.up(*DOCKER)
    return platform


def _free(port: int) -> bool:
    with socket.socket() as found:
        # What is left of connections that are over is nobody's.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _authority(platform: Platform) -> str:
    """The certificate that the gateway signs with, as PEM."""
    stream, _ = platform.gateway("api-service").get_archive("/data/caddy/pki/authorities/local/root.crt")
    with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as tar:
        file = tar.extractfile("root.crt")
        assert file is not None
        return file.read().decode()


def test_three_replicas_answer_behind_one_address(production: Platform) -> None:
    tls = ssl.create_default_context(cadata=_authority(production))
    seen: set[str] = set()

    def all_three() -> bool:
        found = production.ask(host=HOST, tls=tls).json()
        assert found["version"] == "1.4.2"
        seen.add(found["hostname"])
        return len(seen) == 3

    until(all_three, "answers of three replicas")
    assert seen == {container.id[:12] for container in production.replicas("api-service")}
    found = until(lambda: _queue_reached(production, tls), "answer with the queue")
    assert found["database"] == {"reached": True, "user": "platform"}


def _queue_reached(platform: Platform, tls: ssl.SSLContext) -> dict[str, dict[str, object]] | None:
    found = platform.ask(host=HOST, tls=tls).json()
    return found if found.get("queue") == {"reached": True} else None


def test_the_certificate_is_for_the_host_and_signed_by_nobody_known(production: Platform) -> None:
    trusting = ssl.create_default_context(cadata=_authority(production))
    with (
        socket.create_connection(("127.0.0.1", production.port), 10) as plain,
        trusting.wrap_socket(plain, server_hostname=HOST) as secure,
    ):
        certificate = secure.getpeercert() or {}
    assert ("DNS", HOST) in certificate["subjectAltName"]
    assert production.ask(host="other.acme.com", tls=trusting).status == 0
    usual = production.ask(host=HOST, tls=ssl.create_default_context())
    assert "CERTIFICATE_VERIFY_FAILED" in usual.text
    assert production.ask().status != 200  # in clear


@pytest.mark.parametrize(
    ("capability", "name", "level", "words"),
    [
        ("api-service", "ingress.tls", "stub", "using self-signed cert (production uses ACM)"),
        ("api-service", "health_check.liveness", "partial", "Docker healthcheck (no k8s probe semantics)"),
        ("shared-postgres", "multi_az", "stub", "single instance (production uses Multi-AZ RDS)"),
        ("primary-vpc", "availability_zones", "stub", "single Docker network (production uses 3 AZs)"),
    ],
)
def test_fidelity_is_told_word_for_word(
    production: Platform, capability: str, name: str, level: str, words: str
) -> None:
    plan = json.loads((production.folder / "plan.json").read_text(encoding="utf-8"))
    (report,) = [report for report in plan["fidelity"] if report["capability"] == capability]
    (gap,) = [gap for gap in report["gaps"] if gap["property"] == name]
    assert gap["fidelity"] == level
    assert gap["description"].startswith(words)
    if name != "health_check.liveness":
        assert gap["description"] == words


def test_it_has_a_context_of_its_own(production: Platform) -> None:
    stacks = sorted(path.name for path in (production.home / "state").glob(".pulumi/stacks/*/*.json"))
    assert stacks == ["production_docker.default.json", "production_docker.json", "production_docker.json"]
    contexts = {container.labels["platform:context"] for container in production.containers()}
    assert contexts == {f"{production.org}/production_docker", f"{production.org}/production_docker/default"}
    plan = production.json("preview", "--simulate")
    assert plan["context"] == f"{production.org}/production/default"
    assert all(set(tier["summary"].values()) == {0, tier["summary"]["create"]} for tier in plan["tiers"])


def test_the_next_plan_is_empty(production: Platform) -> None:
    production.no_op(*DOCKER)
