"""Explicit provider resources of an AWS stack, and the reader of its passwords.

Credentials are never inputs: they reach plugins by the environment of the run.
"""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components.aws.config import region, settings
from components.aws.credentials import as_secret
from components.aws.kubeconfig import kubeconfig
from components.workload.cluster import CLUSTER, clusters
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.sdk.run import TierRun
from platform_pulumi.sdk.scope import Scope


def providers(scope: Scope) -> dict[str, pulumi.ProviderResource]:
    """Create the provider resource of each package this run needs; one for each cluster where there are several.

    Raises:
        InputError: the config names no region and the run is not simulated.
    """
    run = scope.run
    own = [capability for capability in run.capabilities if capability.provider == "aws"]
    made: dict[str, pulumi.ProviderResource] = {"aws": _aws(run)}
    if any(capability.type == CLUSTER for capability in own):
        import pulumi_eks  # noqa: PLC0415  half a second that a tier without a cluster need not wait

        made["eks"] = pulumi_eks.Provider("eks")
    made |= {name: _kubernetes(scope, name, cluster) for name, cluster in clusters(own).items()}
    return made


def reveal(scope: Scope, ref: pulumi.Output[str]) -> pulumi.Output[str]:
    """Read the password that Secrets Manager stores under an ARN, as a secret; "" for an empty reference."""
    options = pulumi.InvokeOutputOptions(provider=scope.providers["aws"])

    def read(arn: str) -> pulumi.Input[str]:
        if not arn:
            return ""
        found = aws.secretsmanager.get_secret_version_output(secret_id=arn, opts=options)
        revealed: pulumi.Output[str] = found.secret_string.apply(password)
        return revealed

    # `apply` on the reference itself, so that what is read keeps depending on where the reference comes from.
    return as_secret(ref.apply(read))


def password(text: str) -> str:
    """Extract the password from a secret's text: `password` of a JSON object, as RDS writes it, else the whole text."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        return text
    return str(content["password"]) if isinstance(content, dict) and "password" in content else text


def _aws(run: TierRun) -> aws.Provider:
    config = settings(run)
    role = config.get("assume_role")
    return aws.Provider(
        "aws",
        region=region(run),
        allowed_account_ids=[str(config["account_id"])] if config.get("account_id") else None,
        profile=config.get("profile"),
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=str(role))] if role else None,
    )


def _kubernetes(scope: Scope, name: str, cluster: CapabilityRef) -> pulumi.ProviderResource:
    import pulumi_kubernetes  # noqa: PLC0415  as above

    run, config = scope.run, settings(scope.run)
    arguments = ["--region", region(run)]
    arguments += ["--profile", str(config["profile"])] if config.get("profile") else []
    arguments += ["--role-arn", str(config["assume_role"])] if config.get("assume_role") else []
    values = [scope.output(cluster, field) for field in ("name", "endpoint", "ca_certificate")]
    reached: pulumi.ProviderResource = pulumi_kubernetes.Provider(
        name,
        kubeconfig=pulumi.Output.all(*values).apply(
            lambda known: kubeconfig(str(known[0]), str(known[1]), str(known[2]), arguments)
        ),
        # A cluster that is replaced gets another name (and so its objects are made again); one that only gets
        # another endpoint or certificate does not.
        cluster_identifier=values[0].apply(lambda known: f"{run.context.path()}/{known}"),
        enable_server_side_apply=True,
        # A changed secret is then an update, not a replacement.
        enable_secret_mutable=True,
    )
    return reached
