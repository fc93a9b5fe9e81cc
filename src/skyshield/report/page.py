"""The page: everything a study says, in one file that asks nobody for anything.

The same study gives the same bytes: no clock, path, host or number of jobs enters. The style sheet and the
figures stand inside; there is no script, and a content policy in the page forbids fetching.
"""

import functools
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from skyshield.core.files import read_text, read_yaml
from skyshield.report import bounds, figures, interests, tables
from skyshield.report import map as maps
from skyshield.report.drawing import Figure
from skyshield.report.words import (
    CLASS_SHORT,
    FEW,
    SOME,
    count,
    full,
    interval,
    listing,
    number,
    span,
    total,
    zone_words,
)
from skyshield.scenario import Resolved, Scenario
from skyshield.study.compare import Comparison, marks, options_summary
from skyshield.study.result import StudyResult

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates"
_MILLION = 1e6
_PERCENT = 100.0


@dataclass(frozen=True)
class Answer:
    """One option's answer in words."""

    label: str
    sentences: tuple[str, ...]


@functools.cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)


def page(result: StudyResult, comparison: Comparison, resolved: Resolved) -> str:
    """Return the report as one HTML file.

    Parameters
    ----------
    result
        The study.
    comparison
        Its paired differences; usually to the baseline.
    resolved
        The scenario the study was run with.

    Returns
    -------
    str
        HTML with style and figures inside; no script and nothing to fetch.

    Examples
    --------
    >>> from skyshield.calibrate import fit_aggregates
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.scenario import load, resolve
    >>> from skyshield.study import compare, run
    >>> from skyshield.theatre import load_theatre
    >>> scenario = load("skyshield").model_copy(update={"days": 1})
    >>> resolved = resolve(scenario, load_catalogue(), load_theatre(), fit_aggregates(load_catalogue()))
    >>> result = run(resolved, seed=1, replications=2, vectors=2)
    >>> page(result, compare(result, "own"), resolved).startswith("<!doctype html>")
    True
    """
    scenario, fit, catalogue, theatre = resolved.parts()
    scenario = scenario.model_copy(update={"days": int(result.manifest["days"])})
    labels = {option.name: option.label for option in scenario.options}
    summaries = options_summary(result)
    keys = tables.used_keys(list(result.parameters), fit, catalogue)
    found = interests.interests(scenario, catalogue, theatre)
    view: dict[str, Any] = {
        "css": Markup(read_text(_TEMPLATES / "page.css")),  # noqa: S704 - our own file
        "scenario": scenario, "labels": labels, "marks": marks(result, fit.status), "fit": fit,
        "period": _period(scenario), "members": _members(scenario, resolved),
        "area": zone_words(scenario.protected_area),
        "n_vectors": result.failed.shape[1], "n_replications": result.failed.shape[2],
        "options": tables.options(scenario, catalogue),
        "prices": tables.price_words(catalogue, list(result.parameters)),
        "answers": _answers(comparison, summaries, scenario, labels),
        "ends": _ends(result, resolved), "alone": not comparison.rows,
        "bounds": _bounds(result, comparison, resolved, summaries, scenario),
        "matrix": interests.table(found), "matrix_words": interests.sentences(found, labels),
        "left_out": interests.left_out(found),
        "site_tables": [interests.sites(own, labels) for own in found.own],
        "map_note": maps.note(theatre),
        "maps": [maps.draw(layer, f"map-{n}", scenario, theatre)
                 for n, layer in enumerate(maps.layers(scenario, theatre), start=1)],
        "figures": _figures(comparison, summaries, labels, scenario.days),
        "doubts": tables.doubts(comparison, labels) if comparison.rows else None,
        "arms": tables.arms(result, comparison, catalogue, labels)
        if comparison.rows and result.manifest["arms"][0] else None,
        "overview": tables.overview(comparison, labels) if comparison.rows else None,
        "paired": [tables.paired(comparison, option, labels) for option in comparison.rows],
        "absolute": tables.absolute(summaries[comparison.to], comparison.to, labels[comparison.to]),
        "measures": tables.measures(), "parameters": tables.parameters(keys, catalogue, fit),
        "without_centre": tables.without_centre(keys, catalogue, result.manifest["arms"]),
        "identification": read_yaml(_HERE / "data" / "identification.yaml"),
        "sources": tables.sources(keys, catalogue),
        "provenance": _provenance(result, resolved),
    }
    return _environment().get_template("page.html.j2").render(view)


def _period(scenario: Scenario) -> str:
    phases = [f"{phase.name} from day {phase.first_day}" for phase in scenario.phases]
    return f"{count(scenario.days, 'day')} from {scenario.start_date.isoformat()}; {listing(phases)}"


def _members(scenario: Scenario, resolved: Resolved) -> list[str]:
    """Say who brings what; the country of a base is named, the base is not."""
    countries = {base.name: base.country for base in resolved.parts()[3].bases}
    said = []
    for member in scenario.members:
        away = "" if member.active else "; switched off"
        said.append(f"{member.name}: {number(_PERCENT * member.aircraft_share, SOME)}% of the aircraft, standing in "
                    f"{countries.get(member.base, 'a country not named')}{away}")
    return said


def _answers(comparison: Comparison, summaries: tables.Summaries, scenario: Scenario,
             labels: dict[str, str]) -> list[Answer]:
    """Say each option's result in words."""
    said = []
    arriving = summaries[comparison.to]["leaked_zone"]["mean"]
    alone = not scenario.option(comparison.to).packages
    for option, row in comparison.rows.items():
        main, planned = row["prevented_zone"], row["planned_cost_eur"]["delta"]
        delta = main["delta"]
        if delta is None:
            said.append(Answer(labels[option], ("every replication failed, so there is no result.",)))
            continue
        doubt = "" if main["lo"] is None else f" (95% interval of the expected outcome: {interval(main)})"
        how_many = number(delta) if alone else f"{number(abs(delta))} {'more' if delta >= 0.0 else 'fewer'}"
        sentences = [f"keeps {how_many} threats from reaching their aims in the protected area in "
                     f"{count(scenario.days, 'day')}{doubt}, compared with “{labels[comparison.to]}” on the same "
                     "raids."]
        if arriving:
            sentences.append(f"That is {number(_PERCENT * delta / arriving)}% of the {total(arriving)} that arrive "
                             "there without it.")
        sentences.append(f"A single period may bring {span(main['spread_lo'], main['spread_hi'])}.")
        if (main["env_lo"], main["env_hi"]) != (main["lo"], main["hi"]):
            sentences.append("Over every combination of ends of the numbers that have no centre, the interval widens "
                             f"to {span(main['env_lo'], main['env_hi'])}.")
        prevented, redundant = (math.fsum(row[f"{name}/{kind}"]["delta"] or 0.0 for kind in CLASS_SHORT)
                                for name in ("prevented", "redundant"))
        if prevented > 0.0:
            sentences.append(f"For every threat it prevents anywhere it destroys {number(redundant / prevented)} that "
                             "Ukraine's own defence would have stopped anyway.")
        if planned:
            spent = row["cost_eur"]
            sentences.append(f"Its planned cost in that time is EUR {number(planned / _MILLION)} million, "
                             f"without weapons: {tables.per_billion(row)} prevented threats for a planned EUR billion. "
                             "With the weapons it fires it spends "
                             f"EUR {number((spent['delta'] or 0.0) / _MILLION)} million.")
        said.append(Answer(labels[option], tuple(sentences)))
    return said


def _ends(result: StudyResult, resolved: Resolved) -> list[str]:
    """Say where the headline has each entry without a centre."""
    catalogue = resolved.parts()[2]
    said = []
    for key, end in result.manifest["arms"][0].items():
        entry = catalogue[key]
        here, there = (entry.low, entry.high) if end == "low" else (entry.high, entry.low)
        said.append(f"“{entry.label}” has no centre (range {full(entry.low)} to {full(entry.high)}); the headline has "
                    f"it at its {end} end, {full(here)}, and the envelope reaches to {full(there)}.")
    return said


def _bounds(result: StudyResult, comparison: Comparison, resolved: Resolved, summaries: tables.Summaries,
            scenario: Scenario) -> dict[str, Any]:
    """Return page one's numbers as rows and sentences."""
    _, fit, catalogue, _ = resolved.parts()
    labels = {option.name: option.label for option in scenario.options}
    days = bounds.war_days(scenario)
    sticks = bounds.yardsticks(catalogue, days)
    own = bounds.deep_leakers_per_year(fit, result.parameters)
    costs = [(labels[o], planned) for o in comparison.rows
             if (planned := bounds.planned_per_year(result, summaries, o)) is not None]
    return {
        "addressable": tables.addressable(sticks, days), "days": days, "own": own,
        "own_sentence": bounds.model_sentence(own, sticks),
        "arriving": tables.with_interval(summaries[comparison.to]["leaked_zone"], "leaked_zone", "mean", total),
        "baseline": labels[comparison.to], "all_leakers": bounds.Range(
            catalogue["leakers_per_year"].low, catalogue["leakers_per_year"].central,
            catalogue["leakers_per_year"].high).words(SOME),
        "costs": tables.perfect_costs(costs, sticks, comparison, labels) if costs else None,
        "verdicts": [bounds.check(labels[o], row["prevented_zone"], days, sticks)
                     for o, row in comparison.rows.items()],
        "others": [labels[o.name] for o in scenario.options if o.packages
                   and (o.rules.target_classes is None or set(o.rules.target_classes) != {"uav"})],
    }


def _figures(comparison: Comparison, summaries: tables.Summaries, labels: dict[str, str],
             days: int) -> dict[str, Figure]:
    drawn = {"fates": figures.fates(summaries, comparison, labels)}
    if comparison.rows:
        drawn |= {"doubts": figures.doubts(comparison, labels, days), "gates": figures.gates(comparison, labels, days),
                  "area": figures.area(summaries, comparison, labels, days)}
    return drawn


def _provenance(result: StudyResult, resolved: Resolved) -> list[tuple[str, str]]:
    _, fit, catalogue, theatre = resolved.parts()
    plan = result.manifest
    versions = ", ".join(f"{name} {version}" for name, version in plan["versions"].items())
    return [("Study key", plan["study_key"]), ("Resolved scenario, sha256", plan["resolved_sha256"]),
            ("Catalogue, sha256", catalogue.sha256), ("Theatre, sha256", theatre.sha256),
            ("Record or aggregates, sha256", fit.record_sha256), ("Kernels, sha256", plan["kernel_sha256"]),
            ("Seed", str(plan["seed"])), ("Parameter vectors", f"{plan['vectors']:,}"),
            ("Replications a vector", f"{plan['replications']:,}"), ("Days", str(plan["days"])),
            ("Options", ", ".join(plan["options"])), ("Arms of the envelope", number(len(plan["arms"]), FEW)),
            ("Versions", versions)]
