"""The figures of the attacker's adaptation: the sweep along displacement, and the break-even atlas."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from skyshield.adaptation.atlas import DISPLACEMENT
from skyshield.adaptation.break_even import ABOVE, BELOW
from skyshield.adaptation.summary import Adaptation
from skyshield.adaptation.sweep import AVOIDED
from skyshield.report.adaptation_text import HEADS, cell, cost_cell, money, place_text
from skyshield.report.lines import Line, Panel, panels
from skyshield.report.svg import AID, BASELINE, COMBINED, GROUND, INK, QUIET, SKYSHIELD, Figure
from skyshield.report.text import SOME, full, number
from skyshield.study.compare import PRIMARY

Labels = Mapping[str, str]

_PERCENT = 100.0
_PANELS = (PRIMARY, AVOIDED)
_LINES: tuple[tuple[str, str], ...] = ((SKYSHIELD, ""), (COMBINED, "6 3"), (GROUND, "2 3"))
_ROOM = 1.25
_DECADE = 10.0
_ASIDE = 0.025  # of the rival's points, so that intervals do not cover each other


def sweep_figure(result: Adaptation, options: Sequence[str], labels: Labels, days: int,
                 key: str = "figure-adaptation", shown: Sequence[str] = _PANELS) -> Figure:
    """Draw the paired benefit of each option against displacement, with intervals and the break-even."""
    drawn = [_sweep_panel(result, option, name, labels[option]) for option in options for name in shown]
    first = options[0]
    where = result.break_even[first].get(DISPLACEMENT, {}).get(AVOIDED)
    gone = "its benefit in the country is not swept" if where is None else _finding(where)
    return panels(key, [panel for panel, _ in drawn], "displacement δ: share of threats sent elsewhere",
                  f"If threats are sent elsewhere, “{labels[first]}”: {gone}",
                  f"Threats in {days} days, against the same raids; bars are 95% of the expected outcome",
                  [text for _, text in drawn],
                  "What is sent elsewhere and gets through there counts against the option. Orange: where the mean "
                  f"benefit is gone, and 95% of vectors.{' Each panel has its own scale.' if len(drawn) > 1 else ''}")


def _finding(where: Mapping[str, Any]) -> str:
    """Say where the benefit is gone."""
    if where["value_is"] == ABOVE:
        return f"the mean benefit in the country stays above zero up to {full(where['to'])}"
    if where["value_is"] == BELOW:
        return f"the mean benefit in the country is not above zero even at {full(where['from'])}"
    return f"the mean benefit in the country is gone at δ {place_text(where)}"


def _sweep_panel(result: Adaptation, option: str, name: str, label: str) -> tuple[Panel, str]:
    rows = [result.rows[option][p] for p in result.axes[DISPLACEMENT]]
    x = [row[DISPLACEMENT] for row in rows]
    lines = [_sweep_line("mean, and 95% of the expected outcome", SKYSHIELD, x, rows, name, "dot")]
    if result.rival is not None:
        others = [result.rival.rows[option][p] for p in result.rival.axes[DISPLACEMENT]]
        lines.append(_sweep_line("under the other rival model", QUIET, [row[DISPLACEMENT] + _ASIDE for row in others],
                                 others, name, "triangle", "2 3"))
    levels = [("the same money as aid", delta, AID, "6 3") for other in result.twins(option)
              if (delta := result.rows[other][0][name]["delta"]) is not None]
    head = HEADS[name][0].lower() + HEADS[name][1:]
    note, crossing = "", None
    where = result.break_even[option].get(DISPLACEMENT, {}).get(AVOIDED) if name == AVOIDED else None
    if where is not None:
        note = f"; δ* {place_text(where)}"
        low, high = ({ABOVE: x[-1], BELOW: x[0], None: where[key]}[where[f"{key}_is"]] for key in ("lo", "hi"))
        known = low is not None and high is not None
        crossing = (where["value"], low if known else 0.0, high if known else 0.0)
    points = ", ".join(f"at δ {full(row[DISPLACEMENT])} {cell(row[name])}" for row in rows)
    return (Panel(label, HEADS[name] + note, lines, levels, crossing, x),
            f"{label}, {head}: {points}{note}")


def _sweep_line(label: str, colour: str, x: Sequence[float], rows: Sequence[Mapping[str, Any]], name: str, mark: str,
                dash: str = "") -> Line:
    low, high = ([row[name][key] for row in rows] for key in ("lo", "hi"))
    return Line(label, colour, x, [row[name]["delta"] for row in rows], low, high, dash, mark)


def atlas_figure(result: Adaptation, options: Sequence[str], labels: Labels, days: int) -> Figure:
    """Draw the break-even marginal cost against displacement: a panel an option and an absorption."""
    absorptions = list(dict.fromkeys(s["absorption"] for s in result.atlas[options[0]]["slices"]))
    drawn = [_atlas_panel(result, option, alpha, labels[option]) for option in options for alpha in absorptions]
    first = result.atlas[options[0]]["slices"][0]
    return panels("figure-atlas", [panel for panel, _ in drawn], "displacement δ: share of threats sent elsewhere",
                  f"“{labels[options[0]]}” and aid stop as many for the money where one more stop by aid costs EUR "
                  f"{cost_cell(first, 0)} million",
                  f"What one more stop by aid must cost for the planned cost of {days} days to stop as many threats "
                  "either way, EUR million; logarithmic",
                  [text for _, text in drawn],
                  "Above a line the option stops more for the money, below it aid does. Where a line ends, aid leads "
                  "at any price beyond. The band is 95% of vectors at relief 0, open upwards where it reaches the top. "
                  "The average cost of a claimed kill by an interceptor drone is less than that of one more stop.")


def _atlas_panel(result: Adaptation, option: str, alpha: float, label: str) -> tuple[Panel, str]:
    slices = [s for s in result.atlas[option]["slices"] if s["absorption"] == alpha]
    texts, lines = [], []
    for slice_, (colour, dash) in zip(slices, _LINES, strict=False):
        x, band = slice_["displacement"], slice_ is slices[0] and bool(slice_["lo"])
        lines.append(Line(f"relief {full(slice_['relief'])}", colour, x, slice_["cost"], slice_["lo"] if band else (),
                          slice_["hi"] if band else (), dash))
        texts.append(f"relief {full(slice_['relief'])}: {cost_cell(slice_, 0)} at δ {full(x[0])}, "
                     f"{cost_cell(slice_, -1)} at δ {full(x[-1])}")
    first = slices[0]
    if result.rival is not None:
        other = next(s for s in result.rival.atlas[option]["slices"]
                     if (s["absorption"], s["relief"]) == (alpha, first["relief"]))
        lines.append(Line(f"relief {full(first['relief'])}, other rival model", INK, other["displacement"],
                          other["cost"], dash="1 3"))
        texts.append(f"under the other rival model at relief {full(first['relief'])}: {cost_cell(other, 0)} at δ "
                     f"{full(other['displacement'][0])}, {cost_cell(other, -1)} at δ {full(other['displacement'][-1])}")
    levels = [("average cost of a claimed kill by a drone", result.average_cost["central"], BASELINE, "")]
    levels += [("simulated aid with the same money", twin["cost"], AID, "6 3")
               for twin in result.atlas[option]["twins"] if twin["cost"] is not None]
    x = first["displacement"]
    share = number(_PERCENT * alpha, SOME)
    return (Panel(label, f"aid absorbs {share}% of {money(result.atlas[option])}", lines, levels, None,
                  [x[0], (x[0] + x[-1]) / 2, x[-1]], True, _extent(result, option)),
            f"{label}, aid absorbs {share}%: {', '.join(texts)}")


def _extent(result: Adaptation, option: str) -> tuple[float, float]:
    """Return whole decades around what an option's panels draw; bands and lines may leave them at the top."""
    every = [value for slice_ in result.atlas[option]["slices"] for key in ("cost", "lo") for value in slice_[key]
             if value is not None]
    if result.rival is not None:  # its line rises without end where its stops near zero; the first is enough
        every += [c for s in result.rival.atlas[option]["slices"] for c in s["cost"][:1] if c is not None]
    every.append(result.average_cost["central"])
    return _DECADE ** math.floor(math.log10(min(every) / _ROOM)), _DECADE ** math.ceil(math.log10(max(every) * _ROOM))
