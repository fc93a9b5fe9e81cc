"""``skyshield catalogue``: the numbers of the model and where they come from."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from skyshield.catalogue import Catalogue, Entry

HELP = "Show every number of the model with its range, unit, grade and source, or one of them in full."
EXAMPLE = "Example: skyshield catalogue decoy_share"
PIPE_COLUMNS = 160

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=HELP)


@app.command(name="catalogue", help=HELP, epilog=EXAMPLE)
def catalogue(
    key: Annotated[str | None, typer.Argument(
        metavar="KEY", help="The name of one entry; without it, all are listed.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object to standard output.")] = False,
) -> None:
    """List the catalogue, or show one entry with its citations.

    Raises
    ------
    SkyShieldError
        Exit code 2 if there is no entry of that name.
    """
    from skyshield.catalogue import load_catalogue

    table = load_catalogue()
    entry = None if key is None else table.find(key)
    if as_json:
        data = as_data(table) if entry is None else entry_as_data(entry, table)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))
        return
    console = _console()
    if entry is None:
        _list(console, table)
    else:
        _show(console, entry, table)


def as_data(table: "Catalogue") -> dict[str, Any]:
    """Return the whole catalogue as plain data: hash, subjects, sources, measures and threat classes."""
    import dataclasses

    from skyshield.catalogue import load_measures, load_threat_classes

    return {
        "sha256": table.sha256,
        **table.to_dict(),
        "measures": [dataclasses.asdict(measure) | {"keys": list(measure.keys), "key_labels": dict(measure.keys)}
                     for measure in load_measures()],
        "threat_classes": [dataclasses.asdict(threat_class) for threat_class in load_threat_classes()],
    }


def entry_as_data(entry: "Entry", table: "Catalogue") -> dict[str, Any]:
    """Return one entry as plain data, with its values in SI units and its citations."""
    low, central, high = entry.si()
    return {
        "key": entry.key,
        **entry.to_dict(),
        "si": {"unit": entry.si_unit, "low": low, "central": central, "high": high},
        "citations": {key: table.sources[key].citation for key in entry.source},
    }


def number(value: float | None) -> str:
    """Write a number for a reader: no exponent, thousands apart, a dash for none.

    Examples
    --------
    >>> number(45000.0), number(0.044), number(None)
    ('45,000', '0.044', '-')
    """
    return "-" if value is None else f"{value:,.6f}".rstrip("0").rstrip(".")


def _console() -> "Console":
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False)
    if not console.is_terminal:
        console.width = PIPE_COLUMNS
    return console


def _reference(entry: "Entry") -> str:
    end = f", its {entry.reference} end" if isinstance(entry.reference, str) else ""
    return f"{number(entry.reference_value)}{end}"


def _list(console: "Console", table: "Catalogue") -> None:
    from rich.table import Table

    for subject, entries in table.subjects.items():
        rows = Table(title=subject.replace("_", " "), title_justify="left", box=None, pad_edge=False)
        for name in ("key", "low", "central", "high", "unit", "grade", "source"):
            is_number = name in ("low", "central", "high")
            rows.add_column(name, justify="right" if is_number else "left", no_wrap=name != "source",
                            overflow="fold")
        for entry in entries:
            rows.add_row(entry.key, number(entry.low), number(entry.central), number(entry.high), entry.unit,
                         entry.grade, " ".join(entry.source))
        console.print(rows)
        console.print()
    console.print(f"{len(table)} entries; grade A data, B several sources, C one claim, K assumption; "
                  "in full with its citations: skyshield catalogue KEY")


def _show(console: "Console", entry: "Entry", table: "Catalogue") -> None:
    low, central, high = entry.si()
    stated, plain = ("", "") if entry.unit == "1" else (f" {entry.unit}", f" {entry.si_unit}")
    lines = [
        ("what", entry.label),
        ("low, central, high", f"{number(entry.low)}, {number(entry.central)}, {number(entry.high)}{stated}"),
        ("in SI units", f"{low:.6g}, {'-' if central is None else f'{central:.6g}'}, {high:.6g}{plain}"),
        ("distribution", entry.distribution),
        ("in the headline", None if entry.reference is None else _reference(entry)),
        ("prices of", entry.price_year),
        ("grade", entry.grade),
        ("date", entry.date),
        ("note", entry.note),
    ]
    wrap = not console.is_terminal
    console.print(entry.key)
    for name, value in lines:
        if value not in ("", None):
            console.print(f"  {name}: {value}", soft_wrap=wrap)
    for key in entry.source:
        console.print(f"  source {key}: {table.sources[key].citation}", soft_wrap=wrap)
