"""`platform export`."""

from __future__ import annotations

from pathlib import Path

import click

from platform_pulumi.cli import output
from platform_pulumi.cli.call import Call
from platform_pulumi.cli.options import _assignments, document_command
from platform_pulumi.cli.request import Request


def _no_tier(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        message = "an export holds all tiers, since it stands alone: leave --tier out. --app NAME picks an application."
        raise click.UsageError(message)


@click.command("export")
@click.argument("form", metavar="FORM")
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Declarations; repeat it to join files.  [default: platform.yaml]",
)
@click.option("--app", "application", metavar="NAME", help="Only this application of tier 3.")
@click.option(
    "--set",
    "variables",
    multiple=True,
    callback=_assignments,
    metavar="NAME=VALUE",
    help="Value of ${app.NAME}; repeatable.",
)
@click.option("--tier", hidden=True, expose_value=False, callback=_no_tier)
@click.option("--force", is_flag=True, help="Overwrite the file whoever made it.")
@document_command
def command(call: Call, form: str, force: bool) -> int:
    """Export the deployment of the tiers in another format; nothing is planned and nothing has to run.

    `compose`: a Docker Compose file of what the docker provider would make. With --out, secrets are written to a folder
    beside it, for the owner alone; passwords that are there already are kept.
    """
    from platform_pulumi.operations import exported_files

    forms = call.operations.export_forms()
    if form not in forms:
        message = f"there is no form {form!r}; there is {', '.join(forms) or 'none'}."
        raise click.UsageError(message)
    if call.out is not None and not force:
        exported_files.refuse_foreign(call.out)
    exported = call.operations.export(call.task, form, call.out, repeat_command(call.request, form, call.out))
    folders = sorted({f"{file.path.rpartition('/')[0]}/" for file in exported.files if file.secret})
    if call.out is not None:
        exported_files.write(exported, call.out.parent)
    output.write(exported.text, call.out)
    if folders:
        where = ", ".join(folders)
        said = f"Secrets are in {where}" if call.out else f"Secrets are written with --out FILE only, to {where}"
        output.say(f"{said} beside it.")
    return 0


def repeat_command(request: Request, form: str, out: Path | None) -> tuple[str, ...]:
    """Build the command that repeats an export. Values of `--set` may be passwords, and stay out of it."""
    words = ["platform", "export", form]
    for file in request.files:
        words += ["-f", file.name]
    if request.application is not None:
        words += ["--app", request.application]
    for name in request.variables:
        words += ["--set", f"{name}=VALUE"]
    target = out.name if out is not None else f"{form}.yaml"
    return (*words, "--out", target)
