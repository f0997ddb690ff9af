"""`database` on AWS: an RDS instance in the bound network's private subnets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from urllib.parse import quote

import pulumi
from pulumi_aws import rds

from components.aws.access import security_group
from components.aws.bound_network import network_key, subnets
from components.aws.credentials import store_credentials
from components.aws.database.binding import LEAST_STORAGE
from components.aws.tags import named_tags
from platform_pulumi.model.capabilities.shared_primitives.database import Database as Properties
from platform_pulumi.model.value import Secret
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.scope import CapabilityScope

_ENGINES = {"postgresql": ("postgres", 5432), "mysql": ("mysql", 3306), "mariadb": ("mariadb", 3306)}


class Database(CapabilityComponent):
    """Component of an RDS instance, its subnet and security groups, and a secret for a given password.

    Without one, RDS makes the password, keeps it in Secrets Manager and rotates it; nobody else ever has it
    (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html).
    """

    TOKEN: ClassVar[str] = "platform:aws:Database"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the children; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        instance = self._instance(properties)
        if properties.password is None:
            reference: pulumi.Input[str] = instance.master_user_secrets.apply(lambda secrets: secrets[0].secret_arn)
        else:
            reference = store_credentials(self, properties.username, scope.text(properties.password)).secret_arn
        password = None if properties.password is None else scope.text(properties.password)
        return {
            "endpoint": instance.endpoint,
            "host": instance.address,
            "port": instance.port,
            "database_name": properties.database_name,
            "username": properties.username,
            "credential_ref": reference,
            # RDS instances are reached within the network only.
            "published_endpoint": "",
            "published_connection_string": "",
            "connection_string": pulumi.Output.all(instance.endpoint, password).apply(
                lambda known: connection_url(
                    properties.engine, properties.username, known[1], known[0], properties.database_name
                )
            ),
        }

    def _instance(self, properties: Properties) -> rds.Instance:
        scope = self.scope
        engine, port = _ENGINES[properties.engine]
        place = network_key(scope)
        keys = replace_keys(properties, place)
        group = rds.SubnetGroup(
            self.logical(),
            name=scope.name(replace_keys=place),
            description="Private subnets",
            subnet_ids=subnets(scope, "private"),
            tags=named_tags(scope, self.logical()),
            opts=self.child("aws"),
        )
        return rds.Instance(
            self.logical(),
            identifier=scope.name(replace_keys=keys),
            engine=engine,
            engine_version=properties.version,
            instance_class=properties.instance_class,
            allocated_storage=max(properties.storage_gb, LEAST_STORAGE),
            storage_type="gp3",
            storage_encrypted=properties.encrypted,
            multi_az=properties.multi_az,
            db_name=properties.database_name,
            username=properties.username,
            **self._password(properties),
            db_subnet_group_name=group.name,
            vpc_security_group_ids=[security_group(self, [port]).id],
            publicly_accessible=False,
            backup_retention_period=properties.backup_retention_days,
            copy_tags_to_snapshot=True,
            deletion_protection=properties.deletion_protection,
            skip_final_snapshot=not properties.final_snapshot,
            final_snapshot_identifier=scope.name("final", replace_keys=keys) if properties.final_snapshot else None,
            # What was planned and approved is what happens now, not in the next maintenance window.
            apply_immediately=True,
            allow_major_version_upgrade=True,
            tags=named_tags(scope, self.logical()),
            # RDS does not move an instance between networks: another subnet group is another instance.
            opts=self.child("aws", protect=scope.protect, replace_on_changes=["dbSubnetGroupName"]),
        )

    def _password(self, properties: Properties) -> dict[str, Any]:
        if properties.password is None:
            return {"manage_master_user_password": True}
        return {"password": self.scope.text(properties.password)}


def replace_keys(properties: Properties, network: Mapping[str, str]) -> dict[str, Any]:
    """List the properties whose change makes RDS replace an instance; others change in place, under the same name."""
    return {
        "engine": properties.engine,
        "database_name": properties.database_name,
        "username": properties.username,
        "encrypted": properties.encrypted,
        **network,
    }


def connection_url(engine: str, username: str, password: Secret | str | None, endpoint: str, database: str) -> str:
    """Build a connection URL; without the password where only the provider has it."""
    user = quote(username, safe="") + (f":{quote(str(password), safe='')}" if password else "")
    return f"{engine}://{user}@{endpoint}/{database}"
