"""Command to type next, with the options the user gave this time."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
from click.core import ParameterSource

#: Options that say what a command is about. The others (how it answers, who approves) belong to one call.
_ABOUT = {
    "files", "tier", "application", "variables", "provider", "simulate", "simulate_config", "backend",
    "allow_data_loss", "capability", "replicas", "refresh",
}  # fmt: skip
#: What stands for credentials within an option.
_HIDDEN = "***"


def typed_options(ctx: click.Context) -> tuple[str, ...]:
    """List the options of this call that the next one needs as well, as they were typed."""
    return tuple(
        word
        for parameter in ctx.command.params
        if parameter.name in _ABOUT and ctx.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
        for word in _words(parameter, ctx.params[parameter.name])
    )


def command_line(verb: str, options: tuple[str, ...], *more: str) -> str:
    """Build `platform VERB` with these options, quoted for a shell, credentials within them left out."""
    from platform_pulumi.model.secrecy import masked  # few commands tell of a next one

    words = (masked(word, lambda _: _HIDDEN) for word in (*options, *more))
    return " ".join(["platform", verb, *map(shlex.quote, words)])


def _words(parameter: click.Parameter, value: object) -> Iterator[str]:
    if isinstance(parameter, click.Argument):
        yield str(value)
        return
    flag = parameter.opts[0]
    if value is True:
        yield flag
        return
    if isinstance(value, dict):
        value = tuple(f"{key}=VALUE" for key in value)  # any of them may be a secret
    for item in value if isinstance(value, (tuple, list)) else (value,):
        yield flag
        yield str(getattr(item, "label", item))
