"""Resource `Password`: a random password, for services whose provider does not manage one (DESIGN section 6).

The provider `platform` is ours and always present; it makes the value once and keeps it in state as a secret. Where a
provider manages passwords (RDS with Secrets Manager), components let it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from platform_pulumi.model.own_package import PASSWORD


class Password(pulumi.CustomResource):
    """Random password, a secret in state.

    Args:
        name: logical name.
        length: number of characters.
        special: whether it may hold more than letters and digits.
        keepers: values whose change makes a new password; so does a change of any other argument.
        opts: the usual options.
    """

    #: The password, always a secret.
    result: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        length: pulumi.Input[int] = 32,
        special: pulumi.Input[bool] = True,
        keepers: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(additional_secret_outputs=["result"]))
        properties = {"length": length, "special": special, "keepers": keepers or {}, "result": None}
        super().__init__(PASSWORD, name, properties, options)
