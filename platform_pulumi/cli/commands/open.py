"""`platform open`."""

from __future__ import annotations

import click

from platform_pulumi.cli import output
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import request_command


@click.command("open")
@click.argument("capability", metavar="CAPABILITY")
@request_command
@click.option("--print", "only_print", is_flag=True, help="Print the address and open nothing.")
def command(call: Call, capability: str, only_print: bool) -> int:
    """Open the address of a CAPABILITY in a browser; without a display, or where it is no web page, print it."""
    from platform_pulumi.cli.views import address as view

    found = call.operations.address(call.task, capability)
    call.emit(
        human=lambda: view.human(found), document=lambda: view.document(found), markdown=lambda: view.markdown(found)
    )
    if found.why_not:
        output.say(view.explanation(found))
    elif call.format == "human" and call.out is None and call.terminal.display and not only_print:
        output.say(view.opening(call.session.launch(found.endpoint) == 0))
    return 0
