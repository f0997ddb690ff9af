"""Nothing of the platform's own code names a provider: what is special about one, its definition says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from platform_pulumi.catalog import provider_definitions
from platform_pulumi.cli.app import COMMANDS
from platform_pulumi.model.capabilities import CAPABILITY_TYPES

NO_PROVIDER = "`platform` needs `provider`: who makes resources of the capabilities, `{name: aws}` for example."
NO_LIMIT = "` out. Set it: Kubernetes refuses pods without."
ROOT = Path(__file__).parent.parent / "platform_pulumi"
#: Keywords whose text is help for users, in which a provider may stand as an example.
HELP = {"help", "description", "short_help"}
#: What names one all the same, and why: file, the string, the reason.
ALLOWED: dict[tuple[str, str], str] = {
    ("cli/app.py", COMMANDS["export"]): "help of a command: the form it has today",
    ("cli/app.py", COMMANDS["plugin"]): "help of a command: the plugin it has today",
    ("declarations/compiler/merging.py", NO_PROVIDER): "an example in a message, as users would write it",
    (
        "declarations/compiler/providers.py",
        "kubernetes",
    ): "the specification reserves the name of a provider that is to come",
    ("declarations/compiler/quotas.py", NO_LIMIT): "the orchestrator whose rule is explained, not the provider",
    ("model/capabilities/infrastructure/kubernetes_cluster.py", "Kubernetes version."): "what the type is about",
}


def names() -> frozenset[str]:
    """The names, aliases and Pulumi packages of the installed providers, and the Python modules of their SDKs."""
    found: set[str] = set()
    for definition in provider_definitions().values():
        modules = {module for module in definition.packages.values() if module}
        found |= {definition.name, *definition.aliases, *definition.packages, *modules}
        found |= {module.replace("_", "-") for module in modules}
    return frozenset(found)


NAMES = names()
_WORD = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, sorted(NAMES, key=len, reverse=True)))})(?![\w-])", re.I)
#: An environment variable of one: `DOCKER_HOST`.
_VARIABLE = re.compile(rf"(?<![A-Z])({'|'.join(sorted(name.upper() for name in NAMES if name.isalpha()))})_")


def found_in(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string and every identifier that names a provider."""
    tree = ast.parse(source)
    prose = {id(text) for node in ast.walk(tree) for text in _prose(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            if _WORD.search(node.value) or _VARIABLE.search(node.value):
                yield node.lineno, node.value
        else:
            for identifier in _identifiers(node):
                if _names_one(identifier):
                    yield getattr(node, "lineno", 0), identifier


def _prose(node: ast.AST) -> Iterator[ast.AST]:
    """The strings of a node that are documentation: a docstring, a help text and all its parts."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.keyword) and node.arg in HELP:
        yield from ast.walk(node.value)


def _identifiers(node: ast.AST) -> Iterator[str]:
    for name in ("id", "attr", "arg", "name", "asname", "module"):
        value = getattr(node, name, None)
        if isinstance(value, str):
            yield value


def _names_one(identifier: str) -> bool:
    """Whether a part of it does: `_declares_mock_only`, `DockerHost`. Capability types have names of their own."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower()
    for kind in CAPABILITY_TYPES:
        plain = plain.replace(kind, "")
    return bool(NAMES & {*plain.split("_"), *plain.split("."), *re.split(r"[._]", plain)})


FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py"))


@pytest.mark.parametrize("file", FILES)
def test_it_names_no_provider(file: str) -> None:
    found = list(found_in((ROOT / file).read_text(encoding="utf-8")))
    assert [(line, text) for line, text in found if (file, text) not in ALLOWED] == []


def test_what_is_allowed_is_there() -> None:
    there = {(file, text) for file, _ in ALLOWED for _, text in found_in((ROOT / file).read_text(encoding="utf-8"))}
    assert set(ALLOWED) == there


@pytest.mark.parametrize(
    "source",
    [
        "x = 'mock'",
        "x = 'docker:index/volume:Volume'",
        "x = 'DOCKER_HOST'",
        "x = ('AWS_', 'KUBE')",
        "x = 'arn:aws:iam::1:role/x'",
        "x = f'pulumi-aws {x}'",
        "x = 'needs the provider `mock`.'",
        "import components.docker",
        "from components.aws.provider import reveal",
        "import pulumi_aws as sdk",
        "def _declares_mock_only(): ...",
        "class DockerHost: ...",
        "x.docker = 1",
        "f(kubernetes=1)",
    ],
)
def test_it_would_be_found(source: str) -> None:
    assert list(found_in(source))


@pytest.mark.parametrize(
    "source",
    [
        "'''A docstring about docker.'''",
        "def f():\n    '''As on AWS.'''",
        "option(help='For example docker.')",
        "Field(description='aws, ' 'docker')",
        "x = 'kubernetes_cluster'",
        "from platform_pulumi.model.capabilities.kubernetes_cluster import KubernetesCluster",
        "x = 'aws-sm'",
    ],
)
def test_examples_in_documentation_are_no_names(source: str) -> None:
    assert not list(found_in(source))
