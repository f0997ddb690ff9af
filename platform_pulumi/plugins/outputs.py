"""What a resource gives: its inputs, echoed, and its computed outputs, made up deterministically.

A computed output that the SDK types as always there exists once the resource does; an optional one is there only where
an input or the table gives it. All of them are unknown while a create is previewed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from platform_pulumi.plugins import mock
from platform_pulumi.plugins.forms import ACCOUNT, digest, fill
from platform_pulumi.plugins.paths import at
from platform_pulumi.plugins.schema import ResourceSchema, Shape
from platform_pulumi.plugins.table import Entry
from platform_pulumi.plugins.urn import Urn
from platform_pulumi.plugins.values import UNKNOWN, Properties, open_value

DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Resource:
    """What is known of one resource while its outputs are made.

    `incarnation` counts the creates of its URN, `version` the updates since.
    """

    urn: Urn
    schema: ResourceSchema
    entry: Entry
    region: str = DEFAULT_REGION
    incarnation: int = 1
    version: int = 1

    @property
    def seed(self) -> str:
        """What made-up values depend on."""
        return f"{self.urn.text}#{self.incarnation}"


def planned(resource: Resource, inputs: Properties) -> Properties:
    """The outputs of a create that is only previewed: inputs, and every computed output unknown."""
    outputs = {**inputs, **_mirrored(resource, inputs)}
    for name in _computed(resource, inputs):
        outputs[name] = UNKNOWN
    return outputs


def created(resource: Resource, inputs: Properties) -> tuple[str, Properties]:
    """The id and the outputs of a new resource."""
    values = _values(resource, inputs)
    identifier = fill(resource.entry.id, f"{resource.seed}#id", values)
    values["id"] = identifier
    outputs = {**inputs, **_mirrored(resource, inputs)}
    made = _made(resource, values)
    for name in _computed(resource, inputs):
        outputs[name] = made[name] if name in made else _of_shape(resource, name, resource.schema.outputs.get(name))
    return identifier, outputs


def updated(resource: Resource, identifier: str, old: Properties, inputs: Properties, changed: set[str]) -> Properties:
    """The outputs after an update: new inputs, old computed outputs, but for those the table says have changed."""
    made = _made(resource, {**_values(resource, inputs), "id": identifier})
    outputs = {**inputs, **_mirrored(resource, inputs)}
    for name in _computed(resource, inputs):
        if name in old and not _changes(resource.entry, name, changed):
            outputs[name] = old[name]
        else:
            outputs[name] = made[name] if name in made else _of_shape(resource, name, resource.schema.outputs.get(name))
    return outputs


def update_planned(resource: Resource, old: Properties, inputs: Properties, changed: set[str]) -> Properties:
    """The outputs of an update that is only previewed: what the table says may change is unknown."""
    outputs = {**inputs, **_mirrored(resource, inputs)}
    for name in _computed(resource, inputs):
        outputs[name] = old[name] if name in old and not _changes(resource.entry, name, changed) else UNKNOWN
    return outputs


def _changes(entry: Entry, name: str, changed: set[str]) -> bool:
    return name in entry.changes and (not entry.changes[name] or not changed.isdisjoint(entry.changes[name]))


def _computed(resource: Resource, inputs: Properties) -> list[str]:
    schema, token = resource.schema, resource.urn.type
    given = {*inputs, *_mirrored(resource, inputs)}
    names = [name for name in schema.outputs if name not in given and name not in schema.optional]
    tabled = (name for name in resource.entry.outputs if name in schema.outputs)
    names += [name for name in tabled if name not in given and name not in names]
    if token.startswith("kubernetes:"):
        names += [name for name in _kubernetes(resource, inputs) if name not in given and name not in names]
    return [name for name in names if not (token in _ABSENT and _ABSENT[token](inputs, name))]


def _mirrored(resource: Resource, inputs: Properties) -> Properties:
    """Outputs that only repeat what is known: tags with the provider's, the region, Kubernetes' default namespace."""
    mirrored: Properties = {}
    if "tagsAll" in resource.schema.outputs:
        mirrored["tagsAll"] = inputs.get("tags") or {}
    if "region" in resource.schema.outputs:
        mirrored["region"] = inputs.get("region") or resource.region
    return mirrored


def _values(resource: Resource, inputs: Properties) -> Properties:
    values = {"region": resource.region, "account": ACCOUNT, "version": resource.version, **open_value(inputs)}
    if resource.entry.name and at(values, resource.entry.name) is None and "." not in resource.entry.name:
        values[resource.entry.name] = f"{resource.urn.name}-{digest(resource.seed)[:7]}"
    metadata = values.get("metadata")
    if resource.urn.type.startswith("kubernetes:"):
        name = f"{resource.urn.name}-{digest(resource.seed)[:8]}"
        values["metadata"] = {"namespace": "default", "name": name, **(metadata if isinstance(metadata, dict) else {})}
    return values


def _made(resource: Resource, values: Properties) -> Properties:
    made: Properties = {}
    for name, form in resource.entry.outputs.items():
        text = fill(form, resource.seed, values)
        made[name] = int(text) if resource.schema.outputs.get(name) == "number" else text
    if resource.entry.name and "." not in resource.entry.name:
        made[resource.entry.name] = values[resource.entry.name]
    special = _SPECIAL.get(resource.urn.type)
    if special is not None:
        made |= special(resource, {**values, **made})
    elif resource.urn.type.startswith(mock.PREFIX):
        made |= mock.outputs(resource, values)
    elif resource.urn.type.startswith("kubernetes:"):
        made |= _kubernetes(resource, values)
    return made


def _of_shape(resource: Resource, name: str, shape: Shape) -> Any:
    """A plain value of a type: an ARN where the name says so, else digits; empty lists and mappings."""
    hashed = digest(resource.seed, name)
    if shape == "string":
        if name == "arn" or name.endswith("Arn"):
            service = resource.urn.type.split(":")[1].split("/")[0]
            return f"arn:aws:{service}:{resource.region}:{ACCOUNT}:{hashed[:17]}"
        return hashed[:17]
    if shape == "number":
        return int(hashed[:4], 16)
    if shape == "boolean":
        return False
    return [] if isinstance(shape, dict) and "list" in shape else {}


def _rds_instance(resource: Resource, values: Properties) -> Properties:
    port = values.get("port") or {"postgres": 5432}.get(str(values.get("engine")), 3306)
    made: Properties = {
        "port": port,
        "endpoint": f"{values['address']}:{port}",
        "status": "available",
        "engineVersionActual": values.get("engineVersion") or "",
    }
    if values.get("manageMasterUserPassword"):
        secret = f"arn:aws:secretsmanager:{resource.region}:{ACCOUNT}:secret:rds!{values['id']}-{{hex6}}"
        key = f"arn:aws:kms:{resource.region}:{ACCOUNT}:key/{{uuid}}"
        made["masterUserSecrets"] = [
            {
                "secretArn": fill(secret, resource.seed, {}),
                "kmsKeyId": fill(key, resource.seed, {}),
                "secretStatus": "active",
            }
        ]
    return made


def _mq_broker(resource: Resource, values: Properties) -> Properties:
    count = {"CLUSTER_MULTI_AZ": 1, "ACTIVE_STANDBY_MULTI_AZ": 2}.get(str(values.get("deploymentMode")), 1)
    host = f"{values['id']}{{part}}.mq.{resource.region}.amazonaws.com"
    instances = []
    for number in range(1, count + 1):
        name = host.format(part=f"-{number}" if count > 1 else "")
        scheme = "amqps" if str(values.get("engineType")).lower() == "rabbitmq" else "amqp+ssl"
        instances.append(
            {
                "consoleUrl": f"https://{name}",
                "endpoints": [f"{scheme}://{name}:5671"],
                "ipAddress": fill("10.0.1.{octet}", f"{resource.seed}{number}", {}),
            }
        )
    return {"instances": instances}


def _eks_cluster(resource: Resource, values: Properties) -> Properties:
    issuer = fill("https://oidc.eks.{region}.amazonaws.com/id/{HEX32}", resource.seed, values)
    authority = base64.b64encode(digest(resource.seed, "certificate authority").encode()).decode()
    return {
        "certificateAuthority": {"data": authority},
        "certificateAuthorities": [{"data": authority}],
        "identities": [{"oidcs": [{"issuer": issuer}]}],
        "status": "ACTIVE",
    }


def _kubernetes(resource: Resource, values: Properties) -> Properties:
    """`status` where a controller would fill it in, so that what depends on it waits for the apply."""
    kind = resource.urn.type.rpartition(":")[2]
    if kind not in {"Service", "Ingress"}:
        return {}
    host = fill("{hex32}.elb.{region}.amazonaws.com", resource.seed, values)
    balanced = kind == "Ingress" or at(values, "spec.type") == "LoadBalancer"
    return {"status": {"loadBalancer": {"ingress": [{"hostname": host}]} if balanced else {}}}


_SPECIAL: Mapping[str, Callable[[Resource, Properties], Properties]] = {
    "aws:rds/instance:Instance": _rds_instance,
    "aws:mq/broker:Broker": _mq_broker,
    "aws:eks/cluster:Cluster": _eks_cluster,
}
#: Outputs that the SDK types as always there and that are not, given the inputs.
_ABSENT: Mapping[str, Callable[[Properties, str], bool]] = {
    "aws:rds/instance:Instance": lambda inputs, name: (
        name == "masterUserSecrets" and not inputs.get("manageMasterUserPassword")
    ),
}


def derived_secret(*parts: object) -> str:
    """A made-up secret: different for different parts, the same on every machine."""
    return digest("simulated secret", *parts)[:32]


def managed_credentials(username: str, *parts: object) -> str:
    """What AWS keeps for a master user whose password it manages, as JSON."""
    return json.dumps({"username": username, "password": derived_secret(*parts)})
