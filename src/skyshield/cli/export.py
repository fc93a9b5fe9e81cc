"""``skyshield export DIR --out F``: a study as a file for a spreadsheet, a slide, a map or another program."""

from pathlib import Path
from typing import Annotated

import typer

HELP = ("Write a stored study as a file: by its ending a workbook, tables, zones, charts, a document, slides or a "
        "notebook.")
EXAMPLE = "Example: skyshield export study --out study.xlsx"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="export", help=HELP, epilog=EXAMPLE)
def export(
    folder: Annotated[Path, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'.")],
    out: Annotated[Path, typer.Option(
        metavar="FILE", readable=False,
        help="The file to write; its ending names the format: .xlsx, .csv, .parquet, .zip, .geojson, .png, .svg, "
             ".docx, .pptx or .ipynb.")],
    to: Annotated[str | None, typer.Option(
        metavar="OPTION", help="Option that differences are taken to; the baseline if not given.")] = None,
    template: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False,
        help="Your own .docx or .pptx, whose styles, layouts and pages are used.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Write the file, and with csv and parquet the `datapackage.json` that describes it.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input, 3 for the machine.
    """
    from skyshield.cli.output import echo_json, spinner
    from skyshield.report.export.formats import FORMATS, format_of
    from skyshield.report.export.job import export as write

    kind = format_of(out)
    with spinner(f"writing {out.name}"):
        view, written = write(folder, out, to, template, force)
    if as_json:
        echo_json({"written": [str(path) for path in written], "format": kind,
                   "study_key": view.manifest["study_key"]})
        return
    for mark in view.marks:
        typer.echo(f"! {mark}")
    typer.echo(f"wrote {FORMATS[kind].what}: {', '.join(map(str, written))}")
