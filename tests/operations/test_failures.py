"""What a failed run says becomes problems, without the secrets that its tier declares."""

from __future__ import annotations

from typing import Any

import pytest

from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability
from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import TierOutput
from platform_pulumi.operations.failures import failure_problems
from platform_pulumi.operations.ports import Diagnostic, RunResult

HOST = TierOutput(Tier.SHARED_PRIMITIVES, "host")
PLACE = Position("platform.yaml", 1, 1)


def _service(env: dict[str, Any]) -> TierDeclaration:
    properties = CAPABILITY_TYPES["container_runtime"].model_validate({"image": "app:1", "env": env})
    api = Capability("api", "container_runtime", Tier.APPLICATION, properties, "mock", PLACE)
    return TierDeclaration(Tier.APPLICATION, "default", (api,))


@pytest.mark.parametrize(
    ("env", "said", "told"),
    [
        ({"DB_PASSWORD": "hunter22"}, "`hunter22` is too short", "`[secret]` is too short"),
        ({"A_KEY": "hunter22", "B_KEY": "hunter22-more"}, "hunter22-more!", "[secret]!"),
        ({"DB_PASSWORD": HOST}, "db.example is too short", "db.example is too short"),
        ({"PIN": "80"}, "port 80 is taken", "port 80 is taken"),
        ({"MODE": "production"}, "production is none", "production is none"),
    ],
)
def test_a_secret_that_an_engine_repeats_is_replaced(env: dict[str, Any], said: str, told: str) -> None:
    result = RunResult(steps={}, registered={}, outputs={}, diagnostics=(Diagnostic("error", said),), failed=True)
    (problem,) = failure_problems(_service(env), result)
    assert problem.detail == told
