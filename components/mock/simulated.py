"""Simulated package `mock`: a resource type for every capability type, with the outputs that it promises.

Any property is taken, by the name it has in the declarations. Nothing is behind them but the simulated world.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from components.mock.resource_types import PREFIX, token, wired_as
from platform_pulumi.plugins.relations import Relation
from platform_pulumi.plugins.schema import ObjectSchema, ResourceSchema, Shape
from platform_pulumi.plugins.table import Entry, FoundBy, SimulatedPackage
from platform_pulumi.plugins.value_templates import digest
from platform_pulumi.plugins.values import Properties, Sealed

if TYPE_CHECKING:
    from platform_pulumi.model.capability import CapabilityProperties
    from platform_pulumi.plugins.table import Resource

_PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "rabbitmq": 5672, "redis": 6379, "valkey": 6379}
_SHAPES: Mapping[str, Shape] = {
    "integer": "number",
    "boolean": "boolean",
    "list": {"list": "any"},
    "map": {"map": "any"},
}
#: `mock` has every capability type; what replaces is what would on the real providers.
_REPLACES: Mapping[str, tuple[str, ...]] = {
    "Network": ("cidr",),
    "KubernetesCluster": ("network.id",),
    "Namespace": ("kubernetes_cluster.name",),
    "Database": ("engine", "database_name", "username", "encrypted", "network.id"),
    "MessageQueue": ("engine", "fifo", "network.id"),
    "DnsZone": ("domain", "private"),
    "LoadBalancer": ("scheme", "kind", "network.id"),
    "Cache": ("engine", "network.id"),
    "ObjectStorage": ("bucket",),
    "ContainerRuntime": ("namespace.name",),
}
#: A reference to a password that the user gives names the password's version, so that consumers see a new one.
_CHANGES: Mapping[str, tuple[str, ...]] = {
    "credential_ref": ("password", "secret_key"),
    "connection_string": ("password",),
    "endpoint": ("ingress", "ports", "public_endpoint", "port", "tls"),
    "service": ("ports",),
    "private_subnet_ids": ("availability_zones", "private_subnets"),
    "public_subnet_ids": ("availability_zones", "public_subnets"),
}
#: What is in use is not deleted, as nearly everywhere. A reference that is not to a resource of mock is left alone.
_RELATIONS: tuple[Relation, ...] = (
    Relation("network.id", token("network"), "NotFound", "InUse", given=lambda key: not key.startswith("mock-")),
    *(
        Relation(f"{wired}.name", token(kind), "NotFound", "InUse", by="name", given=lambda _name: True)
        for wired, kind in (
            ("kubernetes_cluster", "kubernetes_cluster"),
            ("namespace", "namespace"),
            ("ingress", "ingress"),
            ("shared_ingress", "ingress"),
        )
    ),
)


class MockTypes:
    """Resource types of the package, made from the capability types."""

    def __init__(self) -> None:
        self._known: dict[str, ResourceSchema] = {}

    @property
    def objects(self) -> Mapping[str, ObjectSchema]:
        """Return what consumers are given of a capability, by its type: its outputs. Anything else may be anything."""
        from platform_pulumi.model.capabilities import CAPABILITY_TYPES  # noqa: PLC0415  pydantic, once

        return {name: ObjectSchema(_shapes(model)) for name, model in CAPABILITY_TYPES.items()}

    def resource(self, token: str) -> ResourceSchema:
        """Return the schema of `mock:index:...`.

        Raises:
            KeyError: there is no such capability type.
        """
        if not self._known:
            self._known = {schema.token: schema for schema in _schemas()}
        return self._known[token]


def _schemas() -> list[ResourceSchema]:
    from platform_pulumi.model.capabilities import CAPABILITY_TYPES  # noqa: PLC0415  pydantic, once

    return [_schema(model) for model in CAPABILITY_TYPES.values()]


def _schema(model: type[CapabilityProperties]) -> ResourceSchema:
    outputs = {name: shape for name, shape in _shapes(model).items() if name != "id"}
    inputs = {wired_as(model, need): {"object": need.type} for need in model.NEEDS}
    return ResourceSchema(token(model.TYPE), inputs, outputs=outputs, closed=False)


def _shapes(model: type[CapabilityProperties]) -> dict[str, Shape]:
    return {name: _SHAPES.get(spec.type, "string") for name, spec in model.OUTPUTS.items()}


def outputs(resource: Resource, values: Properties) -> Properties:
    """Compute the outputs of a mock resource; names that a type does not promise are not used."""
    short = f"{resource.urn.name}-{digest(resource.seed)[:7]}"
    host = f"{short}.mock.internal"
    made: Properties = {
        "name": short,
        "arn": f"mock:{short}",
        "host": host,
        "ca_certificate": digest(resource.seed, "certificate authority"),
        "credential_ref": f"mock:{short}/{resource.version}",
        "private_subnet_ids": _subnets(resource, values, "private"),
        "public_subnet_ids": _subnets(resource, values, "public"),
        "name_servers": [f"ns{number}.mock.internal" for number in (1, 2)],
        # Nothing is behind it that a port could lead to.
        "published_endpoint": "",
        "published_connection_string": Sealed(""),
    }
    port = _PORTS.get(str(values.get("engine")))
    if port is not None:
        made |= {"port": port, "endpoint": f"{host}:{port}"}
    elif resource.urn.type == token("container_runtime"):
        made |= _service(values, host)
    elif resource.urn.type == token("load_balancer"):
        made["endpoint"] = host
    elif resource.urn.type == token("ingress"):
        made["endpoint"] = _door(values, host)
    else:
        made["endpoint"] = f"https://{host}"
    user = f"{values['username']}@" if values.get("username") else ""
    made["connection_string"] = Sealed(f"{values.get('engine', 'mock')}://{user}{made['endpoint']}")
    return made


def _door(values: Mapping[str, Any], host: str) -> str:
    scheme, usual = ("https", 443) if values.get("tls", True) else ("http", 80)
    port = int(values.get("port", 443))
    return f"{scheme}://{host}" if port == usual else f"{scheme}://{host}:{port}"


def _service(values: Mapping[str, Any], host: str) -> Properties:
    ports = values.get("ports") or []
    first = ports[0] if ports else {}
    service = f"{host}:{first.get('service_port') or first.get('container_port')}" if ports else ""
    ingress = values.get("ingress")
    if ingress:
        outside = f"{'https' if ingress.get('tls', True) else 'http'}://{ingress['host']}{ingress.get('path', '/')}"
        return {"service": service, "endpoint": outside.rstrip("/")}
    return {"service": service, "endpoint": f"http://{service}" if service else ""}


def _subnets(resource: Resource, values: Mapping[str, Any], kind: str) -> list[str]:
    count = values.get(f"{kind}_subnets")
    wanted = values.get("availability_zones", 0) if count is None else count
    return [f"subnet-{digest(resource.seed, kind, number)[:12]}" for number in range(int(wanted))]


def _entry(token: str) -> Entry | None:
    """The entry of a type; which types there are, `MockTypes` knows."""
    if not token.startswith(PREFIX):
        return None
    return Entry(
        id="mock-{hex12}",
        found_by=FoundBy.TAG,
        replace=_REPLACES.get(token.removeprefix(PREFIX), ()),
        changes=_CHANGES,
        computed=outputs,
        relations=_RELATIONS,
    )


PACKAGE: Final = SimulatedPackage("mock", _entry, types=MockTypes)
