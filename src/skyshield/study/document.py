"""The documents that ``--json`` prints of a study: plain data, before numbers are rounded."""

from typing import Any

from skyshield.catalogue import Entry
from skyshield.compile.parameters import headline_value
from skyshield.forces import PRICE_YEAR
from skyshield.raids import Fit
from skyshield.scenario import Resolved
from skyshield.study import store
from skyshield.study.compare import PRIMARIES
from skyshield.study.joint import REPLICATIONS as SIGN_REPLICATIONS
from skyshield.study.joint import VECTORS as SIGN_VECTORS
from skyshield.study.plan import JOINT
from skyshield.study.precision import DEFAULT_SHARE, precision_json
from skyshield.study.result import StudyResult
from skyshield.study.view import StudyView, summary_code_sha256, summary_text


def run_json(view: StudyView, until: float | None = None) -> dict[str, Any]:
    """Return what ``run --json`` prints, without timing.

    Parameters
    ----------
    view
        The study, compared with its baseline.
    until
        The precision asked for.
    """
    manifest = view.manifest
    share = DEFAULT_SHARE if until is None else until
    precise = precision_json(view.comparison, view.sizes, share)
    if view.summary:
        return {**view.summary, "pairs": view.pairs, "precision": precise}
    return {
        "scenario": view.scenario.name, "study_key": manifest["study_key"], "seed": manifest["seed"],
        "vectors": manifest["vectors"], "replications": manifest["replications"], "days": manifest["days"],
        "of_days": manifest["of_days"],
        "primary": list(PRIMARIES), "baseline": view.to, "marks": view.marks, "options": view.summaries,
        "paired": view.comparison.rows, "months": view.months,
        **({"phases": view.phases} if view.phases else {}), "sums": view.sums, "rivals": view.rivals,
        "arms": view.arms, "by_arm": view.by_arm,
        "baseline_by_arm": view.baseline_by_arm, "without_centre": without_centre(view),
        "unknowns": unknowns(view), "joint": joint(view),
        "pairs": view.pairs, "breakeven": view.breakeven, "more_launches": view.more_launches,
        "dominated": view.dominated, "failures": view.failures, "precision": precise, "money": money(view),
        **({"relief": view.relief} if view.relief else {}),
        **({"clauses": view.prices} if view.dropped else {}), "provenance": provenance(view),
    }


def write_summary(storage: store.Store, result: StudyResult, resolved: Resolved) -> None:
    """Finish a study's folder: its summary, then the manifest that says it is whole."""
    text = summary_text(run_json(StudyView(result, resolved)))
    storage.finish((text + "\n").encode(), summary_code_sha256())
    result.manifest.update(storage.manifest)


def compare_json(view: StudyView) -> dict[str, Any]:
    """Return what ``compare --json`` prints."""
    return {"study_key": view.manifest["study_key"], "to": view.to, "primary": list(PRIMARIES), "marks": view.marks,
            "paired": view.comparison.rows, "pairs": view.pairs, "more_launches": view.more_launches,
            "dominated": view.dominated, "rivals": view.rivals, "unknowns": unknowns(view), "joint": joint(view),
            "clauses": view.prices}


def provenance(view: StudyView) -> dict[str, Any]:
    """Return versions and hashes; no path, host, job count or clock."""
    manifest = view.manifest
    return {"versions": manifest["versions"], "resolved_sha256": view.resolved.sha256,
            "kernel_sha256": manifest["kernel_sha256"], "catalogue_sha256": view.catalogue.sha256,
            "theatre_sha256": view.theatre.sha256, **fit_provenance(view.fit)}


def fit_provenance(fit: Fit) -> dict[str, Any]:
    """Return where a fit comes from."""
    return {"fit": fit.source, "fit_window": list(fit.window), "fit_status": fit.status,
            "record_sha256": fit.record_sha256, "alerts_sha256": fit.alerts_sha256}


def money(view: StudyView) -> dict[str, Any]:
    """Return the price year, the rate and the deflator, and what each option plans to spend by boundary and line."""
    rates: list[Entry] = [view.catalogue[key]
                          for key in ("usd_per_eur", f"deflator_{PRICE_YEAR + 1}_over_{PRICE_YEAR}")]
    return {"currency": "EUR", "price_year": PRICE_YEAR,
            **{entry.key: {"low": entry.low, "central": entry.central, "high": entry.high} for entry in rates},
            "planned": view.manifest["planned"]}


def without_centre(view: StudyView) -> list[dict[str, Any]]:
    """Return the entries without a centre that the study used: where the headline has each, and who said so."""
    assumptions = view.scenario.assumptions
    entries = [view.catalogue[name] for name in sorted(view.parameters)
               if name in view.catalogue and view.catalogue[name].central is None]
    return [{"entry": entry.key, "unit": entry.unit, "low": entry.low, "high": entry.high,
             "headline": headline_value(entry, assumptions), "fixed_by_scenario": entry.key in assumptions}
            for entry in entries]


def unknowns(view: StudyView) -> dict[str, list[dict[str, Any]]]:
    """Return, for each option, the first primary measure with each entry, or bundle, moved alone to its ends."""
    return {option: [{"entry": one.name, "end": one.end, "value": one.value, "values": one.values, **rows[one.arm]}
                     for one in view.moves]
            for option, rows in view.arms.items()}


def joint(view: StudyView) -> dict[str, Any]:
    """Return how many joint arms were played, from which block their signs are, and where each option's have entries.

    Of each option: entry -> end, of those that do not stand at their references.
    """
    ends = [arm.ends for arm in view.played_arms]
    return {"arms": sum(arm.kind == JOINT for arm in view.played_arms), "vectors": SIGN_VECTORS,
            "replications": SIGN_REPLICATIONS,
            "options": {option: {"worst": dict(ends[worst]), "best": dict(ends[best])}
                        for option, (worst, best) in view.joint.items()}}
