"""Environment variables of programs, in the process that runs them."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, MutableMapping

_turn = threading.Lock()


def adopt(launched: Mapping[str, str], process: MutableMapping[str, str] = os.environ) -> None:
    """Give this process the variables that a CLI is started with, but Pulumi's own: those are the CLI's.

    To be called before a server is made. gRPC's threads read variables in C, which ends the process where they are
    written meanwhile (https://man7.org/linux/man-pages/man3/getenv.3.html, MT-Safe env). All runs of a command have the
    same variables: the first one writes them, no other.
    """
    wanted = {name: value for name, value in launched.items() if not name.startswith("PULUMI_")}
    with _turn:
        for name in process.keys() - wanted.keys():
            del process[name]
        for name, value in wanted.items():
            if process.get(name) != value:
                process[name] = value
