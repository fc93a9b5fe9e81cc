"""Figures of a sensitivity analysis."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from skyshield.report.drawing import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE_BLUE,
    QUIET,
    WIDTH_IN,
    canvas,
    drawing,
    grid,
    legend,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

Drawn = dict[str, "Canvas"]

_ROW_IN, _BARE_IN, _ACROSS = 0.27, 1.0, 2
_MOST_ROWS = 12
_NAMED = {"all_with_a_distribution": "everything with a distribution", "fit": "fit to the record",
          "own_strengths": "regional strengths"}
_PARTS = (("with_distribution", "inputs with a distribution"),
          ("without_centre", "numbers that nobody knows: even stand-in, no distribution"))


def sensitivity_figures(content: Mapping[str, Any]) -> Drawn:
    """Draw a tornado, Sobol indices and the screening of every option from what ``sensitivity --json`` prints."""
    with drawing():
        drawn = {"tornado": _tornado(content)}
        for part, title in _PARTS:
            if any(not of["reason"] for of in content["indices"].get(part, {}).values()):
                drawn[f"sobol_{part}"] = _sobol(content, part, title)
            if content["screening"][part]["options"]:
                drawn[f"morris_{part}"] = _morris(content, part, title)
    return drawn


def panels(titles: Sequence[str], rows: int) -> "tuple[Canvas, list[Any]]":
    """Return a figure with a panel for each title, two across, with so many rows of bars in each."""
    down = -(-len(titles) // _ACROSS)
    figure, every = canvas(WIDTH_IN * 1.25, _BARE_IN + down * (_BARE_IN + _ROW_IN * rows), down,
                           min(_ACROSS, len(titles)))
    for axes, title in zip(every, titles, strict=False):
        axes.set_title(wrapped(title, 46, 3), loc="left", fontsize=10, fontweight="bold")
        axes.tick_params(labelsize=8.5)
        grid(axes, "x")
    for axes in every[len(titles):]:
        axes.set_visible(False)
    return figure, every


def name_rows(axes: Any, names: Sequence[str]) -> None:
    """Name the rows of a panel from the top down, as readers know them."""
    axes.set_yticks(range(len(names)), [_NAMED.get(name, name) for name in names], fontsize=8.5)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)


def _tornado(content: Mapping[str, Any]) -> "Canvas":
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure, every = panels(list(content["tornado"]), _MOST_ROWS)
    for axes, result in zip(every, content["tornado"].values(), strict=False):
        rows = result["inputs"][:_MOST_ROWS]
        for k, row in enumerate(rows):
            colour = ORANGE if row["kind"] == "interval" else BLUE
            low, high = row["at_low"], row["at_high"]
            axes.barh(k, high - low, left=low, height=0.62, color=colour, alpha=0.85)
            if row["low"] is not None:
                left = low <= high
                for place, text, side in ((low, row["low"], left), (high, row["high"], not left)):
                    axes.annotate(f"{text:.3g}", (place, k), xytext=(-3 if side else 3, 0), fontsize=7, color=QUIET,
                                  textcoords="offset points", ha="right" if side else "left", va="center")
        axes.axvline(result["base"], color=INK, linewidth=1.0)
        axes.use_sticky_edges = False
        axes.margins(x=0.14)
        name_rows(axes, [row["name"] for row in rows])
    figure.supxlabel(f"{content['measure']}, option minus {content['baseline']}, in {content['days']} days; small "
                     "figures: the value at that end", fontsize=9)
    legend(figure, [Patch(color=BLUE, label="has a distribution"), Patch(color=ORANGE, label="nobody knows"),
                    Line2D([], [], color=INK, label="all at the base")])
    return figure


def _sobol(content: Mapping[str, Any], part: str, title: str) -> "Canvas":
    from matplotlib.lines import Line2D

    result = content["indices"][part]
    rows = max(len(of["inputs"]) for of in result.values())
    figure, every = panels([f"{option}: raids make {of['noise_share']:.0%} of points' variance"
                            if of["noise_share"] is not None else option for option, of in result.items()], rows)
    for axes, of in zip(every, result.values(), strict=False):
        for k, row in enumerate(of["inputs"]):
            for name, colour, aside, marker in (("total", BLUE, -0.14, "o"), ("first", GREY, 0.14, "s")):
                if row[name] is not None:
                    axes.plot((row[f"{name}_lo"], row[f"{name}_hi"]), (k + aside,) * 2, color=colour, linewidth=2.2)
                    axes.plot(row[name], k + aside, marker=marker, color=colour, markersize=5)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        low, high = axes.get_xlim()
        axes.set_xlim(max(low, -0.5), max(1.0, min(high, 2.0)))
        name_rows(axes, [row["name"] for row in of["inputs"]])
    figure.supxlabel(f"share of the variance of the expected {content['measure']}; {title}", fontsize=9)
    legend(figure, [Line2D([], [], color=BLUE, marker="o", label="total index, 95%"),
                    Line2D([], [], color=GREY, marker="s", label="first order, 95%")])
    return figure


def _morris(content: Mapping[str, Any], part: str, title: str) -> "Canvas":
    from matplotlib.lines import Line2D

    result = content["screening"][part]["options"]
    figure, every = panels(list(result), _MOST_ROWS)
    for axes, rows in zip(every, result.values(), strict=False):
        for k, row in enumerate(rows[:_MOST_ROWS]):
            axes.barh(k, row["mu_star"], height=0.6, color=PALE_BLUE)
            axes.plot((row["lo"], row["hi"]), (k, k), color=BLUE, linewidth=2.0)
            if row["sigma"] is not None:
                axes.plot(row["sigma"], k, marker="D", color=ORANGE, markersize=4)
            if row["noise"] is not None:
                axes.plot((row["noise"],) * 2, (k - 0.38, k + 0.38), color=INK, linewidth=1.2)
        axes.set_xlim(left=0.0)
        name_rows(axes, [row["name"] for row in rows[:_MOST_ROWS]])
    figure.supxlabel(f"elementary effect on {content['measure']} over the whole range of an input; {title}", fontsize=9)
    legend(figure, [Line2D([], [], color=BLUE, linewidth=2.0, label="mu*, 95%"),
                    Line2D([], [], color=ORANGE, marker="D", linestyle="", label="sigma"),
                    Line2D([], [], color=INK, linewidth=1.2, label="what noise alone would show")])
    return figure
