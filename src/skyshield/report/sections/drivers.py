"""What drives the answer: the number nobody knows that moves it most, what holds the option back, what is redundant."""

import math
from typing import Any

from skyshield.report.option_rows import OptionRow, options_of
from skyshield.report.reading import Reading
from skyshield.report.rows import Move, moves
from skyshield.report.sections.clauses import clause_text
from skyshield.report.svg import Figure
from skyshield.report.text import count, full, listing, number, span, total
from skyshield.rules import CLAUSES
from skyshield.study.clauses import LEAKED_ZONE, columns_of
from skyshield.study.compare import PRIMARY
from skyshield.study.moves import Moved
from skyshield.study.plan import JOINT
from skyshield.study.told import Summary
from skyshield.study.view import StudyView

MOST_DRIVERS = 3
GATES = (("engaged", "fired at by the coalition"), ("saturated", "could have been shot at, no shooter free in time"),
         ("refused_class", "left alone: class not allowed"), ("refused_standoff", "left alone: distances kept"),
         ("refused_identification", "left alone: not identified in time"),
         ("refused_deconfliction", "left to Ukraine's own shooters"))

_PERCENT = 100.0
_REFUSED_BY = "refused_by/"
_GATES = {"saturated": "could have been shot at, had a shooter been free in time",
          "refused_class": "were left alone because of their class",
          "refused_standoff": "were left alone because of the distances that the rules keep",
          "refused_identification": "were left alone because nobody could tell in time that they may be shot at",
          "refused_deconfliction": "were left to Ukraine's own shooters"}


def make(reading: Reading) -> dict[str, Any] | None:
    """Return a few sentences and a picture; None where there is nothing to compare."""
    from skyshield.report.sections.adaptation import make_short

    lead = lead_of(reading)
    if lead is None:
        return None
    moved = tornado(reading, lead.name, "figure-drivers", MOST_DRIVERS)
    more = [_dearest_clause(reading), relief_sentence(reading)]
    return {"sentences": [*drivers(reading), *filter(None, more)], "moved": moved, "adaptation": make_short(reading)}


def lead_of(reading: Reading) -> OptionRow | None:
    """Return the option that the section is about."""
    return next((option for option in options_of(reading) if option.name == reading.lead), None)


def drivers(reading: Reading) -> list[str]:
    """Say what drives the answer, for the scenario's first option that is not aid."""
    lead = lead_of(reading)
    if lead is None:
        return []
    twin = next((option for option in options_of(reading) if option.twin_of == lead.name), None)
    sentences = (_all_at_once(reading.view, lead), _held_back(lead), _anyway(lead),
                 None if twin is None else _unspent(twin))
    return [sentence for sentence in sentences if sentence]


def tornado(reading: Reading, option: str, key: str, most: int | None = None) -> Figure | None:
    """Draw where each number that nobody knows takes an option when moved alone to its ends, the strongest on top.

    None if the study moves no entry; with `most`, only so many are drawn and the note says how many are left out.
    """
    moving, still = moved_entries(reading, option)
    shown = moving if most is None else moving[:most]
    if not shown:
        return None
    headline = reading.view.arms[option][0]
    middle = headline["delta"] or 0.0
    strongest = max(shown[0].ends, key=lambda end: abs((end[1]["delta"] or 0.0) - middle))
    note = f"{len(moving) - len(shown)} more change it less. " if len(shown) < len(moving) else ""
    if still:
        note += f"{count(len(still), 'number')} of no effect here" + (
            f": {listing([f'“{name}”' for name in still])}." if most is None else ".")
    return moves(key, shown, headline, reading.colours[option],
                 f"{shown[0].label} matters most: at {strongest[0]}, “{reading.shorts[option]}” keeps "
                 f"{number(strongest[1]['delta'])} instead of {number(headline['delta'])}",
                 f"Armed threats bound for the area kept from their aims in {reading.days} days, each number that "
                 "nobody knows moved alone to its ends (left of the arrow); line: 95% of the expected outcome",
                 note.strip())


def moved_entries(reading: Reading, option: str) -> tuple[list[Move], list[str]]:
    """Return the entries that change an option when moved, the strongest first, and the names of those that do not."""
    view, rows = reading.view, reading.view.arms[option]
    ends: dict[str, list[tuple[str, Summary]]] = {}
    for one in view.moves:
        ends.setdefault(one.label, []).append((_at(one), rows[one.arm]))
    every = [Move(label, tuple(of)) for label, of in ends.items()]
    still = [move.label for move in every if not _matters(move, rows[0])]
    middle = rows[0]["delta"] or 0.0
    return sorted((m for m in every if m.label not in still), key=lambda move: -move.swing(middle)), still


def _matters(move: Move, headline: Summary) -> bool:
    """Return whether an entry changes anything of the headline."""
    return any(row[key] != headline[key] for _, row in move.ends for key in ("delta", "lo", "hi"))


def _dearest_clause(reading: Reading) -> str:
    """Say which clause of the rules costs most threats, where clauses were dropped."""
    known = [(price["trade"][LEAKED_ZONE], price) for price in reading.view.prices
             if price["trade"][LEAKED_ZONE]["delta"] is not None]
    if not known:
        return ""
    row, price = min(known, key=lambda item: item[0]["delta"])
    if row["delta"] >= 0.0:
        return "No clause of the rules, dropped alone, would let fewer threats through."
    return (f"The clause that costs most is {clause_text(price['clause'])}: without it alone, "
            f"“{reading.shorts[price['option']]}” would let {number(-row['delta'])} fewer through to the area.")


def relief_sentence(reading: Reading) -> str:
    """Say what the arm that supposes relief changes for the lead option, where it was played."""
    if reading.lead not in reading.view.relief:
        return ""
    row = reading.view.relief[reading.lead][PRIMARY]
    here = reading.comparison.rows[reading.lead][PRIMARY]
    return (f"If stops that “{reading.shorts[reading.lead]}” saves Ukraine helped it elsewhere as much as they can, it "
            f"would keep {number(row['delta'])} armed threats bound for the area from their aims instead of "
            f"{number(here['delta'])}; no headline or envelope holds this.")


def _at(one: Moved) -> str:
    """Return where an arm moves something, in a few words."""
    return f"its {one.end} ends" if one.value is None else full(one.value)


def _all_at_once(view: StudyView, lead: OptionRow) -> str | None:
    """Say what all numbers that nobody knows together do to the lead option."""
    if lead.name not in view.joint:
        return None
    row = lead.row[PRIMARY]
    n = sum(arm.kind == JOINT for arm in view.played_arms)
    together, alone = span(row["joint_lo"], row["joint_hi"]), span(row["env_lo"], row["env_hi"])
    undone = any(one is not None and both is not None and sign * one > sign * both for one, both, sign in (
        (row["env_lo"], row["joint_lo"], -1.0), (row["env_hi"], row["joint_hi"], 1.0)))
    undo = ", but some undo one another" if undone else ""
    return (f"All numbers that nobody knows at once, at the ends worst and best for “{lead.short}”, give {together} "
            f"in the area (one at a time {alone}{undo}; {count(n, 'joint run')} for all options).")


def _held_back(lead: OptionRow) -> str | None:
    """Say which gate holds most threats back."""
    held = {gate: lead.row[gate]["delta"] or 0.0 for gate in _GATES}
    gate = max(held, key=lambda name: held[name])
    if held[gate] <= 0.0:
        return None
    by_clause = {c: lead.row[c]["delta"] or 0.0 for c in columns_of(_REFUSED_BY)} if gate == "refused_standoff" else {}
    worst = max(by_clause, key=lambda name: by_clause[name], default="")
    clause = worst.removeprefix(_REFUSED_BY)
    most = f", {total(by_clause[worst])} of them by {clause_text(clause)} alone" if clause in CLAUSES else ""
    return (f"What holds “{lead.short}” back: it fires at {total(lead.row['engaged']['delta'])} threats, and "
            f"{total(held[gate])} more {_GATES[gate]}{most}.")


def _anyway(lead: OptionRow) -> str | None:
    """Say which share of what is stopped Ukraine would have stopped."""
    prevented, redundant = lead.prevented["delta"] or 0.0, lead.redundant["delta"] or 0.0
    stopped = math.fsum((prevented, redundant))
    if stopped <= 0.0 or redundant <= 0.0:
        return None
    return (f"Of the {total(stopped)} threats that “{lead.short}” stops, Ukraine's own defence would have stopped "
            f"{number(_PERCENT * redundant / stopped)}% later on their way.")


def _unspent(twin: OptionRow) -> str | None:
    """Say how much of the money cannot be spent as aid."""
    left = twin.unspent["delta"] if twin.unspent is not None else None
    planned = twin.row["planned_cost_eur"]["delta"]
    if not left or not planned:
        return None
    return f"As aid, {number(_PERCENT * left / planned)}% of that money is left unspent."
