"""Names in a Compose file: the project, and a key for each service, network and volume."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from platform_pulumi.model.capability import Capability
from platform_pulumi.model.context import Context
from platform_pulumi.model.platform import TierDeclaration


def project(context: Context, application: str | None) -> str:
    """Build the project name of an environment, or of the one application that was asked for.

    Joined by what may stand in none of the parts, so that no two environments of one machine share a project. Never
    made of what the files hold: a second application must not give the first one other volumes.
    """
    parts = [context.org, context.environment, *([application] if application else [])]
    # Names of a platform are lower case letters, digits and `-` already; this is what Compose itself would do.
    return "_".join(re.sub(r"[^a-z0-9-]", "", part.lower()) for part in parts)


class Keys:
    """Allocator of unique keys."""

    def __init__(self, declared: Sequence[tuple[TierDeclaration, Capability]]) -> None:
        self._often = Counter(capability.name for _, capability in declared)
        self._taken: set[str] = set()

    def of(self, tier: TierDeclaration, capability: Capability) -> str:
        """Allocate the key of a capability: its name, after its application's where several have that name."""
        name = capability.name
        if self._often[name] > 1 and tier.application:
            name = f"{tier.application}-{name}"
        return self.part(name)

    def part(self, *parts: str) -> str:
        """Allocate a key that is not taken yet."""
        wanted = "-".join(filter(None, parts))
        key, number = wanted, 2
        while key in self._taken:
            key, number = f"{wanted}-{number}", number + 1
        self._taken.add(key)
        return key
