"""Options held against one another, as ``run`` and ``compare`` print them."""

from collections.abc import Mapping, Sequence
from typing import Any

AGAINST = ("Options, separated by commas, that every other one is held against, besides the same money as aid and the "
           "scenario's pairs.")


def names_of(against: str | None, options: Sequence[str]) -> tuple[str, ...]:
    """Return the options named with commas between them.

    Raises
    ------
    SkyShieldError
        If none is named, or one is not in the study.

    Examples
    --------
    >>> names_of("own, region", ["own", "region"]), names_of(None, ["own"])
    (('own', 'region'), ())
    """
    from skyshield.core.errors import SkyShieldError

    if against is None:
        return ()
    names = tuple(part.strip() for part in against.split(",") if part.strip())
    choices = f"choose from {', '.join(options)}"
    if not names:
        raise SkyShieldError("--against", "names no option", choices)
    for name in names:
        if name not in options:
            raise SkyShieldError(f"--against {name!r}", "is not in the study", choices)
    return names


def pairs_table(pairs: Sequence[Mapping[str, Any]], days: int) -> Any:
    """Return a table of pairs: the first option minus the second, at both ends, and who leads."""
    from rich.table import Table

    from skyshield.cli.output import figure, span
    from skyshield.study.compare import COVERAGE, PRIMARIES, UNIFORM
    from skyshield.study.told import error_of

    table = Table(title=f"Against one another: armed threats kept from their aims in {days} days, the first option "
                  "minus the second\non the same raids (95% of the expected outcome; if Ukraine stops all threats near "
                  "aims, or along the way)", title_justify="left", box=None, pad_edge=False)
    table.add_column("options", no_wrap=True)
    for where in ("area", "country"):
        for name in (where, "95%", "near aims", "on the way", "the first"):
            table.add_column(name, justify="right", no_wrap=True)
    for row in pairs:
        cells: list[str] = []
        for measure in PRIMARIES:
            told = row["measures"][measure]
            ends = (told["at_ends"].get(model, {}).get("delta") for model in (COVERAGE, UNIFORM))
            cells += [figure(told["delta"], error_of(told)), span(told["lo"], told["hi"]), *map(figure, ends),
                      told["verdict"]]
        table.add_row(f"{row['option']} - {row['to']}", *cells)
    return table


def pair_lines(pairs: Sequence[Mapping[str, Any]], more_launches: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return where the lead of each pair changes, and how many more launches make up for an option, a line each."""
    from skyshield.cli.output import figure
    from skyshield.study.compare import PRIMARIES

    lines = []
    for row in pairs:
        for measure, where in zip(PRIMARIES, ("area", "country"), strict=True):
            turned = [f"{name} {' and '.join(map(figure, lever['thresholds']))}"
                      for name, lever in row["measures"][measure]["levers"].items() if lever["thresholds"]]
            if turned:
                lines.append(f"{row['option']} - {row['to']}, {where}: the lead on average changes at "
                             f"{', '.join(turned)}")
    gone = [f"{option} {figure(100.0 * (lever['thresholds'][0] - 1.0))}%" for option, lever in more_launches.items()
            if lever["thresholds"]]
    if gone:
        lines.append(f"more launches because it is there that make up for an option in the country: {', '.join(gone)}")
    return lines
