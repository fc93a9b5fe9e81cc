"""The paradoxes of timing and of response and the ladder: for each what its sign is, where it turns, and a chart.

The figures are those of `skyshield.strategy` over the study. Every range is over all that is assumed and every arm; no
share of a range is told, for it would be no probability.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from skyshield.catalogue import load_catalogue
from skyshield.report.brief.document import Beside, Block, Chart, Heading, Text
from skyshield.report.brief.language import N_
from skyshield.report.brief.sketch import Sketch
from skyshield.report.brief.told import Told
from skyshield.report.brief.traced import Said, Source, Traced, joined
from skyshield.report.svg import AID, COMBINED, GROUND, NAVAL, scale_of
from skyshield.strategy.assumptions import assumptions
from skyshield.strategy.figures import StudyFigures
from skyshield.strategy.ladder_study import ladder
from skyshield.strategy.response_study import response_json
from skyshield.strategy.timing_options import timing_assumptions
from skyshield.strategy.timing_study import timing_answer

MOST_ROWS = 4
SHARE = 0.5
_ROW, _NAME, _GAP, _BASE = 16.0, 15.0, 1.0, 4.0  # px
SIGNS: Mapping[str, str] = {"positive": N_("raises"), "negative": N_("lowers"), "both": N_("may raise or lower")}
ANSWERS: Mapping[str, str] = {
    "none": N_("no answer"), "sanctions": N_("sanctions"), "aid": N_("more aid"), "wider_rules": N_("wider rules"),
    "in_kind": N_("an answer in kind")}
TRAPS: Mapping[str, str] = {"everywhere": N_("certain"), "somewhere": N_("possible and not certain"),
                            "nowhere": N_("impossible")}


@dataclass(frozen=True)
class Span:
    """A row of a chart: a range over all that is assumed."""

    name: Traced
    role: str
    low: Traced
    high: Traced


def blocks(told: Told, figures: StudyFigures) -> list[Block]:
    """Return the part of the page; each paradox is left out of which the study says nothing."""
    made = [one for of in (_timing, _response, _ladder) if (one := of(told, figures)) is not None]
    if not made:
        return [Heading(told.say(N_("Paradoxes"))),
                Text(told.say(N_("The study has nothing to compare, so it says nothing of timing, response or "
                                 "escalation.")))]
    return [Heading(told.say(N_("Timing, response, escalation: ranges over all assumptions"))), *made]


def representatives(told: Told, there: Sequence[str]) -> list[str]:
    """Return the option shown first, its money as aid, and the first of every other role."""
    reading = told.reading
    firsts = (next((name for name in reading.ordered if reading.colours[name] == role and name in there), None)
              for role in (GROUND, NAVAL, COMBINED, AID))
    wanted = (reading.lead, told.twin, *firsts)
    return list(dict.fromkeys(name for name in wanted if name is not None and name in there))[:MOST_ROWS]


def _number(told: Told, value: float, equation: str) -> Traced:
    return told.language.number(value, Source("equation", equation))


def _spans(told: Told, names: Sequence[str], of: Callable[[str], tuple[float, float]], equation: str) -> list[Span]:
    return [Span(told.short(name, quoted=False), told.reading.colours[name],
                 *(_number(told, value, f"{equation}.{name}.{end}") for end, value in
                   zip(("low", "high"), of(name), strict=True))) for name in names]


def _range(told: Told, of: Mapping[str, Any], equation: str) -> Said:
    """Return a range in words."""
    return told.language.between(*(_number(told, of[end], f"{equation}.{end}") for end in ("low", "high")))


def _block(told: Told, key: str, title: Said, sentences: Sequence[Said], chart: tuple[Said, Said, Sequence[Span]],
           ) -> Beside:
    """Return a finding with its sentences, and its chart beside it."""
    return Beside((Text(title, "strong"), Text(joined(sentences))), (range_chart(told, key, *chart),), 1.0 - SHARE)


def range_chart(told: Told, key: str, title: Said, measure: Said, spans: Sequence[Span]) -> Chart:
    """Draw a row an option: its name, and brackets around the range over all that is assumed."""
    sketch = Sketch(key, told.language, wide=False)
    shown = told.shown
    scale = replace(scale_of([float(one.value or 0.0) for span in spans for one in (span.low, span.high)]),
                    first=3.0, last=97.0)
    picture, bands = sketch.picture, []
    for span in spans:
        top, y = picture.height, picture.height + _NAME + _ROW / 2.0
        sketch.sign(1.5, top + _NAME / 2.0 + 1.0, span.role, shown[span.role])
        sketch.write(0.0, top + _NAME / 2.0 + _BASE + 1.0, span.name, aside=14.0)
        sketch.write(100.0, top + _NAME / 2.0 + _BASE + 1.0, told.language.between(span.low, span.high), "end")
        low, high = (scale.at(float(one.value or 0.0)) for one in (span.low, span.high))
        picture.line((low, high), (y, y), shown[span.role], 2.0, "2 3")
        picture.bracket(low, y, shown[span.role], opens=True)
        picture.bracket(high, y, shown[span.role], opens=False)
        bands.append((y - _ROW / 2.0, y + _ROW / 2.0))
        picture.height = y + _ROW / 2.0 + _GAP
    sketch.axis(scale, bands, most=4)
    rows = sketch.rows()
    described = joined([told.say(N_("{name}: {value}"), name=one.name, value=told.language.between(one.low, one.high))
                        for one in spans], "; ")
    return Chart(key, title, measure, rows, rows, tuple(sketch.said), described, share=SHARE)


def _timing(told: Told, figures: StudyFigures) -> Beside | None:
    catalogue = load_catalogue()
    found = timing_answer(figures, catalogue, timing_assumptions(catalogue), "assumption")
    options = found["options"]
    names = representatives(told, list(options))
    if not names:
        return None
    paradox, hazard = found["force"]["paradox"], found["hazard"]
    title = told.say(N_("Timing: promising a ground force {raises} the pressure that a ceasefire takes, by {range} "
                        "years of Russia's war spending"), raises=told.say(SIGNS[paradox["sign"]]),
                     range=_range(told, paradox, "timing.paradox"))
    first = names[0]
    sentences = [
        told.say(N_("Deterrence raises it only if renewed war is worth more to Russia than a lasting truce; that "
                    "turns at {range} such years."),
                 range=_range(told, hazard["turns_at_R"], "timing.hazard.turns_at_R")),
        told.say(N_("{option} now, instead, saves {gain}, of which strikes stopped are {strikes}."),
                 option=told.short(first), gain=_range(told, options[first]["gamma"], f"timing.gamma.{first}"),
                 strikes=_range(told, options[first]["brackets"]["strikes"], f"timing.brackets.strikes.{first}"))]
    settled = len(found["force"]["settled_by"])
    if paradox["sign"] == "both":
        sentences.append(told.count(settled, N_("No figure of the study settles the sign; {n} set of assumptions "
                                                "would."),
                                    N_("No figure of the study settles the sign; {n} sets of assumptions would."),
                                    Source("equation", "timing.force.settled_by")))
    spans = _spans(told, names, lambda name: (options[name]["gamma"]["low"], options[name]["gamma"]["high"]),
                   "timing.gamma")
    return _block(told, "brief-timing", title, sentences, (
        told.say(N_("Saved against that promise")),
        told.say(N_("Years of Russia's war spending, a year")), spans))


def _response(told: Told, figures: StudyFigures) -> Beside | None:
    view, catalogue = told.reading.view, load_catalogue()
    packages = {option.name: option.packages for option in view.scenario.options}
    found = response_json(figures, packages, view.catalogue, assumptions(catalogue, "response"), ())
    struck = {name: one["strikes"]["average"] for name, one in found["options"].items()
              if one["in_reach"] and name in told.rows}
    names = representatives(told, list(struck))
    if not names:
        return None
    most, least = (choose(struck, key=lambda name: struck[name]["casualties"]["high"]) for choose in (max, min))
    many, few = (_range(told, struck[name]["casualties"], f"response.casualties.{name}") for name in (most, least))
    title = told.say(N_("Response: a strike on {most} costs {many} people killed or hurt"),
                     most=told.short(most), many=many)
    if most != least:
        title = told.say(N_("Response: a strike on {most} costs {many} people killed or hurt, on {least} {few}"),
                         most=told.short(most), many=many, least=told.short(least), few=few)
    first = struck[names[0]]
    answers = told.language.listing([told.say(ANSWERS.get(one, one)) for one in first["answers"]])
    free = first["no_trap_if"]
    sentences = [
        told.say(N_("The answer that costs least to a strike on {option} can be {answers}: assumptions decide."),
                 option=told.short(names[0]), answers=answers),
        told.say(N_("The trap, that the best answer is intolerable and Russia attacks all the same, is {possible}; "
                    "there is none if a loss worth {loss} missions can be borne."),
                 possible=told.say(TRAPS[first["trap"]]),
                 loss=_number(told, free["tolerance_at_least"], f"response.no_trap_if.tolerance.{names[0]}"))]
    spans = _spans(told, names, lambda name: (struck[name]["casualties"]["low"], struck[name]["casualties"]["high"]),
                   "response.casualties")
    return _block(told, "brief-response", title, sentences, (
        told.say(N_("Cost of an average strike")),
        told.say(N_("People killed or hurt")), spans))


def _ladder(told: Told, figures: StudyFigures) -> Beside | None:
    found = ladder(figures, assumptions(load_catalogue(), "ladder"), ())
    options = {name: one for name, one in found["options"].items() if "difference" in one and name in told.rows}
    names = representatives(told, list(options))
    if not names:
        return None
    apart = found["comparisons"]["apart"]
    title = told.say(N_("Escalation: the ranges of all {n} options overlap; whose risk is less is not testable here"),
                     n=told.language.exact(float(len(found["options"])), Source("equation", "ladder.options")))
    if not found["comparisons"]["all_overlap"]:
        title = told.say(N_("Escalation: {n} pairs of options lie apart"),
                         n=told.language.exact(float(len(apart)), Source("equation", "ladder.comparisons.apart")))
    first = options[names[0]]["difference"]
    sentences = [told.say(N_("With {option} there would be {range} more rungs up a year than with {baseline}."),
                          option=told.short(names[0]), baseline=told.short(told.reading.comparison.to),
                          range=told.language.between(*(_number(told, first[f"rungs_a_year_{end}"],
                                                                f"ladder.difference.{names[0]}.{end}")
                                                        for end in ("low", "high"))))]
    surely = next((row for row in found["thresholds"] if row["option"] == names[0] and "q_high" in row), None)
    if surely is not None and 0.0 < surely["q_high"] < 1.0:
        sentences.append(told.say(N_("Surely more if over {share} of its months of fire are answered by force."),
                                  share=_number(told, surely["q_high"], f"ladder.thresholds.{names[0]}.q_high")))
    sentences.append(told.say(N_("No past event is coalition fire over Ukraine. Moscow says that downing drones "
                                 "there means war; earlier warnings passed without.")))
    spans = _spans(told, names, lambda name: (options[name]["difference"]["rungs_a_year_low"],
                                              options[name]["difference"]["rungs_a_year_high"]), "ladder.difference")
    return _block(told, "brief-ladder", title, sentences, (
        told.say(N_("Rungs up beyond those without")),
        told.say(N_("Incidents answered by force, a year")), spans))


