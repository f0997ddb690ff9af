"""`platform fidelity`."""

from __future__ import annotations

import click

from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import result_command


@click.command("fidelity")
@click.argument("providers", nargs=-1, metavar="[PROVIDER [PROVIDER]]")
@click.option("--all", "everything", is_flag=True, help="List the fields that are done in full, too.")
@result_command
def command(call: Call, providers: tuple[str, ...], everything: bool) -> int:
    """Show the fidelity of a provider, field by field; two providers stand side by side.

    Without a PROVIDER, each of the installed ones. JSON lists every field.
    """
    from platform_pulumi.cli.views.document import results as document
    from platform_pulumi.cli.views.human import fidelity as human
    from platform_pulumi.cli.views.markdown import results as markdown

    if len(providers) > 2:
        message = f"at most two providers stand side by side, not {len(providers)}."
        raise click.UsageError(message)
    tables = call.operations.fidelity(providers)
    call.emit(
        human=lambda: human.fidelity(tables, everything=everything),
        document=lambda: document.fidelity(tables),
        markdown=lambda: markdown.fidelity(tables, everything=everything),
    )
    return 0
