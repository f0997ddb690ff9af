"""What reading costs: nothing heavy at import, no pulumi ever, work that grows with the file and no faster."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from cProfile import Profile
from pathlib import Path
from typing import Any

import pytest

from platform_pulumi.declarations.compiler.document_parser import DocumentParser
from platform_pulumi.declarations.diagnostics.problems import Problems
from platform_pulumi.declarations.documents import Limits
from platform_pulumi.declarations.references.resolver import ReferenceResolver
from platform_pulumi.declarations.secrets import LocalSecrets
from platform_pulumi.declarations.yaml.source import Source, compose, find_node
from platform_pulumi.errors import PlatformError
from tests.declarations.platforms import HEAD, INFRASTRUCTURE, platform
from tests.declarations.providers import DEFINITIONS
from tests.reading import load_files

ENTRY = (
    "        - name: api-{n}\n          type: container_runtime\n          properties:\n"
    '            image: "a:{n}"\n            memory: 512Mi\n            env: {{X: "${{env:X}}", Y: "${{tier2.y}}"}}\n'
)


def loaded_modules(program: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_importing_loads_nothing_heavy() -> None:
    assert not loaded_modules("import platform_pulumi.declarations") & {"pydantic", "yaml", "pulumi", "hypothesis"}


def test_reading_loads_no_pulumi_and_no_words_for_mistakes() -> None:
    example = Path(__file__).parents[2] / "examples" / "platform-production.yaml"
    program = (
        "from pathlib import Path\nfrom platform_pulumi import catalog\nfrom tests.reading import load_files\n"
        f"load_files([Path({str(example)!r})], definitions=catalog.provider_definitions(), strict=False)"
    )
    assert not loaded_modules(program) & {"pulumi", "difflib", "rich", "sqlalchemy"}


def calls(directory: Path, number: int) -> int:
    """Functions called, Python's and C's, to compile that many capabilities, 40 a file."""
    files = []
    for start in range(0, number, 40):
        entries = "".join(ENTRY.format(n=n) for n in range(start, min(number, start + 40)))
        file = directory / f"{number}-{start}.yaml"
        file.write_text(platform(f"\n    application:\n      capabilities:\n{entries}"), encoding="utf-8")
        files.append(file)
    return calls_to_load(files)


def calls_to_load(files: list[Path]) -> int:
    """Functions called to compile files."""
    with Profile() as profile:
        load_files(files, definitions=DEFINITIONS, environment={"X": "x"}, variables={})
    return sum(entry.callcount for entry in profile.getstats())


def test_work_grows_with_the_number_of_capabilities_and_no_faster(tmp_path: Path) -> None:
    """Calls instead of seconds: the same number on every machine (seconds are in `make bench`)."""
    calls(tmp_path, 40)  # imports, and what is made once a process
    small, large = calls(tmp_path, 200), calls(tmp_path, 2000)
    assert large < 10 * small * 1.05


def applications(directory: Path, number: int) -> list[Path]:
    """A file with that many applications, and as many databases for them in the tier above."""
    shared = "".join(
        f"        - {{name: db-{n}, type: database, properties: {{engine: postgresql, version: '15'}}}}\n"
        for n in range(number)
    )
    outputs = "".join(f"        - {{name: host_{n}, source: db-{n}.host}}\n" for n in range(number))
    named = "".join(
        f"        app-{n}:\n          capabilities:\n            - name: api-{n}\n"
        "              type: container_runtime\n"
        f'              properties: {{image: a, env: {{HOST: "${{tier2.host_{n}}}"}}}}\n'
        for n in range(number)
    )
    file = directory / f"{number}-applications.yaml"
    file.write_text(
        platform(
            f"\n    shared_primitives:\n      capabilities:\n{shared}      outputs:\n{outputs}",
            f"    application:\n      applications:\n{named}",
        ),
        encoding="utf-8",
    )
    return [file]


def test_work_grows_with_the_number_of_applications_and_no_faster(tmp_path: Path) -> None:
    """What is above is looked at once for all applications: not by each of them."""
    calls_to_load(applications(tmp_path, 10))  # imports, and what is made once a process
    small, large = (calls_to_load(applications(tmp_path, number)) for number in (50, 200))
    assert large < 4 * small * 1.05


WRONG_ENTRY = {
    "references": ("image: a, env: {{X: '${{b{n}.endpoint}}'}}", ""),
    "needs": ("image: a, network: b{n}", ""),
    "dependencies": ("image: a", ", dependsOn: [b{n}]"),
    "cycles": ("image: a", ", dependsOn: [a{pair}]"),
    "keys": ("imag{n}: a", ""),
    "keys beside": ("image: a", ", imag{n}: a"),
    "types": ("image: a", ", tier: x{n}"),
    "values": ("image: a, memory: x{n}", ""),
    "labels": ("image: a", ", labels: {{'x y{n}': a}}"),
}
WRONG_LINE = {
    "references": "X{n}: '${{b{n}.endpoint}}'",
    "one reference": "X{n}: '${{b.endpoint}}'",
    "outputs": "X{n}: '${{tier2.b{n}}}'",
    "malformed": "X{n}: '${{b{n}}}'",
    "unset": "X{n}: '${{app.b{n}}}'",
    "names": "'X {n}': a",
    "values": "X{n}: []",
    "tags": "X{n}: !!str a",
    "keys twice": "X{n}: a\n              X{n}: b",
}


def wrong(name: str, number: int) -> str:
    """A file with that many mistakes of a kind, each in a capability of its own (`/`) or all in one."""
    kind = name.removeprefix("/")
    if name == kind:
        lines = "".join(f"              {WRONG_LINE[kind].format(n=n)}\n" for n in range(number))
        head = "        - name: a\n          type: container_runtime\n          properties:\n            image: a\n"
        entries = f"{head}            env:\n{lines}"
    elif kind == "names":
        entries = "        - {name: a, type: container_runtime, properties: {image: a}}\n" * (number + 1)
    else:
        properties, more = WRONG_ENTRY[kind]
        entries = "".join(
            f"        - {{name: a{n}, type: container_runtime, properties: {{{properties.format(n=n)}}}"
            f"{more.format(n=n, pair=n ^ 1)}}}\n"
            for n in range(number)
        )
    known = ", ".join(f"v{n}: x" for n in range(number))
    outputs = "".join(f"        - {{name: o{n}, source: ns.name}}\n" for n in range(number))
    return platform(
        INFRASTRUCTURE,
        f"\n    shared_primitives:\n      capabilities: [{{name: ns, type: namespace}}]\n      outputs:\n{outputs}",
        f"\n    application:\n      capabilities:\n{entries}",
        head=f"{HEAD}  app: {{{known}}}\n",
    )


@pytest.mark.parametrize("name", [*WRONG_LINE, "/names", *(f"/{name}" for name in WRONG_ENTRY)])
def test_work_grows_with_the_number_of_mistakes_and_no_faster(name: str, tmp_path: Path) -> None:
    """Each is told of without a look at all others, or a comparison with all names."""
    work = []
    for number in (20, 100, 500):
        file = tmp_path / f"{number}.yaml"
        file.write_text(wrong(name, number), encoding="utf-8")
        with Profile() as profile, pytest.raises(PlatformError) as caught:
            load_files([file], definitions=DEFINITIONS, environment={}, variables={})
        assert len(caught.value.problems) >= number // 2
        work.append(sum(entry.callcount for entry in profile.getstats()))
    assert work[2] < 5 * work[1] * 1.3, work


def test_a_file_without_problems_is_composed_once(tmp_path: Path) -> None:
    """Positions are looked up, in nodes composed again, only where something is wrong."""
    (file,) = applications(tmp_path, 2)
    providers = "[{name: mock}, {name: aws, config: {region: eu}, capabilities: [network, database]}]"
    file.write_text(file.read_text(encoding="utf-8").replace("{name: mock}", providers), encoding="utf-8")
    with Profile() as profile:
        assert not load_files([file], definitions=DEFINITIONS, environment={}).warnings
    assert [entry.callcount for entry in profile.getstats() if entry.code is Source.compose.__code__] == [1]


class Steps(list[Any]):
    """A list that counts the entries taken from it."""

    taken = 0

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            self.taken += 1
            yield item


@pytest.mark.parametrize("number", [10, 100])
def test_each_application_is_found_at_once(tmp_path: Path, number: int) -> None:
    """Its node is found without a walk through all applications for each of its parts."""
    (file,) = applications(tmp_path, number)
    problems, secrets = Problems(), LocalSecrets({})
    source = Source("file", file.read_text(encoding="utf-8"), Limits())
    root = compose(source, problems)
    assert root is not None
    declared, _ = find_node(root, ("platform", "tiers", "application", "applications"))
    declared.value = Steps(declared.value)
    resolver = ReferenceResolver(source, problems, secrets=secrets, variables={}, strict=True, simulated=False)
    parsed = DocumentParser(source, root, problems, resolver, {}).parse()
    assert len(parsed.tiers) == number + 1
    assert not problems
    assert declared.value.taken <= 3 * number
