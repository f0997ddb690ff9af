"""Options of the plan's views: those of this call, for the command to type next."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from platform_pulumi.cli.next_step import command_line


class ViewOptions(NamedTuple):
    """Options of a view.

    Args:
        next_step: the command line of a verb with this call's options.
        allowed: capabilities whose data loss this call allows.
        advise: whether to say what to type next (not while the apply is about to ask).
        verb: the command that applies: up or destroy.
        full: whether nothing of the plan is folded.
    """

    next_step: Callable[..., str] = lambda verb, *more: command_line(verb, (), *more)
    allowed: frozenset[str] = frozenset()
    advise: bool = True
    verb: str = "up"
    full: bool = False


#: Of a call without options.
PLAIN = ViewOptions()
