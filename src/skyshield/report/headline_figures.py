"""The charts of the headline: each option with its rival, its kinds of doubt, and what the unknowns do to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from skyshield.report.drawing import (
    BLUE,
    GREEN,
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
    label_rows,
    legend,
    wrapped,
)
from skyshield.report.text import interval, listing, number, span
from skyshield.study.compare import COVERAGE, RIVAL_WORDS, UNIFORM, Comparison
from skyshield.study.summary import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

Labels = Mapping[str, str]

_ROW_IN = 0.85
_BARE_IN = 1.35
_UNKNOWN_IN = 0.55
_INTERVAL_IN = 0.5
_HALF_ROW = 0.36
_ROOM_FOR_ENDS = 1.12
_END_COLOURS = {"low": "#f0c9a0", "high": PALE_BLUE}
_MARKS = {UNIFORM: "^", COVERAGE: "s"}


@dataclass(frozen=True)
class Row:
    """An option in the figure of intervals.

    Attributes
    ----------
    label
        The option.
    aid
        Whether it is money for Ukraine's own defence.
    headline
        The primary measure.
    rivals
        Its mean under each rival model that was played.
    """

    label: str
    aid: bool
    headline: Summary
    rivals: Mapping[str, float | None]


def intervals(rows: Sequence[Row], days: int) -> Figure:
    """Draw the interval of every option, and its mean under each of the rival models."""
    with drawing():
        figure, (axes, *_) = canvas(WIDTH_IN, _BARE_IN + _INTERVAL_IN * len(rows))
        for place, row in enumerate(rows):
            _interval_row(axes, place, row)
        label_rows(axes, [row.label for row in rows], 40, 2, 9.0)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        low, high = axes.get_xlim()
        axes.set_xlim(low, low + (high - low) * _ROOM_FOR_ENDS)
        axes.set_xlabel(f"threats kept from their aims in the protected area in {days} days")
        grid(axes, "x")
        played = [name for name in RIVAL_WORDS if any(row.rivals.get(name) is not None for row in rows)]
        _interval_legend(figure, played, any(row.aid for row in rows))
        text = "; ".join(f"{row.label}: {number(row.headline['delta'])}, interval {interval(row.headline)}"
                         + "".join(f", {number(row.rivals[name])} if Ukraine stops threats {RIVAL_WORDS[name]}"
                                   for name in played if row.rivals.get(name) is not None) for row in rows)
        marks = " The marks are the means under the two models of where Ukraine stops threats, one of which the " \
                "headline stands on." if len(played) > 1 else ""
        return finish(figure, "figure-answer", "Threats prevented in the protected area by option", text,
                      f"Against the same raids. The bar is the 95% interval of the expected outcome and the number "
                      f"its mean.{marks}")


def _interval_row(axes: "Axes", place: int, row: Row) -> None:
    colour = GREEN if row.aid else BLUE
    middle, head = ends(row.headline), row.headline["delta"]
    if middle is not None:
        axes.plot(middle, (place, place), color=colour, linewidth=8.0, solid_capstyle="butt", alpha=0.45)
    if head is None:
        return
    axes.plot((head, head), (place - 0.2, place + 0.2), color=colour, linewidth=2.4, zorder=3)
    marks = [(name, value) for name, value in row.rivals.items() if value is not None]
    for name, value in marks:
        axes.plot([value], [place], _MARKS[name], color="white", markeredgecolor=INK, markersize=6.5, zorder=4)
    right = max([head, *(middle or ()), *(value for _, value in marks)])
    axes.annotate(number(head), (right, place), xytext=(7, 0), textcoords="offset points", va="center", fontsize=9.5,
                  fontweight="bold")


def _interval_legend(figure: "Canvas", played: Sequence[str], aid: bool) -> None:
    from matplotlib.lines import Line2D

    handles: list[Any] = [Line2D([], [], color=BLUE, linewidth=8.0, alpha=0.45, label="95% interval")]
    if aid:
        handles.append(Line2D([], [], color=GREEN, linewidth=8.0, alpha=0.45, label="the same of aid"))
    handles += [Line2D([], [], marker=_MARKS[name], color="none", markerfacecolor="white", markeredgecolor=INK,
                       label=f"stopped {RIVAL_WORDS[name]}") for name in played]
    legend(figure, handles)


def _height(rows: int) -> float:
    return _BARE_IN + _ROW_IN * rows


def doubts(comparison: Comparison, labels: Labels, days: int) -> Figure:
    """Draw the headline of every option with its three kinds of doubt and the envelope."""
    rows = [(labels[option], row["prevented_zone"]) for option, row in comparison.rows.items()]
    with drawing():
        figure, (axes, *_) = canvas(WIDTH_IN, _height(len(rows)))
        for place, (_, row) in enumerate(rows):
            _doubt_row(axes, place, row)
        _doubt_legend(figure)
        label_rows(axes, [label for label, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.75)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        axes.set_xlabel(f"threats kept from their aims in the protected area\nin {days} days, against the same raids")
        grid(axes, "x")
        text = "; ".join(
            f"{label}: {number(row['delta'])}, interval {interval(row)}, single periods "
            f"{span(row['spread_lo'], row['spread_hi'])}, envelope {span(row['env_lo'], row['env_hi'])}"
            for label, row in rows)
        return finish(figure, "figure-doubts", "Threats prevented in the protected area, with the kinds of doubt", text,
                      "The dot is the mean, the dark bar the 95% interval of the expected outcome, the bracket around "
                      "it the envelope over the entries without a centre, and the thin line 95% of single periods.")


def _doubt_row(axes: "Axes", place: int, row: Summary) -> None:
    if (spread := ends(row, "spread_lo", "spread_hi")) is not None:
        axes.plot(spread, (place + 0.24, place + 0.24), color=QUIET, linewidth=1.2, solid_capstyle="butt")
    if (envelope := ends(row, "env_lo", "env_hi")) is not None:
        low, high, top, bottom = *envelope, place - 0.16, place + 0.12
        axes.plot((low, low, high, high), (bottom, top, top, bottom), color=ORANGE, linewidth=1.3)
    if (middle := ends(row)) is not None:
        axes.plot(middle, (place, place), color=BLUE, linewidth=7.0, solid_capstyle="butt")
    if row["delta"] is not None:
        axes.plot([row["delta"]], [place], "o", color="white", markeredgecolor=INK, markersize=7.0)
        axes.annotate(number(row["delta"]), (row["delta"], place - 0.2), ha="center", va="bottom", fontsize=10,
                      fontweight="bold")


def _doubt_legend(figure: "Canvas") -> None:
    from matplotlib.lines import Line2D

    legend(figure, [
        Line2D([], [], marker="o", color="none", markerfacecolor="white", markeredgecolor=INK, label="mean"),
        Line2D([], [], color=BLUE, linewidth=7.0, label="95% interval of the expected outcome"),
        Line2D([], [], color=ORANGE, linewidth=1.3, label="envelope"),
        Line2D([], [], color=QUIET, linewidth=1.2, label="95% of single periods")])


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


def unknowns(moved: Sequence[End], headline: Summary, option: str, label: str, days: int) -> Figure:
    """Draw a tornado: the headline, and where each entry without a centre takes it when moved alone."""
    middle = headline["delta"] or 0.0
    still = [name for name in dict.fromkeys(end.entry for end in moved) if not _matters(moved, name, headline)]
    names = sorted((name for name in dict.fromkeys(end.entry for end in moved) if name not in still),
                   key=lambda name: -_swing(moved, name, middle))
    with drawing():
        figure, (axes, *_) = canvas(WIDTH_IN, _BARE_IN + _UNKNOWN_IN * len(names))
        if headline["lo"] is not None and headline["hi"] is not None:
            axes.axvspan(headline["lo"], headline["hi"], color=PALE, linewidth=0.0, zorder=0)
        for place, name in enumerate(names):
            here = [end for end in moved if end.entry == name]
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
        grid(axes, "x")
        axes.set_xlabel(f"threats kept from their aims in the protected area in {days} days")
        _unknown_legend(figure)
        text = "; ".join(f"{end.entry}, moved to {end.value}: {number(end.row['delta'])}, interval {interval(end.row)}"
                         for end in moved)
        return finish(figure, f"figure-unknowns-{option}", f"What the unknowns do to the headline: {label}",
                      f"Headline {number(headline['delta'])}. {text}",
                      f"{label}: the numbers without a centre, each moved alone to its ends, the one that moves the "
                      "headline most on top. A bar runs from the headline to the mean with the number moved to the "
                      "value written beside it, the thin line is the 95% interval of the expected outcome there; the "
                      "grey band is that of the headline."
                      + (f" Of no effect here: {listing([f'“{name}”' for name in still])}." if still else ""))


def _matters(moved: Sequence[End], name: str, headline: Summary) -> bool:
    """Return whether an entry changes anything of the headline."""
    return any(end.row[key] != headline[key] for end in moved if end.entry == name for key in ("delta", "lo", "hi"))


def _swing(moved: Sequence[End], name: str, middle: float) -> float:
    return max((abs((end.row["delta"] or 0.0) - middle) for end in moved if end.entry == name), default=0.0)


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

    legend(figure, [
        *(Patch(facecolor=colour, edgecolor=QUIET, label=f"at its {end} end") for end, colour in _END_COLOURS.items()),
        Line2D([], [], color=INK, linewidth=1.0, label="95% interval there"),
        Patch(facecolor=PALE, label="95% interval of the headline")])


