"""The text of an exploration."""

from collections.abc import Iterator, Mapping
from typing import Any

from skyshield.evidence.sensitivity.choice import choice_lines, compared, said
from skyshield.evidence.sensitivity.decision import PER_BUDGET, QUESTIONS
from skyshield.evidence.sensitivity.text import rounded_text, unit_of

NOTE = ("Cases take entries without a centre evenly over their intervals, which is a stand-in: shares of cases are no "
        "probabilities. Thresholds move one unknown at a time and need no such stand-in.")
_MODELS = {"uniform": "if Ukraine stops threats evenly along their way",
           "coverage": "if Ukraine stops threats near defended aim points", "": ""}


def limits_text(limits: list[dict[str, Any]]) -> str:
    """Return the text of a box.

    Examples
    --------
    >>> limits_text([{"name": "displacement", "low": 0.4, "high": None}, {"name": "aam_pk", "low": 0.2, "high": 0.5}])
    'displacement above 0.4 and aam_pk between 0.2 and 0.5'
    """
    parts = []
    for limit in limits:
        low, high = (None if limit[k] is None else f"{limit[k]:.3g}" for k in ("low", "high"))
        parts.append(f"{limit['name']} " + (f"between {low} and {high}" if low and high else
                                            f"above {low}" if low else f"below {high}"))
    return " and ".join(parts)


def box_line(option: str, result: Mapping[str, Any]) -> str:
    """Return a sentence on the cases in which an option prevents little."""
    below, box = rounded_text(result["below"]), result["box"]
    if box is None:
        return f"{option}: no box tells where it prevents fewer than {below}"
    held_out = box["held_out"]
    return (f"{option} prevents fewer than {below} where {limits_text(box['limits'])}: in cases not used to find it, "
            f"{held_out['density']:.0%} of those inside do (of all cases {box['base']:.0%}), and they are "
            f"{held_out['coverage']:.0%} of all that do")


def lines(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the results, one line each."""
    yield "Where options prevent little (PRIM):"
    yield from (f"  {box_line(option, box)}" for option, box in result["boxes"].items())
    if PER_BUDGET not in result["choices"]:
        yield "No option plans to spend anything in these days, so none is chosen by what it prevents for its money."
    for question, choices in result["choices"].items():
        yield f"What to choose, by {QUESTIONS[question]}:"
        yield from (f"  {line}" for line in choice_lines(choices))
    for question in result["regret"]:
        question_text = QUESTIONS[question]
        regret, near = result["regret"][question], result["near_optimal"][question]
        yield f"Regret, by {question_text} ({unit_of(question)}):"
        yield from (f"  {name}: greatest {rounded_text(row['greatest'])}, mean {rounded_text(row['mean'])}"
                    for name, row in regret["options"].items())
        least = {name: {"best": regret[name], "ties": regret[f"{name}_ties"]} for name in ("minimax", "least_mean")}
        yield f"  by least greatest regret: {said(least['minimax'])}; by least mean regret: {said(least['least_mean'])}"
        if compared(least)["agree"] is False:
            yield "  These disagree: greatest regret looks at the worst case alone, mean regret at all of them alike."
        for extent, where_text in (("all", "in every case played"), ("none", "in no case played")):
            if near[extent]:
                yield f"  within {near['within']:.0%} of the best {where_text}: {', '.join(near[extent])}"
        for name in near["some"]:
            where = near["options"][name]["where"]
            yield (f"  within {near['within']:.0%} of the best in some: {name}, told best by {where['name']} "
                   f"{where['side']} {where['value']:.3g} (tells {where['tells']:.2f} of 1)")
    yield "Where the order of two options flips, one unknown at a time:"
    for model, by_question in result["thresholds"].items():
        for question, rows in by_question.items():
            head = ", ".join(filter(None, (_MODELS[model], QUESTIONS[question])))
            yield f"  {head}: " + ("no flip" if not rows else "")
            for ahead, behind, row in _merge_twins(rows):
                yield (f"    {', '.join(ahead)} ahead of {', '.join(behind)} until {row['name']} {row['value']:.3g} "
                       f"({row['lo']:.3g} to {row['hi']:.3g} by the noise of raids)"
                       + ("; the order flips back later" if row["back"] else ""))


def _merge_twins(rows: list[dict[str, Any]]) -> list[tuple[list[str], list[str], dict[str, Any]]]:
    """Return flips, those that differ in one option alone merged: aid twins can give the same."""
    merged: list[tuple[list[str], list[str], dict[str, Any]]] = []
    shared_keys = ("name", "value", "lo", "hi", "back")
    for row in rows:
        for ahead, behind, other in merged:
            if any(row[k] != other[k] for k in shared_keys):
                continue
            if ahead == [row["ahead"]]:
                behind.append(row["behind"])
                break
            if behind == [row["behind"]]:
                ahead.append(row["ahead"])
                break
        else:
            merged.append(([row["ahead"]], [row["behind"]], row))
    return merged
