"""The figures of the attacker's adaptation: the sweep along displacement, and the break-even atlas."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from skyshield.adaptation.atlas import DISPLACEMENT
from skyshield.adaptation.break_even import ABOVE, BELOW
from skyshield.adaptation.summary import Adaptation
from skyshield.adaptation.sweep import AVOIDED
from skyshield.report.adaptation_text import HEADS, cell, cost_cell, money, place_text
from skyshield.report.drawing import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    PALE_BLUE,
    QUIET,
    WIDTH_IN,
    Figure,
    canvas,
    drawing,
    ends,
    finish,
    grid,
    legend,
    wrapped,
)
from skyshield.report.text import SOME, full, number
from skyshield.study.compare import PRIMARY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

Labels = Mapping[str, str]

_SWEEP_ROW_IN, _ATLAS_ROW_IN, _BARE_IN = 2.5, 2.8, 0.75
_PERCENT = 100.0
_PANELS = (PRIMARY, AVOIDED)
_LINES: tuple[tuple[str, Any, str], ...] = ((BLUE, "-", "o"), (ORANGE, "--", "s"), (GREEN, ":", "^"))
_ROOM = 1.25
_DECADE = 10.0
_ASIDE = 0.025  # of the rival's points, so that intervals do not cover each other


def sweep_figure(result: Adaptation, options: Sequence[str], labels: Labels, days: int) -> Figure:
    """Draw the paired benefit of each option against displacement, with intervals and the break-even."""
    texts = []
    with drawing():
        figure, every = canvas(WIDTH_IN, _BARE_IN + _SWEEP_ROW_IN * len(options), rows=len(options),
                               columns=len(_PANELS))
        for place, option in enumerate(options):
            for panel, name in enumerate(_PANELS):
                axes = every[place * len(_PANELS) + panel]
                texts.append(_sweep_panel(axes, result, option, name, labels[option]))
                if place == len(options) - 1:
                    axes.set_xlabel("displacement δ", fontsize=9.5)
            title = wrapped(labels[option], 50, 2)
            every[place * len(_PANELS)].set_title(title, loc="left", fontsize=10, fontweight="bold", pad=20)
        _sweep_legend(figure, result, any(result.twins(option) for option in options))
        return finish(figure, "figure-adaptation", "What is left of the benefit if threats are sent elsewhere",
                      "; ".join(texts),
                      f"Threats in {days} days, against the same raids; each panel has its own scale. Left, what the "
                      "option stops in the protected area: it falls because fewer threats come there. Right, leakers "
                      "fewer in the whole country: what is sent elsewhere counts against the option. Bars are 95% "
                      "intervals of the expected outcome. The benefit's break-even is where the mean crosses zero, if "
                      "it does. The rival own defence is the other model of where Ukraine stops threats; a break-even "
                      "that only one of them has is flagged below.")


def _sweep_panel(axes: "Axes", result: Adaptation, option: str, name: str, label: str) -> str:
    rows = [result.rows[option][p] for p in result.axes[DISPLACEMENT]]
    x = [row[DISPLACEMENT] for row in rows]
    axes.axhline(0.0, color=INK, linewidth=0.8)
    for other in result.twins(option):
        twin = result.rows[other][0][name]
        if (span := ends(twin)) is not None:
            axes.axhspan(*span, color=PALE, linewidth=0.0, zorder=0)
        if twin["delta"] is not None:
            axes.axhline(twin["delta"], color=GREY, linewidth=1.4, linestyle="--", zorder=1)
    for place, row in zip(x, rows, strict=True):
        if (span := ends(row[name])) is not None:
            axes.plot((place, place), span, color=PALE_BLUE, linewidth=6.0, solid_capstyle="butt", zorder=2)
    middle = [math.nan if row[name]["delta"] is None else row[name]["delta"] for row in rows]
    axes.plot(x, middle, color=BLUE, linewidth=1.6, marker="o", markerfacecolor="white", markeredgecolor=INK, zorder=3)
    if result.rival is not None:
        others = [result.rival.rows[option][p] for p in result.rival.axes[DISPLACEMENT]]
        _rival_points(axes, others, name)
    axes.set_xlim(x[0] - 0.06, x[-1] + 0.06)
    axes.set_xticks(x, [full(value) for value in x])
    axes.tick_params(labelsize=9)
    grid(axes, "y")
    head = HEADS[name][0].lower() + HEADS[name][1:]
    note = ""
    if name == AVOIDED:
        where = result.break_even[option].get(DISPLACEMENT, {}).get(AVOIDED)
        if where is not None:
            note = f"; δ* {place_text(where)}"
            if where["value"] is not None:
                axes.axvline(where["value"], color=ORANGE, linewidth=1.3, linestyle="--", zorder=1)
            low, high = ({ABOVE: x[-1], BELOW: x[0], None: where[key]}[where[f"{key}_is"]] for key in ("lo", "hi"))
            if low is not None and high is not None and low < high:
                axes.plot((low, high), (0.0, 0.0), color=ORANGE, linewidth=4.0, solid_capstyle="butt", zorder=4)
    axes.annotate(f"{head}{note}", (0.0, 1.0), xytext=(0, 4), xycoords="axes fraction", textcoords="offset points",
                  fontsize=9, color=QUIET)
    points = ", ".join(f"at δ {full(row[DISPLACEMENT])} {cell(row[name])}" for row in rows)
    return f"{label}, {head}: {points}{note}"


def _rival_points(axes: "Axes", rows: Sequence[Mapping[str, Any]], name: str) -> None:
    """Draw the points under the rival own defence, beside those of the headline."""
    x = [row[DISPLACEMENT] + _ASIDE for row in rows]
    for place, row in zip(x, rows, strict=True):
        if (span := ends(row[name])) is not None:
            axes.plot((place, place), span, color=GREEN, linewidth=1.6, zorder=2)
    axes.plot(x, [math.nan if row[name]["delta"] is None else row[name]["delta"] for row in rows], color=GREEN,
              linewidth=1.2, linestyle=":", marker="^", markersize=5.0, zorder=3)


def _sweep_legend(figure: "Canvas", result: Adaptation, twins: bool) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=BLUE, marker="o", markerfacecolor="white", markeredgecolor=INK, label="mean"),
               Line2D([], [], color=PALE_BLUE, linewidth=6.0, label="95% interval"),
               Line2D([], [], color=ORANGE, linewidth=4.0, label="break-even δ*, 95% of vectors")]
    if result.rival is not None:
        handles.append(Line2D([], [], color=GREEN, linestyle=":", marker="^", markersize=5.0,
                              label="rival own defence"))
    if twins:
        handles.append(Line2D([], [], color=GREY, linestyle="--", label="aid twin"))
    legend(figure, handles)


def atlas_figure(result: Adaptation, options: Sequence[str], labels: Labels, days: int) -> Figure:
    """Draw the break-even marginal cost against displacement: a row an option, a column an absorption."""
    absorptions = list(dict.fromkeys(s["absorption"] for s in result.atlas[options[0]]["slices"]))
    texts = []
    with drawing():
        figure, every = canvas(WIDTH_IN, _BARE_IN + _ATLAS_ROW_IN * len(options), rows=len(options),
                               columns=len(absorptions))
        for place, option in enumerate(options):
            row = every[place * len(absorptions):(place + 1) * len(absorptions)]
            for axes, alpha in zip(row, absorptions, strict=True):
                texts.append(_atlas_panel(axes, result, option, alpha, labels[option]))
                if place == len(options) - 1:
                    axes.set_xlabel("displacement δ", fontsize=9.5)
            _same_scale(row, result, option)
            row[0].set_ylabel("EUR million a stop", fontsize=9)
            row[0].set_title(f"{wrapped(labels[option], 50, 2)}", loc="left", fontsize=10, fontweight="bold", pad=20)
        _atlas_legend(figure, result, options)
        return finish(figure, "figure-atlas", "Break-even atlas: marginal cost of aid at which both stop as many",
                      "; ".join(texts),
                      f"What one more stop by aid must cost for the planned cost of {days} days to stop as many "
                      "threats either way; logarithmic scale. Above a line the option stops more for the money, below "
                      "it aid does. Where a line ends, aid leads at any price beyond. The band is 95% of vectors at "
                      "relief 0, open upwards where it reaches the top. The grey line is the average cost of a claimed "
                      "kill by an interceptor drone, which is less than that of one more stop.")


def _atlas_panel(axes: "Axes", result: Adaptation, option: str, alpha: float, label: str) -> str:
    slices = [s for s in result.atlas[option]["slices"] if s["absorption"] == alpha]
    axes.set_yscale("log")
    texts = []
    for slice_, (colour, style, marker) in zip(slices, _LINES, strict=False):
        x = slice_["displacement"]
        axes.plot(x, [math.nan if c is None else c for c in slice_["cost"]], color=colour, linestyle=style,
                  linewidth=1.8, marker=marker, markevery=len(x) // 2, markersize=4.5, zorder=3)
        texts.append(f"relief {full(slice_['relief'])}: {cost_cell(slice_, 0)} at δ {full(x[0])}, "
                     f"{cost_cell(slice_, -1)} at δ {full(x[-1])}")
    first = slices[0]
    if result.rival is not None:
        other = next(s for s in result.rival.atlas[option]["slices"]
                     if (s["absorption"], s["relief"]) == (alpha, first["relief"]))
        axes.plot(other["displacement"], [math.nan if c is None else c for c in other["cost"]], color=INK, zorder=3,
                  linewidth=1.4, linestyle=(0, (1, 1)), marker="x", markevery=len(other["displacement"]) - 1)
        texts.append(f"under the rival own defence at relief {full(first['relief'])}: {cost_cell(other, 0)} at δ "
                     f"{full(other['displacement'][0])}, {cost_cell(other, -1)} at δ {full(other['displacement'][-1])}")
    if first["lo"]:
        top = _extent(result, option)[1]
        low, high = ([top if value is None else value for value in first[key]] for key in ("lo", "hi"))
        axes.fill_between(first["displacement"], low, high, color=PALE_BLUE, alpha=0.45, linewidth=0.0, zorder=1)
    axes.axhline(result.average_cost["central"], color=GREY, linewidth=1.2, zorder=2)
    for twin in result.atlas[option]["twins"]:
        if twin["cost"] is not None:
            axes.axhline(twin["cost"], color=INK, linewidth=1.2, linestyle="-.", zorder=2)
    x = first["displacement"]
    axes.set_xlim(x[0] - 0.03, x[-1] + 0.03)
    axes.tick_params(labelsize=9)
    grid(axes, "y")
    axes.annotate(f"aid absorbs {number(_PERCENT * alpha, SOME)}% of {money(result.atlas[option])}", (0.0, 1.0),
                  xytext=(0, 4), xycoords="axes fraction", textcoords="offset points", fontsize=9, color=QUIET)
    return f"{label}, aid absorbs {number(_PERCENT * alpha, SOME)}%: {', '.join(texts)}"


def _extent(result: Adaptation, option: str) -> tuple[float, float]:
    """Return whole decades around what an option's panels draw; bands and lines may leave them at the top."""
    every = [value for slice_ in result.atlas[option]["slices"] for key in ("cost", "lo") for value in slice_[key]
             if value is not None]
    if result.rival is not None:  # its line rises without end where its stops near zero; the first is enough
        every += [c for s in result.rival.atlas[option]["slices"] for c in s["cost"][:1] if c is not None]
    every.append(result.average_cost["central"])
    return _DECADE ** math.floor(math.log10(min(every) / _ROOM)), _DECADE ** math.ceil(math.log10(max(every) * _ROOM))


def _same_scale(row: Sequence["Axes"], result: Adaptation, option: str) -> None:
    """Give a row one scale with plain numbers at its decades."""
    low, high = _extent(result, option)
    decades = [_DECADE**k for k in range(round(math.log10(low)), round(math.log10(high)) + 1)]
    for axes in row:
        axes.set_ylim(low, high)
        axes.set_yticks(decades, [full(tick) for tick in decades])
        axes.minorticks_off()


def _atlas_legend(figure: "Canvas", result: Adaptation, options: Sequence[str]) -> None:
    from matplotlib.lines import Line2D

    reliefs = list(dict.fromkeys(s["relief"] for s in result.atlas[options[0]]["slices"]))
    handles = [Line2D([], [], color=colour, linestyle=style, marker=marker, markersize=4.5, label=f"relief {full(phi)}")
               for phi, (colour, style, marker) in zip(reliefs, _LINES, strict=False)]
    handles.append(Line2D([], [], color=PALE_BLUE, alpha=0.6, linewidth=7.0, label="95% at relief 0"))
    handles.append(Line2D([], [], color=GREY, label="average cost of a drone kill"))
    if result.rival is not None:
        handles.append(Line2D([], [], color=INK, linestyle=(0, (1, 1)), marker="x",
                              label=f"relief {full(reliefs[0])}, rival own defence"))
    if any(result.atlas[o]["twins"] for o in options):
        handles.append(Line2D([], [], color=INK, linestyle="-.", label="simulated aid twin"))
    legend(figure, handles, 3)
