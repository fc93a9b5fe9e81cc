"""The interest × restriction matrix as tables and sentences: what the restrictions leave of the op-ed's own list."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from skyshield.catalogue import Catalogue, load_threat_classes
from skyshield.report.tables import Cell, Table
from skyshield.report.words import CLASS_SHORT, FEW, SOME, listing, number
from skyshield.scenario import Option, Scenario
from skyshield.theatre import MatrixRow, StandoffSet, Theatre, Zone, matrix
from skyshield.theatre.matrix import InterestRow, Matrix, Window

_KM = 1000.0
_PERCENT = 100.0
OUTSIDE, UNDECIDED = "outside", "undecided"
_GRID = "Grid "


@dataclass(frozen=True)
class Own:
    """Options that share a zone and stand-offs, and the matrix of just those."""

    options: tuple[str, ...]
    matrix: Matrix


@dataclass(frozen=True)
class Interests:
    """The matrix of the protected area, the column of each option's stand-offs, and what each option's rules leave."""

    matrix: Matrix
    of_option: dict[str, str]
    own: tuple[Own, ...]


def speeds(catalogue: Catalogue) -> dict[str, tuple[float, float | None, float]]:
    """Return low, central and high speed by class of threat, m/s."""
    return {c.name: catalogue[c.entries["speed"]].si() for c in load_threat_classes()}


def interests(scenario: Scenario, catalogue: Catalogue, theatre: Theatre) -> Interests:
    """Return the matrix with the theatre's restrictions and those of the options, and each option's own."""
    sets = list(theatre.standoff_sets)
    column = {}
    alike: dict[tuple[Zone | None, StandoffSet], list[str]] = {}
    for option in scenario.options:
        if not option.shoots:
            continue
        wanted = _standoffs(option)
        distances = (wanted.russia_m, wanted.front_m, wanted.belarus_m)
        chosen = next((s for s in sets if (s.russia_m, s.front_m, s.belarus_m) == distances), wanted)
        if chosen is wanted:
            sets.append(wanted)
        column[option.name] = chosen.name
        zone = None if option.rules.zone is None else option.rules.zone.zone()
        alike.setdefault((zone, chosen), []).append(option.name)
    fast = speeds(catalogue)
    own = tuple(Own(tuple(names), matrix(theatre, zone, fast, [standoff])) for (zone, standoff), names in alike.items())
    return Interests(matrix(theatre, scenario.protected_area.zone(), fast, sets), column, own)


def _standoffs(option: Option) -> StandoffSet:
    rules = option.rules
    return StandoffSet(f"option_{option.name}", f"the rules of {option.label}", rules.kept_m("russia"),
                       rules.kept_m("front"), rules.kept_m("belarus"))


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


def table(found: Interests) -> Table:
    """Return interests × restrictions."""
    rows: list[tuple[Cell, ...]] = []
    by_place = {(row.interest, row.standoff): row for row in found.matrix.interests}
    for interest in dict.fromkeys(row.interest for row in found.matrix.interests):
        cells: list[Cell] = []
        for standoff in found.matrix.standoffs:
            row = by_place[interest, standoff.name]
            cells.append(Markup("{}<br>{}%<br><small>{}</small>").format(
                _status(row), number(_PERCENT * row.share), _minutes(row.windows[0])))
        rows.append((by_place[interest, found.matrix.standoffs[0].name].label, *cells))
    heads = []
    for standoff in found.matrix.standoffs:
        of = [option for option, name in found.of_option.items() if name == standoff.name]
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


def sites(own: Own, labels: dict[str, str]) -> Table:
    """Return the named sites (the grid of each oblast left out) under the rules of some options."""
    rows: list[tuple[Cell, ...]] = [
        (row.site, _status(row), f"{number(_PERCENT * row.share)}%", *(_minutes(window) for window in row.windows))
        for row in own.matrix.rows if not row.site.startswith(_GRID)]
    names = [CLASS_SHORT.get(w.threat_class, w.threat_class) for w in own.matrix.rows[0].windows]
    of = _names(own.options, labels)
    return Table(f"sites-{own.options[0]}", f"Site by site under the zone and stand-offs of {of}: status, share "
                 "inside (%), minutes over the zone by class", ("Site", "Status", "Share inside", *names), tuple(rows),
                 numeric=True, note="Of the grid, one entry an oblast, only the sum is shown above.")


def _names(options: Iterable[str], labels: dict[str, str]) -> str:
    return listing([f"“{labels[option]}”" for option in options])


def sentences(found: Interests, labels: dict[str, str]) -> list[str]:
    """Say which of the op-ed's interests each option's own zone and stand-offs delete or put in doubt."""
    said = []
    before = {row.interest: row for row in found.matrix.interests if row.standoff == _free(found)}
    sites_before = {row.site: row for row in found.matrix.rows if row.standoff == _free(found)}
    for own in found.own:
        lost = [r for r in own.matrix.interests if r.status == OUTSIDE and _was_in(before.get(r.interest))]
        doubtful = [r for r in own.matrix.interests if r.status == UNDECIDED]
        gone = [r.site for r in own.matrix.rows if r.status == OUTSIDE and _was_in(sites_before.get(r.site))
                and not r.site.startswith(_GRID)]
        parts = []
        if lost:
            parts.append(f"delete {listing([_loss(r) for r in lost])}")
        if doubtful:
            parts.append(f"leave {listing([f'“{r.label}”' for r in doubtful])} undecided within the map's error")
        if gone:
            parts.append(f"put {listing(gone)} outside")
        what = listing(parts) if parts else "leave every interest inside that the protected area holds"
        said.append(f"The zone and stand-offs of {_names(own.options, labels)} {what}.")
    return said


def _free(found: Interests) -> str | None:
    """Return the column without any stand-off."""
    return next((s.name for s in found.matrix.standoffs if not any((s.russia_m, s.front_m, s.belarus_m))), None)


def _was_in(row: MatrixRow | InterestRow | None) -> bool:
    return row is not None and row.status != OUTSIDE


def _loss(row: InterestRow) -> str:
    if row.share == 0.0:
        return f"“{row.label}”"
    return f"half or more of “{row.label}” ({number(_PERCENT * row.share)}% stays in)"


def left_out(found: Interests) -> str:
    """Say which named sites the protected area leaves out before any stand-off."""
    names = [r.site for r in found.matrix.rows if r.standoff == _free(found) and r.status == OUTSIDE]
    named = [name for name in names if not name.startswith(_GRID)]
    grids = len(names) - len(named)
    if not names:
        return ""
    tail = f" and the grid of {number(grids, FEW)} oblasts" if grids else ""
    return f"The protected area itself, before any stand-off, leaves out {listing(named)}{tail}."
