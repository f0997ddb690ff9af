"""Options that commands share, and their conversion to a `Call`."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from platform_pulumi.cli import output
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.next_step import typed_options
from platform_pulumi.cli.request import Request
from platform_pulumi.cli.session import Session, debug_option
from platform_pulumi.errors import Cancelled, PlatformError
from platform_pulumi.model.tier import Tier


def _tier(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Tier | None:
    """The tier of `infrastructure` or `1`."""
    if value is None:
        return None
    try:
        return Tier.from_label(value)
    except KeyError as error:
        known = ", ".join(f"{tier.label} ({tier.value})" for tier in Tier)
        message = f"there is no tier {value!r}; there are {known}."
        raise click.BadParameter(message, ctx=ctx, param=parameter) from error


def _assignments(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> Mapping[str, str]:
    """`--set image=api:2` as a mapping. The part after `=` is never repeated in a message: it may be a password."""
    assigned = {}
    for value in values:
        key, equals, text = value.partition("=")
        if not equals or not key:
            message = f"{key!r} is not of the form NAME=VALUE." if not equals else "a NAME is missing before '='."
            raise click.BadParameter(message, ctx=ctx, param=parameter)
        assigned[key] = text
    return assigned


_REQUEST = (
    click.option(
        "-f", "--file", "files", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
        help="Declarations; repeat it to join files.  [default: platform.yaml]",
    ),
    click.option("--tier", callback=_tier, metavar="TIER", help="Only this tier, by label or number."),
    click.option("--app", "application", metavar="NAME", help="Only this application of tier 3."),
    click.option(
        "--set", "variables", multiple=True, callback=_assignments, metavar="NAME=VALUE",
        help="Value of ${app.NAME}; repeatable.",
    ),
    click.option(
        "--provider", metavar="NAME", help="The same declarations on another provider, in a context of its own."
    ),
    click.option("--simulate", is_flag=True, help="Simulated provider plugins on state of their own."),
    click.option(
        "--simulate-config", type=click.Path(path_type=Path), metavar="FILE",
        help="Faults for a simulated run (fail_on_create, latency, ...).",
    ),
    click.option("--backend", metavar="URL", help="State backend; overrides the environment and the file."),
)  # fmt: skip

_FORMAT = click.option(
    "--format", "format_", type=click.Choice(["human", "json", "markdown"]), default="human", show_default=True,
    help="How the result is written to stdout.",
)  # fmt: skip
_LINES = click.option(
    "--format", "format_", type=click.Choice(["human", "json"]), default="human", show_default=True,
    help="How the lines are written to stdout.",
)  # fmt: skip
_OUT = click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write the result there instead of stdout.",
)  # fmt: skip

#: Parts of the request, on the commands that they concern.
loss_option = click.option(
    "--allow-data-loss", multiple=True, metavar="NAME", help="Capability whose data may be lost; repeatable."
)
pending_option = click.option(
    "--forget-pending", multiple=True, metavar="NAME",
    help="Capability whose create a killed run left open, and you have looked up; repeatable.",
)  # fmt: skip
refresh_option = click.option(
    "--refresh",
    is_flag=True,
    help="Refresh: ask the providers for the state of every resource, instead of using the recorded state.",
)
yes_option = click.option("--yes", is_flag=True, help="Approve without being asked.")
full_option = click.option("--full", is_flag=True, help="Fold nothing of the plan: every resource, gap and warning.")
exitcode_option = click.option("--detailed-exitcode", is_flag=True, help="Exit with 7 when there are changes.")


def request_command(function: Callable[..., int]) -> Callable[..., int]:
    """Decorate a command with a request's options, `--format`, `--out` and `--debug`; it is called with a `Call`."""
    return _command(function, (*_REQUEST, _FORMAT, _OUT))


def result_command(function: Callable[..., int]) -> Callable[..., int]:
    """Decorate a command with `--format`, `--out` and `--debug`: it reads no declarations."""
    return _command(function, (_FORMAT, _OUT))


def stream_command(function: Callable[..., int]) -> Callable[..., int]:
    """Decorate a command with a request's options and `--debug`; its result are lines, or JSON objects in lines."""
    return _command(function, (*_REQUEST, _LINES))


def document_command(function: Callable[..., int]) -> Callable[..., int]:
    """Decorate a command with `--out` and `--debug`: its result is always JSON."""
    return _command(function, (_OUT,))


def _command(function: Callable[..., int], options: tuple[Any, ...]) -> Callable[..., int]:
    @click.pass_context
    @functools.wraps(function)
    def run(ctx: click.Context, /, **values: Any) -> int:
        call = Call(
            session=ctx.find_object(Session) or Session(),
            command=ctx.info_name or "",
            request=_request(values),
            format=values.pop("format_", "human"),
            out=values.pop("out", None),
            typed=typed_options(ctx),
        )
        try:
            call.check()
            if call.out is not None:
                output.check(call.out)
            return function(call, **values)
        except (Cancelled, KeyboardInterrupt):
            # To whoever pressed Ctrl+C it ends as it does where nothing had to be finished.
            from platform_pulumi.cli.failure import report_interrupt

            return report_interrupt(call)
        except PlatformError as error:
            from platform_pulumi.cli.failure import report_error

            return report_error(error, call)

    command: Callable[..., int] = debug_option(run)
    for option in reversed(options):
        command = option(command)
    return command


def _request(values: dict[str, Any]) -> Request:
    """Take what belongs to the request out of a command's values."""
    return Request(
        files=values.pop("files", ()) or (Path("platform.yaml"),),
        tier=values.pop("tier", None),
        provider=values.pop("provider", None),
        simulate=values.pop("simulate", False),
        simulate_config=values.pop("simulate_config", None),
        application=values.pop("application", None),
        variables=values.pop("variables", {}),
        allow_data_loss=frozenset(values.pop("allow_data_loss", ())),
        forget_pending=frozenset(values.pop("forget_pending", ())),
        backend=values.pop("backend", None),
        refresh=values.pop("refresh", False),
    )
