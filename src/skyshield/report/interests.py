"""The interest × restriction matrix as tables and sentences: what the restrictions leave of the op-ed's own list."""

from collections.abc import Iterable

from markupsafe import Markup

from skyshield.bounds.interests import Interests, OptionMatrix, is_grid, losses
from skyshield.bounds.interests import left_out as sites_left_out
from skyshield.report.tables import Cell, Table, class_heads
from skyshield.report.text import FEW, SOME, listing, number
from skyshield.theatre import MatrixRow, StandoffSet
from skyshield.theatre.matrix import InterestRow, Window

_KM = 1000.0
_PERCENT = 100.0


def short(standoff: StandoffSet) -> str:
    """Return a restriction as a column head.

    Examples
    --------
    >>> short(StandoffSet("x", "", 200_000.0, 100_000.0, 0.0))
    'Russia 200 km, front 100 km'
    """
    parts = [f"{name} {number(m / _KM, SOME)} km" for name, m in (
        ("Russia", standoff.russia_m), ("front", standoff.front_m), ("Belarus", standoff.belarus_m)) if m > 0.0]
    return ", ".join(parts) or "no stand-off"


def _minutes(window: Window) -> str:
    """Return the median minutes at the central speed, and the range over areas, sites and speeds."""
    middle = window.minutes_central or window.minutes_slow
    low, high = window.minutes_fast.least, window.minutes_slow.greatest
    return f"{_whole(middle.median)} min" + (f" ({_whole(low)} to {_whole(high)})" if low != high else "")


def _whole(minutes: float) -> str:
    """Return minutes without decimals; what is there but short is said so."""
    return "under 1" if 0.0 < minutes < 1.0 else number(round(minutes))


def _status(row: MatrixRow | InterestRow) -> Markup:
    return Markup('<span class="status {0}">{0}</span>').format(row.status)


def table(result: Interests) -> Table:
    """Return interests × restrictions."""
    rows: list[tuple[Cell, ...]] = []
    by_place = {(row.interest, row.standoff): row for row in result.matrix.interests}
    for interest in dict.fromkeys(row.interest for row in result.matrix.interests):
        cells: list[Cell] = []
        for standoff in result.matrix.standoffs:
            row = by_place[interest, standoff.name]
            cells.append(Markup("{}<br>{}%<br><small>{}</small>").format(
                _status(row), number(_PERCENT * row.share), _minutes(row.windows[0])))
        rows.append((by_place[interest, result.matrix.standoffs[0].name].label, *cells))
    heads = []
    for standoff in result.matrix.standoffs:
        of = [option for option, name in result.of_option.items() if name == standoff.name]
        heads.append(short(standoff) + (f" (as {listing(of)})" if of else ""))
    return Table("interests", "Interests of the op-ed × restrictions: status, share inside the zone (% by site "
                 "weight), and minutes over the zone for a UAV flying straight to a site",
                 ("Interest", *heads), tuple(rows), dense=True,
                 note="The zone is the protected area cut by the stand-off in the head of the column; “front” is the "
                      "edge of occupied territory. Inside: more than half of the interest stays in the zone even with "
                      "the map's error against it. Outside: half or less even with the error for it. Undecided: within "
                      "the error. Minutes: the median over launch areas and sites at the central speed; in brackets "
                      "the least at the high speed and the most at the low speed. Real UAVs do not fly straight: read "
                      "it as a yardstick.")


def sites(own: OptionMatrix, labels: dict[str, str]) -> Table:
    """Return the named sites (the grid of each oblast left out) under the rules of some options."""
    rows: list[tuple[Cell, ...]] = [
        (row.site, _status(row), f"{number(_PERCENT * row.share)}%", *(_minutes(window) for window in row.windows))
        for row in own.matrix.rows if not is_grid(row.site)]
    names = [class_heads()[w.threat_class] for w in own.matrix.rows[0].windows]
    of = _names(own.options, labels)
    return Table(f"sites-{own.options[0]}", f"Site by site under the zone and stand-offs of {of}: status, share "
                 "inside (%), minutes over the zone by class", ("Site", "Status", "Share inside", *names), tuple(rows),
                 numeric=True, note="Of the grid, one entry an oblast, only the sum is shown above.")


def _names(options: Iterable[str], labels: dict[str, str]) -> str:
    return listing([f"“{labels[option]}”" for option in options])


def sentences(result: Interests, labels: dict[str, str]) -> list[str]:
    """Say which of the op-ed's interests each option's own zone and stand-offs delete or put in doubt."""
    lines = []
    for one in losses(result):
        parts = []
        if one.outside:
            parts.append(f"delete {listing([_loss(r) for r in one.outside])}")
        if one.undecided:
            parts.append(f"leave {listing([f'“{r.label}”' for r in one.undecided])} undecided within the map's error")
        if one.sites_outside:
            parts.append(f"put {listing(one.sites_outside)} outside")
        what = listing(parts) if parts else "leave every interest inside that the protected area holds"
        lines.append(f"The zone and stand-offs of {_names(one.options, labels)} {what}.")
    return lines


def _loss(row: InterestRow) -> str:
    if row.share == 0.0:
        return f"“{row.label}”"
    return f"half or more of “{row.label}” ({number(_PERCENT * row.share)}% stays in)"


def left_out(result: Interests) -> str:
    """Say which named sites the protected area leaves out before any stand-off."""
    names = sites_left_out(result)
    named = [name for name in names if not is_grid(name)]
    grids = len(names) - len(named)
    if not names:
        return ""
    tail = f" and the grid of {number(grids, FEW)} oblasts" if grids else ""
    return f"The protected area itself, before any stand-off, leaves out {listing(named)}{tail}."
