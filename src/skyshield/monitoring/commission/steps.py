"""The steps of a case as somebody writes them down: a vote, a dissent, a decision, a remedy.

A file of YAML or JSON is one step or a list of them. What a step may hold is the table `FIELDS`.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.monitoring.agreement.check import read_time
from skyshield.monitoring.agreement.model import PARTIES
from skyshield.monitoring.attribution.words import UNDETERMINED, tables

OPENED, EVIDENCE, ATTRIBUTION = "opened", "evidence", "attribution"
VOTE, DISSENT, DECISION, REMEDY = "vote", "dissent", "decision", "remedy"
YES, NO, ABSTAIN = "yes", "no", "abstain"
_MOST_STEPS, _MOST_CHARACTERS = 200, 10_000


@dataclasses.dataclass(frozen=True)
class Step:
    """A step to take: its kind, its fields, and when it was taken (seconds since 1970 UTC)."""

    kind: str
    fields: Mapping[str, str]
    time_s: float


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MOST_CHARACTERS:
        raise SkyShieldError(where, "is no text", f"write up to {_MOST_CHARACTERS:,} characters")
    return " ".join(value.split())


def _name(where: str, value: Any) -> str:
    text = _text(where, value)
    if not text.isprintable():
        raise SkyShieldError(where, "is no name", "write who it is")
    return text


def _one_of(*known: str) -> Callable[[str, Any], str]:
    def read(where: str, value: Any) -> str:
        text = {True: YES, False: NO}.get(value, value) if isinstance(value, bool) else value
        if text not in known:
            raise SkyShieldError(where, f"is {str(text)[:60]!r}", f"use one of: {', '.join(known)}")
        return str(text)
    return read


def _day(where: str, value: Any) -> str:
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise SkyShieldError(where, f"{str(value)[:60]!r} is no day", "write it like 2026-05-31") from None


FIELDS: Mapping[str, Mapping[str, tuple[bool, Callable[[str, Any], str]]]] = MappingProxyType({
    VOTE: {"member": (True, _name), "vote": (True, _one_of(YES, NO, ABSTAIN)), "party": (False, _one_of(*PARTIES)),
           "dissent": (False, _text)},
    DISSENT: {"by": (True, _name), "party": (False, _one_of(*PARTIES, UNDETERMINED)), "text": (True, _text)},
    DECISION: {"party": (True, _one_of(*PARTIES, UNDETERMINED)), "breach": (False, _one_of(YES, NO, "open")),
               "intent": (False, _one_of(*tables()["intents"])), "text": (False, _text)},
    REMEDY: {"remedy": (False, _name), "text": (False, _text), "party": (False, _one_of(*PARTIES)),
             "by": (False, _day)},
})
"""Of each step its fields: whether it must be there, and how it is read."""


def read_steps(path: Path, now_s: float) -> tuple[Step, ...]:
    """Read the steps of a file.

    Parameters
    ----------
    path
        One step, or a list of steps, as YAML or JSON.
    now_s
        The time of a step that gives none; none may be later.

    Raises
    ------
    SkyShieldError
        Exit code 2 with the first field at fault.
    """
    content = read_yaml(path)
    rows = content if isinstance(content, list) else [content]
    if not 0 < len(rows) <= _MOST_STEPS:
        raise SkyShieldError(str(path), f"has {len(rows)} steps", f"give 1 to {_MOST_STEPS}")
    return tuple(_step(row, f"{path}: step {k}" if len(rows) > 1 else str(path), now_s)
                 for k, row in enumerate(rows, 1))


def _step(row: Any, where: str, now_s: float) -> Step:
    if not isinstance(row, dict):
        raise SkyShieldError(where, "is no step", "write step: vote, and its fields")
    kind = _one_of(*FIELDS)(f"{where}: step", row.get("step"))
    known = FIELDS[kind]
    unknown = [str(name) for name in row if name not in known and name not in ("step", "time")]
    if unknown:
        raise SkyShieldError(f"{where}: {unknown[0]}", f"is no field of a {kind}", f"use some of: {', '.join(known)}")
    lacking = [name for name, (needed, _) in known.items() if needed and row.get(name) is None]
    if lacking:
        raise SkyShieldError(f"{where}: {lacking[0]}", "is missing", f"a {kind} needs it")
    fields = {name: read(f"{where}: {name}", row[name]) for name, (_, read) in known.items()
              if row.get(name) is not None}
    if kind == REMEDY and not {"remedy", "text"} & set(fields):
        raise SkyShieldError(f"{where}: remedy", "is missing", "name one of the agreement's, or write a text")
    return Step(kind, fields, _time(f"{where}: time", row.get("time"), now_s))


def _time(where: str, value: Any, now_s: float) -> float:
    if value is None:
        return now_s
    told = read_time(value.isoformat() if isinstance(value, dt.datetime) else str(value), where).timestamp()
    if told > now_s:
        raise SkyShieldError(where, "lies in the future", "write when it was done")
    return told
