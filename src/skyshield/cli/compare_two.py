"""What ``skyshield compare DIR DIR2`` prints of two studies."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skyshield.study.two_studies import TwoStudies

_MOST_NAMED = 8


def compare_two(first: Path, second: Path, to: str | None, as_json: bool) -> None:
    """Print each option of the second study minus the option of the same name in the first."""
    from skyshield.cli.output import HEADLINE, console, echo_json
    from skyshield.study.two_studies import two_json, two_studies

    found = two_studies(first, second, to)
    if as_json:
        echo_json(two_json(found))
        return
    screen = console()
    for line in (*pairing_lines(found), *difference_lines(found, first, second)):
        screen.print(line, soft_wrap=True)
    base = "" if to is None else f" minus {to}"
    for option, row in found.rows(HEADLINE).items():
        screen.print(_table(f"\n{option}{base} in {second} minus {option}{base} in {first}", row))


def pairing_lines(found: "TwoStudies") -> list[str]:
    """Say how the two studies are compared."""
    from skyshield.study.already import size_words

    if found.paired:
        return [f"Paired: both met the same raids, so differences are taken over the {size_words(*found.sizes)} that "
                "both have."]
    return [f"! not paired: {_named(found.why_not)} {'is' if len(found.why_not) == 1 else 'are'} not the same in both. "
            "The intervals treat the two studies as independent and are wider for it."]


def difference_lines(found: "TwoStudies", first: Path, second: Path) -> list[str]:
    """Say what sets the two studies apart, besides what keeps them from being paired."""
    changed = found.changed
    lines = [f"{option} is not the same in both: its {' and '.join(fields)} differ"
             for option, fields in changed["options"].items()]
    lines += [f"not the same in both {what}: {_named(names)}" for what, names in (
        ("catalogues", changed["numbers"]), ("scenarios", changed["scenario"])) if names]
    lines += [f"only in {folder}: {', '.join(names)}" for folder, names in (
        (first, found.only(found.a, found.b)), (second, found.only(found.b, found.a))) if names]
    return lines


def _named(names: Sequence[str]) -> str:
    """Return names with commas between them, the first of very many.

    Examples
    --------
    >>> _named(["seed", "fit"]), _named([str(k) for k in range(10)])
    ('seed and fit', '0, 1, 2, 3, 4, 5, 6, 7 and 2 more')
    """
    shown = [*names[:_MOST_NAMED], *([f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _table(title: str, rows: Mapping[str, Mapping[str, Any]]) -> Any:
    """Return a table of the differences; measures that do not differ at all are left out."""
    from rich.table import Table

    from skyshield.cli.output import error, expected, figure

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("measure", no_wrap=True)
    for name in ("delta", "95% of expected outcome", "mcse"):
        table.add_column(name, justify="right", no_wrap=True)
    for measure, row in rows.items():
        if any(row[name] not in (0, None) for name in ("delta", "lo", "hi", "mcse")):
            table.add_row(measure, figure(row["delta"], row["mcse"]), expected(row), error(row["mcse"]))
    if not table.row_count:
        table.add_row("no difference at all", "0", "0", "0")
    return table
