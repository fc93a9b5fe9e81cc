"""The claims of the op-ed and of its rivals, by verdict: those that the study decides, the others counted."""

from collections.abc import Mapping
from typing import Any

from skyshield.claims import CONTRADICTED, NOT_TESTABLE, PARTLY, SUPPORTED, claims_json
from skyshield.report.brief.document import Block, Heading, Items, Text
from skyshield.report.brief.language import N_
from skyshield.report.brief.told import Told
from skyshield.report.brief.traced import EMPTY, Said, Source, Traced, joined
from skyshield.strategy.figures import StudyFigures

MOST_CLAIMS = 3  # named of a side and verdict
_OP_ED = "op_ed"
VERDICTS: Mapping[str, str] = {
    SUPPORTED: N_("Supported"), PARTLY: N_("Partly"), CONTRADICTED: N_("Contradicted")}
RIVALS: Mapping[str, str] = {SUPPORTED: N_("Rivals, supported"), PARTLY: N_("Rivals, partly"),
                             CONTRADICTED: N_("Rivals, contradicted")}


def blocks(told: Told, figures: StudyFigures) -> list[Block]:
    """Return the part of the page."""
    found = claims_json(figures)
    rows, counts = found["claims"], found["counts"]
    numbers = {verdict: told.language.exact(float(n), Source("claim", f"counts.{verdict}"))
               for verdict, n in counts.items()}
    title = told.say(N_("Of {n} claims {supported} are supported and {contradicted} contradicted; {partly} hold in "
                        "part, and {not_testable} cannot be tested here"),
                     n=told.language.exact(float(len(rows)), Source("claim", "claims")), supported=numbers[SUPPORTED],
                     contradicted=numbers[CONTRADICTED], partly=numbers[PARTLY], not_testable=numbers[NOT_TESTABLE])
    items = [(told.say(words), _named(told, [row for row in rows if row["verdict"] == verdict
                                             and (row["side"] == _OP_ED) == own]))
             for own, table in ((True, VERDICTS), (False, RIVALS)) for verdict, words in table.items()]
    kept = tuple((_headed(told, words), names) for words, names in items if names)
    note = told.say(N_("Thresholds were fixed on {day}, before any study was seen. Partly: some arm or part falls "
                       "short. Not testable: assumptions decide, or the study lacks what it takes. All: {command}."),
                    day=told.language.name(str(found["fixed"]), Source("claim", "fixed")),
                    command=told.language.name("skyshield claims", Source("scenario", "command")))
    made: list[Block] = [Heading(told.say(N_("Claims"))), Text(title, "strong")]
    return [*made, *([Items(kept)] if kept else []), Text(note, "quiet")]


def _headed(told: Told, words: Said) -> Said:
    return told.say(N_("{words}:"), words=words)


def _named(told: Told, rows: list[Mapping[str, Any]]) -> Said:
    """Return the claims of a verdict in a few words each."""
    if not rows:
        return EMPTY
    names = [_short(told, row) for row in rows[:MOST_CLAIMS]]
    left = len(rows) - len(names)
    more = [told.count(left, N_("{n} more"), N_("{n} more"), Source("claim", "claims left out"))] if left else []
    return joined([*names, *more], "; ") + Said((".",))


def _short(told: Told, row: Mapping[str, Any]) -> Traced:
    return told.language.name(row["short"], Source("claim", row["claim"]))
