"""The section on the attacker's adaptation: the sweep as table and figure, and the break-even atlas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from skyshield.adaptation.atlas import AXES as ATLAS_AXES
from skyshield.adaptation.atlas import DISPLACEMENT, KILLS, PRICE
from skyshield.adaptation.break_even import ABOVE, BELOW
from skyshield.adaptation.summary import Adaptation
from skyshield.adaptation.sweep import AVOIDED, AXES, OUTCOMES
from skyshield.catalogue import Catalogue
from skyshield.report.adaptation_figures import atlas_figure, sweep_figure
from skyshield.report.adaptation_text import HEADS, cell, cost_cell, money, place_text, price_range
from skyshield.report.reading import Reading
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, count, full, number
from skyshield.study.compare import FLAG, RIVAL_WORDS

Labels = Mapping[str, str]

_SHORT = {"displacement": "displacement δ", "volume_response": "volume ν", "class_shift": "class shift κ"}


KEYS = (PRICE, KILLS)  # what the atlas reads of the catalogue beside the study


@dataclass(frozen=True)
class Section:
    """What the page shows of a sweep."""

    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    sentences: tuple[str, ...]
    evidence: Table
    atlas: tuple[Figure, ...]
    costs: tuple[Table, ...]


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None if no sweep was played."""
    if reading.adapted is None:
        return None
    return {"adaptation": section(reading.adapted, reading.labels, reading.days, reading.catalogue)}


def make_short(reading: Reading) -> dict[str, Any] | None:
    """Return one picture and one sentence for the option that leads the report; None if no sweep was played."""
    result, lead = reading.adapted, reading.lead
    if result is None or lead is None or lead not in result.rows or not _answers(result.rows[lead]):
        return None
    return {"figure": sweep_figure(result, [lead], reading.labels, reading.days, "figure-displacement", (AVOIDED,)),
            "sentences": break_even_text(result, lead, reading.labels[lead], reading.catalogue)[:1]}


def section(result: Adaptation, labels: Labels, days: int, catalogue: Catalogue) -> Section:
    """Return the section of a sweep.

    Parameters
    ----------
    result
        The sweep with its break-evens and the atlas.
    labels
        Of the options.
    days
        Of the period.
    catalogue
        For the names of the swept entries.
    """
    shown = [o for o in result.rows if o not in result.aid]
    drawn = [o for o in shown if _answers(result.rows[o])]
    budgets = [o for o in result.atlas if o in shown]
    return Section(
        tables=tuple(sweep_table(result.rows[o], o, labels[o], days, _rival_rows(result, o))
                     for o in result.rows if _answers(result.rows[o])),
        figures=(sweep_figure(result, drawn, labels, days),) if drawn else (),
        sentences=tuple(line for o in drawn for line in break_even_text(result, o, labels[o], catalogue)),
        evidence=evidence_table(result), atlas=(atlas_figure(result, budgets, labels, days),) if budgets else (),
        costs=tuple(cost_table(result, o, labels) for o in budgets))


def _rival_rows(result: Adaptation, option: str) -> list[Mapping[str, Any]]:
    """Return an option's points under the rival own defence, along displacement."""
    return [] if result.rival is None else [result.rival.rows[option][p] for p in result.rival.axes[DISPLACEMENT]]


def _answers(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the attacker's adaptation changes anything for an option: it has forces at work."""
    return any(row[name] != rows[0][name] for row in rows for name in OUTCOMES)


def sweep_table(rows: Sequence[Mapping[str, Any]], option: str, label: str, days: int,
                rival: Sequence[Mapping[str, Any]] = ()) -> Table:
    """Return an option's outcomes at every point, the reference first, those under the rival own defence last."""
    reference = rows[0]
    lines: list[tuple[Cell, ...]] = []
    for place, row in enumerate(rows):
        moved = [f"{_SHORT[name]} {full(row[name])}" for name in AXES if row[name] != reference[name]]
        head = ", ".join(moved) if place else "Reference: " + ", ".join(f"{_SHORT[n]} {full(row[n])}" for n in AXES)
        lines.append((head, *(cell(row[name]) for name in OUTCOMES)))
    lines += [(f"The other rival model, {_SHORT[DISPLACEMENT]} {full(row[DISPLACEMENT])}",
               *(cell(row[name]) for name in OUTCOMES)) for row in rival]
    return Table(f"adaptation-{option}", f"{label}: the attacker's adaptation, threats in {days} days against the same "
                 "raids, with the 95% interval of the expected outcome in brackets",
                 ("What is moved", *HEADS.values()), tuple(lines), numeric=True)


_INSTEAD = {"": "and not in part near aims", **{name: f"instead of {words}" for name, words in RIVAL_WORDS.items()}}


def break_even_text(result: Adaptation, option: str, label: str, catalogue: Catalogue) -> list[str]:
    """Say for each answer where the national benefit is gone."""
    lines = []
    for axis, outcomes in result.break_even[option].items():
        row = outcomes[AVOIDED]
        lines.append(f"{label}, {_SHORT[axis]} ({catalogue[axis].label[0].lower()}{catalogue[axis].label[1:]}): "
                     f"{_where(row)} {_shares(row)}")
        if result.rival is not None and axis in result.rival.break_even[option]:
            other = result.rival.break_even[option][axis][AVOIDED]
            flag = (f"{FLAG}: where the benefit is gone depends on which of the two models holds. "
                    if other["value_is"] != row["value_is"] else "")
            models = f"{RIVAL_WORDS[result.rival.model]} {_INSTEAD[result.model]}"
            lines.append(f"{label}, {_SHORT[axis]}, if Ukraine stops threats {models}: {_where(other)} {flag}"
                         f"{_shares(other)}")
    return lines


def _where(row: Mapping[str, Any]) -> str:
    low, high = place_text(row, "lo"), place_text(row, "hi")
    doubt = "" if NOTHING in (low, high) else f" (95% of vectors: {low if low == high else f'{low} to {high}'})"
    if row["value_is"] == ABOVE:
        return f"the mean benefit stays above zero up to {full(row['to'])}{doubt}."
    if row["value_is"] == BELOW:
        return f"the mean benefit is not above zero even at {full(row['from'])}{doubt}."
    return f"the mean benefit is gone at {place_text(row)}{doubt}."


def _shares(row: Mapping[str, Any]) -> str:
    stays, never = (round(row[key] * row["vectors"]) for key in ("share_stays_above_zero", "share_never_above_zero"))
    return (f"Of the {count(row['vectors'], 'parameter vector')} played, {stays:,} {'keeps' if stays == 1 else 'keep'} "
            f"a benefit throughout and {never:,} {'has' if never == 1 else 'have'} none to begin with; these are "
            "counts of cases played, not chances.")


def evidence_table(result: Adaptation) -> Table:
    """Return the axes of the atlas with the evidence for each."""
    rows: list[tuple[Cell, ...]] = []
    for name in ATLAS_AXES:
        axis = result.evidence[name]
        sources = Markup(", ").join(Markup("<code>{}</code>").format(key) for key in axis.source)
        rows.append((axis.label, axis.status, axis.evidence, sources))
    return Table("atlas-axes", "Axes of the atlas and the evidence for each", ("Axis", "Status", "Evidence", "Source"),
                 tuple(rows))


def cost_table(result: Adaptation, option: str, labels: Labels) -> Table:
    """Return an option's break-even marginal cost of aid at the displacements that were played."""
    atlas = result.atlas[option]
    wanted = [result.points[p].displacement for p in result.axes[DISPLACEMENT]]
    rows: list[tuple[Cell, ...]] = []
    others = [] if result.rival is None else result.rival.atlas[option]["slices"]
    for rival, slices in (("", atlas["slices"]), (", other rival model", others)):
        for slice_ in slices:
            cells = [cost_cell(slice_, slice_["displacement"].index(delta)) for delta in wanted]
            rows.append((f"absorption {full(slice_['absorption'])}, relief {full(slice_['relief'])}{rival}", *cells))
    note = ("Below the figure aid stops more for the money, above it the option does. “Aid at any price”: the option "
            "keeps no threat from its aim on balance.")
    for twin in atlas["twins"]:
        note += (f" The simulated “{labels[twin['option']]}” stops one more for EUR {number(twin['cost'])} million of "
                 f"the whole budget ({price_range(twin['lo'], twin['hi'])}).")
    return Table(f"atlas-{option}", f"{labels[option]}: marginal cost of aid, EUR million a stop, at which "
                 f"{money(atlas)} spent either way stop as many threats, with 95% of vectors in brackets",
                 ("Slice", *(f"δ = {full(delta)}" for delta in wanted)), tuple(rows), numeric=True, note=note)
