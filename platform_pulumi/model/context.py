"""Context of a platform: its path, and the names of its stacks (specification 2.5, DESIGN section 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from platform_pulumi.model.tier import Tier

#: What an org, environment or application may be called; `.` and `_` separate them in stack names and are ours.
NAME = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?")
ORG_LIMIT, ENVIRONMENT_LIMIT, APPLICATION_LIMIT = 60, 35, 50
#: The application of a file that names none. Never derived from contents: adding a second must not rename the first.
DEFAULT_APPLICATION = "default"
#: What every backend but Pulumi Cloud calls the organization.
ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Context:
    """Environment of an organization, on the provider of its file or (`provider`) on another one beside it."""

    org: str
    environment: str
    provider: str | None = None

    def path(self, application: str | None = None) -> str:
        """`org/environment` or `org/environment/application`, the environment with its `_provider` where it has one."""
        head = f"{self.org}/{self._environment}"
        return f"{head}/{application}" if application else head

    def stack(self, tier: Tier, application: str | None = None) -> StackName:
        """Return the stack name of a tier; tier 3 has one for each application."""
        project = f"{self.org}-{tier.label.replace('_', '-')}"
        name = self._environment
        if tier is Tier.APPLICATION:
            name = f"{name}.{application or DEFAULT_APPLICATION}"
        return StackName(project=project, name=name)

    def includes(self, stack: StackName) -> bool:
        """Whether a stack of one of this organization's projects belongs to this environment."""
        return stack.name.partition(".")[0] == self._environment

    @property
    def _environment(self) -> str:
        return f"{self.environment}_{self.provider}" if self.provider else self.environment


@dataclass(frozen=True, slots=True, order=True)
class StackName:
    """Name of a Pulumi stack: its project and its name."""

    project: str
    name: str

    @property
    def application(self) -> str | None:
        """Application of the stack; None for the stack of an upper tier."""
        return self.name.partition(".")[2] or None

    def qualified(self, organization: str = ORGANIZATION) -> str:
        """Build the fully qualified name, as the CLI and StackReferences take it."""
        return f"{organization}/{self.project}/{self.name}"

    def __str__(self) -> str:
        return f"{self.project}/{self.name}"
