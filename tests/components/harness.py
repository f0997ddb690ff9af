"""Builds one capability, without an engine, and tells what it registered.

A component runs on Pulumi's own in-process mocks; what reaches the monitor is what an engine would be given, in the
names and types of the wire. Outputs are made up, deterministic, and of the shape the real providers give.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks as pulumi_mocks
from pulumi.runtime import set_mocks
from pulumi.runtime.stack import wait_for_rpcs

from platform_pulumi.errors import Position
from platform_pulumi.model.capabilities import CAPABILITY_TYPES
from platform_pulumi.model.capability import Capability, CapabilityRef, Dependency
from platform_pulumi.model.context import Context, StackName
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import Mode, OutputDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.sdk.provider import ProviderDefinition, load
from platform_pulumi.sdk.run import ProviderRun, TierRun, Upstream
from platform_pulumi.sdk.scope import CapabilityScope, Scope

#: The providers of this distribution: name to the definition's `module:attribute`.
ENTRY_POINTS: Mapping[str, str] = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"][
    "entry-points"
]["platform_pulumi.providers"]
AT = Position("platform.yaml", 1, 1)
CONTEXT = Context("acme-corp", "production")
#: What the tiers above give, by capability: names as in the specification's production example.
GIVEN: Mapping[Tier, Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    Tier.INFRASTRUCTURE: {
        "vpc": (
            "network",
            {
                "id": "vpc-1",
                "cidr": "10.0.0.0/16",
                "private_subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
                "public_subnet_ids": ["subnet-d", "subnet-e", "subnet-f"],
            },
        ),
        "cluster": (
            "kubernetes_cluster",
            {"name": "eks-1", "endpoint": "https://eks-1.example", "ca_certificate": "Y2E=", "version": "1.29"},
        ),
    },
    Tier.SHARED_PRIMITIVES: {
        "space": ("namespace", {"name": "space-1"}),
        "postgres": (
            "database",
            {
                "endpoint": "db.example:5432",
                "host": "db.example",
                "port": 5432,
                "database_name": "app",
                "username": "platform",
                "credential_ref": "arn:aws:secretsmanager:us-east-1:1:secret:db",
                "connection_string": "postgresql://platform@db.example:5432/app",
            },
        ),
    },
}
REVEALED = "canary-revealed-6f1d"
#: What an output is that is not known yet.
UNKNOWN = object()


@dataclass(frozen=True)
class Registered:
    """A registration as it went over the wire: secrets and resource references in Pulumi's marked form.

    `depends` are the URNs of what it waits for, whatever the reason.
    """

    type: str
    name: str
    inputs: Mapping[str, Any]
    options: Mapping[str, Any]
    depends: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass
class Built:
    """Everything one build registered, and the component's outputs."""

    resources: list[Registered] = field(default_factory=list)
    providers: list[Registered] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    secret_outputs: set[str] = field(default_factory=set)

    def one(self, kind: str, name: str | None = None) -> Registered:
        """The only resource of a type (and name)."""
        found = [r for r in self.resources if r.type == kind and name in (None, r.name)]
        assert len(found) == 1, f"{len(found)} of {kind} {name or ''}, not one"
        return found[0]

    def types(self) -> list[str]:
        """All registered types, sorted."""
        return sorted(r.type for r in self.resources)

    def fingerprint(self) -> Any:
        """What an engine would compare: names, inputs and the options that make a difference."""
        return sorted(
            json.dumps([r.type, r.name, r.inputs, r.options], sort_keys=True, default=str) for r in self.resources
        )


class _Monitor(pulumi_mocks.MockMonitor):
    """Keeps each registration in full, secrets still marked."""

    def __init__(self, mocks: pulumi_mocks.Mocks) -> None:
        super().__init__(mocks)
        self.seen: list[Registered] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802  the protocol's name
        if request.type != "pulumi:pulumi:Stack":
            trigger = MessageToDict(request.replacement_trigger)
            options = {
                "protect": request.protect,
                "deleteBeforeReplace": request.deleteBeforeReplace,
                "replaceOnChanges": list(request.replaceOnChanges),
                **({"replacementTrigger": trigger} if trigger else {}),
                **({"ignoreChanges": list(request.ignoreChanges)} if request.ignoreChanges else {}),
                # Not said is not the same as no.
                **({"mayStandBeside": True} if _beside(request) else {}),
            }
            depends = frozenset(request.dependencies)
            # Not through the SDK's reading, which moves a secret from where it is to the property it is in.
            self.seen.append(Registered(request.type, request.name, MessageToDict(request.object), options, depends))
        return super().RegisterResource(request)


def _beside(request: Any) -> bool:
    return bool(request.deleteBeforeReplaceDefined and not request.deleteBeforeReplace)


class _Provider(pulumi_mocks.Mocks):
    """Answers for every provider: an id, the inputs, and the outputs our components read."""

    def call(self, args: pulumi_mocks.MockCallArgs) -> Any:
        assert args.token == "aws:secretsmanager/getSecretVersion:getSecretVersion"
        return {"secretString": json.dumps({"username": "platform", "password": REVEALED}), **args.args}

    def new_resource(self, args: pulumi_mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        short = hashlib.sha256(f"{args.typ}{args.name}".encode()).hexdigest()[:8]
        return f"{args.name}-{short}", {**args.inputs, **_computed(args.typ, args.name)}


def _computed(kind: str, name: str) -> dict[str, Any]:
    server = {"server": f"https://{name}.example", "certificate-authority-data": "Y2E="}
    return {
        "aws:iam/role:Role": {"arn": f"arn:aws:iam::1:role/{name}"},
        "aws:ec2/launchTemplate:LaunchTemplate": {"latestVersion": 1},
        "aws:rds/instance:Instance": {
            "endpoint": f"{name}.example:5432",
            "address": f"{name}.example",
            "port": 5432,
            "masterUserSecrets": [{"secretArn": f"arn:aws:secretsmanager:us-east-1:1:secret:{name}"}],
        },
        "aws:mq/broker:Broker": {"instances": [{"endpoints": [f"amqps://{name}.example:5671"]}]},
        "aws:secretsmanager/secret:Secret": {"arn": f"arn:aws:secretsmanager:us-east-1:1:secret:{name}"},
        "aws:secretsmanager/secretVersion:SecretVersion": {
            "secretArn": f"arn:aws:secretsmanager:us-east-1:1:secret:{name}",
            "versionId": "version-1",
        },
        "aws:sqs/queue:Queue": {"url": f"https://sqs.example/{name}"},
        "eks:index:Cluster": {"kubeconfigJson": json.dumps({"clusters": [{"name": name, "cluster": server}]})},
        "platform:index:Password": {"result": pulumi.Output.secret(f"canary-made-{name}")},
        "platform:index:Revision": {"result": "4f2a9c1"},
        "docker:index/network:Network": {"ipamConfigs": [{"subnet": "172.20.0.0/16"}]},
        "docker:index/remoteImage:RemoteImage": {"imageId": f"sha256:{name}"},
        "docker:index/image:Image": {"repoDigest": f"sha256:{name}"},
    }.get(kind, {})


def declare(
    kind: str,
    properties: Mapping[str, Any],
    *,
    name: str = "thing",
    provider: str = "aws",
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    bindings: Mapping[str, CapabilityRef] | None = None,
    depends_on: tuple[str, ...] = (),
) -> Capability:
    """A capability as the declarations would give it, wired to what GIVEN has."""
    model = CAPABILITY_TYPES[kind]
    given = {
        entry[0]: CapabilityRef(tier, known, entry[0]) for tier, of in GIVEN.items() for known, entry in of.items()
    }
    wired = {n.type: given[n.type] for n in model.NEEDS if n.type in given} if bindings is None else bindings
    return Capability(
        name=name,
        type=kind,
        tier=model.TIER,
        properties=model.model_validate(dict(properties)),
        provider=provider,
        declared_at=AT,
        bindings=wired,
        labels=labels or {},
        annotations=annotations or {},
        depends_on=tuple(Dependency(other) for other in depends_on),
    )


def run_of(
    *capabilities: Capability,
    config: Mapping[str, Any] | None = None,
    given: Mapping[Tier, Mapping[str, tuple[str, Mapping[str, Any]]]] = GIVEN,
    unknown: frozenset[str] = frozenset(),
    unprotected: frozenset[str] = frozenset(),
    simulated: bool = True,
    application: str = "default",
) -> TierRun:
    """A run of these capabilities' tier, the tiers above as GIVEN; `unknown` names values (`vpc:id`) not known yet."""
    tier = capabilities[0].tier
    if any("network" in capability.bindings for capability in capabilities) and tier is Tier.INFRASTRUCTURE:
        network = declare(
            "network", {"cidr": GIVEN[tier]["vpc"][1]["cidr"]}, name="vpc", provider=capabilities[0].provider
        )
        capabilities = (network, *capabilities)
    owner = application if tier is Tier.APPLICATION else None
    provider = capabilities[0].provider
    stack = CONTEXT.stack(tier, owner)
    contract = TierContract(tier, owner, CONTEXT.path(owner), (), (), (), (), Mode.AUTO_APPLY)
    return TierRun(
        context=CONTEXT,
        tier=tier,
        application=owner,
        stack=stack,
        capabilities=capabilities,
        outputs=(),
        providers={provider: ProviderRun(provider, config or {})},
        contract=contract,
        upstream={above: _upstream(above, of, unknown) for above, of in given.items() if above < tier},
        unprotected=unprotected,
        simulated=simulated,
    )


def _upstream(tier: Tier, given: Mapping[str, tuple[str, Mapping[str, Any]]], unknown: frozenset[str]) -> Upstream:
    values, outputs = {}, {}
    for capability, (kind, fields) in given.items():
        for name, value in fields.items():
            spec = CAPABILITY_TYPES[kind].OUTPUTS[name]
            key = f"{capability}:{name}"
            known = key not in unknown
            values[key] = OutputValue(spec.type, value if known else None, known=known, secret=spec.secret)
            contract_name = f"{capability}_{name}"
            outputs[contract_name] = OutputDeclaration(contract_name, capability, name, spec.type, AT)
    return Upstream(tier, outputs, values)


def build(definition: ProviderDefinition, run: TierRun, *, preview: bool = False) -> Built:
    """Run the tier's components as the tier program does, on mocks; in a preview, unknown outputs stay unknown.

    Raises:
        Exception: whatever a component raises.
    """
    loop = event_loop()
    registered = mocked(run.stack, preview=preview)
    built = Built()

    async def program() -> None:
        scope = Scope(run, {definition.name: load(definition.reveal)})
        scope.providers.update(load(definition.providers)(scope))
        for capability in run.capabilities:
            if capability.name in GIVEN.get(run.tier, {}):  # wired to, not under test
                of = GIVEN[run.tier][capability.name][1]
                scope.publish(capability, {name: pulumi.Output.from_input(value) for name, value in of.items()})
                continue
            component = load(definition.bindings[capability.type].component)(CapabilityScope(scope, capability))
            scope.publish(capability, component.outputs)
            scope.components[capability.name] = component
            for name, output in component.outputs.items():
                built.outputs[name] = await output.future() if await output.is_known() else UNKNOWN
                if await output.is_secret():
                    built.secret_outputs.add(name)
        await wait_for_rpcs()

    loop.run_until_complete(program())
    # They are registered side by side: the order in which they arrive means nothing, and varies.
    seen = sorted(registered(), key=lambda registered: (registered.type, registered.name))
    built.resources = [r for r in seen if not r.type.startswith("pulumi:providers:")]
    built.providers = [r for r in seen if r.type.startswith("pulumi:providers:")]
    return built


def mocked(stack: StackName, *, preview: bool = False) -> Callable[[], list[Registered]]:
    """Put mocks in the place of the engine; what is registered from now on, asked for at the end."""
    monitor = _Monitor(_Provider())
    set_mocks(_Provider(), project=stack.project, stack=stack.name, preview=preview, monitor=monitor)
    return lambda: monitor.seen


_kept: list[asyncio.AbstractEventLoop] = []


def event_loop() -> asyncio.AbstractEventLoop:
    """One event loop for all builds: making one each costs more than a build."""
    if not _kept:
        _kept.append(asyncio.new_event_loop())
        asyncio.set_event_loop(_kept[0])
    return _kept[0]
