"""All options on one table, and the bounds that hold before any simulation."""

from collections.abc import Mapping
from typing import Any

from skyshield.bounds.interests import losses
from skyshield.bounds.yardsticks import at_headline
from skyshield.forces.coalition import MONEY
from skyshield.report.brief.document import Block, Grid, Heading, Text
from skyshield.report.brief.language import N_
from skyshield.report.brief.told import AREA, COUNTRY, MILLION, PERCENT, Told
from skyshield.report.brief.traced import EMPTY, Said, Source, Traced, joined, said
from skyshield.report.sections.yardsticks import worked_out
from skyshield.strategy.feasible import NO, UNDECIDED, YES

MOST_ROWS = 22
DAYS_A_MONTH, DAYS_A_YEAR = 365.0 / 12.0, 365.0
_STOPPED = "prevented_zone"
ANSWERS: Mapping[str, str] = {YES: N_("yes"), NO: N_("no"), UNDECIDED: N_("undecided")}
CAPABILITIES: Mapping[str, str] = {
    "fighters": N_("fighters"), "tankers": N_("tankers"), "early_warning_aircraft": N_("early-warning aircraft"),
    "soldiers": N_("soldiers"), "irist_batteries": N_("IRIS-T batteries"), "nasams_batteries": N_("NASAMS batteries"),
    "patriot_batteries": N_("Patriot batteries"), "guns": N_("guns"), "drone_teams": N_("interceptor teams"),
    "frigates": N_("frigates"), "minehunters": N_("minehunters"), "money_eur_a_year": N_("money"),
    "members": N_("members struck")}
READINGS: Mapping[str, str] = {
    "addressable_leakers_linear": N_("by their slope over raid size"),
    "addressable_leakers_mixture": N_("by a mixture of two streams")}
INTERESTS: Mapping[str, str] = {
    "embassies": N_("embassies in Kyiv"), "incursions": N_("incursions into NATO territory"),
    "travellers": N_("travellers on roads and railways"), "ports": N_("Black Sea and Danube ports"),
    "energy": N_("energy grid and nuclear plants")}


def table(told: Told) -> Grid | None:
    """Return a row an option; None where there is nothing to compare."""
    reading = told.reading
    names = reading.ordered[:MOST_ROWS]
    if not names:
        return None
    head = (N_("Option"), N_("Armed threats kept, area"), N_("Whole country"), N_("Cost planned, EUR million"),
            N_("People there"), N_("Months until there"), N_("Can states provide it?"))
    rows = tuple(_row(told, name) for name in names)
    known = [name for name in names if told.rows[name][COUNTRY]["delta"] is not None]
    best = max(known, key=lambda name: told.rows[name][COUNTRY]["delta"], default=None)
    title = EMPTY if best is None else told.say(
        N_("In the whole country {option} keeps most: {kept} armed threats"), option=told.short(best),
        kept=told.mean(best, COUNTRY))
    note = told.say(N_("Differences to {baseline}; {level} of the expected outcome in brackets. Cost: fully loaded. "
                       "Months: lead times; * from a ceasefire on. Can states provide it: by judgement of "
                       "inventories and release; no government was asked."),
                    baseline=told.short(reading.comparison.to), level=told.level)
    left = len(reading.ordered) - len(names)
    if left:
        note = joined([note, told.count(left, N_("{n} more option is in the report."),
                                        N_("{n} more options are in the report."),
                                        Source("equation", "options that the table leaves out"))])
    return Grid(title, tuple(told.say(text) for text in head), rows, (2.3, 1.6, 1.7, 1.0, 0.9, 1.1, 2.2), note)


def _row(told: Told, name: str) -> tuple[tuple[Said, Said], ...]:
    found: Mapping[str, Any] = told.reading.feasible[name]
    bound = None if found["binds"] == MONEY else CAPABILITIES.get(found["binds"] or "")
    people = told.language.number(found["people"], Source("equation", f"feasible.{name}.people"))
    answer = told.say(ANSWERS[found["answer"]])
    planned = told.rows[name]["planned_cost_eur"]["delta"]
    return ((said(told.short(name, quoted=False)), EMPTY), *(_kept(told, name, measure) for measure in (AREA, COUNTRY)),
            (said(told.mean(name, "planned_cost_eur", MILLION)) if planned else EMPTY, EMPTY),
            (said(people) if found["people"] else EMPTY, EMPTY), (_months(told, name, found), EMPTY),
            (answer, told.say(N_("({what})"), what=told.say(bound)) if bound else EMPTY))


def _kept(told: Told, name: str, measure: str) -> tuple[Said, Said]:
    mean, doubt = told.mean(name, measure), told.doubt(name, measure)
    alone = not doubt or doubt.text == mean.text
    return said(mean), EMPTY if alone else told.say(N_("({interval})"), interval=doubt)


def _months(told: Told, name: str, found: Mapping[str, Any]) -> Said:
    """Return how many months each start takes."""
    parts: list[Said] = []
    for one in found["starts"]:
        months = {end: one[f"lead_days_{end}"] / DAYS_A_MONTH for end in ("low", "high")}
        ends = [Traced(value, str(round(value)), Source("equation", f"feasible.{name}.lead_days_{end} / days a month"))
                for end, value in months.items()]
        if float(ends[1].value or 0.0) > 0.0:
            star = Said(("*",)) if one["start"] in ("after_ceasefire", "at_ceasefire") else EMPTY
            later = told.say(N_(" in a few years")) if one["start"] == "in_a_few_years" else EMPTY
            parts.append(told.language.between(*ends) + star + later)
    return joined(parts, "; ")


def bounds(told: Told) -> list[Block]:
    """Return what any zone in the rear could add at most, and what the restrictions leave."""
    reading, worked = told.reading, worked_out(told.reading)
    sticks = at_headline(worked.sticks)
    made: list[Block] = [Heading(told.say(N_("Bounds before any simulation")))]
    if not sticks or worked.days <= 0.0 or reading.lead is None:
        return [*made, Text(told.say(N_("No raid of war was played, so there is nothing to bound.")))]
    yearly = []
    for stick in sticks:
        ends = [told.language.number(value, Source("catalogue", stick.key, figure=figure)) for figure, value in
                zip(("low", "high"), (stick.per_year.low, stick.per_year.high), strict=True)]
        yearly.append(told.say(N_("{interval} ({reading})"), interval=told.language.between(*ends),
                               reading=told.say(READINGS.get(stick.key, stick.key))))
    lead = told.rows[reading.lead][_STOPPED]
    shares = [told.language.number(PERCENT * lead["delta"] * DAYS_A_YEAR / worked.days / stick.per_year.central, Source(
        "equation", f"{reading.lead}.{_STOPPED} a year of war over {stick.key}")) for stick in sticks
        if stick.per_year.central and lead["delta"] is not None]
    parts = [told.say(N_("By the record, {yearly} drones of the deep raids get through in a year of war; no zone in "
                         "the rear could stop more."), yearly=told.language.listing(yearly))]
    if shares:
        parts.append(told.say(N_("{option} stops {shares} percent of the central figures."),
                              option=told.short(reading.lead), shares=_either(told, shares)))
    return [*made, Text(joined([*parts, *_lost(told)]))]


def _either(told: Told, shares: list[Traced]) -> Said:
    """Return both shares, or one."""
    if shares[0].text == shares[-1].text:
        return said(shares[0])
    return told.say(N_("{one} or {other}"), one=shares[0], other=shares[-1])


def _lost(told: Told) -> list[Said]:
    """Say which of the op-ed's interests the first option's own zone and distances leave out."""
    found = next((one for one in losses(told.reading.interests) if told.reading.lead in one.options), None)
    if found is None or told.reading.lead is None:
        return []
    parts = []
    for rows, message in ((found.outside, N_("The distances it keeps leave {interests} outside.")),
                          (found.undecided, N_("Whether they leave {interests} inside is within the map's error."))):
        if rows:
            names = [told.say(INTERESTS.get(row.interest, row.label)) for row in rows]
            parts.append(told.say(message, interests=told.language.listing(names)))
    return parts or [told.say(N_("The distances it keeps leave every interest of the op-ed inside."))]
