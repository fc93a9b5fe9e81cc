"""The finding, the question and the answer in three sentences, with the chart of all options."""

from collections.abc import Mapping

from skyshield.report.brief.charts import RIVALS, interval_chart, lines_of
from skyshield.report.brief.document import Block, Chart, Heading, Text
from skyshield.report.brief.language import N_
from skyshield.report.brief.told import AREA, COUNTRY, MILLION, Told
from skyshield.report.brief.traced import HEADLINE, Said, Source, joined
from skyshield.study.compare import FLAG
from skyshield.study.pairs import LEADS, OPEN, TRAILS

MOST_ROWS = 13
VERDICTS: Mapping[str, str] = {
    LEADS: N_("it keeps more"), TRAILS: N_("it keeps fewer"), OPEN: N_("which keeps more cannot be told")}


def finding(told: Told) -> Said:
    """Return the title: what the first option keeps from its aim, and what its money does as aid."""
    lead = told.reading.lead
    if lead is None:
        return told.say(N_("There is nothing to compare, or every replication failed"))
    kept = told.mean(lead, AREA)
    if told.twin is None:
        return told.say(N_("{option} would keep {kept} armed threats from their aims in the protected area"),
                        option=told.label(lead, quoted=False), kept=kept)
    return told.say(N_("{option} would keep {kept} armed threats from their aims in the protected area; the same money "
                       "as aid, {aid}"), option=told.label(lead, quoted=False), kept=kept,
                    aid=told.mean(told.twin, AREA))


def sentences(told: Told) -> list[Said]:
    """Return the answer in three sentences."""
    lead = told.reading.lead
    if lead is None:
        return [told.say(N_("The study has one option or no result, so it says nothing of differences."))]
    return [told.say(N_("In {period}, {option} keeps {area} armed threats bound for the protected area from their "
                        "aims, and {country} in the whole country."), period=told.period, option=told.label(lead),
                     area=told.doubtful(lead, AREA), country=told.doubtful(lead, COUNTRY)),
            _money(told, lead), _doubt(told, lead)]


def _money(told: Told, lead: str) -> Said:
    """Say what the option costs, and what its money does as aid."""
    cost = told.mean(lead, "planned_cost_eur", MILLION)
    pair = None if told.twin is None else told.pair(lead, told.twin)
    if told.twin is None or pair is None:
        return told.say(N_("It is planned to cost EUR {cost} million."), cost=cost)
    area, country = (pair["measures"][measure] for measure in (AREA, COUNTRY))
    sources = [Source("study", lead, measure, HEADLINE, "", told.twin) for measure in (AREA, COUNTRY)]
    return told.say(N_("Its planned cost, EUR {cost} million, given as aid instead, keeps {aid_area} and "
                       "{aid_country}; on the same raids the option differs by {area} in the area ({area_verdict}) "
                       "and {country} in the country ({country_verdict})."), cost=cost,
                    aid_area=told.mean(told.twin, AREA), aid_country=told.mean(told.twin, COUNTRY),
                    area=told.language.with_doubt(area, sources[0]), area_verdict=told.say(VERDICTS[area["verdict"]]),
                    country=told.language.with_doubt(country, sources[1]),
                    country_verdict=told.say(VERDICTS[country["verdict"]]))


def _doubt(told: Told, lead: str) -> Said:
    """Say how far what nobody knows may take it."""
    row, view = told.rows[lead][AREA], told.reading.view
    parts: list[Said] = []
    if row.get("env_lo") is not None and row["env_lo"] < row["env_hi"]:
        source = told.source(lead, AREA, "envelope")
        low, high = (told.language.figure(row, source, f"env_{end}") for end in ("lo", "hi"))
        parts.append(told.say(N_("Numbers that nobody knows, moved one at a time, take the area's result from {low} to "
                                 "{high}."), low=low, high=high))
    rivals = {model: one for model, one in view.rivals.get(lead, {}).get("by_rival", {}).items()
              if one["delta"] is not None}
    if len(rivals) > 1:
        ends = [told.say(N_("{value} {condition}"), condition=told.say(RIVALS[model]), value=told.language.figure(
            one, told.source(lead, AREA, f"own_defence={model}"))) for model, one in rivals.items()]
        parts.append(told.say(N_("It is {ends}; the record cannot tell which."), ends=told.language.listing(ends)))
    return joined(parts) if parts else told.say(N_("This study moves no number that nobody knows, so doubt about "
                                                   "them is not in its intervals."))


def chart(told: Told, most: int = MOST_ROWS) -> Chart | None:
    """Return the chart of what options keep from its aim in the area; None where there is nothing to compare."""
    reading = told.reading
    known = [family.first for family in reading.families
             if told.rows[family.first][AREA]["delta"] is not None] if not reading.alone else []
    if not known or reading.lead is None:
        return None
    best = max(known, key=lambda name: told.rows[name][AREA]["delta"])
    few = len(known) <= most
    names = [name for name in known if few or reading.options[name].role != "aid" or name in (told.twin, best)]
    title = told.say(N_("{option} keeps most from their aims in the area: {kept} armed threats"),
                     option=told.short(best), kept=told.mean(best, AREA))
    measure = told.say(N_("Armed threats (drones and missiles, not decoys) bound for the area kept from their aims in "
                          "{period}, against {baseline} on the same raids: mean ({level} of the expected outcome)"),
                       period=told.period, level=told.level, baseline=told.short(reading.comparison.to))
    left = len(reading.ordered) - len(names[:most])
    note = told.count(left, N_("{n} more option is in the table or the report."),
                      N_("{n} more options are in the table or the report."),
                      Source("equation", "options that the chart leaves out")) if left > 0 else Said()
    return interval_chart(told, "brief-options", lines_of(told, names[:most], AREA), title, measure, note)


def warnings(told: Told) -> list[Said]:
    """Return the conclusions that only one model bears, of the lead option."""
    from skyshield.study.compare import rival_sentence

    lead = told.reading.lead
    found = None if lead is None else told.reading.view.rivals.get(lead)
    if found is None or lead is None or not rival_sentence(dict(found)).startswith(FLAG):
        return []
    return [told.say(N_("Only under one model of where Ukraine stops threats does {option} keep more than none."),
                     option=told.short(lead))]


def blocks(told: Told) -> list[Block]:
    """Return the first page below its title and question."""
    made: list[Block] = [Heading(told.say(N_("The answer in three sentences")))]
    made += [Text(sentence, "lead" if k == 0 else "body") for k, sentence in enumerate(sentences(told))]
    made += [Text(warning, "mark") for warning in warnings(told)]
    drawn = chart(told)
    return [*made, *([drawn] if drawn is not None else [])]


def lines(told: Told) -> tuple[Said, ...]:
    """Return three short lines for a slide."""
    lead = told.reading.lead
    if lead is None:
        return tuple(sentences(told))
    spoken = [told.say(N_("In the whole country: {kept} armed threats kept from their aims."),
                       kept=told.doubtful(lead, COUNTRY))]
    if told.twin is not None:
        spoken.append(told.say(N_("The same money as aid, EUR {cost} million: {area} in the area, {country} in the "
                                  "country."), cost=told.mean(lead, "planned_cost_eur", MILLION),
                               area=told.mean(told.twin, AREA), country=told.mean(told.twin, COUNTRY)))
    else:
        spoken.append(_money(told, lead))
    return (*spoken, _doubt(told, lead))[:3]


