"""Which tests may run side by side (`pytest -n 4`), and which start first.

A module's tests run on one worker, in order: they share something that runs. Those of the modules in `APART` share
nothing, and each goes to whoever is free. What waits more than it works starts first: Docker, then the engine, then the
units; in each, what takes long.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

#: Modules whose tests are of any order and place; what several of them need is made once for all (`tests/shared.py`).
APART = (
    "tests/bed/test_images.py",
    "tests/e2e/docker/test_adoption.py",
    "tests/e2e/docker/test_build.py",
    "tests/e2e/docker/test_kills.py",
    "tests/e2e/docker/test_moving.py",
    "tests/e2e/test_constraints.py",
    "tests/e2e/test_failures.py",
    "tests/e2e/test_life_cycle.py",
    "tests/storm/test_storm.py",
    "tests/components/docker/plugin/test_container_docker.py",
    "tests/components/docker/plugin/test_container_failures.py",
    "tests/truth/test_truth.py",
)
_LANES = ("docker", "engine")


class Order:
    """Puts the collected tests in the order in which they are handed out; each worker comes to the same."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Sort by lane; the order within a module stays."""
        slow = {_group(item.nodeid) for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: (_lane(item), _group(item.nodeid) not in slow))


class Lanes:
    """Hands the tests out; for the process that has workers."""

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """xdist's scheduler by scope, with our groups and our order."""
        from xdist.scheduler import LoadScopeScheduling

        class Scheduler(LoadScopeScheduling):
            def _split_scope(self, nodeid: str) -> str:
                return _group(nodeid)

            def _reschedule(self, node: WorkerController) -> None:
                # A worker has to know one test ahead. More would only wait behind what it is at.
                if not self.workqueue or self._pending_of(self.assigned_work[node]) < 2:
                    super()._reschedule(node)

        config.option.loadscopereorder = False
        return Scheduler(config, log)


def _group(nodeid: str) -> str:
    module = nodeid.partition("::")[0]
    return nodeid if module in APART else module


def _lane(item: pytest.Item) -> int:
    return next((number for number, lane in enumerate(_LANES) if item.get_closest_marker(lane)), len(_LANES))


def missing() -> list[str]:
    """Modules of `APART` that there are not."""
    root = Path(__file__).parent.parent
    return [module for module in APART if not (root / module).is_file()]
