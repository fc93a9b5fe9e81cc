"""The page: everything a study says, in one file that asks nobody for anything.

The same study gives the same bytes: no clock, path, host or number of jobs enters. The style sheet and the
figures stand inside; there is no script, and a content policy in the page forbids fetching.
"""

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from skyshield.adaptation.summary import Adaptation
from skyshield.bounds import verdicts as judge
from skyshield.bounds import yardsticks
from skyshield.bounds.interests import Interests, interest_matrices
from skyshield.compile.parameters import end_value
from skyshield.core.files import read_text, read_yaml
from skyshield.report import adaptation as sweeps
from skyshield.report import (
    basis,
    evidence,
    figures,
    headline,
    headline_figures,
    incidents,
    interests,
    tables,
    verdicts,
)
from skyshield.report import clauses as prices
from skyshield.report import map as maps
from skyshield.report.drawing import Figure
from skyshield.report.text import FEW, SOME, count, full, listing, number, range_text, total, zone_text
from skyshield.scenario import Scenario
from skyshield.study.compare import Comparison
from skyshield.study.view import StudyView
from skyshield.theatre import Theatre

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates"
_MILLION = 1e6
_PERCENT = 100.0


@functools.cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)


def page(view: StudyView, adapted: Adaptation | None = None) -> str:
    """Return the report as one HTML file.

    Parameters
    ----------
    view
        The study, usually compared with its baseline.
    adapted
        The sweep of the attacker's adaptation, where it was played.

    Returns
    -------
    str
        HTML with style and figures inside; no script and nothing to fetch.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.raids.fit import embedded_fit
    >>> from skyshield.scenario import load, resolve
    >>> from skyshield.study import StudyView, run
    >>> from skyshield.theatre import load_theatre
    >>> scenario = load("skyshield").model_copy(update={"days": 1})
    >>> resolved = resolve(scenario, load_catalogue(), load_theatre(), embedded_fit())
    >>> result = run(resolved, seed=1, replications=2, vectors=2)
    >>> page(StudyView(result, resolved)).startswith("<!doctype html>")
    True
    """
    fit, catalogue, theatre = view.fit, view.catalogue, view.theatre
    scenario = view.scenario.without_dropped().model_copy(update={"days": int(view.manifest["days"])})
    comparison, labels, summaries = view.compared, view.labels, view.summaries
    keys = basis.used_keys([*view.parameters, *(sweeps.KEYS if adapted is not None else ())], fit, catalogue)
    computed = interest_matrices(scenario, catalogue, theatre)
    content: dict[str, Any] = {
        "css": Markup(read_text(_TEMPLATES / "page.css")),  # noqa: S704 - our own file
        "scenario": scenario, "labels": labels, "marks": view.marks, "fit": fit,
        "period": _period(scenario), "members": _members(scenario, theatre),
        "area": zone_text(scenario.protected_area),
        "n_vectors": view.manifest["vectors"], "n_replications": view.replications[0],
        "options": tables.options(scenario, catalogue),
        "prices": basis.price_text(catalogue, list(view.parameters)),
        "headline": headline.section(view, scenario) if comparison.rows else None,
        "envelope": _envelope_text(view, scenario), "alone": not comparison.rows,
        "bounds": _bounds(view, scenario, computed),
        "clauses": prices.section(view.prices, labels, scenario.days),
        "incidents": incidents.section(comparison, summaries, labels, scenario.days),
        "matrix": interests.table(computed), "matrix_text": interests.sentences(computed, labels),
        "left_out": interests.left_out(computed),
        "site_tables": [interests.sites(own, labels) for own in computed.own_matrices],
        "map_note": maps.note(theatre),
        "maps": [maps.draw(layer, f"map-{n}", scenario, theatre)
                 for n, layer in enumerate(maps.layers(scenario, theatre), start=1)],
        "figures": _figures(comparison, summaries, labels, scenario.days),
        "unknowns": _unknowns(view, scenario.days),
        "doubts": tables.doubts(comparison, labels) if comparison.rows else None,
        "arms": tables.arms(view) if comparison.rows and view.moves else None,
        "overview": tables.overview(comparison, labels) if comparison.rows else None,
        "evidence": evidence.section(view, read_yaml(_HERE / "data" / "evidence.yaml")) if comparison.rows else None,
        "paired": [tables.paired(comparison, option, labels) for option in comparison.rows],
        "absolute": tables.absolute(summaries[comparison.to], comparison.to, labels[comparison.to]),
        "measures": tables.measures(), "parameters": basis.parameters(keys, catalogue),
        "without_centre": basis.without_centre(keys, catalogue, view.parameters, scenario.assumptions),
        "identification": basis.identification(fit, read_yaml(_HERE / "data" / "identification.yaml"), catalogue),
        "diagnostics": [f"{name.replace('_', ' ')} {number(value, SOME)}" for name, value in fit.diagnostics.items()],
        "sources": basis.sources(keys, catalogue),
        "provenance": _provenance(view),
        "adaptation": None if adapted is None else sweeps.section(adapted, labels, scenario.days, catalogue),
    }
    return _environment().get_template("page.html.j2").render(content)


def _period(scenario: Scenario) -> str:
    phases = [f"{phase.name} from day {phase.first_day}" for phase in scenario.phases]
    return f"{count(scenario.days, 'day')} from {scenario.start_date.isoformat()}; {listing(phases)}"


def _members(scenario: Scenario, theatre: Theatre) -> list[str]:
    """Say who brings what; the country of a base is named, the base is not."""
    countries = {base.name: base.country for base in theatre.bases}
    sentences = []
    for member in scenario.members:
        away = "" if member.active else "; switched off"
        base = "" if member.base is None else f", standing in {countries.get(member.base, 'a country not named')}"
        shares = [f"{number(_PERCENT * share, SOME)}% of the {what}" + (base if what == "aircraft" else "")
                  for what, share in member.contributes.items() if share > 0.0]
        sentences.append(f"{member.name}: {listing(shares)}{away}")
    return sentences


def _envelope_text(view: StudyView, scenario: Scenario) -> str:
    """Say how many entries without a centre the study moves, and which the scenario fixes."""
    n = len({name for arm in view.played_arms if arm.in_envelope for name in arm.ends})
    fixed = [name for name in scenario.assumptions if name in view.parameters]
    sentences = [f"The study moves {count(n, 'such number')}; where the headline has each is in the table of numbers "
                 "without a centre."] if n else []
    if fixed:
        sentences.append(f"The scenario fixes {listing(fixed)}, so nothing is known here about other values of "
                         f"{'it' if len(fixed) == 1 else 'these'}.")
    return " ".join(sentences)


def _unknowns(view: StudyView, days: int) -> list[Figure]:
    """Draw the tornado of each option."""
    drawn = []
    for option in view.compared.rows if view.moves else ():
        rows = view.arms[option]
        ends = [headline_figures.End(view.catalogue[name].label, end, full(end_value(view.catalogue[name], end)),
                                     rows[arm]) for arm, name, end in view.moves]
        drawn.append(headline_figures.unknowns(ends, rows[0], option, view.labels[option], days))
    return drawn


def _bounds(view: StudyView, scenario: Scenario, computed: Interests) -> dict[str, Any]:
    """Return page one's numbers as rows and sentences."""
    comparison, labels, catalogue = view.compared, view.labels, view.catalogue
    days = yardsticks.war_days(scenario)
    sticks = yardsticks.yardsticks(catalogue, days, scenario.assumptions)
    own = yardsticks.deep_leakers_per_year(view.fit, sticks[0].bias)
    planned = {o: yardsticks.planned_per_year(view.manifest["days"], view.summaries, o) for o in comparison.rows}
    costs = [(labels[o], cost) for o, cost in planned.items() if cost is not None]
    return {
        "addressable": verdicts.addressable(sticks, days), "days": days, "own": range_text(own),
        "own_sentence": verdicts.model_sentence(own, sticks),
        "arriving": tables.with_interval(view.summaries[comparison.to]["leaked_zone"], "leaked_zone", "mean", total),
        "baseline": labels[comparison.to], "all_leakers": range_text(yardsticks.Range(
            catalogue["leakers_per_year"].low, catalogue["leakers_per_year"].central,
            catalogue["leakers_per_year"].high), SOME),
        "costs": verdicts.perfect_costs(costs, sticks, comparison, labels) if costs else None,
        "verdicts": verdicts.verdicts(
            comparison, labels, sticks, judge.verdicts(comparison, days, sticks, computed.by_option(), planned))
        if comparison.rows else None,
        "others": [labels[o.name] for o in scenario.options if o.fires
                   and (o.rules.target_classes is None or set(o.rules.target_classes) != {"uav"})],
    }


def _figures(comparison: Comparison, summaries: tables.Summaries, labels: dict[str, str],
             days: int) -> dict[str, Figure]:
    drawn = {"fates": figures.fates(summaries, comparison, labels)}
    if comparison.rows:
        drawn |= {"doubts": headline_figures.doubts(comparison, labels, days),
                  "gates": figures.gates(comparison, labels, days),
                  "area": figures.area(summaries, comparison, labels, days)}
    return drawn


def _provenance(view: StudyView) -> list[tuple[str, str]]:
    plan, fit = view.manifest, view.fit
    n_arms = sum(arm.in_envelope for arm in view.played_arms)
    versions = ", ".join(f"{name} {version}" for name, version in plan["versions"].items())
    return [("Study key", plan["study_key"]), ("Resolved scenario, sha256", plan["resolved_sha256"]),
            ("Catalogue, sha256", view.catalogue.sha256), ("Theatre, sha256", view.theatre.sha256),
            ("Raid record, sha256", fit.record_sha256), ("Alerts, sha256", fit.alerts_sha256 or "none used"),
            ("Kernels, sha256", plan["kernel_sha256"]),
            ("Seed", str(plan["seed"])), ("Parameter vectors", f"{plan['vectors']:,}"),
            ("Replications a vector", f"{plan['replications']:,}"), ("Days", str(plan["days"])),
            ("Options", ", ".join(plan["options"])), ("Arms of the envelope", number(n_arms, FEW)),
            ("Versions", versions)]
