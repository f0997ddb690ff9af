"""`${...}`: typed, resolved once, secret for ever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_pulumi.declarations.references.grammar import Malformed, Reference, parse
from platform_pulumi.errors import ConstraintError, InputError, PlatformError
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import CapabilityOutput, Secret, Template, TierOutput
from tests.declarations.conftest import Load, described, service
from tests.declarations.platforms import HEAD, INFRASTRUCTURE, SHARED, container, platform
from tests.secrecy import SECRET_NAMES


def properties(load: Load, text: str, **options: Any) -> Any:
    return load(platform(container(text)), **options).tiers[-1].capabilities[0].properties


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("plain $ text $", ("plain $ text $",)),
        ("$${env:X}", ("${env:X}",)),
        ("a$${b}${app.c}$${d}", ("a${b}", ("app", "", "c"), "${d}")),
        ("${env:X}", (("env", "", "X"),)),
        ("${file:../a b.txt}", (("file", "", "../a b.txt"),)),
        ("${vault:aws/production/credentials}", (("vault", "", "aws/production/credentials"),)),
        ("${vault:kv/db#password}", (("vault", "", "kv/db#password"),)),
        ("${aws-sm:prod/db}", (("aws-sm", "", "prod/db"),)),
        ("${tier2.queue_url}", (("tier", "2", "queue_url"),)),
        ("${event-queue.credentialRef}", (("capability", "event-queue", "credentialRef"),)),
        ("x${app.a}y${app.b}", ("x", ("app", "", "a"), "y", ("app", "", "b"))),
    ],
)
def test_grammar(text: str, parts: tuple[Any, ...]) -> None:
    read = tuple(part[:3] if isinstance(part, Reference) else part for part in parse(text))
    assert read == parts


@pytest.mark.parametrize(
    "text",
    [
        "${",
        "${}",
        "${x}",
        "${env:}",
        "${env:A-B}",
        "${env.X}",
        "${envs:X}",
        "${tier4.x}",
        "${tier0.x}",
        "${A.b}",
        "${a.}",
        "${.b}",
        "${a.b.c}",
        "${app.}",
        "${-a.b}",
        "${a-.b}",
        "${app.x",
    ],
)
def test_malformed(text: str) -> None:
    (part,) = parse(text)
    assert isinstance(part, Malformed)
    assert part.reason


@given(st.text(alphabet="ab$${}.:-#/ \n", max_size=30))
def test_literal_text_survives(text: str) -> None:
    escaped = text.replace("${", "$${")
    if "$$${" not in escaped:  # a dollar before a reference has no escape of its own
        assert "".join(str(part) for part in parse(escaped)) == text


@given(st.text(max_size=40))
def test_any_text_parses(text: str) -> None:
    assert isinstance(parse(text), tuple)


def test_a_whole_value_keeps_its_type_and_text_becomes_text(load: Load) -> None:
    read = properties(
        load,
        'image: "r/${app.name}:${app.tag}", replicas: "${app.replicas}", env: {A: "${app.tag}", B: "${app.on}"}',
        variables={"name": "api", "tag": "1.10", "replicas": "3", "on": "true"},
    )
    assert (read.image, read.replicas, read.env) == ("r/api:1.10", 3, {"A": "1.1", "B": "true"})


def test_a_number_from_set_is_text_where_text_is_wanted(load: Load) -> None:
    read = properties(load, 'image: "${app.tag}"', variables={"tag": "1.10"})
    assert read.image == "1.10"


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_value_that_is_called_as_a_secret_is_one(name: str, load: Load) -> None:
    env = f'env: {{A: "${{app.{name}}}", B: "x${{app.{name}}}"}}'
    if not name.isidentifier():
        return  # no name of ours
    read = properties(load, f"image: a, {env}", variables={name: "12345678"})
    assert read.env == {"A": Secret("12345678"), "B": Secret("x12345678")}
    assert properties(load, f'image: a, replicas: "${{app.{name}}}"', variables={name: "3"}).replicas == 3
    for other in (f'image: a, command: ["${{app.{name}}}"]', f'image: a, replicas: "${{app.{name}}}"'):
        with pytest.raises(InputError) as error:
            properties(load, other, variables={name: "12345678"})
        assert "12345678" not in described(error.value.problems)


def test_set_goes_before_the_file(load: Load) -> None:
    text = platform(container('image: "${app.image}", replicas: "${app.count}"')).replace(
        "  tiers:", "  app: {image: a:1, count: 2}\n  tiers:"
    )
    read: Any = load(text, variables={"image": "b:2"}).tiers[0].capabilities[0].properties
    assert (read.image, read.replicas) == ("b:2", 2)


def test_resolved_values_are_not_read_again(load: Load) -> None:
    read = properties(
        load,
        'image: a, command: ["${app.a}"], env: {X: "${env:X}", Y: "$${env:X}"}',
        variables={"a": "${env:X}"},
        environment={"X": "${app.a} ${nope"},
    )
    assert read.command == ["${env:X}"]
    assert read.env == {"X": Secret("${app.a} ${nope"), "Y": "${env:X}"}


def test_secrets_stay_secret_through_every_embedding(load: Load, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("from-file\n", encoding="utf-8")
    text = platform(
        SHARED,
        container('image: a, env: {A: "x${env:S}y", B: "${file:key.txt}", C: "p${tier2.db_host}q${env:S}r"}'),
    )
    env = service(load(text, environment={"S": "canary"})).env
    assert env["A"] == Secret("xcanaryy")
    assert env["B"] == Secret("from-file")
    assert env["C"] == Template(("p", TierOutput(Tier.SHARED_PRIMITIVES, "db_host"), "q", Secret("canary"), "r"))
    assert "canary" not in repr(load(text, environment={"S": "canary"}))


def test_environment_values_become_numbers_and_words_where_those_are_wanted(load: Load) -> None:
    read = properties(
        load,
        'image: a, replicas: "${env:N}", ingress: {host: h, tls: "${env:T}"}, '
        'ports: [{container_port: 80, protocol: "${env:P}"}]',
        environment={"N": "4", "T": "false", "P": "TCP"},
    )
    assert (read.replicas, read.ingress.tls, read.ports[0].protocol) == (4, False, "TCP")


def test_a_volume_may_be_of_a_tier_above(load: Load) -> None:
    shared = (
        "\n    shared_primitives:\n      capabilities: [{name: disk, type: persistent_volume}]\n"
        "      outputs: [{name: disk_name, source: disk.name}]\n"
    )
    disk = 'source: "${tier2.disk_name}"'
    own = f"image: a, volumes: [{{{disk}, path: /data}}, {{{disk}, path: /b, read_only: true}}]"
    first, second = service(load(platform(shared, container(own)))).volumes
    assert (first.source, first.path, first.read_only) == (
        TierOutput(Tier.SHARED_PRIMITIVES, "disk_name"),
        "/data",
        False,
    )
    assert (second.source, second.path, second.read_only) == (first.source, "/b", True)


def test_how_an_image_is_made_is_read(load: Load) -> None:
    read = properties(load, "image: a, build: {context: ./api}")
    assert (read.build.context, read.build.dockerfile) == ("./api", "Dockerfile")
    read = properties(
        load, 'image: a, build: {context: "${app.folder}", dockerfile: Containerfile}', variables={"folder": ".."}
    )
    assert (read.build.context, read.build.dockerfile) == ("..", "Containerfile")
    assert properties(load, "image: a").build is None


def test_environment_values_are_refused_where_they_would_show(refused: Any) -> None:
    error = refused(platform(container('image: a, memory: "${env:M}", ports: "${env:M}"')), environment={"M": "canary"})
    assert "canary" not in described(error.problems)
    assert [problem.code for problem in error.problems] == ["P2041", "P2041"]


def test_outputs_of_the_same_tier_and_of_those_above(load: Load) -> None:
    text = platform(INFRASTRUCTURE, SHARED, container('image: a, env: {H: "${tier2.db_host}", V: "${tier1.vpc_id}"}'))
    env = service(load(text)).env
    assert env == {"H": TierOutput(Tier.SHARED_PRIMITIVES, "db_host"), "V": TierOutput(Tier.INFRASTRUCTURE, "vpc_id")}
    text = platform(
        "\n    application:\n      capabilities:\n"
        '        - {name: web, type: container_runtime, properties: {image: a, env: {API: "${api.endpoint}"}}}\n'
        "        - {name: api, type: container_runtime, properties: {image: a}}\n"
    )
    loaded = load(text)
    assert [c.name for c in loaded.tiers[0].capabilities] == ["api", "web"]
    assert service(loaded, "web").env == {"API": CapabilityOutput("api", "endpoint")}


def test_simulated_credentials_are_placeholders_and_repeat(load: Load) -> None:
    text = 'image: a, env: {A: "${vault:kv/db#password}", B: "${aws-sm:x}", C: "${vault:kv/db#password}"}'
    env = properties(load, text, simulated=True).env
    assert env["A"] == env["C"] != env["B"]
    assert env == properties(load, text, simulated=True).env
    assert all(isinstance(value, Secret) for value in env.values())


def test_validating_needs_no_values_and_says_which_are_missing(load: Load) -> None:
    text = 'image: "${app.image}", replicas: "${env:N}", memory: "${app.m}", env: {A: "${file:none}", B: "${vault:x}"}'
    loaded = load(platform(container(text)), strict=False)
    assert [(w.code, w.warning) for w in loaded.warnings] == [
        (code, True) for code in ("P2037", "P2036", "P2037", "P2038", "P2039")
    ]
    assert [c.name for c in loaded.tiers[0].capabilities] == ["api"]


def test_values_not_set_break_no_constraint_while_validating(load: Load, refused: Any) -> None:
    limits = "\n    infrastructure:\n      constraints_for_downstream: [{field: memory, operator: <=, value: 1Gi}]\n"
    text = platform(limits, container('image: a, memory: "${app.m}"'))
    assert load(text, strict=False).warnings
    assert isinstance(refused(text, variables={"m": "2Gi"}), ConstraintError)
    assert isinstance(refused(text), InputError)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 70_000])
def test_secret_files_that_are_none(refused: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    error: PlatformError = refused(platform(container('image: a, env: {A: "${file:key}", B: "${file:.}"}')))
    assert [problem.code for problem in error.problems] == ["P2038", "P2038"]


def test_labels_and_annotations_resolve_what_may_stand_in_clear(load: Load) -> None:
    text = platform(
        container(more='          labels: {a: "${app.n}", b: "x-${app.n}", c: "$${x}", d: a$b}\n'),
        head=HEAD + '  app: {n: 5}\n  annotations: {e: "${app.text}"}\n',
    )
    (api,) = load(text, variables={"text": "given ${app.n}"}).tiers[0].capabilities
    assert api.labels == {"a": "5", "b": "x-5", "c": "${x}", "d": "a$b"}
    assert api.annotations == {"e": "given ${app.n}"}


def test_labels_ask_for_no_secret(refused: Callable[..., PlatformError]) -> None:
    text = platform(container(more='          labels: {a: "${env:CANARY}", b: "${file:/nowhere}"}\n'))
    error = refused(text, environment={"CANARY": "canary"})
    assert [problem.code for problem in error.problems] == ["P2041", "P2041"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("imgae", "--set gives `imgae`, and the files have no ${app.imgae}. Did you mean `image`?"),
        ("x", "--set gives `x`, and the files have no ${app.x}. There is image."),
    ],
)
def test_a_value_that_nothing_uses_is_refused_without_a_word_of_it(given: str, words: str, refused: Any) -> None:
    text = platform(container('image: "${app.image}"'), head=f"{HEAD}  app: {{image: api:1}}\n")
    error = refused(text, variables={given: "canary-1"})
    assert [problem.detail for problem in error.problems] == [words]
    assert "canary-1" not in str(error.problems)
