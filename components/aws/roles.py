"""IAM roles: names within the limit, and trust policies."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

#: IAM's limit: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
NAME_LIMIT = 64
POLICY_VERSION = "2012-10-17"
_ACCOUNT = re.compile(r"[0-9]{12}|arn:.*|\*")


def trust_policy(assumed_by: Sequence[str]) -> str:
    """Build a trust policy, as JSON: services by name, accounts and roles by number or ARN."""
    principals: dict[str, list[str]] = {}
    for principal in assumed_by:
        principals.setdefault("AWS" if _ACCOUNT.fullmatch(principal) else "Service", []).append(principal)
    statements = [{"Effect": "Allow", "Principal": principals, "Action": "sts:AssumeRole"}]
    return json.dumps({"Version": POLICY_VERSION, "Statement": statements}, sort_keys=True)


def policy_label(arn: str) -> str:
    """Build the unique label of a managed policy's attachment: account (or `aws`) and name."""
    fields = arn.split(":")
    return f"{fields[4]}-{arn.rpartition('/')[2]}" if len(fields) > 5 else arn
