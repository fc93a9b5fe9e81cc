"""``skyshield monitor assess DIR``: reports of several sources joined into events."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from skyshield.monitoring.joining.model import Assessment

HELP = ("Join the records of a ledger into events: which reports tell of the same one, how surely, and what each "
        "source is worth. Nothing is written into the ledger.")
EXAMPLE = "Example: skyshield monitor assess mission --labels labels.csv"
_SHOWN = 20


def assess(
    folder: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="The folder of the ledger.")],
    sources: Annotated[Path | None, typer.Option(
        "--sources", metavar="YAML", readable=False, show_default=False,
        help="What is known of sources: p, error_factor, clock_offset_s, repeats, false_share, act_error, modality, "
             "derives_from; the rest is learnt.")] = None,
    labels: Annotated[Path | None, typer.Option(
        "--labels", metavar="CSV", readable=False, show_default=False,
        help="Write source, line, event and p_same of each record to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """Print the events and what the sources were taken to be worth.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the folder holds no ledger or the sources cannot be what they say, 3 if the machine refuses.
    """
    from skyshield.cli.output import echo_json, progress_bar
    from skyshield.core.files import write_bytes
    from skyshield.monitoring.commission.watched import described
    from skyshield.monitoring.joining.assess import assess as join
    from skyshield.monitoring.joining.document import document, labels_csv
    from skyshield.monitoring.joining.sources import read_sources
    from skyshield.monitoring.ledger.store import Ledger

    declared = {} if sources is None else read_sources(sources)
    with Ledger.open(folder, write=False) as ledger, progress_bar("learning what the sources are worth",
                                                                 "rounds") as told:
        found = join(ledger.records(), declared, str(sources), told)
        held = described(ledger, found)
    if labels is not None:
        write_bytes(labels, labels_csv(found))
    content = document(found)
    for row, of in zip(content["events"], held, strict=True):
        row.update(of.to_dict())
    if as_json:
        echo_json(content)
        return
    _show(found, content)


def _show(found: "Assessment", content: dict[str, Any]) -> None:
    from rich.table import Table

    from skyshield.cli.output import console, figure

    counts = content["counts"]
    typer.echo(f"{counts['records']:,} records: {counts['events']:,} events, {counts['by_several_sources']:,} told by "
               f"several sources; {counts['copies']:,} copies, {counts['repeats']:,} repeats")
    table = Table(title="Sources, as learnt or declared", title_justify="left", box=None, pad_edge=False)
    for name in ("source", "records", "p", "errors of place ×", "of time ×", "clock s", "false"):
        table.add_column(name, justify="left" if name == "source" else "right", no_wrap=True)
    for source in found.sources:
        table.add_row(source.name, f"{source.records:,}", figure(source.p), figure(source.position_factor),
                      figure(source.time_factor), f"{source.clock_offset_s:+.0f}", figure(source.false_share))
    console().print(table)
    table = Table(title=f"Events told by most sources (of {counts['events']:,})", title_justify="left", box=None,
                  pad_edge=False)
    for name in ("event", "time", "± s", "lon", "lat", "± m", "act", "P(real)", "level", "whose", "severity",
                 "sources"):
        table.add_column(name, no_wrap=True)
    for event in sorted(content["events"], key=lambda event: -len(event["sources"]))[:_SHOWN]:
        table.add_row(event["id"], event["time"], f"{event['time_error_s']:.0f}", f"{event['lon']:.3f}",
                      f"{event['lat']:.3f}", f"{event['position_error_m']:.0f}", event["act"] or "-",
                      f"{event['p_real']:.2f}", event["level"], event["party"], str(event["severity"]),
                      ", ".join(event["sources"]))
    console().print(table)
