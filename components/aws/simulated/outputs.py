"""Computed outputs of AWS resources that no template can express."""

from __future__ import annotations

import base64
import json

from platform_pulumi.plugins.outputs import derived_secret
from platform_pulumi.plugins.table import Resource
from platform_pulumi.plugins.value_templates import digest, render
from platform_pulumi.plugins.values import Properties


def database(resource: Resource, values: Properties) -> Properties:
    """Compute the outputs of an RDS instance: its endpoint, and the secret of its master user."""
    port = values.get("port") or {"postgres": 5432}.get(str(values.get("engine")), 3306)
    made: Properties = {
        "port": port,
        "endpoint": f"{values['address']}:{port}",
        "status": "available",
        "engineVersionActual": values.get("engineVersion") or "",
    }
    if values.get("manageMasterUserPassword"):
        secret = f"arn:aws:secretsmanager:{resource.region}:{resource.account}:secret:rds!{values['id']}-{{hex6}}"
        key = f"arn:aws:kms:{resource.region}:{resource.account}:key/{{uuid}}"
        made["masterUserSecrets"] = [
            {
                "secretArn": render(secret, resource.seed, {}),
                "kmsKeyId": render(key, resource.seed, {}),
                "secretStatus": "active",
            }
        ]
    return made


def broker(resource: Resource, values: Properties) -> Properties:
    """Compute the outputs of an Amazon MQ broker: its instances with their endpoints."""
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
                "ipAddress": render("10.0.1.{octet}", f"{resource.seed}{number}", {}),
            }
        )
    return {"instances": instances}


def cluster(resource: Resource, values: Properties) -> Properties:
    """Compute the outputs of an EKS cluster: its certificate authority and its OIDC issuer."""
    issuer = render("https://oidc.eks.{region}.amazonaws.com/id/{HEX32}", resource.seed, values)
    authority = base64.b64encode(digest(resource.seed, "certificate authority").encode()).decode()
    return {
        "certificateAuthority": {"data": authority},
        "certificateAuthorities": [{"data": authority}],
        "identities": [{"oidcs": [{"issuer": issuer}]}],
        "status": "ACTIVE",
    }


def no_managed_secret(inputs: Properties, name: str) -> bool:
    """Whether this output of an RDS instance is missing: there is no secret unless RDS manages the password."""
    return name == "masterUserSecrets" and not inputs.get("manageMasterUserPassword")


def arn(resource: Resource, name: str) -> str | None:
    """Build an ARN, where an output's name says that it is one."""
    if name != "arn" and not name.endswith("Arn"):
        return None
    service = resource.urn.type.split(":")[1].split("/")[0]
    return f"arn:aws:{service}:{resource.region}:{resource.account}:{digest(resource.seed, name)[:17]}"


def managed_credentials(username: str, *parts: object) -> str:
    """Build the stored credentials of a master user whose password AWS manages, as JSON."""
    return json.dumps({"username": username, "password": derived_secret(*parts)})
