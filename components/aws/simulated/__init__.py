"""Simulated packages `aws` and `eks`."""

from __future__ import annotations

from typing import Final

from components.aws.simulated import functions, outputs, place, table
from platform_pulumi.plugins.table import SimulatedPackage

AWS: Final = SimulatedPackage(
    "aws",
    table.TABLE.get,
    functions=functions.FUNCTIONS,
    text=outputs.arn,
    # https://github.com/pulumi/pulumi-aws/pull/4000: a provider that turns to another region replaces what it holds.
    replace=("region",),
    place=place.place,
)
#: Only its remote components are used; their children are resources of other packages.
EKS: Final = SimulatedPackage("eks", lambda _token: None, components="components.aws.simulated.eks_cluster:EksClusters")
