"""The charts: the headline with its doubts and unknowns, the area's leakers, where threats end, why not more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skyshield.report.drawing import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE,
    PALE_BLUE,
    QUIET,
    RULE,
    Figure,
    canvas,
    drawing,
    finish,
    wrapped,
)
from skyshield.report.words import CLASS_SHORT, FEW, interval, number, span, total
from skyshield.study.compare import Comparison, Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

Labels = Mapping[str, str]
Summaries = Mapping[str, Mapping[str, Summary]]

_WIDTH_IN = 8.4
_ROW_IN = 0.85
_BARE_IN = 1.35
_UNKNOWN_IN = 0.55
_HALF_ROW = 0.36
_ROOM_FOR_ENDS = 1.12
_END_COLOURS = {"low": "#f0c9a0", "high": PALE_BLUE}
_PERCENT = 100.0
_ROOM = 1.3  # for the number beside the longest bar
_FATES = (("stopped_own_hard", "destroyed by Ukraine", GREY, ""),
          ("stopped_own_soft", "diverted by jamming", PALE, "//"),
          ("redundant", "coalition, redundant", PALE_BLUE, ""), ("prevented", "coalition, prevented", BLUE, ""),
          ("leaked", "reached their aim", ORANGE, ".."))
_GATES = (("engaged", "fired at by the coalition", PALE_BLUE),
          ("saturated", "could have been shot at, no patrol free", PALE_BLUE),
          ("refused_class", "left alone: class not allowed", RULE),
          ("refused_standoff", "left alone: stand-off", RULE))


def _height(rows: int) -> float:
    return _BARE_IN + _ROW_IN * rows


def doubts(comparison: Comparison, labels: Labels, days: int) -> Figure:
    """Draw the headline of every option with its three kinds of doubt and the envelope."""
    rows = [(labels[option], row["prevented_zone"]) for option, row in comparison.rows.items()]
    with drawing():
        figure, (axes, *_) = canvas(_WIDTH_IN, _height(len(rows)))
        for place, (_, row) in enumerate(rows):
            _doubt_row(axes, place, row)
        _doubt_legend(figure)
        axes.set_yticks(range(len(rows)), [wrapped(label) for label, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.75)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        axes.set_xlabel(f"threats kept from their aims in the protected area\nin {days} days, against the same raids")
        axes.grid(axis="x", color=RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        said = "; ".join(
            f"{label}: {number(row['delta'])}, interval {interval(row)}, single periods "
            f"{span(row['spread_lo'], row['spread_hi'])}, envelope {span(row['env_lo'], row['env_hi'])}"
            for label, row in rows)
        return finish(figure, "figure-doubts", "Threats prevented in the protected area, with the kinds of doubt", said,
                      "The dot is the mean, the dark bar the 95% interval of the expected outcome, the bracket around "
                      "it the envelope over the entries without a centre, and the thin line 95% of single periods.")


def _doubt_row(axes: "Axes", place: int, row: Summary) -> None:
    def pair(low: str, high: str) -> tuple[float, float] | None:
        a, b = row[low], row[high]
        return None if a is None or b is None else (a, b)

    if (spread := pair("spread_lo", "spread_hi")) is not None:
        axes.plot(spread, (place + 0.24, place + 0.24), color=QUIET, linewidth=1.2, solid_capstyle="butt")
    if (envelope := pair("env_lo", "env_hi")) is not None:
        low, high, top, bottom = *envelope, place - 0.16, place + 0.12
        axes.plot((low, low, high, high), (bottom, top, top, bottom), color=ORANGE, linewidth=1.3)
    if (ends := pair("lo", "hi")) is not None:
        axes.plot(ends, (place, place), color=BLUE, linewidth=7.0, solid_capstyle="butt")
    if row["delta"] is not None:
        axes.plot([row["delta"]], [place], "o", color="white", markeredgecolor=INK, markersize=7.0)
        axes.annotate(number(row["delta"]), (row["delta"], place - 0.2), ha="center", va="bottom", fontsize=10,
                      fontweight="bold")


def _doubt_legend(figure: "Canvas") -> None:
    from matplotlib.lines import Line2D

    figure.legend(handles=[
        Line2D([], [], marker="o", color="none", markerfacecolor="white", markeredgecolor=INK, label="mean"),
        Line2D([], [], color=BLUE, linewidth=7.0, label="95% interval of the expected outcome"),
        Line2D([], [], color=ORANGE, linewidth=1.3, label="envelope"),
        Line2D([], [], color=QUIET, linewidth=1.2, label="95% of single periods")],
        loc="outside upper center", ncols=4, frameon=False, fontsize=9, handlelength=1.6)


@dataclass(frozen=True)
class End:
    """An entry without a centre moved alone to one of its ends, and what comes of it.

    Attributes
    ----------
    entry
        The entry in words.
    end
        ``low`` or ``high``.
    value
        The end as text.
    row
        The primary measure there.
    """

    entry: str
    end: str
    value: str
    row: Summary


def unknowns(ends: Sequence[End], headline: Summary, option: str, label: str, days: int) -> Figure:
    """Draw a tornado: the headline, and where each entry without a centre takes it when moved alone."""
    middle = headline["delta"] or 0.0
    names = sorted(dict.fromkeys(end.entry for end in ends), key=lambda name: -_swing(ends, name, middle))
    with drawing():
        figure, (axes, *_) = canvas(_WIDTH_IN, _BARE_IN + _UNKNOWN_IN * len(names))
        if headline["lo"] is not None and headline["hi"] is not None:
            axes.axvspan(headline["lo"], headline["hi"], color=PALE, linewidth=0.0, zorder=0)
        for place, name in enumerate(names):
            here = [end for end in ends if end.entry == name]
            for k, end in enumerate(here):
                _unknown_end(axes, place + (k - (len(here) - 1) / 2) * _HALF_ROW, end, middle)
        axes.axvline(middle, color=BLUE, linewidth=1.6, zorder=3)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        axes.annotate(f"headline {number(headline['delta'])}", (middle, -0.62), xytext=(5, 0), fontsize=9.5,
                      textcoords="offset points", va="center", fontweight="bold", color=BLUE)
        axes.set_yticks(range(len(names)), [wrapped(name, 40) for name in names], fontsize=9)
        axes.set_ylim(len(names) - 0.45, -0.9)
        low, high = axes.get_xlim()
        axes.set_xlim(low, low + (high - low) * _ROOM_FOR_ENDS)
        axes.grid(axis="x", color=RULE, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.set_xlabel(f"threats kept from their aims in the protected area in {days} days")
        _unknown_legend(figure)
        said = "; ".join(f"{end.entry}, moved to {end.value}: {number(end.row['delta'])}, interval {interval(end.row)}"
                         for end in ends)
        return finish(figure, f"figure-unknowns-{option}", f"What the unknowns do to the headline: {label}",
                      f"Headline {number(headline['delta'])}. {said}",
                      f"{label}: the numbers without a centre, each moved alone to its ends, the one that moves the "
                      "headline most on top. A bar runs from the headline to the mean with the number moved to the "
                      "value written beside it, the thin line is the 95% interval of the expected outcome there; the "
                      "grey band is that of the headline.")


def _swing(ends: Sequence[End], name: str, middle: float) -> float:
    return max((abs((end.row["delta"] or 0.0) - middle) for end in ends if end.entry == name), default=0.0)


def _unknown_end(axes: "Axes", place: float, end: End, middle: float) -> None:
    """Draw one end: a bar from the headline, its interval, what was moved to where and to what effect."""
    value = end.row["delta"]
    if value is None:
        return
    axes.barh(place, value - middle, left=middle, color=_END_COLOURS[end.end], height=_HALF_ROW, edgecolor=QUIET,
              linewidth=0.6, zorder=2)
    low, high = (value if bound is None else bound for bound in (end.row["lo"], end.row["hi"]))
    axes.plot((low, high), (place, place), color=INK, linewidth=1.0, zorder=4)
    axes.annotate(f"{end.value} → {number(value)}", (max(value, high, middle), place), xytext=(5, 0),
                  textcoords="offset points", va="center", fontsize=8.5, zorder=5)


def _unknown_legend(figure: "Canvas") -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    figure.legend(handles=[
        *(Patch(facecolor=colour, edgecolor=QUIET, label=f"at its {end} end") for end, colour in _END_COLOURS.items()),
        Line2D([], [], color=INK, linewidth=1.0, label="95% interval there"),
        Patch(facecolor=PALE, label="95% interval of the headline")],
        loc="outside upper center", ncols=4, frameon=False, fontsize=9, handlelength=1.6)


def area(summaries: Summaries, comparison: Comparison, labels: Labels, days: int) -> Figure:
    """Draw, for each option, how many of the threats that would reach the area are prevented."""
    names = [comparison.to, *comparison.rows]
    with drawing():
        figure, (axes, *_) = canvas(_WIDTH_IN, _height(len(names)))
        most = max((summaries[n]["leaked_zone"]["mean"] or 0.0) + (summaries[n]["prevented_zone"]["mean"] or 0.0)
                   for n in names)
        for place, name in enumerate(names):
            prevented = summaries[name]["prevented_zone"]["mean"] or 0.0
            leaked = summaries[name]["leaked_zone"]["mean"] or 0.0
            axes.barh(place, prevented, color=BLUE, height=0.55)
            axes.barh(place, leaked, left=prevented, color=ORANGE, height=0.55, alpha=0.45, hatch="..",
                      edgecolor="white", linewidth=0.0)
            axes.annotate(f"{total(prevented)} prevented, {total(leaked)} arrive", (prevented + leaked, place),
                          xytext=(6, 0), textcoords="offset points", va="center", fontsize=9.5)
        axes.set_yticks(range(len(names)), [wrapped(labels[name]) for name in names])
        axes.invert_yaxis()
        axes.set_xlim(0.0, max(most, 1.0) * 1.45)
        axes.set_xlabel(f"threats that would reach the protected area in {days} days, all classes, means")
        said = "; ".join(f"{labels[n]}: {total(summaries[n]['prevented_zone']['mean'])} prevented, "
                         f"{total(summaries[n]['leaked_zone']['mean'])} arrive" for n in names)
        title = "Threats that would reach the protected area: prevented and arriving"
        return finish(figure, "figure-area", title, said,
                      "Threats of all classes with an aim in the protected area that Ukraine's own defence would let "
                      "through: prevented by the coalition (dark) and arriving (dotted).")


def fates(summaries: Summaries, comparison: Comparison, labels: Labels) -> Figure:
    """Draw where the threats of each class end, nationally, as shares of those launched."""
    names = [comparison.to, *comparison.rows]
    with drawing():
        figure, every = canvas(_WIDTH_IN, len(CLASS_SHORT) * (0.62 + 0.4 * len(names)) + 0.75, rows=len(CLASS_SHORT))
        said = []
        for axes, (kind, title) in zip(every, CLASS_SHORT.items(), strict=True):
            for place, name in enumerate(names):
                said.append(_fate_row(axes, place, kind, summaries[name], labels[name]))
            launched = summaries[comparison.to][f"launched/{kind}"]["mean"]
            axes.set_title(f"{title}: {total(launched)} launched", loc="left", fontsize=10, fontweight="bold")
            axes.set_yticks(range(len(names)), [wrapped(labels[name], 30, 2) for name in names], fontsize=9)
            axes.invert_yaxis()
            axes.set_xlim(0.0, _PERCENT)
            axes.set_xticks(range(0, 101, 25), [f"{tick}%" for tick in range(0, 101, 25)])
            axes.spines["left"].set_visible(False)
            axes.tick_params(axis="y", length=0)
        handles, words = every[0].get_legend_handles_labels()
        unique = dict(zip(words, handles, strict=True))
        figure.legend(unique.values(), unique.keys(), loc="outside lower center", ncols=3, frameon=False, fontsize=9)
        return finish(figure, "figure-fates", "Where threats end, by class", "; ".join(said),
                      "Shares of the threats launched at the whole country. What the coalition stops can be thinner "
                      "than a line: the numbers are in the tables.")


def _fate_row(axes: "Axes", place: int, kind: str, summary: Mapping[str, Summary], label: str) -> str:
    launched = summary[f"launched/{kind}"]["mean"] or 0.0
    start = 0.0
    words = []
    for measure, what, colour, hatch in _FATES:
        share = _PERCENT * (summary[f"{measure}/{kind}"]["mean"] or 0.0) / launched if launched else 0.0
        axes.barh(place, share, left=start, color=colour, height=0.7, hatch=hatch, edgecolor="white", linewidth=0.4,
                  label=what)
        if share >= 6.0:
            axes.text(start + share / 2, place, f"{share:.0f}%", ha="center", va="center", fontsize=9,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2})
        start += share
        words.append(f"{number(share)}% {what}")
    return f"{label}, {CLASS_SHORT[kind]}: {', '.join(words)}"


def gates(comparison: Comparison, labels: Labels, days: int) -> Figure:
    """Draw how many threats the coalition shot at and how many it had to leave alone, by reason."""
    names = list(comparison.rows)
    with drawing():
        figure, every = canvas(_WIDTH_IN, 2 * (_BARE_IN + 0.42 * len(names)), rows=2, columns=2)
        for panel, (axes, (measure, words, colour)) in enumerate(zip(every, _GATES, strict=True)):
            for place, name in enumerate(names):
                _gate_bar(axes, place, comparison.rows[name][measure], colour)
            first = panel % 2 == 0
            axes.set_yticks(range(len(names)), [wrapped(labels[n], 26, 2) if first else "" for n in names], fontsize=9)
            axes.set_ylim(len(names) - 0.5, -0.5)
            ends = [v for n in names for v in (comparison.rows[n][measure][k] for k in ("delta", "lo", "hi")) if v]
            reach = max([abs(v) for v in ends], default=1.0) * _ROOM
            axes.set_xlim(-reach if min(ends, default=0.0) < 0.0 else 0.0, reach)
            axes.set_title(words, loc="left", fontsize=10)
        figure.supxlabel(f"threats in {days} days, mean and 95% interval of the expected outcome; each panel has its "
                         "own scale", fontsize=9.5)
        said = "; ".join(f"{labels[n]}, {words}: {number(comparison.rows[n][m]['delta'], FEW)}"
                         for n in names for m, words, _ in _GATES)
        return finish(figure, "figure-gates", "Threats shot at and threats left alone, by reason", said,
                      "Threats whose route crosses the option's zone and that were left alone because of their class "
                      "or because of the stand-off may still have been stopped by Ukraine. This explains the result; "
                      "the price of a clause is the paired difference with that clause removed.")


def _gate_bar(axes: "Axes", place: int, row: Summary, colour: str) -> None:
    value = row["delta"] or 0.0
    axes.barh(place, value, color=colour, edgecolor=QUIET, linewidth=0.6, height=0.6)
    if row["lo"] is not None and row["hi"] is not None:
        axes.plot((row["lo"], row["hi"]), (place, place), color=INK, linewidth=1.4)
    end = max(value, row["hi"] or 0.0)
    axes.annotate(number(value), (end, place), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9.5)
