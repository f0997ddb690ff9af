"""Takes away what a killed run had made and not recorded: before a stack is destroyed, and after one was applied.

An `up` takes over what is still declared as it was then; of a change that was taken back meanwhile nothing is, and
nobody would ever know of it again. All this is for plugins of ours alone; with others a person has to look (guard).
"""

from __future__ import annotations

from collections.abc import Mapping

from platform_pulumi.model.platform import TierDeclaration
from platform_pulumi.model.urn import capability_of, urn_name, urn_type
from platform_pulumi.operations import preflight
from platform_pulumi.operations.ports import Observer, StackSnapshot
from platform_pulumi.operations.session import Session
from platform_pulumi.sdk.tagging import urn_tag


def clear(
    session: Session,
    tier: TierDeclaration,
    snapshot: StackSnapshot,
    observer: Observer,
    recorded: Mapping[str, str] | None = None,
) -> None:
    """Remove what was being created when a run was killed, and forget that it was.

    Args:
        session: gives the providers' live sides.
        tier: whose stack it is.
        snapshot: the state in which that was noted.
        observer: told what was removed.
        recorded: the ids of what is recorded by now, by URN; what `snapshot` has where None.

    Raises:
        EngineError: the provider does not answer, or does not let it go.
    """
    urns = [
        urn
        for operation, urn in snapshot.pending
        if operation == "creating" and urn_type(urn).partition(":")[0] in session.adopting
    ]
    if urns:
        tags = [urn_tag(snapshot.name, capability_of(urn, snapshot.parents), urn_name(urn)) for urn in urns]
        for name in sorted({capability.provider for capability in tier.capabilities}):
            runtime = preflight.runtime_of(session.services, session.platform, name)
            if runtime is not None:
                ids = snapshot.ids if recorded is None else recorded
                for what in runtime.clear(tags, frozenset(ids.values())):
                    observer.message(f"{snapshot.name}: {what} was left by a run that was killed; removed")
    if snapshot.pending:
        session.engine.settle(snapshot.name)
