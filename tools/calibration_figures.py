"""The figures of the calibration page, from its stored results, as SVG files that stand alone."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from skyshield.evidence.fit_checks.heldout import TARGETS
from skyshield.report.drawing import BLUE, GREEN, INK, ORANGE, PALE, PALE_BLUE, QUIET, RULE, canvas, drawing, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Results = Mapping[str, Any]

WIDTH_IN = 8.4
ROW_IN = 0.21
BARE_IN = 1.1
PERCENT = 100.0
LEAK_CLASSES = {"leak_to_100": "up to 100", "leak_100_150": "101 to 150", "leak_150_200": "151 to 200",
                "leak_200_300": "201 to 300", "leak_above_300": "above 300"}
SLOPES = {"leak_slope_below": "below 150 UAVs a day", "leak_slope_above": "above 150 UAVs a day"}
MAX_SHOWN = 1.2  # where a fact far outside is drawn
MIN_SHOWN = 0.7  # a total of none on a logarithmic axis


def shown(value: float | None, unit: str) -> str:
    """Write a number as its unit asks for; a share in percent."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{PERCENT * value:.1f}%" if abs(value) < 0.1 else f"{PERCENT * value:.0f}%"
    if unit == "count":
        return f"{value:,.0f}"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.1f}"


def possible(value: float, unit: str) -> float:
    """Return an end of a band as far as the quantity can go: a share from 0 to 1, a count or a rate from 0 up."""
    low, high = {"share": (0.0, 1.0), "correlation": (-1.0, 1.0), "number": (-inf, inf)}.get(unit, (0.0, inf))
    return max(low, min(high, value))


def figures(stored: Results, recovery: Results | None) -> dict[str, str]:
    """Return SVG text by file name, without its ending."""
    svg_by_name = {"facts": facts(stored), "leak_rates": leak_rates(stored), "slopes": slopes(stored),
                "held_out": held_out(stored), "ridge": ridge(stored)}
    return svg_by_name if recovery is None else {**svg_by_name, "recovery": recovered(recovery)}


def _alone(figure: "Figure", key: str, title: str, description: str) -> str:
    """Return a figure as a file of its own, ended by a line break."""
    svg = str(finish(figure, key, title, description))
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


def _legend(figure: "Figure", handles: Sequence[Any], columns: int) -> None:
    figure.legend(handles=handles, loc="outside upper center", ncols=columns, frameon=False, fontsize=9,
                  handlelength=1.8)


def _dot(colour: str = INK, face: str = INK, marker: str = "o", label: str = "") -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], marker=marker, color="none", markeredgecolor=colour, markerfacecolor=face, label=label)


def _line(colour: str, width: float, label: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, linewidth=width, label=label)


def facts(stored: Results) -> str:
    """Draw every fact on a scale on which the band is -1 to 1."""
    rows = stored["facts"]
    groups = list(dict.fromkeys(row["group"] for row in rows))
    places: list[tuple[float, Mapping[str, Any]]] = []
    heads: list[tuple[float, str]] = []
    y = 0.0
    for group in groups:
        heads.append((y, group))
        y += 1.0
        for row in (row for row in rows if row["group"] == group):
            places.append((y, row))
            y += 1.0
        y += 0.4
    with drawing():
        figure, (axes, *_) = canvas(WIDTH_IN, BARE_IN + ROW_IN * y)
        axes.axvspan(-1.0, 1.0, color=PALE, linewidth=0)
        axes.axvline(0.0, color=RULE, linewidth=0.8)
        for place, row in places:
            _fact_row(axes, place, row)
            low, high = (shown(possible(row[end], row["unit"]), row["unit"]) for end in ("low", "high"))
            axes.annotate(f"{shown(row['observed'], row['unit'])}   ({low} to {high})", (1.0, place), fontsize=8,
                          xycoords=("axes fraction", "data"), va="center", annotation_clip=False)
        for place, group in heads:
            axes.annotate(group, (0.0, place), xycoords=("axes fraction", "data"), xytext=(-6, 0),
                          textcoords="offset points", ha="right", va="center", fontsize=9.5, fontweight="bold")
        axes.set_yticks([place for place, _ in places], [row["label"] for _, row in places], fontsize=8)
        axes.set_ylim(y - 0.2, -0.8)
        axes.set_xlim(-1.25, 1.25)
        axes.set_xticks([-1, 0, 1], ["lower end\nof the band", "median", "upper end\nof the band"])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        _legend(figure, [_dot(label="the record"), _dot(ORANGE, ORANGE, label="the record, outside"),
                         _line(PALE_BLUE, 5.0, "95% of the model's records"), _line(BLUE, 5.0, "half of them")], 4)
        outside = [row["label"] for row in rows if row["inside"] is False]
        description = f"{len(rows)} facts; outside the band: {', '.join(outside) if outside else 'none'}"
        return _alone(figure, "facts", "The record's facts and the model's simultaneous 99% band", description)


def _fact_row(axes: "Axes", place: float, row: Mapping[str, Any]) -> None:
    middle = row["quantiles"][2]
    below, above = middle - row["low"], row["high"] - middle

    def scaled(value: float) -> float:
        side = below if value < middle else above
        return max(-MAX_SHOWN, min(MAX_SHOWN, (value - middle) / side)) if side > 0.0 else 0.0

    axes.plot([scaled(row["quantiles"][0]), scaled(row["quantiles"][4])], [place, place], color=PALE_BLUE,
              linewidth=5.0, solid_capstyle="butt")
    axes.plot([scaled(row["quantiles"][1]), scaled(row["quantiles"][3])], [place, place], color=BLUE, linewidth=5.0,
              solid_capstyle="butt")
    if row["observed"] is not None:
        colour = ORANGE if row["inside"] is False else INK
        axes.plot([scaled(row["observed"])], [place], "o", markersize=5.0, markeredgecolor="white",
                  markeredgewidth=0.7, color=colour)


def _model_column(axes: "Axes", at: float, row: Mapping[str, Any], factor: float) -> None:
    """Draw the model's band, 95% and half of its records at one place of the horizontal axis."""
    q = [factor * value for value in row["quantiles"]]
    axes.plot([at, at], [max(0.0, factor * row["low"]) if factor == PERCENT else factor * row["low"],
                         factor * row["high"]], color=RULE, linewidth=9.0, solid_capstyle="butt")
    axes.plot([at, at], [q[0], q[4]], color=PALE_BLUE, linewidth=9.0, solid_capstyle="butt")
    axes.plot([at, at], [q[1], q[3]], color=BLUE, linewidth=9.0, solid_capstyle="butt")


def _model_legend(figure: "Figure", published: str) -> None:
    _legend(figure, [_dot(label="the record"), _dot(ORANGE, "white", "D", published),
                     _line(RULE, 7.0, "simultaneous 99% band"), _line(PALE_BLUE, 7.0, "95% of the model's records"),
                     _line(BLUE, 7.0, "half of them")], 3)


def leak_rates(stored: Results) -> str:
    """Draw the leak rate by size of the day."""
    by_name = {row["name"]: row for row in stored["facts"]}
    with drawing():
        figure, (axes, *_) = canvas(WIDTH_IN, 3.9)
        for at, name in enumerate(LEAK_CLASSES):
            row = by_name[name]
            _model_column(axes, at, row, PERCENT)
            axes.plot([at], [PERCENT * row["observed"]], "o", color=INK, markeredgecolor="white", markersize=8.0)
            axes.plot([at + 0.16], [PERCENT * row["published"]], "D", color="white", markeredgecolor=ORANGE,
                      markersize=6.0)
        axes.set_xticks(range(len(LEAK_CLASSES)), LEAK_CLASSES.values())
        axes.set_xlim(-0.5, len(LEAK_CLASSES) - 0.5)
        axes.set_ylim(0.0, None)
        axes.set_xlabel("UAVs launched in the day")
        axes.set_ylabel("share that leaked, %")
        axes.grid(axis="y", color=RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        _model_legend(figure, "published, those in flight counted as leakers")
        description = "; ".join(
            f"{label}: record {by_name[name]['observed']:.1%}, model {by_name[name]['quantiles'][2]:.1%}"
            for name, label in LEAK_CLASSES.items())
        return _alone(figure, "leak-rates", "Share of UAVs that leaked, by how many came", description)


def slopes(stored: Results) -> str:
    """Draw leakers per extra UAV on both sides of the knot."""
    by_name = {row["name"]: row for row in stored["facts"]}
    with drawing():
        figure, (axes, *_) = canvas(WIDTH_IN, 2.7)
        for place, (name, _) in enumerate(SLOPES.items()):
            row = by_name[name]
            q = row["quantiles"]
            axes.plot([row["low"], row["high"]], [place, place], color=RULE, linewidth=9.0, solid_capstyle="butt")
            axes.plot([q[0], q[4]], [place, place], color=PALE_BLUE, linewidth=9.0, solid_capstyle="butt")
            axes.plot([q[1], q[3]], [place, place], color=BLUE, linewidth=9.0, solid_capstyle="butt")
            axes.plot([row["observed"]], [place], "o", color=INK, markeredgecolor="white", markersize=8.0)
            axes.plot(row["interval"], [place + 0.28] * 2, color=ORANGE, linewidth=1.4)
            axes.plot([row["published"]], [place + 0.28], "D", color="white", markeredgecolor=ORANGE, markersize=6.0)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(SLOPES)), SLOPES.values())
        axes.set_ylim(len(SLOPES) - 0.4, -0.5)
        axes.set_xlabel("leakers per extra UAV launched")
        axes.grid(axis="x", color=RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        _model_legend(figure, "published with its interval")
        description = "; ".join(
            f"{label}: record {by_name[name]['observed']:.3f}, model {by_name[name]['quantiles'][2]:.3f}"
            for name, label in SLOPES.items())
        return _alone(figure, "slopes", "What one more UAV adds to the leakers", description)


def held_out(stored: Results) -> str:
    """Draw the months held back, one panel a total."""
    months = list(dict.fromkeys(row["month"] for row in stored["held_out"]))
    with drawing():
        figure, axes_grid = canvas(WIDTH_IN, 8.2, rows=4, columns=2)
        for axes, (target, (label, _)) in zip(axes_grid, TARGETS.items(), strict=False):
            for at, month in enumerate(months):
                row = next(r for r in stored["held_out"] if (r["month"], r["target"]) == (month, target))
                q = [max(MIN_SHOWN, value) for value in row["quantiles"]]
                axes.plot([at, at], [q[0], q[4]], color=PALE_BLUE, linewidth=8.0, solid_capstyle="butt")
                axes.plot([at, at], [q[1], q[3]], color=BLUE, linewidth=8.0, solid_capstyle="butt")
                axes.plot([at], [max(MIN_SHOWN, row["observed"])], "o", markeredgecolor="white", markersize=7.0,
                          color=INK if row["inside"] else ORANGE)
            _monthly_axis(axes, months, label)
        for axes in axes_grid[len(TARGETS):]:
            axes.set_visible(False)
        _legend(figure, [_dot(label="the record"), _dot(ORANGE, ORANGE, label="the record, outside 95%"),
                         _line(PALE_BLUE, 7.0, "95% prediction interval"), _line(BLUE, 7.0, "half of the draws")], 4)
        description = "; ".join(
            f"{row['month']} {row['target']}: {row['observed']:.0f}, 95% {row['quantiles'][0]:.0f} to "
            f"{row['quantiles'][4]:.0f}" for row in stored["held_out"])
        return _alone(figure, "held-out", "Months predicted by fits that had not seen them", description)


def _monthly_axis(axes: "Axes", months: Sequence[str], label: str) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 1.0 else "0"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xticks(range(len(months)), [f"{month[5:]}/{month[2:4]}" for month in months], fontsize=8)
    axes.set_title(label, loc="left", fontsize=10)
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", labelsize=8)


def recovered(recovery: Results) -> str:
    """Draw how many truths each parameter's intervals held."""
    names = list(recovery["parameters"])
    n = recovery["n_truths"]
    with drawing():
        figure, axes_grid = canvas(WIDTH_IN, BARE_IN + ROW_IN * len(names), columns=len(recovery["levels"]))
        for k, (axes, level) in enumerate(zip(axes_grid, recovery["levels"], strict=True)):
            low, high = recovery["low"][k], recovery["high"][k]
            axes.axvspan(low, high, color=PALE, linewidth=0)
            axes.axvline(level * n, color=GREEN, linewidth=1.2)
            for place, name in enumerate(names):
                held = recovery["parameters"][name]["held"][k]
                axes.plot([held], [place], "o", markersize=5.0, color=INK if low <= held <= high else ORANGE)
            axes.set_yticks(range(len(names)), names if k == 0 else [], fontsize=8)
            axes.set_ylim(len(names) - 0.5, -0.5)
            axes.set_xlim(-0.02 * n, 1.02 * n)
            axes.set_xlabel(f"truths of {n} in the {level:.0%} interval")
            axes.grid(axis="y", color=RULE, linewidth=0.4)
            axes.set_axisbelow(True)
            axes.tick_params(axis="y", length=0)
        _legend(figure, [_dot(label="held"), _dot(ORANGE, ORANGE, label="held, outside the band"),
                         _line(GREEN, 1.2, "expected"), _line(PALE, 8.0, "simultaneous 99% band")], 4)
        pooled = "; ".join(f"{level:.0%} intervals hold {share:.1%}" for level, share in zip(
            recovery["levels"], recovery["pooled"], strict=True))
        return _alone(figure, "recovery", "Truth recovery, parameter by parameter", f"over all parameters {pooled}")


def ridge(stored: Results) -> str:
    """Draw coverage against stop share of ballistic salvos, row by row of the fit."""
    result = stored["ridge"]
    covered, stopped = ([PERCENT * value for value in result[name]] for name in ("covered", "stopped"))
    with drawing():
        figure, (axes, *_) = canvas(WIDTH_IN * 0.75, 4.6)
        span = [1.0 + 0.5 * k for k in range(199)]
        for share in (10.0, 15.0, 20.0, 25.0, 30.0):
            axes.plot(span, [PERCENT * share / x for x in span], color=RULE, linewidth=1.0)
            axes.annotate(f"{share:.0f}% in all", (PERCENT, share), xytext=(4, 0), textcoords="offset points",
                          fontsize=8, color=QUIET, va="center", annotation_clip=False)
        axes.plot(covered, stopped, "o", markersize=3.5, color=BLUE, alpha=0.55, markeredgecolor="none")
        axes.set_xlim(0.0, PERCENT)
        axes.set_ylim(0.0, PERCENT)
        axes.set_xlabel(f"salvos of {result['salvo']} that meet a defended aim, %")
        axes.set_ylabel("stopped of those that do, %")
        description = (f"{len(covered)} rows of the fit; correlation {result['correlation']:.2f}; lines of equal share "
                       "stopped in all, 10 to 30%")
        return _alone(figure, "ridge", "Ballistic coverage and skill trade off", description)
