"""Options held against one another: a picture, tables, and where the lead would change.

A difference of two options is drawn and told as the paired difference that it is; two bars side by side do not say it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from skyshield.report.breakeven_figures import lever_words
from skyshield.report.reading import Reading
from skyshield.report.rows import Row, intervals
from skyshield.report.svg import Figure
from skyshield.report.tables import Cell, Table
from skyshield.report.text import NOTHING, SOME, count, full, interval, listing, number
from skyshield.study.breakeven import BUNDLE_ENDS
from skyshield.study.compare import COVERAGE, PRIMARIES, UNIFORM
from skyshield.study.pairs import LEADS, OPEN, TRAILS
from skyshield.study.told import error_of

MOST, MOST_TURNING = 12, 4  # rows and numbers in the report; the annex has all
MOST_ANSWERS = 8  # options of which it is said how many more launches make up for them
AREA, COUNTRY = PRIMARIES
WHERE = {AREA: "in the area", COUNTRY: "in the country"}
_HEADS = ("difference", "near aims; on the way", "verdict")
_PERCENT = 100.0


def lead_pair(reading: Reading) -> Mapping[str, Any] | None:
    """Return the pair that a report speaks of first: that of the option shown first, else the first there is."""
    pairs = reading.view.pairs
    return next((row for row in pairs if row["option"] == reading.lead), next(iter(pairs), None))


def pair_words(reading: Reading) -> str:
    """Say in one sentence what the first pair comes to; empty where there is none."""
    row = lead_pair(reading)
    if row is None or row["measures"][AREA]["delta"] is None:
        return ""
    one, other = (reading.shorts[row[key]] for key in ("option", "to"))
    said = [f"{with_doubt(row['measures'][measure])} {where} ({_clause(row['measures'][measure]['verdict'])})"
            for measure, where in WHERE.items()]
    return f" On the same raids “{one}” minus “{other}” is {' and '.join(said)}."


def _clause(verdict: str) -> str:
    return {LEADS: "it leads", TRAILS: "it trails", OPEN: "who leads cannot be told"}[verdict]


def with_doubt(row: Mapping[str, Any]) -> str:
    """Return a difference with its interval in brackets."""
    head, doubt = number(row["delta"], error=error_of(row)), interval(row)
    return head if doubt in (NOTHING, head) else f"{head} ({doubt})"


def pair_figure(reading: Reading) -> Figure | None:
    """Draw the difference of each pair in the area, with both ends of where Ukraine stops threats."""
    first, pairs = lead_pair(reading), reading.view.pairs
    if first is None or first["measures"][AREA]["delta"] is None:
        return None
    drawn = [Row(f"{reading.shorts[row['option']]} minus {reading.shorts[row['to']]}", reading.colours[row["option"]],
                 told, rivals={name: of["delta"] for name, of in told["at_ends"].items()})
             for row in pairs[:MOST] if (told := row["measures"][AREA])]
    note = f"{len(pairs) - MOST} more pairs are in the annex." if len(pairs) > MOST else ""
    return intervals("figure-pairs", drawn, _finding(reading, pairs), "The first option minus the second: armed "
                     f"threats bound for the protected area kept from their aims in {reading.days} days, on the same "
                     "raids; mean (95% of the expected outcome)", note, "Marks as above.", explained=False)


def _finding(reading: Reading, pairs: Sequence[Mapping[str, Any]]) -> str:
    """Say in a sentence with a number what the picture shows."""
    told = [row["measures"][AREA] for row in pairs]
    if len(told) == 1:
        one, other = (reading.shorts[pairs[0][key]] for key in ("option", "to"))
        return f"In the area “{one}” minus “{other}” is {with_doubt(told[0])}: {_clause(told[0]['verdict'])}"
    leads, trails, untold = (sum(row["verdict"] == verdict for row in told) for verdict in (LEADS, TRAILS, OPEN))
    return (f"In the area the first option leads in {leads or 'none'} of {len(told)} pairs, trails in "
            f"{trails or 'none'}, and in {untold or 'none'} who leads cannot be told")


def pair_table(reading: Reading, most: int | None = MOST) -> Table | None:
    """Return the difference of each pair in the area and in the country, at both ends, and who leads."""
    pairs = reading.view.pairs[:most]
    if not pairs:
        return None
    rows: list[tuple[Cell, ...]] = []
    for row in pairs:
        name = Markup("{}<br><small>minus {}</small>").format(reading.shorts[row["option"]], reading.shorts[row["to"]])
        cells: list[Cell] = []
        for measure in PRIMARIES:
            told = row["measures"][measure]
            cells += [_two_lines(told), _at_ends(told["at_ends"]), told["verdict"]]
        rows.append((name, *cells))
    head = [f"{where}: {what}" for where in ("Area", "Country") for what in _HEADS]
    return Table("pairs" if most else "every-pair", f"Options against one another in {reading.days} days: the first "
                 "minus the second, armed threats kept from their aims, 95% of the expected outcome below",
                 ("Options", *head), tuple(rows), numeric=True,
                 note="Near aims; on the way: if Ukraine stops all threats there, which the record cannot tell. The "
                      "first leads or trails if all three intervals say so.")


def _two_lines(told: Mapping[str, Any]) -> Cell:
    head, doubt = number(told["delta"], error=error_of(told)), interval(told)
    return head if doubt in (NOTHING, head) else Markup("{}<br><small>{}</small>").format(head, doubt)


def _at_ends(at_ends: Mapping[str, Mapping[str, Any]]) -> str:
    shown = [number(at_ends[model]["delta"]) for model in (COVERAGE, UNIFORM) if model in at_ends]
    return "; ".join(shown) or NOTHING


def threshold_words(reading: Reading) -> tuple[str, tuple[str, ...]]:
    """Return who of the first pair is ahead, and one sentence for each number that nobody knows: what would turn it."""
    row = lead_pair(reading)
    if row is None or not _levers_of(row):
        return "", ()
    ahead = {measure: row["option" if (told["delta"] or 0.0) > 0.0 else "to"]
             for measure, told in row["measures"].items()}
    if ahead[AREA] == ahead[COUNTRY]:
        behind = next(row[key] for key in ("option", "to") if row[key] != ahead[AREA])
        head = (f"On average “{reading.shorts[ahead[AREA]]}” is ahead in both. One number moved alone puts "
                f"“{reading.shorts[behind]}” ahead:")
    else:
        head = (f"On average “{reading.shorts[ahead[AREA]]}” is ahead in the area and "
                f"“{reading.shorts[ahead[COUNTRY]]}” in the country. One number moved alone turns that:")
    said = [_lever_sentence(row, key) for key in _levers_of(row)]
    turning, never = ([words for words, turns in said if turns is wanted] for wanted in (True, False))
    more = [f"{count(len(turning) - MOST_TURNING, 'more number')} in the annex."] if len(turning) > MOST_TURNING else []
    nowhere = [f"Never: {listing(never)}."] if never else []
    launches = [] if reading.adapted is not None else [more_launches_words(reading, row["option"])]
    return head, (*turning[:MOST_TURNING], *more, *nowhere, *filter(None, launches))


def _levers_of(row: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(key for told in row["measures"].values() for key in told["levers"]))


def _lever_sentence(row: Mapping[str, Any], key: str) -> tuple[str, bool]:
    """Say where a number would have to stand for the other option to be ahead, and whether it does anywhere."""
    levers = {measure: lever for measure in PRIMARIES if (lever := row["measures"][measure]["levers"].get(key))}
    first = next(iter(levers.values()))
    turned = {measure: _turned(lever, (row["measures"][measure]["delta"] or 0.0) > 0.0)
              for measure, lever in levers.items()}
    said = [f"{words} {WHERE[measure]}" for measure, words in turned.items() if words]
    never = [WHERE[measure] for measure, words in turned.items() if not words]
    values = (first["reference"], first["points"][0][0], first["points"][-1][0])
    here, low, high = (full(float(f"{value:.{SOME}g}")) for value in values)
    name = lever_words(key, first)
    if not said:
        return f"{name[0].lower()}{name[1:]} ({low} to {high})", False
    here = "" if first["unit"] == BUNDLE_ENDS else f" ({here} here)"
    return f"{name}{here}: {listing([*said, *(f'never {where}' for where in never)])}.", True


def _turned(lever: Mapping[str, Any], ahead: bool) -> str:
    """Say beyond which value, or between which two, the lead is another than at the reference; empty if nowhere."""
    thresholds = [number(value) for value in lever["thresholds"]]
    if not thresholds:
        return ""
    if lever["unit"] == BUNDLE_ENDS:
        return _at_bundle_ends(lever, ahead)
    if len(thresholds) > 1:
        words = f"{thresholds[0]} and {thresholds[1]}"
        return f"between {words}" if lever["leads_low"] == ahead else f"outside {words}"
    return f"{'above' if lever['leads_low'] == ahead else 'below'} {thresholds[0]}"


def _at_bundle_ends(lever: Mapping[str, Any], ahead: bool) -> str:
    """Say at which ends of a bundle the lead is another than at the reference."""
    turned = [end for end, value in (("low", -1.0), ("high", 1.0))
              if any(x == value and (y > 0.0) != ahead and y != 0.0 for x, y in lever["points"])]
    return f"at its {' and at its '.join(turned)} ends"


def _who_leads(reading: Reading, row: Mapping[str, Any], lever: Mapping[str, Any]) -> str:
    """Say who leads along a number."""
    one, other = (f"“{reading.shorts[row[name]]}”" for name in ("option", "to"))
    low, high = (one, other) if lever["leads_low"] else (other, one)
    thresholds = [number(value) for value in lever["thresholds"]]
    if lever["unit"] == BUNDLE_ENDS:
        reference = next(y for x, y in lever["points"] if x == 0.0) > 0.0
        return f"{other if reference else one} leads {_at_bundle_ends(lever, reference)}"
    if not thresholds:
        return f"{low} leads at any from {number(lever['points'][0][0])} to {number(lever['points'][-1][0])}"
    if len(thresholds) == 1:
        return f"{low} leads below {thresholds[0]}, {high} above"
    return f"{high} leads between {thresholds[0]} and {thresholds[1]}, {low} elsewhere"


def more_launches_words(reading: Reading, option: str) -> str:
    """Say how many more launches in answer to an option make up for it in the country; empty if that is not known."""
    lever = reading.view.more_launches.get(option)
    if lever is None or _unanswered(lever):
        return ""
    name = f"“{reading.shorts[option]}”"
    if not lever["thresholds"]:
        if not lever["leads_high"]:
            return ""
        most = number(_PERCENT * (lever["high"] - 1.0))
        return f"More launches because {name} is there: up to {most}% more do not make up for it in the country."
    every = reading.view.more_launches
    others = [f"{_share_more(found)} for “{reading.shorts[other]}”" for other, found in every.items()
              if other != option and other in reading.options and found["thresholds"] and not _unanswered(found)]
    same = f" It takes {listing(others)}." if others and len(others) <= MOST_ANSWERS else ""
    return (f"More launches because {name} is there: {_share_more(lever)} more, and as many armed threats reach their "
            f"aims in the country as without it.{same}")


def _share_more(lever: Mapping[str, Any]) -> str:
    return f"{number(_PERCENT * (lever['thresholds'][0] - 1.0))}%"


def _unanswered(lever: Mapping[str, Any]) -> bool:
    """Return whether launches do not answer to an option, as to aid."""
    values = [value for _, value in lever["points"]]
    return bool(max(values) == min(values))


def threshold_table(reading: Reading) -> Table | None:
    """Return for each pair where its lead changes along each number that nobody knows."""
    pairs = reading.view.pairs
    keys = list(dict.fromkeys(key for row in pairs for key in _levers_of(row)))
    if not keys:
        return None
    rows: list[tuple[Cell, ...]] = []
    for row in pairs:
        for measure, where in WHERE.items():
            levers = row["measures"][measure]["levers"]
            name = Markup("{} minus {}<br><small>{}</small>").format(
                *(reading.shorts[row[side]] for side in ("option", "to")), where)
            rows.append((name, *(_threshold_cell(reading, row, levers.get(key)) for key in keys)))
    heads = tuple(lever_words(key, _any_lever(pairs, key)) for key in keys)
    return Table("thresholds", "Who keeps more armed threats from their aims as one number goes from its low to "
                 "its high end, all others at their references", ("Options", *heads), tuple(rows), dense=True,
                 note="Straight lines between the ends and the reference; means alone. Of numbers beside the first "
                      "five those are shown that change a lead.")


def _any_lever(pairs: Sequence[Mapping[str, Any]], key: str) -> Mapping[str, Any]:
    """Return a number of any pair and measure: its words are the same in all."""
    found: Mapping[str, Any] = next(told["levers"][key] for row in pairs for told in row["measures"].values()
                                    if key in told["levers"])
    return found


def _threshold_cell(reading: Reading, row: Mapping[str, Any], lever: Mapping[str, Any] | None) -> str:
    if lever is None:
        return NOTHING
    if lever["thresholds"]:
        return _who_leads(reading, row, lever)
    return f"“{reading.shorts[row['option' if lever['leads_low'] else 'to']]}” throughout"
