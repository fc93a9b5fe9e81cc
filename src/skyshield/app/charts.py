"""The pictures of a result: those of the report, and what an option costs against what it prevents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from skyshield.app.first import ROLES
from skyshield.report.marks import Mark, Rows, Shape, Sign, svg_lines
from skyshield.report.reading import Reading
from skyshield.report.rows import Row, intervals
from skyshield.report.svg import INK, RULE, Figure, Numbers, Picture, Scale, moved, scale_of
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOISE, NOTHING, count, full, interval, listing, number, span
from skyshield.study.compare import COVERAGE, PRIMARIES, PRIMARY, RIVAL, RIVAL_ENDS, UNIFORM
from skyshield.study.told import Summary, error_of

PLANNED = "planned_cost_eur"
WHERE = {PRIMARIES[0]: "bound for the protected area", PRIMARIES[1]: "in the whole country"}
SHAPE_WORDS: dict[Shape, tuple[str, str]] = {
    "skyshield": ("circle", "fighters"), "aid": ("square", "money as aid"), "ground": ("diamond", "ground force"),
    "naval": ("triangle", "ships"), "combined": ("hexagon", "several together"), "baseline": ("bar", "nothing more")}
_MILLION = 1e6
_HIGH, _LINE, _FIRST, _LAST = 280.0, 18.0, 12.0, 88.0  # height and lines of the key, px; ends of the axis, % of width
_NEAR_PX, _NEAR_PERCENT = 13.0, 4.0  # numbers nearer than that would lie on one another
_KEY_PX = 18.0
_TINY = 1e-9


def whiskers(reading: Reading, measure: str) -> Figure:
    """Draw a primary measure of every option with all that is known of its doubt; `key_of` is its key."""
    drawn = [Row(reading.shorts[name], reading.colours[name], reading.comparison.rows[name][measure],
                 rivals=_rivals(reading, name, measure)) for name in reading.ordered]
    return intervals(f"figure-{measure.replace('_', '-')}", drawn, _finding(reading, measure),
                     f"Armed threats {WHERE[measure]} kept from their aims, {reading.measured}; mean (95% of the "
                     "expected outcome)", "" if measure == PRIMARY else "Marks as above.",
                     explained=False)


def _rivals(reading: Reading, option: str, measure: str) -> dict[str, float | None]:
    """Return the mean at each end of where Ukraine stops threats."""
    by_arm = reading.view.by_arm[measure][option]
    return {RIVAL_ENDS[one.end]: by_arm.get(one.arm, by_arm[0])[0] for one in reading.view.moves if one.name == RIVAL}


def _finding(reading: Reading, measure: str) -> str:
    if reading.lead is None:
        return "There is no result: every replication failed"
    row = reading.comparison.rows[reading.lead][measure]
    return (f"“{reading.shorts[reading.lead]}” keeps {number(row['delta'], error=error_of(row))} armed threats "
            f"{WHERE[measure]} from their aims in {count(reading.days, 'day')}{in_brackets(row)}")


def in_brackets(row: Summary) -> str:
    """Return the interval of a figure as words to stand after it; nothing where there is none.

    Examples
    --------
    >>> in_brackets({"delta": 8.0, "lo": 3.12, "hi": 14.2, "mcse": 0.1}), in_brackets({"delta": 0, "lo": 0, "hi": 0})
    (' (95%: 3.1 to 14)', '')
    """
    doubt = interval(row)
    if doubt in (NOTHING, number(row["delta"])):
        return ""
    return f" ({doubt})" if doubt == NOISE else f" (95%: {doubt})"


def key_of(figure: Figure) -> list[dict[str, str]]:
    """Return what each mark of a picture is: a small picture of it, and its words."""
    if not isinstance(figure.drawn, Rows):
        return []
    return [{"words": words, "svg": _example(tuple(moved(mark, _KEY_PX / 2) for mark in marks))}
            for words, marks in figure.drawn.key]


def _example(marks: tuple[Mark, ...]) -> Markup:
    """Return marks that stand in the first tenth of a picture's width as one of their own."""
    named = tuple(replace(mark, name=f"{mark.name}-key") if isinstance(mark, Sign) else mark for mark in marks)
    inner = "".join(svg_lines(named))
    return Markup(f'<svg width="40" height="{_KEY_PX:g}" aria-hidden="true"><svg width="400" height="{_KEY_PX:g}">'  # noqa: S704
                  f"{inner}</svg></svg>")


def answer(reading: Reading) -> str:
    """Return the answer in one sentence with a number: an option, and the same money as aid."""
    if reading.lead is None:
        return "There is no result: every replication failed"
    rows = reading.comparison.rows
    row = rows[reading.lead][PRIMARY]
    twin = next((name for name in reading.ordered if reading.options[name].twin == reading.lead), None)
    aid = "" if twin is None else (f", the same money as aid "
                                   f"{number(rows[twin][PRIMARY]['delta'], error=error_of(rows[twin][PRIMARY]))}")
    return (f"“{reading.shorts[reading.lead]}” keeps {number(row['delta'], error=error_of(row))} armed threats in the "
            f"area from their aims in {count(reading.days, 'day')}{in_brackets(row)}{aid}")


def doubts(reading: Reading, measure: str) -> Table:
    """Return a primary measure of every option with the kinds of doubt side by side."""
    cells: list[tuple[Cell, ...]] = []
    for name in reading.ordered:
        row = reading.comparison.rows[name][measure]
        ends = _rivals(reading, name, measure)
        cells.append((reading.shorts[name], number(row["delta"], error=error_of(row)), interval(row),
                      number(row["mcse"]), span(row["spread_lo"], row["spread_hi"]),
                      span(row["env_lo"], row["env_hi"]), span(row["joint_lo"], row["joint_hi"]),
                      "; ".join(number(ends[model]) for model in (COVERAGE, UNIFORM) if model in ends) or NOTHING))
    return Table(f"doubts-{measure.replace('_', '-')}", f"Armed threats {WHERE[measure]} kept from their aims, "
                 f"{reading.measured}", ("Option", "Mean", "95% of the expected outcome", "Monte Carlo error",
                                         "95% of single periods", "Envelope, one at a time", "All at once",
                                         "Stopped near aims; on the way"), tuple(cells), numeric=True,
                 note="Envelope: numbers that nobody knows, each moved alone to its ends; all at once: all of them at "
                      "their worst and best ends together. Near aims; on the way: the mean if Ukraine stops all "
                      "threats there, which no record tells.")


@dataclass(frozen=True)
class Point:
    """An option as cost against protection has it.

    Attributes
    ----------
    name
        Of the option.
    cost
        Planned, more than the baseline's, EUR million.
    row
        Armed threats bound for the protected area kept from their aims.
    beaten
        Those that keep more in both primary measures, whatever holds of what nobody knows.
    cheaper
        Those that on average keep as much or more for as much or less.
    """

    name: str
    cost: float
    row: Summary
    beaten: tuple[str, ...]
    cheaper: tuple[str, ...]

    @property
    def mean(self) -> float:
        """The mean difference to the baseline."""
        return float(self.row["delta"])


def points(reading: Reading) -> list[Point]:
    """Return the options that have both figures; the baseline, which costs nothing and keeps nothing, is none."""
    rows = reading.comparison.rows
    known = {name: (rows[name][PLANNED]["delta"] / _MILLION, rows[name][PRIMARY]) for name in reading.ordered
             if rows[name][PLANNED]["delta"] is not None and rows[name][PRIMARY]["delta"] is not None}
    means = {name: (cost, float(row["delta"])) for name, (cost, row) in known.items()}
    return [Point(name, cost, row, tuple(reading.view.dominated.get(name, ())), cheaper(name, means))
            for name, (cost, row) in known.items()]


def cheaper(name: str, means: Mapping[str, tuple[float, float]]) -> tuple[str, ...]:
    """Return the options that keep as much or more for as much or less, and are not the same in both.

    Examples
    --------
    >>> means = {"zone": (10.0, 8.0), "aid": (10.0, 3.0), "ships": (90.0, 2.0)}
    >>> cheaper("aid", means), cheaper("zone", means), cheaper("ships", means)
    (('zone',), (), ('zone', 'aid'))
    """
    cost, mean = means[name]
    return tuple(other for other, (its_cost, its_mean) in means.items() if other != name and (its_cost, its_mean) !=
                 (cost, mean) and its_cost <= cost + _TINY * abs(cost) and its_mean >= mean)


def cost_figure(reading: Reading) -> Figure | None:
    """Draw what each option costs against what it prevents; None where there is no money."""
    every = points(reading)
    if not any(point.cost > 0.0 for point in every):
        return None
    picture = Picture("figure-cost")
    _plane(picture, every, reading)
    _key(picture, every, reading)
    best = max(every, key=lambda point: point.mean)
    worse = [point for point in every if point.cheaper]
    tail = f"; {len(worse)} of {len(every)} keep no more than another that costs no more" if worse else ""
    title = (f"“{reading.shorts[best.name]}” keeps most, {number(best.mean, error=error_of(best.row))}, for EUR "
             f"{number(best.cost)} million planned{tail}")
    note = f"{_shapes(every, reading)}. Hollow: another option on average keeps as much or more for as much or less."
    return picture.finished(
        title, f"Across: money planned, EUR million, fully loaded. Up: armed threats {WHERE[PRIMARY]} kept from their "
        f"aims, {reading.measured}; line: 95% of the expected outcome", note,
        "; ".join(_words(point, reading) for point in every),
        Numbers(("", "EUR million planned", "kept from their aims, mean", "95% of the expected outcome, from",
                 "95% of the expected outcome, to", "as much or more for as much or less (means)",
                 "more in both measures, whatever holds of what nobody knows"),
                tuple((reading.shorts[point.name], point.cost, point.mean, point.row["lo"], point.row["hi"],
                       _names(point.cheaper, reading), _names(point.beaten, reading)) for point in every)))


def _shapes(every: Sequence[Point], reading: Reading) -> str:
    """Say which shape is which role, of those that are drawn."""
    drawn = [ROLES[reading.colours[point.name]] for point in every]
    return "; ".join(f"{words}: {of}" for role, (words, of) in SHAPE_WORDS.items() if role in drawn).capitalize()


def _names(names: Sequence[str], reading: Reading) -> str:
    return listing([reading.shorts[name] for name in names])


def _words(point: Point, reading: Reading) -> str:
    worse = f", less than {_names(point.cheaper, reading)} for as much money or more" if point.cheaper else ""
    return (f"{reading.shorts[point.name]}: EUR {number(point.cost)} million, "
            f"{number(point.mean, error=error_of(point.row))} kept from their aims{worse}")


def _plane(picture: Picture, every: Sequence[Point], reading: Reading) -> None:
    """Draw the axes, and each option as a dot with its number."""
    held = scale_of([point.cost for point in every])
    across = Scale(held.low, held.high, _FIRST, _LAST)
    top, bottom = picture.height + 12.0, picture.height + 12.0 + _HIGH
    kept = scale_of([value for point in every for value in (point.mean, point.row["lo"], point.row["hi"])])
    upright = Scale(kept.low, kept.high, bottom, top)
    for tick in upright.ticks(4):
        at = upright.at(tick)
        picture.line((_FIRST, _LAST + 8.0), (at, at), INK if tick == 0.0 else RULE)
        picture.text(_FIRST - 1.5, at + 5.0, full(round(tick, 9)), "end", "quiet")
    for tick in across.ticks(4):
        picture.text(across.at(tick), bottom + 20.0, full(round(tick, 9)), "middle", "quiet")
    places: list[tuple[float, float]] = []
    for point in every:
        x, y, colour = across.at(point.cost), upright.at(point.mean), reading.colours[point.name]
        places.append((x, y))
        if point.row["lo"] is not None and point.row["lo"] < point.row["hi"]:
            picture.line((x, x), (upright.at(point.row["lo"]), upright.at(point.row["hi"])), colour, 2.0, opacity=0.6)
        picture.role(x, y, colour, ROLES[colour], bool(point.cheaper))
    for group in together(places):
        x, y = max(places[k][0] for k in group), places[group[0]][1]
        picture.text(x, y + 5.0, ", ".join(str(k + 1) for k in group), kind="strong halo", aside=9.0)
    picture.height = bottom + 40.0
    picture.text((_FIRST + _LAST) / 2, picture.height, "EUR million planned", "middle", "quiet")
    picture.height += 24.0


def together(places: Sequence[tuple[float, float]]) -> list[list[int]]:
    """Return which places (% across, px down) lie so near one another that they share a label.

    Examples
    --------
    >>> together([(10.0, 40.0), (50.0, 40.0), (12.0, 45.0)])
    [[0, 2], [1]]
    """
    groups: list[list[int]] = []
    for k, (x, y) in enumerate(places):
        near = next((group for group in groups if any(
            abs(x - places[j][0]) < _NEAR_PERCENT and abs(y - places[j][1]) < _NEAR_PX for j in group)), None)
        if near is None:
            groups.append([k])
        else:
            near.append(k)
    return groups


def _key(picture: Picture, every: Sequence[Point], reading: Reading) -> None:
    """Name each number below the plane."""
    for k, point in enumerate(every, 1):
        y = picture.height + 9.0
        colour = reading.colours[point.name]
        picture.role(2.0, y, colour, ROLES[colour], bool(point.cheaper))
        picture.text(5.0, y + 5.0, f"{k}  {reading.shorts[point.name]}", kind="quiet" if point.cheaper else "")
        picture.text(100.0, y + 5.0, number(point.mean, error=error_of(point.row)), "end", "strong",
                     f"for {number(point.cost)}")
        picture.height += _LINE + 4.0
