"""Command to type next, with the options the user gave this time."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
from click.core import ParameterSource

#: Options that say what a command is about. The others (how it answers, who approves) belong to one call.
_ABOUT = {
    "files", "tier", "application", "variables", "provider", "simulate", "simulate_config", "backend",
    "allow_data_loss", "capability", "replicas", "refresh",
}  # fmt: skip
_PASSWORD = re.compile(r"(://[^/?#@:]*:)[^/?#@]*@|((?:password|token|secret|key)=)[^&]*", re.IGNORECASE)


def typed_options(ctx: click.Context) -> tuple[str, ...]:
    """List the options of this call that the next one needs as well, as they were typed."""
    return tuple(
        word
        for parameter in ctx.command.params
        if parameter.name in _ABOUT and ctx.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
        for word in _words(parameter, ctx.params[parameter.name])
    )


def command_line(verb: str, options: tuple[str, ...], *more: str) -> str:
    """Build `platform VERB` with these options, quoted for a shell, passwords within URLs left out."""
    return " ".join(["platform", verb, *(shlex.quote(_masked(word)) for word in (*options, *more))])


def _words(parameter: click.Parameter, value: object) -> Iterator[str]:
    if isinstance(parameter, click.Argument):
        yield str(value)
        return
    flag = parameter.opts[0]
    if value is True:
        yield flag
        return
    if isinstance(value, dict):
        value = tuple(f"{key}={text}" for key, text in value.items())
    for item in value if isinstance(value, (tuple, list)) else (value,):
        yield flag
        yield str(getattr(item, "label", item))


def _masked(word: str) -> str:
    return _PASSWORD.sub(lambda found: f"{found[1] or found[2]}***{'@' if found[1] else ''}", word)
