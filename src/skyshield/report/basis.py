"""What a study rests on, as tables: the numbers used, those that nobody knows, what the record can tell, sources."""

from collections.abc import Collection, Mapping, Sequence

from markupsafe import Markup

from skyshield.bounds.yardsticks import BOUND_KEYS
from skyshield.catalogue import Catalogue, Entry
from skyshield.compile.parameters import headline_value
from skyshield.forces import PRICE_YEAR
from skyshield.raids import Fit
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, SOME, full, number, span

ASSUMED = "K"
GRADES = {"A": "data or official", "B": "several sources", "C": "one claim", "K": "assumption"}

# What the compiler and the fit read at the central value; every other number is a parameter of the study.
CONSTANT_KEYS = ("route_bend", "fighter_max_shots_per_threat", "calibration_window", "near_border_distance",
                 "near_front_distance", "built_up_radius", "own_sea_reach", "own_terminal_distance")


def price_text(catalogue: Catalogue, used: Sequence[str]) -> str:
    """Say which year's prices the money is in."""
    years = sorted({y for k in used if k in catalogue and (y := catalogue[k].price_year) is not None})
    if not years:
        return "Money is in EUR; no price enters this study."
    if len(years) == 1:
        return f"Money is in EUR at prices of {years[0]}; {_rates(catalogue)}."
    return (f"Money is in EUR at the prices of the sources' own years ({', '.join(map(str, years))}), not deflated; "
            f"{_rates(catalogue)}.")


def _rates(catalogue: Catalogue) -> str:
    """Say at what rate dollars are turned, and what the prices of the year after are."""
    rate, deflator = catalogue["usd_per_eur"], catalogue[f"deflator_{PRICE_YEAR + 1}_over_{PRICE_YEAR}"]
    return (f"dollars are turned at {full(rate.reference_value)} a euro (drawn from {full(rate.low)} to "
            f"{full(rate.high)}), and prices of {PRICE_YEAR + 1} are {full(deflator.reference_value)} times those of "
            f"{PRICE_YEAR}")


def used_keys(parameters: Collection[str], fit: Fit, catalogue: Catalogue) -> list[str]:
    """Return the catalogue's keys that the study stands on, in its order; what the fit holds is not among them."""
    wanted = {*parameters, *CONSTANT_KEYS, *BOUND_KEYS} - set(fit.names)
    return [key for key in catalogue if key in wanted]


def _sources(entry: Entry) -> Markup:
    return Markup(", ").join(Markup('<a href="#source-{0}">{0}</a>').format(key) for key in entry.source)


def _grade(entry: Entry) -> Cell:
    if entry.grade != ASSUMED:
        return entry.grade
    return Markup('<strong class="assumed" title="{}">{}</strong>').format(GRADES[entry.grade], entry.grade)


def parameters(keys: Sequence[str], catalogue: Catalogue) -> Table:
    """Return the numbers used that have a centre and come from the catalogue."""
    rows: list[tuple[Cell, ...]] = []
    for key in keys:
        entry = catalogue[key]
        if entry.central is None:
            continue
        head = Markup("{}<br><code>{}</code>").format(entry.label, key)
        rows.append((head, entry.unit, full(entry.low), full(entry.central), full(entry.high), _role(key, entry),
                     _grade(entry), _sources(entry)))
    return Table("parameters", "Numbers used that the fit does not hold, in the unit of the catalogue",
                 ("What it is", "Unit", "Low", "Central", "High", "How it enters", "Grade", "Source"), tuple(rows),
                 note="Grades: " + "; ".join(f"{g} {what}" for g, what in GRADES.items())
                      + ". “Drawn”: one value a parameter vector from the stated distribution. “Fixed”: the central "
                        "value throughout.")


def _role(key: str, entry: Entry) -> str:
    if key in BOUND_KEYS:
        return "yardstick only"
    return "fixed" if key in CONSTANT_KEYS or entry.low == entry.high else "drawn"


def without_centre(keys: Sequence[str], catalogue: Catalogue, used: Collection[str],
                   assumptions: Mapping[str, float]) -> Table:
    """Return the numbers that nobody knows and where the headline has each."""
    rows: list[tuple[Cell, ...]] = []
    for key in keys:
        entry = catalogue[key]
        if entry.central is not None:
            continue
        where = full(headline_value(entry, assumptions))
        if key in assumptions:
            place = f"{where}, fixed by the scenario"
        elif key in used or key in CONSTANT_KEYS:
            place = f"{where}, its {entry.reference} end" if isinstance(entry.reference, str) else where
        else:
            place = "not in the model; both ends in the yardsticks"
        rows.append((Markup("{}<br><code>{}</code>").format(entry.label, key), entry.unit, full(entry.low),
                     full(entry.high), place, entry.note, _grade(entry), _sources(entry)))
    return Table("without-centre", "Numbers that nobody knows: never drawn, each moved alone to its ends unless the "
                 "scenario fixes it",
                 ("What it is", "Unit", "Low", "High", "In the headline", "Why", "Grade", "Source"), tuple(rows))


def identification(fit: Fit, beside: Sequence[Mapping[str, str]], catalogue: Catalogue) -> Table:
    """Return what the record can tell: the fit's own rows, then those of what no fit of it covers.

    Parameters
    ----------
    fit
        With its identification rows.
    beside
        quantity, status, means, and perhaps the entry of the catalogue whose ends are the range.
    catalogue
        For those ends.
    """
    rows: list[tuple[Cell, ...]] = [
        (_with_unit(row.quantity, row.unit), row.status, number(row.central, SOME),
         _range(row.low, row.high) if row.central is None else span(row.low, row.high, SOME), row.means)
        for row in fit.identified]
    for row in beside:
        entry = catalogue[row["entry"]] if "entry" in row else None
        low, high, unit = (None, None, "1") if entry is None else (entry.low, entry.high, entry.unit)
        rows.append((_with_unit(row["quantity"], unit), row["status"], NOTHING, _range(low, high), row["means"]))
    return Table("identification", "Identification: what the public record fixes and what it does not",
                 ("Quantity", "Status", "Estimate", "95% interval, or range", "Which means"), tuple(rows),
                 note="An interval where the record speaks, a range from end to end where it does not; a dash where "
                      "the model has no such number.")


def _with_unit(quantity: str, unit: str) -> Cell:
    """Return a quantity with its unit, unless it is a plain number."""
    return quantity if unit in ("", "1") else Markup("{} <small>({})</small>").format(quantity, unit)


def _range(low: float | None, high: float | None) -> str:
    """Return the ends of a range as they are stated."""
    return NOTHING if low is None or high is None else f"{full(low)} to {full(high)}"


def sources(keys: Sequence[str], catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Return (key, kind, citation) of the sources that the used entries name."""
    named = {source for key in keys for source in catalogue[key].source}
    return [(key, s.kind, s.citation) for key, s in catalogue.sources.items() if key in named]
