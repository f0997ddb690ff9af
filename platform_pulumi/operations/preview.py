"""Preview: the plan of all tiers in one run, which changes nothing (DESIGN sections 1 and 2)."""

from __future__ import annotations

import time

from platform_pulumi.model.plan import Plan
from platform_pulumi.operations import named
from platform_pulumi.operations.planning import make_plan, plan_tiers
from platform_pulumi.operations.ports import Observer
from platform_pulumi.operations.services import Services
from platform_pulumi.operations.session import open_session
from platform_pulumi.operations.task import Task


def preview(services: Services, task: Task, observer: Observer) -> Plan:
    """Plan what `up` would do.

    Raises:
        InputError: the declarations or flags are wrong.
        ConstraintError: a constraint is violated.
        RefusedError: the stacks run on other providers.
        EngineError: the engine failed, a provider is not there, or an upper stack is missing or unreadable.
    """
    started = time.monotonic()
    with open_session(services, task, observer) as session:
        planned = plan_tiers(session, observer)
        sections = [one.section for one in planned]
        named.check_losses(session, sections, observer)
        return make_plan(session, sections, time.monotonic() - started)
