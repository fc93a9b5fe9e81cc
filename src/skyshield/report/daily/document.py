"""The daily report as plain blocks, as the templates of the page and of the paper read them.

Order: what was found, what it rests on, what it cannot say, then every event.
"""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from typing import Any

from skyshield.monitoring.attribution.levels import CONFIRMED, DECIDED, TWO_MODALITIES
from skyshield.monitoring.attribution.words import UNDETERMINED, tables
from skyshield.monitoring.daily.day import NO_ACT, Day, Placed, Row
from skyshield.report.daily.language import N_, Words
from skyshield.report.daily.names import ACTS, AREAS, PARTIES, RESTRICTIONS

_MONTHS = (N_("{day} January {year}"), N_("{day} February {year}"), N_("{day} March {year}"), N_("{day} April {year}"),
           N_("{day} May {year}"), N_("{day} June {year}"), N_("{day} July {year}"), N_("{day} August {year}"),
           N_("{day} September {year}"), N_("{day} October {year}"), N_("{day} November {year}"),
           N_("{day} December {year}"))
_VERIFIED = (TWO_MODALITIES, CONFIRMED, DECIDED)
_KEY_CHARACTERS = 12


def document(day: Day, words: Words) -> dict[str, Any]:
    """Return the report as plain data, its map left out."""
    return {
        "language": words.code, "kicker": words.say(N_("SkyShield: daily report of the watch on a ceasefire")),
        "title": _title(day, words), "question": _span(day, words),
        "foot": words.say(N_("Ledger {origin}, {size} entries, root {root}; agreement {agreement}"), origin=day.origin,
                          size=words.number(day.size), root=day.root[:_KEY_CHARACTERS], agreement=day.agreement),
        "answer": _answer(day, words), "map": _map_words(day, words),
        "table": [_table(day, words), *_apart(day, words), *_limits(day, words)], "annex": _annex(day, words)}


def date(day: dt.date, words: Words) -> str:
    """Return a day in words."""
    return words.say(_MONTHS[day.month - 1], day=day.day, year=day.year)


def _title(day: Day, words: Words) -> str:
    n, change = len(day.events), len(day.events) - day.before
    when = date(day.window.day, words)
    if not day.records:
        return words.say(N_("{date}: the ledger holds no record of this day"), date=when)
    if change == 0:
        return words.many(N_("{date}: {n} event, as many as the day before"),
                          N_("{date}: {n} events, as many as the day before"), n, date=when)
    if change > 0:
        return words.many(N_("{date}: {n} event, {change} more than the day before"),
                          N_("{date}: {n} events, {change} more than the day before"), n, date=when,
                          change=words.number(change))
    return words.many(N_("{date}: {n} event, {change} fewer than the day before"),
                      N_("{date}: {n} events, {change} fewer than the day before"), n, date=when,
                      change=words.number(-change))


def _span(day: Day, words: Words) -> str:
    rule = tables()["daily_report"]
    return words.say(N_("From {cut_off} on {first} to {cut_off} on {last}, Kyiv time ({hours} hours)."),
                     cut_off=rule["cut_off"], first=date(day.window.day - dt.timedelta(days=1), words),
                     last=date(day.window.day, words), hours=words.hours(day.window.hours))


def _answer(day: Day, words: Words) -> list[dict[str, Any]]:
    """Return what was found, in three lines."""
    n = len(day.events)
    verified = sum(one.of.level in _VERIFIED for one in day.events)
    open_ = sum(one.of.attribution.party == UNDETERMINED for one in day.events)
    hours = sum(row.hours_watched or 0.0 for row in day.totals)
    lines = []
    if n:
        lines.append(words.say(N_("{verified} of {n} are verified by two kinds of sensor or better."),
                               verified=words.number(verified), n=words.number(n)))
        lines.append(words.say(N_("Whose they were is undetermined for {open} of {n}."), open=words.number(open_),
                               n=words.number(n)))
    if hours:
        lines.append(words.say(N_("{hours} hours were watched, all watchers together."), hours=words.hours(hours)))
    else:
        lines.append(words.say(N_("No record says who watched: a rate per hour cannot be told, and silence is not "
                                  "peace.")))
    return [{"kind": "items", "items": [[line, ""] for line in lines]}]


def _map_words(day: Day, words: Words) -> dict[str, str]:
    totals = sorted(day.totals, key=lambda row: (-row.events, row.area))
    if not day.events:
        title = words.say(N_("No event is recorded on this day"))
    else:
        title = words.say(N_("Most events lie in {area}: {n} of {all}"), area=words.say(AREAS[totals[0].area]),
                          n=words.number(totals[0].events), all=words.number(len(day.events)))
        if len(totals) > 1 and totals[1].events == totals[0].events:
            title = words.many(N_("{n} event, no area ahead of the others"),
                               N_("{n} events, no area ahead of the others"), len(day.events))
    note = words.say(N_("Cells of 25 km: no position of an observer or a sensor is shown. Dark outline: watched on "
                        "this day. Grey: occupied by Russia. Crimea and Sevastopol are Ukraine."))
    return {"title": title, "measure": words.say(N_("Events by cell, exercises left out.")), "note": note,
            "description": title}


def _table(day: Day, words: Words) -> dict[str, Any]:
    head = [words.say(one) for one in (N_("area and act"), N_("events"), N_("day before"), N_("change"),
                                       N_("hours watched"), N_("events per hour watched"))]
    rows = [_row(row, words) for row in day.rows]
    if len(day.totals) > 1:
        rows.append(_row(Row("", None, len(day.events), day.before, _sum([row.hours_watched for row in day.totals]),
                             _sum([row.hours_before for row in day.totals])), words))
    note = words.say(N_("Hours are those of every watcher, added up. A dash: no record says that anybody watched."))
    if not rows:
        return {"kind": "text", "style": "body", "text": words.say(N_("No area has an event or a watcher."))}
    return {"kind": "grid", "title": words.say(N_("Events by area and act")), "head": head, "rows": rows,
            "widths": [3.2, 1.0, 1.2, 1.0, 1.4, 1.6], "note": note, "words": 1}


def _sum(hours: list[float | None]) -> float | None:
    known = [one for one in hours if one is not None]
    return sum(known) if known else None


def _row(row: Row, words: Words) -> list[list[str]]:
    before = "" if row.hours_before is None or row.act is not None else f"({words.hours(row.hours_before)})"
    if row.act is None:
        name = [words.say(AREAS[row.area]) if row.area else words.say(N_("all areas")), ""]
        watched = [words.number(None) if row.hours_watched is None else words.hours(row.hours_watched), before]
    else:
        name, watched = ["", act_words(row.act, words)], ["", ""]
    return [name, [words.number(row.events), ""], [words.number(row.before), ""], [words.change(row.change), ""],
            watched, [words.number(row.per_hour), ""]]


def act_words(act: str, words: Words) -> str:
    """Return an act's code and name."""
    return f"{act} {words.say(ACTS[act])}".strip()


def _apart(day: Day, words: Words) -> list[dict[str, Any]]:
    """Return restrictions and exercises."""
    blocks: list[dict[str, Any]] = [{"kind": "heading", "text": words.say(N_("Restrictions and exercises"))}]
    if day.restrictions:
        blocks.append({
            "kind": "grid", "title": words.say(N_("What kept watchers from seeing")),
            "head": [words.say(one) for one in (N_("area"), N_("restriction"), N_("records"), N_("hours"))],
            "rows": [[[words.say(AREAS[one.area]), ""], [words.say(RESTRICTIONS[one.restriction]), ""],
                      [words.number(one.records), ""], [words.hours(one.hours), ""]] for one in day.restrictions],
            "widths": [2.0, 2.0, 1.0, 1.0], "note": "", "words": 2})
    else:
        blocks.append({"kind": "text", "style": "body", "text": words.say(N_("No restriction is recorded."))})
    if day.exercises:
        told = [f"{_time(one, words)}, {words.say(AREAS[one.area])}, {act_words(one.of.event.act or NO_ACT, words)}"
                for one in day.exercises]
        blocks.append({"kind": "text", "style": "body", "text": words.many(
            N_("{n} event was told as an exercise and is not counted:"),
            N_("{n} events were told as exercises and are not counted:"), len(told))})
        blocks.append({"kind": "items", "items": [[one, ""] for one in told]})
    else:
        blocks.append({"kind": "text", "style": "body", "text": words.say(N_("No exercise is recorded."))})
    return blocks


def _limits(day: Day, words: Words) -> list[dict[str, Any]]:
    items = [words.say(N_("An event is not a breach: whether the agreement forbids it, and to whom, is the "
                          "commission's question."))]
    if day.unwatched:
        items.append(words.say(N_("Nobody is recorded to have watched: {areas}. Silence there is not peace."),
                               areas=", ".join(words.say(AREAS[area]) for area in day.unwatched)))
    items += [
        words.say(N_("Events are joined from reports by a model: two reports may be of one event or of two, and a "
                     "report may be false; P(real) says how sure it is that something happened.")),
        words.say(N_("Who it was is weighed from bearings, ranges, weapons and directions alone; what sources say of "
                     "it is not weighed. The ratios are assumptions, the interval runs over them.")),
        words.say(N_("A change from one day to the next may be chance; whether the ceasefire holds is asked of longer "
                     "series.")),
        words.say(N_("Records that come later change this report: it is of the ledger as it stood."))]
    return [{"kind": "heading", "text": words.say(N_("What this report cannot say"))},
            {"kind": "items", "items": [[one, ""] for one in items]}]


def _annex(day: Day, words: Words) -> list[dict[str, Any]]:
    heading = {"kind": "heading", "text": words.say(N_("Annex: every event"))}
    if not day.events:
        return [heading, {"kind": "text", "style": "body", "text": words.say(N_("No event is recorded on this day."))}]
    head = [words.say(one) for one in (N_("time, event"), N_("area"), N_("act"), N_("level"), N_("P(real)"),
                                       N_("whose, P and interval"), N_("severity"))]
    rows = [[[_time(one, words), one.of.event.id], [words.say(AREAS[one.area]), ""],
             [act_words(one.of.event.act or NO_ACT, words), ""], [one.of.level, ""],
             [words.percent(one.of.event.p_real), ""], _who(one, words), [str(one.of.severity), ""]]
            for one in day.events]
    note = words.say(N_("L0 reported, L1 one sensor, L2 two kinds of sensor, L3 confirmed on site or by imagery, L4 "
                        "decided by the commission. Undetermined: the likeliest party with its probability, whose "
                        "interval does not reach the threshold. Severity 1 slight to 5 grave. Kyiv time."))
    return [heading, {"kind": "grid", "title": words.say(N_("Events with level and probability")), "head": head,
                      "rows": rows, "widths": [1.9, 1.7, 1.9, 0.8, 0.9, 2.0, 0.9], "note": note, "words": 4}]


def _time(one: Placed, words: Words) -> str:
    zone = zoneinfo.ZoneInfo(tables()["daily_report"]["zone"])
    local = dt.datetime.fromtimestamp(one.of.event.time_s, dt.UTC).astimezone(zone)
    return words.say(N_("{day:02d}.{month:02d} {hour:02d}:{minute:02d}"), day=local.day, month=local.month,
                     hour=local.hour, minute=local.minute)


def _who(one: Placed, words: Words) -> list[str]:
    """Return the party named with its probability, or that it is undetermined with the likeliest."""
    decision: Mapping[str, Any] | None = one.of.decision
    if decision is not None:
        return [words.say(PARTIES[decision["party"]]), words.say(N_("by decision"))]
    shares = one.of.attribution.shares
    if not one.of.attribution.items:
        return [words.say(PARTIES[UNDETERMINED]), ""]
    party, share = max(shares.items(), key=lambda item: item[1].p)
    told = f"{words.percent(share.p)} ({words.span(share.lo, share.hi)})"
    if one.of.attribution.party == UNDETERMINED:
        return [words.say(PARTIES[UNDETERMINED]), f"{words.say(PARTIES[party])} {told}"]
    return [words.say(PARTIES[party]), told]
