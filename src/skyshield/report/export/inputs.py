"""What a study was made from as tables: its options, its parameters, the catalogue, and where it comes from."""

from typing import Any

import numpy as np

from skyshield.catalogue import Entry
from skyshield.catalogue.unit_text import si_factor, si_unit
from skyshield.report.export.table import ANY, BOOLEAN, BY_ROW, INTEGER, NUMBER, STRING, Column, DataTable, framed
from skyshield.report.limits import holding
from skyshield.report.reading import Reading
from skyshield.report.text import force_text, standoff_text, target_text, zone_text
from skyshield.scenario import Option
from skyshield.study.compare import rounded
from skyshield.study.document import provenance as provenance_of
from skyshield.study.view import StudyView

_ENTRY = (
    Column("label", STRING, "In words", "What the number is"),
    Column("unit", STRING, "Unit", "Unit of low, central and high; 1 for shares and counts"),
    Column("low", NUMBER, "Low", "Low end of its range", BY_ROW),
    Column("central", NUMBER, "Central", "Its middle; missing where nothing supports one", BY_ROW),
    Column("high", NUMBER, "High", "High end of its range", BY_ROW),
    Column("distribution", STRING, "Distribution", "How it is drawn: pert, quantiles or constant; interval is not "
           "drawn, the study is played at both ends"),
    Column("grade", STRING, "Grade", "A data or official, B several sources, C a single claim, K an assumption"))


def option_list(view: StudyView) -> DataTable:
    """Say what each option is."""
    columns = (
        Column("option", STRING, "Option", "Name of the option"),
        Column("option_label", STRING, "Option in words", "The option's label"),
        Column("is_baseline", BOOLEAN, "Baseline", "Whether it is the scenario's baseline"),
        Column("brings", STRING, "Forces", "What the option brings and which places its shooters serve"),
        Column("may_shoot_at", STRING, "May shoot at", "Classes of threat that its rules allow"),
        Column("zone", STRING, "Zone", "Where it may shoot"),
        Column("keeps_away", STRING, "Keeps away", "Distances that its rules keep"),
        Column("same_money_as", STRING, "Same money as", "The option whose planned cost this one spends as aid"),
        Column("without_clause", STRING, "Without the clause", "The clause dropped, of an option that only prices one"),
        Column("budget_eur", NUMBER, "Budget", "Budget that the scenario sets", "EUR"),
        Column("planned_cost_eur", NUMBER, "Planned cost", "Planned cost, fully loaded, all lines together", "EUR"))
    return DataTable("option_list", "What each option is", "One row for each option that was compared", columns,
                     framed([_option(view, option) for option in view.scenario.options], columns))


def _option(view: StudyView, option: Option) -> dict[str, Any]:
    rules = {"may_shoot_at": target_text(option.rules), "zone": zone_text(option.rules.zone),
             "keeps_away": standoff_text(option.rules)} if option.fires else {}
    planned = view.manifest["planned"].get(option.name, {}).get("fully_loaded", {})
    return {"option": option.name, "option_label": view.labels[option.name],
            "is_baseline": option.name == view.resolved.baseline, "brings": force_text(option, view.catalogue), **rules,
            "same_money_as": option.twin, "without_clause": view.dropped.get(option.name, (None, None))[1],
            "budget_eur": option.budget_eur, "planned_cost_eur": rounded(float(sum(planned.values())))}


def parameters(view: StudyView) -> DataTable:
    """Return the numbers that the study used, with where its headline has them."""
    columns = (
        Column("parameter", STRING, "Parameter", "Its name in the model"), *_ENTRY,
        Column("headline", NUMBER, "In the headline", "Mean over the headline's parameter vectors", BY_ROW),
        Column("headline_min", NUMBER, "Least in the headline", "Least of the headline's vectors", BY_ROW),
        Column("headline_max", NUMBER, "Most in the headline", "Greatest of the headline's vectors", BY_ROW),
        Column("fixed_by_scenario", BOOLEAN, "Fixed", "Whether the scenario fixes it"),
        Column("comes_from", STRING, "Comes from", "catalogue, or fit: estimated from the record of raids"))
    return DataTable("parameters", "Numbers that the study used", "One row for each number that the study read; of "
                     "those that come from the fit without a catalogue entry all values are in SI units", columns,
                     framed([_parameter(view, name) for name in sorted(view.parameters)], columns))


def _parameter(view: StudyView, name: str) -> dict[str, Any]:
    entry = view.catalogue.get(name)
    values = np.asarray(view.parameters[name], np.float64) / (1.0 if entry is None else si_factor(entry.unit))
    mean = float(values.mean()) if values.size and values.min() < values.max() else float(values[0])
    return {"parameter": name, **({} if entry is None else _entry(entry)),
            **{key: rounded(number) for key, number in (("headline", mean), ("headline_min", float(values.min())),
                                                        ("headline_max", float(values.max())))},
            "fixed_by_scenario": name in view.scenario.assumptions,
            "comes_from": "fit" if name in view.fit.names or entry is None else "catalogue"}


def _entry(entry: Entry) -> dict[str, Any]:
    return {"label": entry.label, "unit": entry.unit, "low": entry.low, "central": entry.central, "high": entry.high,
            "distribution": entry.distribution, "grade": entry.grade}


def unit_in_si(view: StudyView, name: str) -> str:
    """Return the SI unit of a parameter; empty for one of the fit alone."""
    entry = view.catalogue.get(name)
    return "" if entry is None else si_unit(entry.unit)


def catalogue(view: StudyView) -> DataTable:
    """Return every entry of the catalogue that the study carries."""
    columns = (
        Column("key", STRING, "Key", "Name of the entry"), Column("subject", STRING, "Subject", "Its subject"), *_ENTRY,
        Column("reference", STRING, "Reference", "For an interval, where the headline stands: low, high or a number"),
        Column("bundle", STRING, "Bundle", "Intervals of one bundle are moved to their ends together"),
        Column("source", STRING, "Source", "Keys of its sources"),
        Column("citation", STRING, "Citation", "Its sources in full"),
        Column("date", STRING, "Date", "When the fact was stated or held"),
        Column("price_year", INTEGER, "Price year", "The year whose prices an amount of money is in"),
        Column("note", STRING, "Note", "What a reader must know to use it"))
    cited = view.catalogue.sources
    rows = [{"key": entry.key, "subject": subject, **_entry(entry),
             "reference": None if entry.reference is None else str(entry.reference), "bundle": entry.bundle,
             "source": ", ".join(entry.source), "citation": " ".join(cited[key].citation for key in entry.source),
             "date": entry.date, "price_year": entry.price_year, "note": entry.note}
            for subject, entries in view.catalogue.subjects.items() for entry in entries]
    return DataTable("catalogue", "The catalogue", "Every number of the model with its range, grade and source, "
                     "whether this study used it or not", columns, framed(rows, columns))


def provenance(view: StudyView) -> DataTable:
    """Return what identifies the study, what must be said of it and what it cannot say."""
    columns = (Column("item", STRING, "Item", "What the value is; may stand more than once"),
               Column("value", ANY, "Value", "The value"))
    manifest, scenario = view.manifest, view.scenario
    facts: list[tuple[str, Any]] = [
        ("title", scenario.title), ("question", scenario.question), ("scenario", scenario.name),
        ("study_key", manifest["study_key"]), ("seed", manifest["seed"]), ("vectors", manifest["vectors"]),
        ("replications", manifest["replications"]), ("days", manifest["days"]),
        ("start_date", scenario.start_date.isoformat()), ("baseline", view.resolved.baseline),
        ("compared_with", view.to), ("arms", len(view.played_arms))]
    for name, value in provenance_of(view).items():
        if name == "versions":
            facts += [(f"version of {part}", version) for part, version in value.items()]
        else:
            facts.append((name, " to ".join(map(str, value)) if isinstance(value, list | tuple) else value))
    facts += [("must be said", mark) for mark in view.marks]
    facts += [("cannot be claimed", limit) for limit in holding(Reading(view))]
    rows = [{"item": item, "value": value} for item, value in facts if value is not None]
    return DataTable("provenance", "Where the study comes from", "The study key, sizes, versions and hashes, what must "
                     "be said of the study, and what it cannot claim", columns, framed(rows, columns))
