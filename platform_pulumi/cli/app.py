"""Command group `platform`: its verbs, loaded when they are called, and the conversion of errors to exit codes.

`platform --help` imports click and this module, nothing else: it has to answer at once.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import click

from platform_pulumi.cli.session import PipeClosed, Session, debug_option

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The verbs in the order of a working day, and what each does in a line.
COMMANDS = {
    "validate": "Check the declarations; nothing is planned.",
    "preview": "Plan all tiers in one run; nothing is touched.",
    "up": "Plan, ask where approval is needed, apply tier by tier.",
    "status": "Show the status of everything that was applied.",
    "logs": "Show the logs of a capability.",
    "open": "Open a capability's address in a browser.",
    "scale": "Change the number of replicas of a capability now.",
    "outputs": "Show the outputs of the applied tiers.",
    "destroy": "Delete every resource of the tiers, the lowest first.",
    "export": "Export the deployment as a Docker Compose file.",
    "fidelity": "Show the fidelity of providers, field by field.",
    "schema": "Print the JSON Schema of the declarations.",
    "plugin": "Write our docker plugin as an executable, for plain Pulumi.",
    "doctor": "Check the installation: what is wrong, and what to do.",
}


class PlatformGroup(click.Group):
    """Click group whose commands are modules of `platform_pulumi.cli.commands`, imported when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click names it)
        """List the verbs, in the order the help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (click names it)
        """Import the command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"platform_pulumi.cli.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  (click names it)
        """Write the list of verbs, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a closed pipe is no fault of ours (click would turn it into exit 1)."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise PipeClosed from error

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run, show what went wrong, and exit: the only place that turns an error into an exit code."""
        arguments = list(sys.argv[1:] if args is None else args)
        extra = {"obj": Session(), **extra, "standalone_mode": False}
        try:
            code = super().main(arguments, *rest, **extra)
        except Exception as error:
            from platform_pulumi.cli.failure import report_unexpected

            code = report_unexpected(error, arguments)
        sys.exit(code if isinstance(code, int) else 0)


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"platform-pulumi {version('platform-pulumi')}")
        ctx.exit()


@click.group(cls=PlatformGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version and exit."
)
@debug_option
def app() -> None:
    """Plan and apply a platform, declared as capabilities in three tiers, on the Pulumi engine.

    \b
    Start with:    platform doctor
    Then:          platform preview -f platform.yaml --simulate

    Exit codes: 0 done, 1 a bug, 2 wrong input, 3 a constraint is violated, 4 not approved or not permitted, 5 locked,
    6 engine or provider failed, or result not written, 7 changes present (--detailed-exitcode).
    """
