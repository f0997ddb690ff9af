"""`platform validate`.

Each view is imported where it is used: of all commands this one is run most often, by editors and hooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import request_command

if TYPE_CHECKING:
    from platform_pulumi.cli.views.page import Page
    from platform_pulumi.model.platform import Platform


@click.command("validate")
@request_command
def command(call: Call) -> int:
    """Check the declarations: all mistakes of all files at once, each with its line. Nothing is planned."""
    platform = call.operations.validate(call.declared, simulate=call.request.simulate)
    call.emit(
        human=lambda: _human(platform),
        document=lambda: _document(platform),
        markdown=lambda: _markdown(platform),
    )
    return 0


def _human(platform: Platform) -> Page:
    from platform_pulumi.cli.source import source_line
    from platform_pulumi.cli.views.human.validity import validity

    return validity(platform, source_line)


def _document(platform: Platform) -> dict[str, Any]:
    from platform_pulumi.cli.views.document.results import validity

    return validity(platform)


def _markdown(platform: Platform) -> str:
    from platform_pulumi.cli.views.markdown.results import validity

    return validity(platform)
