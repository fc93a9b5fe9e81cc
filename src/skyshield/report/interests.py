"""The interest × restriction matrix as tables and sentences: what the restrictions leave of the op-ed's own list."""

from dataclasses import dataclass

from markupsafe import Markup

from skyshield.catalogue import Catalogue, load_threat_classes
from skyshield.report.tables import Cell, Table
from skyshield.report.words import CLASS_SHORT, FEW, SOME, listing, number
from skyshield.scenario import Option, Scenario
from skyshield.theatre import MatrixRow, StandoffSet, Theatre, matrix
from skyshield.theatre.matrix import InterestRow, Matrix, Window

_KM = 1000.0
_PERCENT = 100.0
INSIDE, OUTSIDE, UNDECIDED = "inside", "outside", "undecided"


@dataclass(frozen=True)
class Interests:
    """The matrix of the protected area, and which column each option's rules are."""

    matrix: Matrix
    of_option: dict[str, str]


def speeds(catalogue: Catalogue) -> dict[str, tuple[float, float | None, float]]:
    """Return low, central and high speed by class of threat, m/s."""
    return {c.name: catalogue[c.entries["speed"]].si() for c in load_threat_classes()}


def interests(scenario: Scenario, catalogue: Catalogue, theatre: Theatre) -> Interests:
    """Return the matrix with the theatre's restrictions and those of the options."""
    sets = list(theatre.standoff_sets)
    column = {}
    for option in scenario.options:
        if not option.packages:
            continue
        wanted = _standoffs(option)
        same = [s for s in sets if (s.russia_m, s.front_m, s.belarus_m)
                == (wanted.russia_m, wanted.front_m, wanted.belarus_m)]
        if not same:
            sets.append(wanted)
        column[option.name] = (same or [wanted])[0].name
    return Interests(matrix(theatre, scenario.protected_area.zone(), speeds(catalogue), sets), column)


def _standoffs(option: Option) -> StandoffSet:
    rules = option.rules
    return StandoffSet(f"option_{option.name}", f"the rules of {option.label}", rules.standoff_m("russia"),
                       rules.standoff_m("front"), rules.standoff_m("belarus"))


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


def table(found: Interests, labels: dict[str, str]) -> Table:
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
        of = [labels[o] for o, name in found.of_option.items() if name == standoff.name]
        heads.append(short(standoff) + (f" (rules of: {listing(of)})" if of else ""))
    return Table("interests", "Interests of the op-ed × restrictions: status, share inside the zone (% by site "
                 "weight), and minutes over the zone for a UAV flying straight to a site",
                 ("Interest", *heads), tuple(rows), dense=True,
                 note="The zone is the protected area cut by the stand-off in the head of the column; “front” is the "
                      "edge of occupied territory. Inside: more than half of the interest stays in the zone even with "
                      "the map's error against it. Outside: half or less even with the error for it. Undecided: within "
                      "the error. Minutes: the median over launch areas and sites at the central speed; in brackets "
                      "the least at the high speed and the most at the low speed. Real UAVs do not fly straight: read "
                      "it as a yardstick.")


def sites(found: Interests, standoff: str, labels: dict[str, str]) -> Table:
    """Return the named sites (the grid of each oblast left out) under one restriction."""
    rows: list[tuple[Cell, ...]] = [
        (row.site, _status(row), f"{number(_PERCENT * row.share)}%", *(_minutes(window) for window in row.windows))
        for row in found.matrix.rows if row.standoff == standoff and not row.site.startswith("Grid ")]
    head = next(s for s in found.matrix.standoffs if s.name == standoff)
    of = [labels[o] for o, name in found.of_option.items() if name == standoff]
    names = [CLASS_SHORT.get(w.threat_class, w.threat_class) for w in found.matrix.rows[0].windows]
    return Table(f"sites-{standoff}", f"Site by site under {short(head)} (rules of: {listing(of)}): status, share "
                 "inside (%), minutes over the zone by class", ("Site", "Status", "Share inside", *names), tuple(rows),
                 numeric=True, note="A site that the protected area itself leaves out is outside whatever the "
                                    "stand-off. The grid, one entry an oblast, is in the line above only.")


def sentences(found: Interests, labels: dict[str, str]) -> list[str]:
    """Say which of the op-ed's interests each option's own restrictions delete or put in doubt."""
    said = []
    free = next((s.name for s in found.matrix.standoffs if not any((s.russia_m, s.front_m, s.belarus_m))), None)
    before = {row.interest: row for row in found.matrix.interests if row.standoff == free}
    sites_before = {row.site: row for row in found.matrix.rows if row.standoff == free}
    for option, standoff in found.of_option.items():
        rows = [row for row in found.matrix.interests if row.standoff == standoff]
        lost = [r for r in rows if r.status == OUTSIDE and (free is None or before[r.interest].status != OUTSIDE)]
        doubtful = [r for r in rows if r.status == UNDECIDED]
        gone = [r.site for r in found.matrix.rows if r.standoff == standoff and r.status == OUTSIDE
                and free is not None and sites_before[r.site].status != OUTSIDE]
        if not lost and not doubtful and not gone:
            said.append(f"{labels[option]}: its stand-offs leave every interest inside that the protected area holds.")
            continue
        parts = []
        if lost:
            parts.append(f"delete {listing([_loss(r) for r in lost])}")
        if doubtful:
            parts.append(f"leave {listing([f'“{r.label}”' for r in doubtful])} undecided within the map's error")
        if gone:
            parts.append(f"put {listing(gone)} outside")
        said.append(f"{labels[option]}: its own stand-offs {listing(parts)}.")
    return said


def _loss(row: InterestRow) -> str:
    if row.share == 0.0:
        return f"“{row.label}”"
    return f"half or more of “{row.label}” ({number(_PERCENT * row.share)}% stays in)"


def left_out(found: Interests) -> str:
    """Say which named sites the protected area leaves out before any stand-off."""
    free = next((s.name for s in found.matrix.standoffs if not any((s.russia_m, s.front_m, s.belarus_m))), None)
    names = [r.site for r in found.matrix.rows if r.standoff == free and r.status == OUTSIDE]
    named = [name for name in names if not name.startswith("Grid ")]
    grids = len(names) - len(named)
    if not names:
        return ""
    tail = f" and the grid of {number(grids, FEW)} oblasts" if grids else ""
    return f"The protected area itself, before any stand-off, leaves out {listing(named)}{tail}."
