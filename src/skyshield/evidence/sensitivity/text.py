"""The text of a sensitivity analysis: one fact a line, with its uncertainty and the kind of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from skyshield.evidence.sensitivity.analysis import JOINT_GROUP, KNOWN, STAND_IN
from skyshield.evidence.sensitivity.choice import AT_REFERENCES, CONDITIONS, SPREAD_EVENLY, said
from skyshield.evidence.sensitivity.decision import MOST, PER_BUDGET, QUESTIONS, SAME_MONEY

STAND_IN_WARNING = ("Entries without a centre have no distribution. What is said of them supposes every value between "
                    "their ends as likely as any other: a stand-in that orders them, no opinion on how likely any is.")
_SHOWN_STANDARD_ERRORS = 2.0  # standard errors
_MAX_NOISE_SHARE = 0.5
N_FIRST = 5


def rounded_text(value: float) -> str:
    """Write a number with two significant digits.

    Examples
    --------
    >>> rounded_text(12.345), rounded_text(0.00123), rounded_text(0.0)
    ('12', '0.0012', '0')
    """
    text = f"{value:.2g}"
    return f"{float(text):.0f}" if "e" in text and abs(value) >= 1.0 else text


def unit_of(question: str) -> str:
    """Return what a value of information is counted in."""
    return "threats a planned EUR billion" if question == PER_BUDGET else "threats"


def question_of(result: Mapping[str, Any]) -> str:
    """Return the decision by which numbers are ranked: for the same money where a scenario has a twin.

    Where nothing is planned to be spent, as in the first days of a campaign, it is by what options prevent.

    Examples
    --------
    >>> question_of({"information": {"known": {"most": {}}}}), question_of({"information": {}})
    ('most', 'per_planned_eur_billion')
    """
    questions: Mapping[str, Any] = next(iter(result["information"].values()), {PER_BUDGET: {}})
    return next(question for question in (SAME_MONEY, PER_BUDGET, MOST) if question in questions)


def first_five(result: Mapping[str, Any], question: str | None = None) -> list[dict[str, Any]]:
    """Return which numbers to find out first for a decision, at most five, in order.

    Those with a distribution are ranked by their value with all entries without a centre at their references, those
    without by theirs under the stand-in. Of equal value, the one with the greater total index for any option is first;
    an input whose value is within two standard errors of nothing says so.

    Returns
    -------
    list of dict
        ``name``, ``label``, ``has_distribution``, ``value``, ``se``, ``words``.
    """
    question = question_of(result) if question is None else question
    weight = _weights(result)
    labels = {row["name"]: row for row in result["inputs"]["asked"]}
    rows = []
    for part in (KNOWN, STAND_IN):
        for row in result["information"].get(part, {}).get(question, {}).get("inputs", ()):
            described = labels[row["name"]]
            in_own_analysis = (described["kind"] == "interval") == (part == STAND_IN)
            if in_own_analysis:
                rows.append({"name": row["name"], "label": described["label"], "has_distribution": part == KNOWN,
                             "value": row["value"], "se": row["se"]})
    rows.sort(key=lambda row: (-row["value"], -weight[row["name"]], row["name"]))
    for rank, row in enumerate(rows[:N_FIRST], start=1):
        is_shown = row["value"] > _SHOWN_STANDARD_ERRORS * row["se"] and row["value"] > 0.0
        note = "" if row["has_distribution"] else "; no distribution, as if even over its interval"
        row["words"] = (f"{rank}. {row['name']}: {row['label']}. Knowing it would be worth "
                        f"{rounded_text(row['value'])} {unit_of(question)} (standard error "
                        f"{rounded_text(row['se'])}{note})"
                        + ("." if is_shown else "; that it would change the choice is not shown."))
    return rows[:N_FIRST]


def _weights(result: Mapping[str, Any]) -> dict[str, float]:
    """Return the greatest total index of each input over the options that are not dominated by noise."""
    weight: dict[str, float] = {row["name"]: 0.0 for row in result["inputs"]["asked"]}
    for options in result["indices"].values():
        for indices_of_option in options.values():
            if (indices_of_option["noise_share"] or 0.0) <= _MAX_NOISE_SHARE:
                for row in indices_of_option["inputs"]:
                    weight[row["name"]] = max(weight.get(row["name"], 0.0), row["total"] or 0.0)
    return weight


def information_lines(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield each decision, the option it would choose, and which numbers to find out first."""
    for question, question_text in QUESTIONS.items():
        parts = {name: part[question] for name, part in result["information"].items() if question in part}
        if not parts:
            continue
        yield f"Decision: {question_text}."
        for name, part in parts.items():
            condition = CONDITIONS[AT_REFERENCES if name == KNOWN else SPREAD_EVENLY]
            best = part["means"][part["best"]]
            yield (f"  With {condition}: {said(part)} ({rounded_text(best)} {unit_of(question)}). Knowing all "
                   f"that was screened in would be worth {rounded_text(part['perfect']['value'])} (standard error "
                   f"{rounded_text(part['perfect']['se'])}).")
        if result["choices"][question]["agree"] is False:
            yield "  These disagree: the choice turns on numbers that nobody knows."
        if question == question_of(result):
            yield "  Find out first:"
            yield from (f"    {row['words']}" for row in first_five(result, question))


def index_line(option: str, part: str, result: Mapping[str, Any], max_inputs: int = 4) -> str:
    """Return a line on the inputs that drive an option."""
    if result.get("reason"):
        return f"{option}: no indices, {result['reason']}"
    rows = [row for row in result["inputs"] if row["total"] is not None][:max_inputs]
    if not rows:
        return f"{option}: nothing varies"
    drivers = ", ".join(f"{_named(row['name'])} {row['total']:.2f} ({row['total_lo']:.2f} to {row['total_hi']:.2f})"
                        for row in rows)
    noise = ("" if result["noise_share"] is None
             else f"; raids make {result['noise_share']:.0%} of the variance of points")
    if (result["noise_share"] or 0.0) > _MAX_NOISE_SHARE:
        noise += ", too much to order the inputs: ask for more replications"
    return f"{option}: {drivers}{noise}" + ("" if part == KNOWN else " [stand-in]")


def _named(name: str) -> str:
    return "everything with a distribution" if name == JOINT_GROUP else name
