"""Settings of the AWS provider, `provider.config`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from platform_pulumi.errors import InputError
from platform_pulumi.sdk.run import TierRun
from platform_pulumi.sdk.simulation import SIMULATED_REGION

#: Letters of the zones a new account finds in regions that do not start with a, b, c.
#: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
_ZONE_LETTERS: Mapping[str, str] = {"ap-northeast-1": "acd", "ca-central-1": "abd", "us-west-1": "ac"}
_USUAL_LETTERS = "abcdef"


def settings(run: TierRun) -> Mapping[str, Any]:
    """Return the provider's config in this run; empty where there is none."""
    return run.providers["aws"].config if "aws" in run.providers else {}


def region(run: TierRun) -> str:
    """Return the region of every resource.

    Raises:
        InputError: the config names none and the run is not simulated.
    """
    named = settings(run).get("region")
    if named:
        return str(named)
    if run.simulated:
        return SIMULATED_REGION
    summary = "The aws provider needs a region"
    detail = "Nothing says where on AWS this belongs. Set provider.config.region, for example us-east-1."
    raise InputError(summary, detail)


def zones(run: TierRun) -> tuple[str, ...]:
    """List availability zones in order of preference: `availability_zones`, else the region with its letters.

    Never asked of AWS: a plan then needs no account, and a zone that AWS adds moves nothing.
    """
    named = settings(run).get("availability_zones")
    if named:
        return tuple(str(zone) for zone in named)
    place = region(run)
    return tuple(f"{place}{letter}" for letter in _ZONE_LETTERS.get(place, _USUAL_LETTERS))
