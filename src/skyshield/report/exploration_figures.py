"""Figures of an exploration: boxes, regret, and the sweeps along which options change their order."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from skyshield.report.drawing import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE,
    PALE_BLUE,
    WIDTH_IN,
    canvas,
    drawing,
    grid,
    legend,
    wrapped,
)
from skyshield.report.sensitivity_figures import Drawn, name_rows, panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_QUESTIONS = {"per_planned_eur_billion": "threats a planned EUR billion", "most": "threats"}
_SWEPT = ("displacement", "volume_response", "class_shift", "claim_bias")
_MODELS = {"uniform": "Ukraine stops evenly along the way", "coverage": "Ukraine stops near aims", "": ""}
_STYLES: tuple[tuple[str, Any], ...] = (
    (BLUE, "-"), (ORANGE, "-"), (GREEN, "-"), (GREY, "-"), (BLUE, "--"), (ORANGE, "--"), (GREEN, "--"), (GREY, "--"),
    (INK, ":"))


def exploration_figures(content: Mapping[str, Any]) -> Drawn:
    """Draw what ``explore --json`` prints."""
    with drawing():
        drawn = {"regret": _regret(content)}
        if any(result["box"] for result in content["boxes"].values()):
            drawn["boxes"] = _boxes(content)
        if any(name in rows for rows in content["sweeps"].values() for name in _SWEPT):
            drawn["sweeps"] = _sweeps(content)
    return drawn


def _regret(content: Mapping[str, Any]) -> "Canvas":
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    every_question = content["regret"]
    figure, every = panels([f"Regret in {_QUESTIONS[question]}" for question in every_question],
                           max(len(result["options"]) for result in every_question.values()))
    for axes, result in zip(every, every_question.values(), strict=False):
        rows = result["options"]
        for k, row in enumerate(rows.values()):
            axes.barh(k, row["greatest"], height=0.6, color=PALE_BLUE)
            axes.plot((row["quantiles"][1],) * 2, (k - 0.3, k + 0.3), color=BLUE, linewidth=2.0)
            axes.plot(row["mean"], k, marker="o", color=ORANGE, markersize=6)
        name_rows(axes, list(rows))
    figure.supxlabel(f"what would have been gained by knowing the case, over {content['cases']} cases", fontsize=9)
    legend(figure, [Patch(color=PALE_BLUE, label="greatest"), Line2D([], [], color=BLUE, label="nine in ten below"),
                    Line2D([], [], color=ORANGE, marker="o", linestyle="", label="mean over cases (stand-in)")])
    return figure


def _boxes(content: Mapping[str, Any]) -> "Canvas":
    result = {option: row for option, row in content["boxes"].items() if row["box"] is not None}
    ranges = content["box_ranges"]
    titles = []
    for option, row in result.items():
        held = row["box"]["held_out"]
        titles.append(f"{option} prevents fewer than {row['below']:.2g}: {held['density']:.0%} of the box do, all "
                      f"cases {row['box']['base']:.0%}; it holds {held['coverage']:.0%} of those that do")
    figure, every = panels(titles, max(len(row["box"]["limits"]) for row in result.values()) + 1)
    for axes, row in zip(every, result.values(), strict=False):
        limits = row["box"]["limits"]
        for k, limit in enumerate(limits):
            low, high = ranges[limit["name"]]
            width = (high - low) or 1.0
            a = 0.0 if limit["low"] is None else (limit["low"] - low) / width
            b = 1.0 if limit["high"] is None else (limit["high"] - low) / width
            axes.barh(k, 1.0, height=0.5, color=PALE)
            axes.barh(k, b - a, left=a, height=0.5, color=ORANGE)
            for place, text, side in ((0.0, f"{low:.3g}", "right"), (1.0, f"{high:.3g}", "left")):
                axes.annotate(text, (place, k), xytext=(-4 if side == "right" else 4, 0), textcoords="offset points",
                              ha=side, va="center", fontsize=8)
            for place, value in ((a, limit["low"]), (b, limit["high"])):
                if value is not None:
                    axes.annotate(f"{value:.3g}", (place, k - 0.27), xytext=(0, 2), textcoords="offset points",
                                  ha="center", va="bottom", fontsize=8, fontweight="bold")
        axes.set_xlim(-0.3, 1.2)
        axes.set_xticks([])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        name_rows(axes, [limit["name"] for limit in limits])
        axes.set_ylim(len(limits) - 0.5, -0.9)
    figure.supxlabel("orange: the box on the range of each unknown in the cases; told on cases not used to find it",
                     fontsize=9)
    return figure


def _sweeps(content: Mapping[str, Any]) -> "Canvas":
    from matplotlib.lines import Line2D

    models = list(content["sweeps"])
    names = [name for name in _SWEPT if any(name in content["sweeps"][model] for model in models)]
    figure, every = canvas(WIDTH_IN * 1.25, 1.0 + 2.2 * len(names), len(names), len(models))
    options: list[str] = []
    for place, name in enumerate(names):
        for column, model in enumerate(models):
            axes = every[place * len(models) + column]
            row = content["sweeps"][model][name]
            options = list(row["options"])
            for (colour, style), of in zip(_STYLES, row["options"].values(), strict=False):
                axes.plot(row["values"], of["mean"], color=colour, linestyle=style, linewidth=1.5)
                if of["mcse"] is not None:
                    low, high = ([m + side * 2.0 * s for m, s in zip(of["mean"], of["mcse"], strict=True)]
                                 for side in (-1.0, 1.0))
                    axes.fill_between(row["values"], low, high, color=colour, alpha=0.12, linewidth=0.0)
            axes.axhline(0.0, color=INK, linewidth=0.8)
            axes.set_xlabel(name, fontsize=9)
            axes.tick_params(labelsize=8.5)
            grid(axes, "y")
            if place == 0:
                axes.set_title(wrapped(_MODELS[model], 60, 2), loc="left", fontsize=10, fontweight="bold")
    figure.supylabel(f"{content['measure']}, option minus {content['baseline']}, in {content['days']} days", fontsize=9)
    legend(figure, [Line2D([], [], color=colour, linestyle=style, label=option)
                    for (colour, style), option in zip(_STYLES, options, strict=False)], columns=5)
    return figure
