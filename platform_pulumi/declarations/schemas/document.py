"""Schema models of a platform file; those of templates and triggers are in `template_documents`.

Lists of entries are only declared here (for the JSON Schema) and read one by one, so that a wrong entry does not hide
the others. Whatever depends on two places at once is checked after reading.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from platform_pulumi.declarations.schemas.deferred import ListOf, MappingOf, OneOrListOf, Shape
from platform_pulumi.model.capabilities.fields import Duration
from platform_pulumi.model.context import APPLICATION_LIMIT, ENVIRONMENT_LIMIT, NAME, ORG_LIMIT

#: Names of organizations, environments, applications, capabilities.
NAME_PATTERN = f"^{NAME.pattern}$"
#: Values that stand for themselves.
Scalar = str | int | float | bool
#: A capability's name: also part of physical names, so short enough for them.
CapabilityName = Annotated[str, Field(pattern=NAME_PATTERN, max_length=50)]
ModeName = Literal["plan_and_approve", "auto_apply"]
Labels = dict[str, str]


class ConstraintEntry(Shape):
    """Constraint: `field operator value`."""

    field: str = Field(min_length=1, description="Path of the limited property, for example memory.")
    operator: Literal["<=", ">=", "==", "in", "not_in"] = Field(description="How the property compares to the value.")
    value: Any = Field(description="A number, a quantity such as 4Gi, a text; for in and not_in a list of them.")


class DependencyEntry(Shape):
    """Dependency with more than its name."""

    name: str = Field(description="Name of a capability of the same tier or one above.")
    optional: bool = Field(default=False, description="Whether it may be missing (a soft dependency).")


class CapabilityEntry(Shape):
    """Capability: a name, a type and properties in the words of the type."""

    name: CapabilityName | None = Field(default=None, description="Name, unique in its tier and those above.")
    type: str | None = Field(default=None, description="Capability type, for example database.")
    tier: Any = Field(default=None, description="Number of the tier, where somebody wants to repeat it.")
    properties: dict[str, Any] | None = Field(default=None, description="The type's properties.")
    dependsOn: list[str | DependencyEntry] | None = Field(  # noqa: N815  # the specification's spelling
        default=None, description="Capabilities of the same tier or one above that must be there first."
    )
    constraints: Annotated[Any, ListOf(ConstraintEntry)] = Field(
        default=None, description="Limits of its own; they may only tighten those from above."
    )
    labels: Labels | None = Field(default=None, description="Labels and tags of its resources.")
    annotations: Labels | None = Field(default=None, description="Annotations of its resources.")
    template: CapabilityName | None = Field(default=None, description="A template to use instead of a type.")
    version: str | None = Field(default=None, description="Version of the template, in quotes.")
    parameters: dict[str, Any] | None = Field(default=None, description="Parameters of the template.")


class OutputEntry(Shape):
    """Output for the tiers below."""

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,62}$", description="Name, as in ${tier2.NAME}.")
    source: str = Field(description="capability.field it stands for.")
    type: Literal["string", "integer", "boolean", "list", "map", "credential_ref"] | None = Field(
        default=None, description="Its type; the field's where left out."
    )


class ApplicationShape(Shape):
    """One application of tier 3."""

    capabilities: Annotated[Any, ListOf(CapabilityEntry)] = Field(default=None, description="What it consists of.")
    outputs: Annotated[Any, ListOf(OutputEntry)] = Field(default=None, description="What others may use of it.")
    labels: Labels | None = Field(default=None, description="Labels and tags of all its resources.")
    annotations: Labels | None = Field(default=None, description="Annotations of all its resources.")


class TierShape(ApplicationShape):
    """Tier 1 or 2."""

    constraints_for_downstream: Annotated[Any, ListOf(ConstraintEntry)] = Field(
        default=None, description="Limits for everything in the tiers below."
    )


class ApplicationTierShape(TierShape):
    """Tier 3: one application, or several by name."""

    applications: Annotated[Any, MappingOf(ApplicationShape)] = Field(
        default=None, description="Several applications by name, instead of `capabilities`."
    )


class TiersShape(Shape):
    """Tiers that a file declares; those it leaves out are read from their stacks."""

    infrastructure: TierShape | None = Field(default=None, description="Tier 1: clusters, networks, identities.")
    shared_primitives: TierShape | None = Field(default=None, description="Tier 2: what applications share.")
    application: ApplicationTierShape | None = Field(default=None, description="Tier 3: applications.")


class ProviderShape(Shape):
    """Provider: its name, its settings, and the capability types it serves."""

    name: str = Field(description="aws, docker, kubernetes, mock, or an alias of one of them.")
    config: dict[str, Any] | None = Field(
        default=None, description="The provider's settings; references are read late."
    )
    capabilities: list[str] | None = Field(
        default=None, description="Types it serves, where there are several providers."
    )


class ExecutionShape(Shape):
    """Apply mode of plans."""

    tier1_mode: ModeName | None = Field(default=None, description="Mode of tier 1; plan_and_approve.")
    tier2_mode: ModeName | None = Field(default=None, description="Mode of tier 2; plan_and_approve.")
    tier3_mode: ModeName | None = Field(default=None, description="Mode of tier 3; auto_apply.")
    reconciliation_interval: Duration | None = Field(
        default=None, description="Time between drift checks; not used in this version."
    )
    lock_timeout: Duration | None = Field(
        default=None, description="Time that a stack in another run's hands is waited for; none where left out."
    )


class StateShape(Shape):
    """State backend, and encryption of its secrets."""

    backend: str | None = Field(
        default=None, min_length=1, description="URL of the state backend: file://, s3://, gs://, azblob://."
    )
    secrets_provider: str | dict[Literal["infrastructure", "shared_primitives", "application"], str] | None = Field(
        default=None,
        description="What encrypts secrets in state, for all tiers or by tier: passphrase, or default (the backend's"
        " own). Keys of a cloud (awskms://...) are not available in this version.",
    )
    organization: str | None = Field(
        default=None, min_length=1, description="Organization of Pulumi Cloud that has the stacks; org where left out."
    )


class PlatformShape(Shape):
    """Platform, or a part of it: files are merged."""

    model_config = ConfigDict(json_schema_extra={"required": ["org", "environment"]})

    org: str | None = Field(default=None, pattern=NAME_PATTERN, max_length=ORG_LIMIT, description="Organization.")
    environment: str | None = Field(
        default=None,
        pattern=NAME_PATTERN,
        max_length=ENVIRONMENT_LIMIT,
        description="Environment: production, staging.",
    )
    application: str | None = Field(
        default=None, pattern=NAME_PATTERN, max_length=APPLICATION_LIMIT, description="The application of this file."
    )
    app: dict[str, Scalar] | None = Field(
        default=None, description="Values of ${app.NAME}; --set NAME=VALUE goes before."
    )
    provider: Annotated[Any, OneOrListOf(ProviderShape)] = Field(
        default=None, description="The provider, or several with the types each serves."
    )
    tiers: TiersShape | None = Field(default=None, description="What is declared, tier by tier.")
    execution: ExecutionShape | None = Field(default=None, description="How plans become applies.")
    state: StateShape | None = Field(default=None, description="Where state lives.")
    labels: Labels | None = Field(default=None, description="Labels and tags of every resource.")
    annotations: Labels | None = Field(default=None, description="Annotations of every resource.")


class Document(Shape):
    """File: a platform (or a part of it), triggers beside it, or a template."""

    apiVersion: Literal["platform/v1"] | None = Field(default=None, description="Version of this format.")  # noqa: N815
    platform: PlatformShape | None = Field(default=None, description="The platform.")
    triggers: Any = Field(default=None, description="What starts work by itself.")
    template: Any = Field(default=None, description="A template.")
