"""`platform validate`."""

from __future__ import annotations

import click

from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import request_command


@click.command("validate")
@request_command
def command(call: Call) -> int:
    """Check the declarations: all mistakes of all files at once, each with its line. Nothing is planned."""
    from platform_pulumi.cli.source import source_line
    from platform_pulumi.cli.views.document import results as document
    from platform_pulumi.cli.views.human.validity import validity
    from platform_pulumi.cli.views.markdown import results as markdown

    platform = call.operations.validate(call.request)
    call.emit(
        human=lambda: validity(platform, source_line),
        document=lambda: document.validity(platform),
        markdown=lambda: markdown.validity(platform),
    )
    return 0
