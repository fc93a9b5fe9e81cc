"""The document that ``skyshield claims --json`` prints, and that tables and reports read."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.claims.answers import Answers
from skyshield.claims.judge import LEVEL, VERDICTS, InArm, Judged, PartJudged, judge_all, stands
from skyshield.claims.look_up import look_up
from skyshield.claims.read import load_claims
from skyshield.claims.table import Claims, Part
from skyshield.core.errors import SkyShieldError
from skyshield.strategy.assumptions import Elicited
from skyshield.strategy.figures import StudyFigures


def judged(study: StudyFigures, claims: Claims | None = None, catalogue: Catalogue | None = None,
           person: Elicited | None = None) -> list[Judged]:
    """Return the verdict on every claim.

    Parameters
    ----------
    study
        Whose figures they are judged by.
    claims
        The shipped ones if not given.
    catalogue
        What is assumed; the shipped one if not given.
    person
        Whose intervals of what is assumed stand in its place, as far as they name any.
    """
    asked = tuple(load_claims() if claims is None else claims)
    answers = Answers(study, load_catalogue() if catalogue is None else catalogue, person)
    return judge_all(asked, [[look_up(part, study, answers) for part in claim.parts] for claim in asked])


def claims_json(study: StudyFigures, people: Sequence[Elicited] = ()) -> dict[str, Any]:
    """Return all verdicts as plain data; with `people`, those on claims about politics by what each holds, too.

    Raises
    ------
    SkyShieldError
        If two people bear one name, or hold an interval that cannot be.

    Examples
    --------
    >>> from skyshield.strategy.figures import open_figures
    >>> content = claims_json(open_figures())
    >>> sum(content["counts"].values()) == len(content["claims"])
    True
    """
    names = [person.person for person in people]
    if twice := [name for name in names if names.count(name) > 1]:
        raise SkyShieldError(f"--elicited {twice[0]!r}", "is given twice", "give each person once")
    found = judged(study)
    verdicts = [one.verdict for one in found]
    rows = [claim_json(one) for one in found]
    by_person = {person.person: judged(study, person=person) for person in people}
    for k, row in enumerate(rows):
        if people and any(part.figure.answer for part in found[k].claim.parts):
            row["people"] = [{"person": name, "verdict": of[k].verdict, "distance": of[k].distance,
                              "would_change": of[k].would_change} for name, of in by_person.items()]
            row["people_differ"] = len({of[k].verdict for of in by_person.values()}) > 1
    return {"study_key": study.study_key, "days": study.days, "marks": study.marks, "fixed": load_claims().fixed,
            "level": LEVEL, "people": list(by_person),
            "counts": {verdict: verdicts.count(verdict) for verdict in VERDICTS}, "claims": rows}


def claim_json(one: Judged) -> dict[str, Any]:
    """Return the verdict on a claim as plain data: figure, threshold, distance and arm of the part that decides."""
    claim, parts = one.claim, [_part_json(part) for part in one.parts]
    decides = next((row for row, part in zip(parts, one.parts, strict=True) if part is one.deciding), None)
    head: dict[str, Any] = dict.fromkeys(("figure", "direction", "threshold", "distance", "arm")) if decides is None \
        else {name: decides[name] for name in ("figure", "direction", "threshold", "distance", "arm")}
    return {"claim": claim.name, "side": claim.side, "kind": claim.kind, "place": claim.place.plain(),
            "short": claim.short, "says": claim.says, "true_if": claim.true_if, "verdict": one.verdict, **head,
            "would_change": one.would_change, "parts": parts}


def _part_json(one: PartJudged) -> dict[str, Any]:
    part = one.part
    return {"part": part.name, "verdict": one.verdict, "why": one.why or None,
            "figure": _figure_json(part, one.arms[0] if one.arms else None), "direction": part.direction,
            "threshold": part.threshold.value, "unit": part.threshold.unit, "threshold_name": part.threshold.name,
            "reason": part.threshold.reason, "tried_in": part.tried_in, "because": part.because or None,
            "level": one.level, "distance": one.distance, "arm": one.arm or None, "would_change": one.would_change,
            "arms": [{"arm": arm.label, "mean": arm.middle, "lo": arm.lo, "hi": arm.hi, "assumed": arm.assumed,
                      "stands": stands(part, arm)}
                     for arm in one.arms],
            "beside": [{"option": option, "lo": low, "hi": high} for option, low, high in one.beside]}


def _figure_json(part: Part, head: InArm | None) -> dict[str, Any]:
    figure = part.figure
    told = {"mean": None, "lo": None, "hi": None} if head is None else {
        "mean": head.middle, "lo": head.lo, "hi": head.hi}
    return {"name": figure.name, "measure": figure.measure or None, "answer": figure.answer or None,
            "quantity": figure.quantity or None, "option": figure.option or None, "to": list(figure.to),
            "phase": figure.phase or None, **told}


def named(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the claim of a name.

    Raises
    ------
    SkyShieldError
        If there is none.
    """
    known = {row["claim"]: row for row in rows}
    if name not in known:
        near = get_close_matches(name, known, n=3, cutoff=0.4) or list(known)[:3]
        raise SkyShieldError(f"--claim {name!r}", "is no claim", f"choose from {', '.join(near)}")
    return known[name]
