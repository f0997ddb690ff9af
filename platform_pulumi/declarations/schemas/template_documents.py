"""Schema models of templates and triggers (specification, sections 5.2 and 7.1): loaded for files that hold them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from platform_pulumi.declarations.schemas.deferred import ListOf, Shape
from platform_pulumi.declarations.schemas.document import CapabilityName
from platform_pulumi.model.capabilities.fields import Duration


class ReconciliationShape(Shape):
    """Periodic detection of drift."""

    interval: Duration = Field(description="Time between looks.")
    tiers: list[Literal[1, 2, 3]] | None = Field(default=None, description="Numbers of the tiers looked at; all.")
    on_drift: Literal["alert", "auto_remediate", "plan_remediation"] = Field(
        default="alert", description="What happens when drift is found."
    )
    alert_channel: str | None = Field(default=None, description="Where alerts go.")


class TriggersShape(Shape):
    """Triggers that start work by themselves."""

    reconciliation: ReconciliationShape | None = Field(default=None, description="The periodic look for drift.")


class TemplateParameterEntry(Shape):
    """Parameter of a template."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", description="Name, as in ${NAME}.")
    type: Literal["string", "int", "bool", "duration", "map", "list"] = Field(description="Type of its values.")
    required: bool | None = Field(default=None, description="Whether it must be given; true where it has no default.")
    default: Any = Field(default=None, description="Value where none is given.")
    description: str | None = Field(default=None, description="What it is for.")
    validation: str | None = Field(default=None, description="Regular expression that values must match.")


class TemplateCapabilityEntry(Shape):
    """Capability of a template; texts may hold ${parameter}, and are checked where the template is used."""

    name: str = Field(description="Name, mostly with a parameter in it.")
    type: str = Field(description="Capability type.")
    properties: dict[str, Any] | None = Field(default=None, description="The type's properties.")
    dependsOn: list[Any] | None = Field(default=None, description="What must be there first.")  # noqa: N815
    constraints: list[Any] | None = Field(default=None, description="Limits of its own.")
    labels: dict[str, str] | None = Field(default=None, description="Labels and tags of its resources.")
    annotations: dict[str, str] | None = Field(default=None, description="Annotations of its resources.")


class TemplateOutputEntry(Shape):
    """Output of a template."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,62}$", description="Name of the output.")
    value: str = Field(description="Text with ${parameter} in it: capability.field or a value.")


class TemplateShape(Shape):
    """Capabilities with parameters, to be used many times."""

    name: CapabilityName = Field(description="Name of the template.")
    version: str = Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$", description="Semantic version, in quotes.")
    description: str | None = Field(default=None, description="What it is for.")
    parameters: Annotated[Any, ListOf(TemplateParameterEntry)] = Field(default=None, description="What differs.")
    capabilities: Annotated[Any, ListOf(TemplateCapabilityEntry)] = Field(
        default=None, description="What it is made of."
    )
    outputs: Annotated[Any, ListOf(TemplateOutputEntry)] = Field(default=None, description="What users may use of it.")
