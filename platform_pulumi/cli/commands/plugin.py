"""`platform plugin`."""

from __future__ import annotations

from pathlib import Path

import click

from platform_pulumi.cli import output
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import document_command


@click.command("plugin")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@document_command
def command(call: Call, folder: Path) -> int:
    """Write our docker plugin into FOLDER as `pulumi-resource-docker`, for plain `pulumi`.

    Nothing uses it by itself: put FOLDER on PATH, or name it in Pulumi.yaml (plugins: providers: name docker, path
    FOLDER). Stacks move between it and the published plugin without a change.
    """
    output.write("".join(f"{file}\n" for file in call.operations.plugin(folder)), call.out)
    return 0
