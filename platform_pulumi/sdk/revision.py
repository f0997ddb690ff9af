"""Resource `Revision`: a short random word that changes whenever its keepers do.

It goes into the names of things whose replacement is made beside the old one. Like the password it is made once by the
provider `platform`, which is always ours, and kept in state; being random, it tells nothing of what was revised.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from platform_pulumi.model.own_package import REVISION


class Revision(pulumi.CustomResource):
    """Random word of seven hexadecimal digits.

    Args:
        name: logical name.
        keepers: values whose change makes a new word; they may be secret.
        opts: the usual options.
    """

    #: The word; no secret, whatever the keepers are.
    result: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        keepers: pulumi.Input[Mapping[str, pulumi.Input[str]]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(REVISION, name, {"keepers": keepers, "result": None}, opts)
