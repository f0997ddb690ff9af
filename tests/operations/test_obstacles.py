"""What a provider would refuse to delete half way is refused before anything is touched."""

from __future__ import annotations

import re

import pytest

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.tier import Tier
from platform_pulumi.operations import destroy, preview, up
from tests.operations.fakes import ONE, PLATFORM, Answer, FakeEngine, Files, Watcher, forget_member, services

STORAGE = "            storage_gb: 100\n"
PROTECTED = PLATFORM.replace(STORAGE, f"{STORAGE}            deletion_protection: true\n")
ALLOWED = frozenset({"db"})
CHANGES = {
    "replaced": [("engine: postgresql", "engine: mysql"), ('version: "15"', 'version: "8.0"')],
    "replaced and set free at once": [
        ("engine: postgresql", "engine: mysql"),
        ('version: "15"', 'version: "8.0"'),
        ("deletion_protection: true", "deletion_protection: false"),
    ],
}


def applied(files: Files, engine: FakeEngine, text: str) -> Files:
    files.write(text=text)
    up.up(services(engine), files.task(), Watcher(), Answer())
    engine.done.clear()
    return files


@pytest.fixture
def protected(files: Files, engine: FakeEngine) -> Files:
    """The platform with a protected database, applied."""
    return applied(files, engine, PROTECTED)


@pytest.mark.parametrize("change", CHANGES)
def test_a_protected_resource_is_not_replaced(change: str, protected: Files, engine: FakeEngine) -> None:
    protected.write(*CHANGES[change], text=PROTECTED)
    (obstacle,) = preview.preview(services(engine), protected.task(), Watcher()).obstacles
    assert (str(obstacle.key), obstacle.capability) == ("shared_primitives", "db")
    assert obstacle.declared_at is not None
    assert obstacle.steps == (
        "Set `deletion_protection: false` on db, leave all else as it was, and run `platform up`.",
        "Make this change, and run `platform up --allow-data-loss db`.",
    )
    with pytest.raises(RefusedError, match="It cannot be applied in one go") as raised:
        up.up(services(engine), protected.task(allow_data_loss=ALLOWED), Watcher(), Answer())
    assert [problem.summary for problem in raised.value.problems] == ["Deletion protection is on"]
    assert "up" not in dict(engine.done)


def test_nor_deleted(protected: Files, engine: FakeEngine) -> None:
    without = (
        PLATFORM[: PLATFORM.index("        - name: db")]
        + "        []\n"
        + PLATFORM[PLATFORM.index("    application:") :]
    )
    protected.write(('"${tier2.db_host}"', "none"), text=without)
    (obstacle,) = preview.preview(services(engine), protected.task(), Watcher()).obstacles
    assert obstacle.declared_at is None
    assert obstacle.steps == (
        "Declare db again as it was, with `deletion_protection: false`, leave all else as it was, and run "
        "`platform up`.",
        "Make this change, and run `platform up --allow-data-loss db`.",
    )


WITH_FILES = "        - {name: files, type: object_storage}\n        - name: db\n"


def test_the_steps_allow_whatever_else_is_lost(files: Files, engine: FakeEngine) -> None:
    both = PROTECTED.replace("        - name: db\n", WITH_FILES)
    applied(files, engine, both)
    files.write((WITH_FILES, "        - name: db\n"), *CHANGES["replaced"], text=both)
    (obstacle,) = preview.preview(services(engine), files.task(), Watcher()).obstacles
    assert sorted(re.findall("--allow-data-loss ([a-z]+)", obstacle.steps[1])) == ["db", "files"]
    with pytest.raises(RefusedError) as raised:
        destroy.destroy(services(engine), files.task(), Watcher(), Answer())
    (problem,) = raised.value.problems
    assert sorted(re.findall("--allow-data-loss ([a-z]+)", problem.detail)) == ["db", "files"]


def test_nor_destroyed_with_all_else(protected: Files, engine: FakeEngine) -> None:
    with pytest.raises(RefusedError, match="It cannot be applied in one go"):
        destroy.destroy(services(engine), protected.task(allow_data_loss=ALLOWED), Watcher(), Answer())
    assert engine.destroyed == []


def test_the_steps_lead_there(protected: Files, engine: FakeEngine) -> None:
    protected.write(text=PLATFORM)
    up.up(services(engine), protected.task(), Watcher(), Answer())
    protected.write(*CHANGES["replaced"])
    applied = up.up(services(engine), protected.task(allow_data_loss=ALLOWED), Watcher(), Answer())
    assert applied.tiers[1].summary == {"replace": 1}


IN_EUROPE = PLATFORM.replace("    name: acme\n", "    name: acme\n    config: {region: eu}\n").replace(
    "            engine: postgresql\n", "            engine: postgresql\n            network: vpc\n"
)
ELSEWHERE = ("region: eu", "region: us")
LOWER = Tier.SHARED_PRIMITIVES


@pytest.fixture
def in_europe(files: Files, engine: FakeEngine) -> Files:
    """The platform in a region, its database wired to its network; applied."""
    return applied(files, engine, IN_EUROPE)


def test_what_is_wired_to_another_region_is_not_begun(in_europe: Files, engine: FakeEngine) -> None:
    in_europe.write(ELSEWHERE, text=IN_EUROPE)
    (obstacle,) = preview.preview(services(engine), in_europe.task(tier=LOWER), Watcher()).obstacles
    assert (str(obstacle.key), obstacle.capability) == ("shared_primitives", "db")
    assert obstacle.detail == (
        "db is declared with `region: us`; infrastructure.vpc, which it is wired to, was applied with `region: eu`."
    )
    assert obstacle.steps[0].startswith(
        "Set `region: eu` in `provider.config`, or apply infrastructure in the same run"
    )
    with pytest.raises(RefusedError, match="It cannot be applied in one go"):
        up.up(services(engine), in_europe.task(tier=LOWER), Watcher(), Answer())
    assert "up" not in dict(engine.done)


def test_what_moves_to_another_region_together_does(in_europe: Files, engine: FakeEngine) -> None:
    in_europe.write(ELSEWHERE, text=IN_EUROPE)
    assert preview.preview(services(engine), in_europe.task(), Watcher()).obstacles == ()


IN_ACCOUNT = IN_EUROPE.replace("{region: eu}", "{region: eu, account: one}")


@pytest.mark.parametrize("change", [("account: one", "account: two"), ("eu, account: one", "us, account: two")])
def test_no_stack_moves_to_another_account(change: tuple[str, str], files: Files, engine: FakeEngine) -> None:
    applied(files, engine, IN_ACCOUNT)
    files.write(change, text=IN_ACCOUNT)
    found = preview.preview(services(engine), files.task(), Watcher()).obstacles
    assert [(str(one.key), one.summary) for one in found if "left behind" in one.summary] == [
        (key, "What it has made would be left behind")
        for key in ("infrastructure", "shared_primitives", "application (default)")
    ]
    assert found[0].steps[0].startswith("Set `account: one` for acme/prod again. For `account: two` declare an")
    with pytest.raises(RefusedError, match="It cannot be applied in one go"):
        up.up(services(engine), files.task(), Watcher(), Answer())
    assert "up" not in dict(engine.done)


def test_an_account_that_is_written_for_the_first_time_stops_nothing(in_europe: Files, engine: FakeEngine) -> None:
    in_europe.write(text=IN_ACCOUNT)
    assert preview.preview(services(engine), in_europe.task(), Watcher()).obstacles == ()


def test_a_stack_that_does_not_say_where_it_is_stops_nothing(in_europe: Files, engine: FakeEngine) -> None:
    forget_member(engine, ONE, "locations")
    in_europe.write(ELSEWHERE, text=IN_EUROPE)
    assert preview.preview(services(engine), in_europe.task(tier=LOWER), Watcher()).obstacles == ()


GROUPS = "node_groups: [{name: a, instance_type: m5.large, min_size: 1, max_size: 2}]"
TWO_CLUSTERS = PLATFORM.replace(
    "      constraints_for_downstream",
    "".join(
        f"        - {{name: {name}, type: kubernetes_cluster, properties: {{version: '1.31', {GROUPS}}}}}\n"
        for name in ("blue", "green")
    )
    + "      constraints_for_downstream",
).replace("      outputs:\n", "        - {name: space, type: namespace, properties: {cluster: blue}}\n      outputs:\n")


def in_cluster(name: str) -> str:
    return TWO_CLUSTERS.replace(
        "            image: api:1\n", f"            image: api:1\n            cluster: {name}\n"
    )


@pytest.mark.parametrize("tier", [None, Tier.APPLICATION])
def test_a_namespace_of_another_cluster_is_refused(tier: Tier | None, files: Files, engine: FakeEngine) -> None:
    applied(files, engine, in_cluster("blue"))
    assert preview.preview(services(engine), files.task(tier=tier), Watcher()).obstacles == ()
    files.write(text=in_cluster("green"))
    (obstacle,) = preview.preview(services(engine), files.task(tier=tier), Watcher()).obstacles
    assert (obstacle.capability, obstacle.summary) == ("api", "Its namespace is in another cluster")
    assert obstacle.detail == (
        "api is to run in infrastructure.green, and its namespace shared_primitives.space is in infrastructure.blue."
    )
    assert obstacle.steps[0].startswith("Set `cluster: blue` on api, or `cluster: green` on space, or")


def test_a_namespace_is_where_it_was_applied_for_a_run_without_it(files: Files, engine: FakeEngine) -> None:
    applied(files, engine, in_cluster("blue"))
    files.write(text=in_cluster("green").replace("{cluster: blue}", "{cluster: green}"))
    (obstacle,) = preview.preview(services(engine), files.task(tier=Tier.APPLICATION), Watcher()).obstacles
    assert obstacle.detail.endswith("its namespace shared_primitives.space is in infrastructure.blue.")
    assert preview.preview(services(engine), files.task(), Watcher()).obstacles == ()
