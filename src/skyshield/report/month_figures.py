"""How the effects of options build up, month by month."""

from skyshield.report.reading import Reading
from skyshield.report.svg import INK, RULE, Figure, Numbers, Picture, scale_of
from skyshield.report.text import full, listing, number
from skyshield.study.compare import PRIMARIES

WHERE = ("In the protected area", "In the whole country")
_HEIGHT, _BELOW = 150.0, 24.0  # of a panel and of what stands below it, px
_FIRST, _LAST = 12.0, 70.0  # % of the width between which months stand; names follow
_LEAST_APART = 16.0  # px between two names


def month_figure(reading: Reading) -> Figure | None:
    """Draw the armed threats that the option shown first and its money as aid keep from their aims, by month."""
    months = reading.view.months
    name = reading.lead
    if name is None or len(months) < 2:
        return None
    shown = [name, *(one for one in reading.ordered if reading.options[one].twin == name)]
    picture = Picture("figure-months")
    for measure, where in zip(PRIMARIES, WHERE, strict=True):
        _panel(picture, reading, shown, measure, where)
    told = sorted({0, (len(months) - 1) // 2, len(months) - 1})
    last = {measure: [months[-1]["paired"][one][measure]["delta"] or 0.0 for one in shown] for measure in PRIMARIES}
    aid = "".join(f", “{reading.shorts[one]}” {_both(last, shown.index(one))}" for one in shown[1:2])
    return picture.finished(
        f"In the last month “{reading.shorts[name]}” keeps {_both(last, 0)} armed threats in the area and in the "
        f"country from their aims{aid}",
        f"Armed threats kept from their aims a month, means, {reading.measured}",
        description=f"Months {listing([str(k + 1) for k in told], 'and')}. " + "; ".join(
            f"{_short(reading, one)}, {where}: " + ", ".join(number(months[k]["paired"][one][measure]["delta"])
                                                            for k in told)
            for one in shown for measure, where in zip(PRIMARIES, ("area", "country"), strict=True)),
        numbers=Numbers(("", "where", "month", "mean"),
                        tuple((reading.shorts[one], where, float(k + 1), month["paired"][one][measure]["delta"])
                              for one in shown for measure, where in zip(PRIMARIES, WHERE, strict=True)
                              for k, month in enumerate(months))))


def _both(last: dict[str, list[float]], k: int) -> str:
    return " and ".join(number(last[measure][k]) for measure in PRIMARIES)


def _panel(picture: Picture, reading: Reading, shown: list[str], measure: str, where: str) -> None:
    months = reading.view.months
    values = {one: [month["paired"][one][measure]["delta"] or 0.0 for month in months] for one in shown}
    scale = scale_of([value for of in values.values() for value in of])
    top = picture.height + 22.0
    picture.text(0.0, picture.height + 14.0, where, kind="strong")

    def x(month: int) -> float:
        return _FIRST + (_LAST - _FIRST) * month / max(1, len(months) - 1)

    def y(value: float) -> float:
        share = (value - scale.low) / ((scale.high - scale.low) or 1.0)
        return top + _HEIGHT * (1.0 - share)

    for tick in scale.ticks(4):
        picture.line((_FIRST, _LAST), (y(tick), y(tick)), INK if tick == 0.0 else RULE)
        picture.text(_FIRST - 1.0, y(tick) + 4.0, full(round(tick, 9)), "end", "quiet")
    names = sorted(shown, key=lambda one: -values[one][-1])
    at = -1e9
    for one in names:
        colour = reading.colours[one]
        dash = "5 3" if shown.index(one) > 1 else ""
        for month in range(len(months) - 1):
            picture.line((x(month), x(month + 1)), (y(values[one][month]), y(values[one][month + 1])), colour, 2.0,
                         dash)
        at = max(y(values[one][-1]) + 4.0, at + _LEAST_APART)
        picture.text(_LAST + 1.0, at, _short(reading, one))
    for month in range(len(months)):
        if len(months) <= 12 and (month % 2 == 0 or len(months) < 7):
            picture.text(x(month), top + _HEIGHT + 16.0, f"{month + 1}", "middle", "quiet")
    picture.text(_LAST + 1.0, max(top + _HEIGHT + 16.0, at + _LEAST_APART), "month", kind="quiet")
    picture.height = max(top + _HEIGHT, at) + _BELOW


def _short(reading: Reading, option: str) -> str:
    """Return a few words for an option beside its line."""
    terms = next((package.aid() for package in reading.options[option].packages if package.aid() is not None), None)
    if terms is None:
        return "zone"
    return "aid" if terms.where == "anywhere" else "aid in the zone"
