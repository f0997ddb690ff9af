"""`platform doctor`."""

from __future__ import annotations

from pathlib import Path

import click

from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import result_command

#: Default file of a diagnosis, read where it exists.
USUAL = Path("platform.yaml")


@click.command("doctor")
@click.option("--install", is_flag=True, help="Do what is advised: get the Pulumi CLI and the plugins.")
@click.option(
    "-f", "--file", "asked", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help="Ask the providers that these declare.  [default: platform.yaml, where it is there]",
)  # fmt: skip
@result_command
def command(call: Call, install: bool, asked: tuple[Path, ...]) -> int:
    """Check the Pulumi CLI, plugins, backend and providers: what is used, what is wrong, and what to do about each."""
    from platform_pulumi.cli.views.document import results as document
    from platform_pulumi.cli.views.human import diagnosis as human
    from platform_pulumi.cli.views.markdown import results as markdown
    from platform_pulumi.declarations.documents import read_documents
    from platform_pulumi.errors import EngineError
    from platform_pulumi.operations.doctor import Status

    operations = call.operations
    files = asked or ((USUAL,) if USUAL.is_file() else ())
    with call.show_progress() as display:
        found = operations.doctor(install, display, read_documents(files), strict=bool(asked))
    call.emit(
        human=lambda: human.diagnosis(found),
        document=lambda: document.diagnosis(found),
        markdown=lambda: markdown.diagnosis(found),
    )
    return EngineError.exit_code if found.status is Status.ERROR else 0
