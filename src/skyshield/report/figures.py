"""The charts of the results: the area's leakers, where threats end, and why no more are stopped."""

from collections.abc import Mapping
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
    WIDTH_IN,
    Figure,
    canvas,
    drawing,
    ends,
    finish,
    label_rows,
    legend,
)
from skyshield.report.tables import class_heads
from skyshield.report.text import FEW, listing, number, total
from skyshield.study.compare import Comparison
from skyshield.study.summary import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Labels = Mapping[str, str]
Summaries = Mapping[str, Mapping[str, Summary]]

_ROW_IN = 0.7
_BARE_IN = 1.35
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


def area(summaries: Summaries, comparison: Comparison, labels: Labels, days: int) -> Figure:
    """Draw, for each option, how many of the threats that would reach the area are prevented."""
    names = [comparison.to, *comparison.rows]
    with drawing():
        figure, (axes, *_) = canvas(WIDTH_IN, _BARE_IN + _ROW_IN * len(names))
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
        label_rows(axes, [labels[name] for name in names])
        axes.set_xlim(0.0, max(most, 1.0) * 1.45)
        axes.set_xlabel(f"threats that would reach the protected area in {days} days, all classes, means")
        text = "; ".join(f"{labels[n]}: {total(summaries[n]['prevented_zone']['mean'])} prevented, "
                         f"{total(summaries[n]['leaked_zone']['mean'])} arrive" for n in names)
        title = "Threats that would reach the protected area: prevented and arriving"
        return finish(figure, "figure-area", title, text,
                      "Threats of all classes with an aim in the protected area that Ukraine's own defence would let "
                      "through: prevented by the coalition (dark) and arriving (dotted).")


def fates(summaries: Summaries, comparison: Comparison, labels: Labels) -> Figure:
    """Draw where the threats of each class end, nationally, as shares of those launched."""
    names = [comparison.to, *comparison.rows]
    with drawing():
        figure, every = canvas(WIDTH_IN, len(class_heads()) * (0.62 + 0.4 * len(names)) + 0.75, rows=len(class_heads()))
        texts = []
        for axes, (kind, title) in zip(every, class_heads().items(), strict=True):
            for place, name in enumerate(names):
                texts.append(_fate_row(axes, place, kind, summaries[name], labels[name]))
            launched = summaries[comparison.to][f"launched/{kind}"]["mean"]
            axes.set_title(f"{title}: {total(launched)} launched", loc="left", fontsize=10, fontweight="bold")
            label_rows(axes, [labels[name] for name in names], 30, 2, 9.0)
            axes.set_xlim(0.0, _PERCENT)
            axes.set_xticks(range(0, 101, 25), [f"{tick}%" for tick in range(0, 101, 25)])
            axes.spines["left"].set_visible(False)
            axes.tick_params(axis="y", length=0)
        handles, words = every[0].get_legend_handles_labels()
        unique = dict(zip(words, handles, strict=True))
        legend(figure, list(unique.values()), 3, "outside lower center")
        return finish(figure, "figure-fates", "Where threats end, by class", "; ".join(texts),
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
    return f"{label}, {class_heads()[kind]}: {', '.join(words)}"


def gates(comparison: Comparison, labels: Labels, days: int) -> Figure:
    """Draw how many threats the coalition shot at and how many it had to leave alone, by reason."""
    names = [name for name, row in comparison.rows.items()
             if any(row[measure]["delta"] for measure, *_ in _GATES)] or list(comparison.rows)
    left_out = [labels[name] for name in comparison.rows if name not in names]
    with drawing():
        figure, every = canvas(WIDTH_IN, 2 * (_BARE_IN + 0.42 * len(names)), rows=2, columns=2)
        for panel, (axes, (measure, words, colour)) in enumerate(zip(every, _GATES, strict=True)):
            for place, name in enumerate(names):
                _gate_bar(axes, place, comparison.rows[name][measure], colour)
            first = panel % 2 == 0
            label_rows(axes, [labels[n] if first else "" for n in names], 26, 2, 9.0)
            values = [v for n in names for v in (comparison.rows[n][measure][k] for k in ("delta", "lo", "hi")) if v]
            reach = max([abs(v) for v in values], default=1.0) * _ROOM
            axes.set_xlim(-reach if min(values, default=0.0) < 0.0 else 0.0, reach)
            axes.set_title(words, loc="left", fontsize=10)
        figure.supxlabel(f"threats in {days} days, mean and 95% interval of the expected outcome; each panel has its "
                         "own scale", fontsize=9.5)
        text = "; ".join(f"{labels[n]}, {words}: {number(comparison.rows[n][m]['delta'], FEW)}"
                         for n in names for m, words, _ in _GATES)
        return finish(figure, "figure-gates", "Threats shot at and threats left alone, by reason", text,
                      "Threats whose route crosses the option's zone and that were left alone because of their class "
                      "or because of the stand-off may still have been stopped by Ukraine. This explains the result; "
                      "the price of a clause is the paired difference with that clause removed."
                      + (f" All of it is zero for {listing([f'“{name}”' for name in left_out])}." if left_out else ""))


def _gate_bar(axes: "Axes", place: int, row: Summary, colour: str) -> None:
    value = row["delta"] or 0.0
    axes.barh(place, value, color=colour, edgecolor=QUIET, linewidth=0.6, height=0.6)
    if (middle := ends(row)) is not None:
        axes.plot(middle, (place, place), color=INK, linewidth=1.4)
    end = max(value, row["hi"] or 0.0)
    axes.annotate(number(value), (end, place), xytext=(6, 0), textcoords="offset points", va="center", fontsize=9.5)
