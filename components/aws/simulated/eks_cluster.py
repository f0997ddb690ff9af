"""Simulated remote component `eks.Cluster`: the child resources that the published plugin creates, from a record.

Only the plugin knows them. The record follows its source at version 4 for the options that our component uses; an
option outside of it is refused, so that a simulated plan never shows children that the real plugin would not make.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
import pulumi.provider
from pulumi.provider.server import ProviderServicer
from pulumi.runtime import invoke_async

from platform_pulumi.model.signatures import RESOURCE_SIGNATURE, SIGNATURE_KEY
from platform_pulumi.plugins.checks import check
from platform_pulumi.plugins.provider import ProviderError
from platform_pulumi.plugins.sdk_types import SdkTypes
from platform_pulumi.plugins.value_templates import digest
from platform_pulumi.plugins.values import UNKNOWN, decode, encode

TOKEN = "eks:index:Cluster"
#: The plugin's major version that the record stands for.
RECORDED = "4"
_PLAYED = frozenset(
    {
        *("authenticationMode", "clusterSecurityGroup", "clusterTags", "createOidcProvider", "deletionProtection"),
        *("enabledClusterLogTypes", "encryptionConfigKeyArn", "endpointPrivateAccess", "endpointPublicAccess", "name"),
        *("privateSubnetIds", "publicAccessCidrs", "publicSubnetIds", "serviceRole", "skipDefaultNodeGroup"),
        *("skipDefaultSecurityGroups", "subnetIds", "tags", "useDefaultVpcCni", "version", "vpcId"),
    }
)
#: Options that must have this value: another one makes children that the record does not have.
_FIXED = {"authenticationMode": "API", "skipDefaultNodeGroup": True, "skipDefaultSecurityGroups": True}
_CALLER = "aws:index/getCallerIdentity:getCallerIdentity"
_ACCESS = "accessConfig.bootstrapClusterCreatorAdminPermissions"


class EksClusters:
    """Builder of `eks.Cluster`.

    Args:
        types: the types of the package `eks`.
    """

    def __init__(self, types: SdkTypes) -> None:
        self._types = types

    async def construct(self, request: Any, context: Any, engine_address: str) -> Any:
        """Build the `eks.Cluster` that a `ConstructRequest` asks for.

        Raises:
            ProviderError: the inputs are wrong, or outside of the record.
        """
        if request.type != TOKEN:
            message = f"the remote component {request.type} is not simulated; only {TOKEN} is"
            raise ProviderError(message)
        inputs = decode(request.inputs)
        failures = check(self._types.resource(TOKEN), self._types.objects, inputs)
        if failures:
            raise ProviderError("; ".join(f"{f.path}: {f.reason}" for f in failures))
        strangers = sorted(set(inputs) - _PLAYED)
        if strangers:
            message = f"{', '.join(strangers)}: not in the record of eks.Cluster {RECORDED}"
            raise ProviderError(message)
        for name, value in _FIXED.items():
            if inputs.get(name) != value:
                message = f"{name}: the record of eks.Cluster {RECORDED} is for {json.dumps(value)} only"
                raise ProviderError(message)
        if "serviceRole" not in inputs:
            message = f"serviceRole: the record of eks.Cluster {RECORDED} needs one"
            raise ProviderError(message)
        # The SDK would turn a reference into a resource or an id, depending on what is imported by then. What comes of
        # either depends on the resource.
        for name, value in inputs.items():
            request.inputDependencies[name].urns.extend(_referenced(value))
        request.inputs.CopyFrom(encode(_without_references(inputs)))
        servicer = ProviderServicer(_Provider(), [], engine_address)
        return await servicer.Construct(request, context)


class _Provider(pulumi.provider.Provider):
    def __init__(self) -> None:
        super().__init__(RECORDED)

    def construct(
        self, name: str, resource_type: str, inputs: Mapping[str, Any], options: pulumi.ResourceOptions | None = None
    ) -> pulumi.provider.ConstructResult:
        component = pulumi.ComponentResource(resource_type, name, None, options)
        state = _children(component, name, inputs)
        component.register_outputs(state)
        return pulumi.provider.ConstructResult(component.urn, state)


class _Child(pulumi.CustomResource):
    """A resource by its token; `reads` become attributes, as Outputs."""

    def __init__(
        self,
        token: str,
        name: str,
        inputs: Mapping[str, Any],
        opts: pulumi.ResourceOptions,
        reads: tuple[str, ...] = (),
    ) -> None:
        given = {key: value for key, value in inputs.items() if value is not None}
        super().__init__(token, name, {**dict.fromkeys(reads), **given}, opts)

    def read(self, name: str) -> pulumi.Output[Any]:
        """An output by the provider's name."""
        output: pulumi.Output[Any] = vars(self)[name]
        return output


def _children(parent: pulumi.ComponentResource, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    cluster = _cluster(parent, name, inputs)
    cluster_name, version = cluster.read("name"), cluster.read("version")
    _addon(parent, f"{name}-kube-proxy", "kube-proxy", cluster_name, version, inputs.get("tags"))
    kubeconfig = pulumi.Output.all(
        cluster_name, cluster.read("endpoint"), cluster.read("certificateAuthority"), cluster.read("arn")
    ).apply(lambda known: json.dumps(_kubeconfig(known[0], known[1], known[2]["data"], known[3].split(":")[3])))
    pulumi.ProviderResource(
        "kubernetes", f"{name}-eks-k8s", {"kubeconfig": kubeconfig}, pulumi.ResourceOptions(parent=parent)
    )
    if not inputs.get("useDefaultVpcCni"):
        addon = pulumi.ComponentResource(
            "eks:index:VpcCniAddon", f"{name}-vpc-cni", None, pulumi.ResourceOptions(parent=parent)
        )
        _addon(addon, f"{name}-vpc-cni", "vpc-cni", cluster_name, version, inputs.get("tags"))
        addon.register_outputs({})
    issuer = cluster.read("identities").apply(lambda known: known[0]["oidcs"][0]["issuer"])
    state: dict[str, Any] = {
        "autoModeNodeRoleName": "",
        "clusterIngressRuleId": "",
        "clusterSecurityGroupId": cluster.read("vpcConfig").apply(_first_group),
        "defaultNodeGroupAsgName": "",
        "eksCluster": cluster,
        "fargateProfileId": "",
        "fargateProfileStatus": "",
        "instanceRoles": [],
        "kubeconfig": pulumi.Output.secret(kubeconfig.apply(json.loads)),
        "kubeconfigJson": pulumi.Output.secret(kubeconfig),
        "nodeSecurityGroupId": "",
        "oidcIssuer": issuer.apply(lambda url: url.removeprefix("https://")),
        "oidcProviderArn": "",
        "oidcProviderUrl": issuer,
    }
    if inputs.get("createOidcProvider"):
        state["oidcProviderArn"] = _oidc_provider(parent, name, issuer).read("arn")
    return state


def _cluster(parent: pulumi.ComponentResource, name: str, inputs: Mapping[str, Any]) -> _Child:
    groups = [inputs["clusterSecurityGroup"]] if "clusterSecurityGroup" in inputs else None
    key = inputs.get("encryptionConfigKeyArn")
    tags = pulumi.Output.all(inputs.get("tags"), inputs.get("clusterTags")).apply(
        lambda known: {"Name": f"{name}-eksCluster", **(known[1] or {}), **(known[0] or {})}
    )

    async def role_arn(name: str) -> str:
        """The ARN of the role: a reference to it stands among the inputs as its id, which is its name."""
        found = await invoke_async(_CALLER, {}, pulumi.InvokeOptions(parent=parent))
        return f"arn:aws:iam::{found['accountId']}:role/{name}"

    network = {
        "securityGroupIds": groups,
        "subnetIds": _subnets(inputs),
        "endpointPrivateAccess": inputs.get("endpointPrivateAccess"),
        "endpointPublicAccess": inputs.get("endpointPublicAccess"),
        "publicAccessCidrs": inputs.get("publicAccessCidrs"),
    }
    return _Child(
        "aws:eks/cluster:Cluster",
        f"{name}-eksCluster",
        {
            "name": inputs.get("name"),
            "roleArn": pulumi.Output.from_input(inputs["serviceRole"]).apply(role_arn),
            "bootstrapSelfManagedAddons": True,
            "vpcConfig": {option: value for option, value in network.items() if value is not None},
            "version": inputs.get("version"),
            "enabledClusterLogTypes": inputs.get("enabledClusterLogTypes"),
            "tags": tags,
            "encryptionConfig": {"provider": {"keyArn": key}, "resources": ["secrets"]} if key is not None else None,
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
            "deletionProtection": inputs.get("deletionProtection"),
        },
        pulumi.ResourceOptions(parent=parent, ignore_changes=[_ACCESS, "bootstrapSelfManagedAddons"]),
        reads=("arn", "certificateAuthority", "endpoint", "identities", "name", "version", "vpcConfig"),
    )


def _subnets(inputs: Mapping[str, Any]) -> Any:
    if "subnetIds" in inputs:
        return inputs["subnetIds"]
    halves = pulumi.Output.all(inputs.get("publicSubnetIds", []), inputs.get("privateSubnetIds", []))
    return halves.apply(lambda known: [*known[0], *known[1]])


def _addon(
    parent: pulumi.ComponentResource,
    name: str,
    addon: str,
    cluster: pulumi.Output[str],
    version: pulumi.Output[str],
    tags: Any,
) -> None:
    async def newest(kubernetes: str) -> str:
        arguments = {"addonName": addon, "kubernetesVersion": kubernetes, "mostRecent": True}
        options = pulumi.InvokeOptions(parent=parent)
        found = await invoke_async("aws:eks/getAddonVersion:getAddonVersion", arguments, options)
        return str(found["version"])

    _Child(
        "aws:eks/addon:Addon",
        name,
        {
            "clusterName": cluster,
            "addonName": addon,
            "addonVersion": version.apply(newest),
            "preserve": True,
            "resolveConflictsOnCreate": "OVERWRITE",
            "resolveConflictsOnUpdate": "OVERWRITE",
            "tags": tags,
        },
        pulumi.ResourceOptions(parent=parent),
    )


def _oidc_provider(parent: pulumi.ComponentResource, name: str, issuer: pulumi.Output[str]) -> _Child:
    return _Child(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        f"{name}-oidcProvider",
        {"clientIdLists": ["sts.amazonaws.com"], "url": issuer, "thumbprintLists": [digest("thumbprint")[:40]]},
        pulumi.ResourceOptions(parent=parent),
        reads=("arn",),
    )


def _referenced(value: Any) -> Iterator[str]:
    """The URNs of the resources that a value refers to."""
    if isinstance(value, dict):
        if value.get(SIGNATURE_KEY) == RESOURCE_SIGNATURE:
            yield str(value["urn"])
        else:
            yield from (urn for item in value.values() for urn in _referenced(item))
    elif isinstance(value, list):
        yield from (urn for item in value for urn in _referenced(item))


def _without_references(value: Any) -> Any:
    """The value with the id of each referenced resource in the place of the reference."""
    if isinstance(value, dict):
        if value.get(SIGNATURE_KEY) == RESOURCE_SIGNATURE:
            return value.get("id") or UNKNOWN
        return {name: _without_references(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_references(item) for item in value]
    return value


def _first_group(network: Mapping[str, Any]) -> str:
    groups = network.get("securityGroupIds") or []
    return str(groups[0]) if groups else ""


def _kubeconfig(name: str, endpoint: str, authority: str, region: str) -> dict[str, Any]:
    command = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"]
    execute = {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws", "args": command}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "aws",
        "clusters": [{"name": "kubernetes", "cluster": {"server": endpoint, "certificate-authority-data": authority}}],
        "contexts": [{"name": "aws", "context": {"cluster": "kubernetes", "user": "aws"}}],
        "users": [{"name": "aws", "user": {"exec": execute}}],
    }
