"""`platform schema`."""

from __future__ import annotations

import click

from platform_pulumi.cli import output
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import document_command


@click.command("schema")
@document_command
def command(call: Call) -> int:
    """Print the JSON Schema of the declarations, for editors and checks."""
    output.write(output.json_text(call.operations.schema()), call.out)
    return 0
