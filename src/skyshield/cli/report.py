"""``skyshield report DIR``: the brief of a stored study, four pages for a decision-maker."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

HELP = ("Write the brief of a stored study, in English or Ukrainian: four pages as PDF, the same as one web page, or "
        "one slide.")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command("report", help=HELP, epilog="Example: skyshield report study --format html\n\n"
                                         "Example: skyshield report study --format pdf --lang uk --trace")
def report(
    folder: Annotated[Path, typer.Argument(
        metavar="DIR", readable=False, help="The folder given to 'run --out'.")],
    kind: Annotated[str, typer.Option(
        "--format", metavar="FORMAT", help="html: one page; pdf: four A4 pages; png: one slide. pdf and png need the "
                                           "extra 'report'.")] = "pdf",
    language: Annotated[str, typer.Option("--lang", metavar="LANG", help="en or uk.")] = "en",
    out: Annotated[Path | None, typer.Option(
        metavar="FILE", readable=False,
        help="The file to write; brief.html, brief.pdf or brief.png in DIR if not given. One that is there is "
             "replaced.")] = None,
    trace: Annotated[bool, typer.Option(
        "--trace", help="List every number of the brief with its row of the study, entry of the catalogue or "
                        "equation.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Write the brief.

    Raises
    ------
    SkyShieldError
        Exit code 2 for bad input or if Typst is needed and not installed, 3 for the machine.
    """
    from skyshield.cli.output import echo_json, spinner
    from skyshield.report.brief.job import write_brief

    with spinner(f"writing the brief of {folder.name}"):
        written = write_brief(folder, kind, language, out)
    if as_json:
        echo_json({"written": [str(written.path)], "format": kind, "language": language,
                   "study_key": written.study_key, "marks": list(written.marks),
                   **({"trace": list(written.trace)} if trace else {})})
        return
    for mark in written.marks:
        typer.echo(f"! {mark}")
    typer.echo(f"wrote the brief: {written.path}")
    if trace:
        for line in _lines(written.trace):
            typer.echo(line)


def _lines(trace: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for every number: what the brief shows, and where it comes from."""
    return [f"{row['text']}  <-  {row['kind']}: " + " · ".join(
        str(row[key]) for key in ("name", "measure", "arm", "figure", "to") if key in row) for row in trace]
