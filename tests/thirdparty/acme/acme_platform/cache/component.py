"""`cache` on Acme: one cache of the service, with a password of the platform's making where the user gives none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from urllib.parse import quote

import pulumi

from acme_platform import schema
from platform_pulumi.model.capabilities.shared_primitives.cache import Cache as Properties
from platform_pulumi.sdk.component import CapabilityComponent
from platform_pulumi.sdk.password import Password
from platform_pulumi.sdk.scope import CapabilityScope


class CacheResource(pulumi.CustomResource):
    """`acme:index:Cache`, as a generated SDK would have it."""

    host: pulumi.Output[str]
    port: pulumi.Output[int]

    def __init__(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(schema.TOKEN, name, {"host": None, "port": None, **inputs}, opts)


class Cache(CapabilityComponent):
    """A cache and its password."""

    TOKEN: ClassVar[str] = "platform:acme:Cache"

    def build(self, scope: CapabilityScope) -> Mapping[str, pulumi.Input[Any]]:
        """Create the cache; return the type's outputs."""
        properties = cast("Properties", scope.properties)
        password = self._password(scope, properties)
        cache = CacheResource(
            self.logical(),
            {
                # Another engine is another cache, which may stand beside the old one until that is gone.
                "name": scope.name(replace_keys={"engine": properties.engine}, limit=40),
                "engine": properties.engine,
                "version": properties.version.partition(".")[0],
                "memory": properties.memory,
                "eviction": properties.eviction,
                "password": password,
                "tags": scope.tags(self.logical()),
            },
            self.child("acme"),
        )
        endpoint = pulumi.Output.format("{0}:{1}", cache.host, cache.port)
        url = pulumi.Output.format("redis://:{0}@{1}/0", password.apply(lambda known: quote(known, safe="")), endpoint)
        return {
            "endpoint": endpoint,
            "host": cache.host,
            "port": cache.port,
            "credential_ref": password,
            "connection_string": url,
            "published_endpoint": endpoint,
            "published_connection_string": url,
        }

    def _password(self, scope: CapabilityScope, properties: Properties) -> pulumi.Output[str]:
        if properties.password is not None:
            return pulumi.Output.secret(scope.text(properties.password))
        return Password(self.logical("password"), special=False, opts=pulumi.ResourceOptions(parent=self)).result
