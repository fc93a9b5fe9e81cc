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

from skyshield.catalogue import Catalogue
from skyshield.core.files import read_text, read_yaml
from skyshield.raids import Fit
from skyshield.report import adaptation as answers
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
from skyshield.study.adaptation import Adaptation
from skyshield.study.compare import (
    FLAG,
    Comparison,
    marks,
    options_summary,
    over_arms,
    rival_sentence,
    rivals,
    single_moves,
)
from skyshield.study.parameters import end_value
from skyshield.study.result import StudyResult
from skyshield.theatre import Theatre

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
    flag: str = ""


@functools.cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)


def page(result: StudyResult, comparison: Comparison, resolved: Resolved, adapted: Adaptation | None = None) -> str:
    """Return the report as one HTML file.

    Parameters
    ----------
    result
        The study.
    comparison
        Its paired differences; usually to the baseline.
    resolved
        The scenario the study was run with.
    adapted
        The sweep of the attacker's answer, where it was played.

    Returns
    -------
    str
        HTML with style and figures inside; no script and nothing to fetch.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.raids.fit import embedded_fit
    >>> from skyshield.scenario import load, resolve
    >>> from skyshield.study import compare, run
    >>> from skyshield.theatre import load_theatre
    >>> scenario = load("skyshield").model_copy(update={"days": 1})
    >>> resolved = resolve(scenario, load_catalogue(), load_theatre(), embedded_fit())
    >>> result = run(resolved, seed=1, replications=2, vectors=2)
    >>> page(result, compare(result, "own"), resolved).startswith("<!doctype html>")
    True
    """
    scenario, fit, catalogue, theatre = resolved.parts()
    scenario = scenario.model_copy(update={"days": int(result.manifest["days"])})
    labels = {option.name: option.label for option in scenario.options}
    summaries = options_summary(result)
    keys = tables.used_keys([*result.parameters, *(answers.KEYS if adapted is not None else ())], fit, catalogue)
    found = interests.interests(scenario, catalogue, theatre)
    view: dict[str, Any] = {
        "css": Markup(read_text(_TEMPLATES / "page.css")),  # noqa: S704 - our own file
        "scenario": scenario, "labels": labels, "marks": marks(result, fit.status), "fit": fit,
        "period": _period(scenario), "members": _members(scenario, theatre),
        "area": zone_words(scenario.protected_area),
        "n_vectors": result.failed.shape[1], "n_replications": result.failed.shape[2],
        "options": tables.options(scenario, catalogue),
        "prices": tables.price_words(catalogue, list(result.parameters)),
        "answers": _answers(result, comparison, summaries, scenario, labels),
        "envelope": _envelope_words(result, scenario), "alone": not comparison.rows,
        "bounds": _bounds(result, comparison, fit, catalogue, summaries, scenario),
        "matrix": interests.table(found), "matrix_words": interests.sentences(found, labels),
        "left_out": interests.left_out(found),
        "site_tables": [interests.sites(own, labels) for own in found.own],
        "map_note": maps.note(theatre),
        "maps": [maps.draw(layer, f"map-{n}", scenario, theatre)
                 for n, layer in enumerate(maps.layers(scenario, theatre), start=1)],
        "figures": _figures(comparison, summaries, labels, scenario.days),
        "unknowns": _unknowns(result, comparison, catalogue, labels, scenario.days),
        "doubts": tables.doubts(comparison, labels) if comparison.rows else None,
        "arms": tables.arms(result, comparison, catalogue, labels)
        if comparison.rows and single_moves(result) else None,
        "overview": tables.overview(comparison, labels) if comparison.rows else None,
        "paired": [tables.paired(comparison, option, labels) for option in comparison.rows],
        "absolute": tables.absolute(summaries[comparison.to], comparison.to, labels[comparison.to]),
        "measures": tables.measures(), "parameters": tables.parameters(keys, catalogue),
        "without_centre": tables.without_centre(keys, catalogue, result.parameters, scenario.assumptions),
        "identification": tables.identification(fit, read_yaml(_HERE / "data" / "identification.yaml"), catalogue),
        "diagnostics": [f"{name.replace('_', ' ')} {number(value, SOME)}" for name, value in fit.diagnostics.items()],
        "sources": tables.sources(keys, catalogue),
        "provenance": _provenance(result, fit, catalogue, theatre),
        "adaptation": None if adapted is None else answers.section(adapted, labels, scenario.days, catalogue),
    }
    return _environment().get_template("page.html.j2").render(view)


def _period(scenario: Scenario) -> str:
    phases = [f"{phase.name} from day {phase.first_day}" for phase in scenario.phases]
    return f"{count(scenario.days, 'day')} from {scenario.start_date.isoformat()}; {listing(phases)}"


def _members(scenario: Scenario, theatre: Theatre) -> list[str]:
    """Say who brings what; the country of a base is named, the base is not."""
    countries = {base.name: base.country for base in theatre.bases}
    said = []
    for member in scenario.members:
        away = "" if member.active else "; switched off"
        said.append(f"{member.name}: {number(_PERCENT * member.aircraft_share, SOME)}% of the aircraft, standing in "
                    f"{countries.get(member.base, 'a country not named')}{away}")
    return said


def _answers(result: StudyResult, comparison: Comparison, summaries: tables.Summaries, scenario: Scenario,
             labels: dict[str, str]) -> list[Answer]:
    """Say each option's result in words."""
    said = []
    both = rivals(result, comparison.to)
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
            sentences.append("With each number that has no centre moved alone to its ends, the interval widens to "
                             f"{span(main['env_lo'], main['env_hi'])}.")
        prevented, redundant = (math.fsum(row[f"{name}/{kind}"]["delta"] or 0.0 for kind in CLASS_SHORT)
                                for name in ("prevented", "redundant"))
        if prevented > 0.0:
            sentences.append(f"For every threat it prevents anywhere it destroys {number(redundant / prevented)} that "
                             "Ukraine's own defence would have stopped anyway.")
        if planned:
            spent, left = row["cost_eur"]["delta"] or 0.0, row["unspent_eur"]["delta"] or 0.0
            sentences.append(f"Its planned cost in that time is EUR {number(planned / _MILLION)} million, "
                             f"fully loaded: {tables.per_billion(row)} prevented threats for a planned EUR billion. "
                             f"It spends EUR {number(spent / _MILLION)} million on the same lines"
                             + (f" and cannot spend EUR {number(left / _MILLION)} million of its budget."
                                if left > 0.0 else "."))
        words = rival_sentence(both[option]) if option in both else ""
        flagged = words.startswith(FLAG)
        said.append(Answer(labels[option], (*sentences, words) if words and not flagged else tuple(sentences),
                           words if flagged else ""))
    return said


def _envelope_words(result: StudyResult, scenario: Scenario) -> str:
    """Say how many entries without a centre the study moves, and which the scenario fixes."""
    n = len({name for arm in result.manifest["arms"] for name in arm})
    fixed = [name for name in scenario.assumptions if name in result.parameters]
    said = [f"The study moves {count(n, 'such number')}; where the headline has each is in the table of numbers "
            "without a centre."] if n else []
    if fixed:
        said.append(f"The scenario fixes {listing(fixed)}, so nothing is known here about other values of "
                    f"{'it' if len(fixed) == 1 else 'these'}.")
    return " ".join(said)


def _unknowns(result: StudyResult, comparison: Comparison, catalogue: Catalogue, labels: dict[str, str],
              days: int) -> list[Figure]:
    """Draw the tornado of each option."""
    moved = single_moves(result)
    drawn = []
    for option, rows in over_arms(result, comparison.to).items() if moved else ():
        ends = [figures.End(catalogue[name].label, end, full(end_value(catalogue[name], end)), rows[arm])
                for arm, name, end in moved]
        drawn.append(figures.unknowns(ends, rows[0], option, labels[option], days))
    return drawn


def _bounds(result: StudyResult, comparison: Comparison, fit: Fit, catalogue: Catalogue, summaries: tables.Summaries,
            scenario: Scenario) -> dict[str, Any]:
    """Return page one's numbers as rows and sentences."""
    labels = {option.name: option.label for option in scenario.options}
    days = bounds.war_days(scenario)
    sticks = bounds.yardsticks(catalogue, days, scenario.assumptions)
    own = bounds.deep_leakers_per_year(fit, sticks[0].bias)
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
        "others": [labels[o.name] for o in scenario.options if o.shoots
                   and (o.rules.target_classes is None or set(o.rules.target_classes) != {"uav"})],
    }


def _figures(comparison: Comparison, summaries: tables.Summaries, labels: dict[str, str],
             days: int) -> dict[str, Figure]:
    drawn = {"fates": figures.fates(summaries, comparison, labels)}
    if comparison.rows:
        drawn |= {"doubts": figures.doubts(comparison, labels, days), "gates": figures.gates(comparison, labels, days),
                  "area": figures.area(summaries, comparison, labels, days)}
    return drawn


def _provenance(result: StudyResult, fit: Fit, catalogue: Catalogue, theatre: Theatre) -> list[tuple[str, str]]:
    plan = result.manifest
    versions = ", ".join(f"{name} {version}" for name, version in plan["versions"].items())
    return [("Study key", plan["study_key"]), ("Resolved scenario, sha256", plan["resolved_sha256"]),
            ("Catalogue, sha256", catalogue.sha256), ("Theatre, sha256", theatre.sha256),
            ("Raid record, sha256", fit.record_sha256), ("Alerts, sha256", fit.alerts_sha256 or "none used"),
            ("Kernels, sha256", plan["kernel_sha256"]),
            ("Seed", str(plan["seed"])), ("Parameter vectors", f"{plan['vectors']:,}"),
            ("Replications a vector", f"{plan['replications']:,}"), ("Days", str(plan["days"])),
            ("Options", ", ".join(plan["options"])), ("Arms of the envelope", number(len(result.envelope.values), FEW)),
            ("Versions", versions)]
