"""`pulumi-resource-docker`: the real Pulumi CLI runs it as it runs the published one, and it ends when it should."""

from __future__ import annotations

import json
import os
import signal
import socketserver
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from importlib import metadata
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2

from components.docker.plugin.standalone import NAME, install
from platform_pulumi.engine.toolchain import Toolchain
from platform_pulumi.plugins.protocol import provider_pb2, provider_pb2_grpc
from platform_pulumi.plugins.values import decode, encode
from tests.plugins.test_client import alive, until


def started(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """The plugin as the engine starts it, and its port."""
    plugin = subprocess.Popen([install(folder), "127.0.0.1:9"], stdout=subprocess.PIPE, text=True)
    assert plugin.stdout is not None
    return plugin, int(plugin.stdout.readline())


def test_it_is_written_where_the_user_says_and_over_nothing_else(tmp_path: Path) -> None:
    file = install(tmp_path / "plugins")
    assert file == tmp_path / "plugins" / NAME
    assert os.access(file, os.X_OK)
    assert install(tmp_path / "plugins") == file
    file.write_text("another's")
    with pytest.raises(FileExistsError, match="not ours; it was left alone"):
        install(tmp_path / "plugins")
    assert file.read_text() == "another's"


def test_it_tells_the_sdks_version(tmp_path: Path) -> None:
    plugin, port = started(tmp_path)
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        assert stub.GetPluginInfo(empty_pb2.Empty(), timeout=20).version == metadata.version("pulumi-docker")
        stub.Cancel(empty_pb2.Empty(), timeout=20)
    assert plugin.wait(20) == 0
    plugin.communicate()


def test_names_and_refusals_reach_the_engine(tmp_path: Path) -> None:
    plugin, port = started(tmp_path)
    urn = "urn:pulumi:dev::fx::docker:index/network:Network::net"
    automatic = provider_pb2.CheckRequest.AutonamingOptions
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)

        def named(**request: Any) -> Any:
            answer = stub.Check(provider_pb2.CheckRequest(urn=urn, **request), timeout=20)
            return decode(answer.inputs).get("name"), [failure.property for failure in answer.failures]

        assert named(autonaming=automatic(proposed_name="dev-net", mode=automatic.PROPOSE)) == ("dev-net", [])
        assert named(autonaming=automatic(mode=automatic.DISABLE)) == (None, ["name"])
        kept = encode({"name": "net-7654321", "__defaults": ["ipamDriver", "name"]})
        assert named(olds=kept, randomSeed=b"x") == ("net-7654321", [])
        assert named(randomSeed=b"x") == named(randomSeed=b"x")

        assert stub.Configure(provider_pb2.ConfigureRequest(), timeout=20).supports_autonaming_configuration
        with pytest.raises(grpc.RpcError, match="does not serve the provider's sshOpts"):
            stub.Configure(provider_pb2.ConfigureRequest(args=encode({"sshOpts": "[]"})), timeout=20)
    plugin.terminate()
    plugin.communicate(timeout=20)


def test_a_daemon_that_hangs_does_not_hold_it_up(tmp_path: Path) -> None:
    """A run that is over must not leave a thread at work on what the next one does."""
    with hanging(tmp_path / "d.sock") as asked:
        environment = {**os.environ, "DOCKER_HOST": f"unix://{tmp_path}/d.sock"}
        program = (
            "import os, subprocess, sys\n"
            f"arguments = [{str(install(tmp_path))!r}, '127.0.0.1:9']\n"
            "plugin = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)\n"
            "print(plugin.pid, plugin.stdout.readline(), flush=True)\n"
            "sys.stdin.readline()\n"
        )
        parent = subprocess.Popen(
            [sys.executable, "-P", "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert parent.stdout is not None
        pid, port = map(int, parent.stdout.readline().split())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            urn = "urn:pulumi:dev::fx::docker:index/network:Network::net"
            request = provider_pb2.DeleteRequest(urn=urn, id="1")
            answer = provider_pb2_grpc.ResourceProviderStub(channel).Delete.future(request, timeout=60)
            assert asked.wait(30)
            parent.kill()
            parent.communicate()
            assert until(lambda: not alive(pid))
            answer.cancel()


@contextmanager
def hanging(path: Path) -> Iterator[threading.Event]:
    """A daemon that tells its version and answers nothing else; the event says that it was asked for something else."""
    asked = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = json.dumps({"Version": "20.10", "ApiVersion": "1.41"}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_DELETE(self) -> None:
            asked.set()
            self.rfile.read(1)

        def address_string(self) -> str:
            return ""

        def log_message(self, *_: object) -> None:
            pass

    class Server(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    with Server(str(path), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order_at_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    plugin, _ = started(tmp_path)
    plugin.send_signal(number)
    assert plugin.wait(20) == 0
    plugin.communicate()


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import os, subprocess\n"
        f"plugin = subprocess.Popen([{str(install(tmp_path))!r}, '127.0.0.1:9'], stdout=subprocess.PIPE)\n"
        "assert plugin.stdout.readline()\n"
        "print(plugin.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], stdout=subprocess.PIPE, text=True, check=False, timeout=60
    )
    pid = int(done.stdout)
    assert until(lambda: not alive(pid))


PROGRAM = """
import os
import pulumi
from pulumi import automation as auto
import pulumi_docker as docker

FOLDER, VERB, PREFIX = os.environ["FOLDER"], os.environ["VERB"], os.environ["PREFIX"]


def program():
    labels = [docker.NetworkLabelArgs(label="org", value="acme")]
    docker.Network("net", driver="bridge", labels=labels, name=PREFIX + "-net")
    docker.Volume("vol")


options = auto.LocalWorkspaceOptions(
    work_dir=FOLDER,
    pulumi_home=FOLDER + "/home",
    pulumi_command=auto.PulumiCommand(root=FOLDER + "/cli"),
    env_vars={
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    },
)
stack = auto.create_or_select_stack("dev", project_name="fx", program=program, opts=options)
stack.workspace.env_vars["PATH"] = os.environ["PATH"]
print(getattr(stack, VERB)().summary.resource_changes if VERB != "preview" else stack.preview().change_summary)
"""


@pytest.mark.slow("a whole life in the CLI, with a plugin that it starts itself")
@pytest.mark.engine
@pytest.mark.docker
@pytest.mark.parametrize("found", ["on the path", "in the project"])
def test_the_real_cli_runs_it(
    tmp_path: Path, pulumi_cli: Toolchain, docker_daemon: str, prefix: str, found: str
) -> None:
    link = tmp_path / "cli" / "bin" / "pulumi"
    link.parent.mkdir(parents=True)
    link.symlink_to(pulumi_cli.path)
    (tmp_path / "state").mkdir()
    plugins = install(tmp_path / "plugins").parent
    on_path = found == "on the path"
    project = f"name: fx\nruntime: python\nbackend: {{url: 'file://{tmp_path}/state'}}\n"
    named = "" if on_path else "plugins: {providers: [{name: docker, path: plugins}]}\n"
    (tmp_path / "Pulumi.yaml").write_text(project + named)
    environment = {
        **os.environ,
        "FOLDER": str(tmp_path),
        "PREFIX": prefix,
        "DOCKER_HOST": docker_daemon,
        "PATH": f"{plugins}:{os.environ['PATH']}" if on_path else os.environ["PATH"],
    }

    def run(verb: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(PROGRAM)],
            env={**environment, "VERB": verb},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "'create': 3" in run("up")
    unchanged = run("preview")
    assert "3" in unchanged
    assert "update" not in unchanged
    assert "'delete': 3" in run("destroy")
