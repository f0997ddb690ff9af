"""What AWS cannot have of the provider's settings. No pulumi here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from platform_pulumi.model.characters import shown
from platform_pulumi.sdk.provider import Refusal

#: https://docs.aws.amazon.com/general/latest/gr/rande.html: us-east-1, us-gov-west-1, eusc-de-east-1.
_REGION: Final = re.compile(r"[a-z]{2,6}(-[a-z]+)+-[0-9]{1,2}")
#: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html.
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
#: A region's zone, us-east-1a, or a local one, us-west-2-lax-1a.
_ZONE: Final = re.compile(rf"{_REGION.pattern}(-[a-z]+-[0-9]{{1,2}})?[a-z]")
_ROLE: Final = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>[0-9]{12}):role/[!-~]+")
_PROFILE: Final = re.compile(r"[^\x00-\x1f\x7f\]]*[^\s\x00-\x1f\x7f\]][^\x00-\x1f\x7f\]]*")

_FORMS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    "region": (_REGION, "a region such as us-east-1"),
    "account_id": (_ACCOUNT, "an account's number, 12 digits in quotes"),
    "assume_role": (_ROLE, "the ARN of a role, arn:aws:iam::123456789012:role/NAME"),
    "profile": (_PROFILE, "the name of a profile"),
}


def refusals(config: Mapping[str, Any]) -> Iterator[Refusal]:
    """Report settings that no AWS account or region could have."""
    for name, (form, words) in _FORMS.items():
        value = config.get(name)
        if name in config and not (isinstance(value, (str, int)) and form.fullmatch(str(value))):
            yield Refusal((name,), f"`{name}` should be {words}. {_it_is(value)}")
    account = config.get("account_id")
    if (own := implied(config).get("account_id")) and account is not None and own != str(account):
        yield Refusal(("assume_role",), f"The role is of account {own}, and `account_id` is {shown(str(account))}.")
    if "availability_zones" in config:
        yield from _zones(config["availability_zones"], config.get("region"))


def implied(config: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the account that a role leads to: whoever assumes it works there."""
    role = _ROLE.fullmatch(str(config.get("assume_role", "")))
    return {"account_id": role["account"]} if role is not None else {}


def _zones(zones: Any, region: Any) -> Iterator[Refusal]:
    path = ("availability_zones",)
    if not isinstance(zones, (list, tuple)) or not zones:
        yield Refusal(path, f"`availability_zones` should be a list of zones such as us-east-1a. {_it_is(zones)}")
        return
    seen: dict[Any, int] = {}
    for index, zone in enumerate(zones):
        if not isinstance(zone, str) or not _ZONE.fullmatch(zone):
            yield Refusal((*path, index), f"A zone is called like us-east-1a. {_it_is(zone)}")
        elif isinstance(region, str) and _REGION.fullmatch(region) and not zone.startswith(region):
            yield Refusal((*path, index), f"`{zone}` is no zone of {region}, which `region` names.")
        elif seen.setdefault(zone, index) != index:
            yield Refusal((*path, index), f"`{zone}` is listed already: subnets of two zones would lie in one.")


def _it_is(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "Nothing is given."
    return f"It is {shown(str(value))}." if isinstance(value, (str, int, float)) else "It is something else."
