"""Write the page of the verification: every case with its figures, and what each family shows and leaves open.

``python tools/make_verification.py`` (``make verification``) plays every case twice, as it is and with its parameter
moved by a twentieth on the simulated side, and writes ``docs/explanation/verification.md``; a minute on two cores.
"""

import datetime as dt
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from scipy.stats import binomtest

from skyshield.evidence.verification.case import STANDARD_ERRORS, Outcome
from skyshield.evidence.verification.families import FAMILIES
from skyshield.evidence.verification.registry import CASES, SEED, verify
from skyshield.version import VERSION

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "verification.md"
MUTMUT = Path(__file__).parents[1] / "tests" / "mutmut_score.json"
MUTATIONS = Path(__file__).parents[1] / "tests" / "mutations_outcome.json"
WARNING = "<!-- Written by tools/make_verification.py from src/skyshield/evidence/verification. Edit the cases. -->"
PERCENT = 5
TERMS = "Words: [glossary](../reference/glossary.md)."
WIDTH = 120
HEAD = ("case", "exact", "simulated", "standard error", "may differ by", "drawn", "outcome",
        f"moved {PERCENT}%, off by")


def perturbed_outcomes() -> dict[str, Outcome]:
    """Return the outcome of every perturbable case with its parameter moved."""
    cases = tuple(case for case in CASES if case.perturbable)
    return {case.name: verify(SEED, (case, 1.0 + PERCENT / 100.0), cases=(case,))[0] for case in cases}


def row(outcome: Outcome, perturbed: Outcome | None) -> str:
    """Return a case as a row of the table."""
    result = outcome.result
    deviation = "-"
    if perturbed is not None:
        change = perturbed.result.simulated - result.exact
        deviation = (f"{abs(change) / perturbed.result.se:.0f} standard errors" if result.n
                     else f"{abs(change / result.exact):.1%} of it")
        deviation += ", fails" if not perturbed.passed else ", PASSES"
    cells = (f"`{outcome.case.name}`", f"{result.exact:.7g}", f"{result.simulated:.7g}",
             f"{result.se:.2g}" if result.n else "none", f"{outcome.tolerance:.2g}",
             f"{result.n:,}" if result.n else "-",
             "passed" if outcome.passed else "FAILED", deviation)
    return f"| {' | '.join(cells)} |"


def paragraph(text: str) -> str:
    """Return a text broken into lines."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def introduction(outcomes: list[Outcome]) -> Iterator[str]:
    """Yield what the page says before its cases."""
    passed = sum(outcome.passed for outcome in outcomes)
    perturbable = sum(case.perturbable for case in CASES)
    yield "# Verification"
    yield paragraph(
        "Does the program compute what it says it computes? `skyshield verify` compares what it computes (simulated) "
        "with what follows without it (exact): a closed form, a recursion, a geodesic found in another way. The "
        "simulated side is always the program itself: the engine that plays every study, and the functions that "
        "prepare its numbers.")
    yield paragraph(
        f"Where numbers are drawn, at least 100,000 of them are, the standard error is that of independent nights, and "
        f"simulated and exact may differ by {STANDARD_ERRORS:g} of it. Where nothing is drawn they may differ by "
        "a billionth of the exact value, or by a billionth where that is 0.")
    yield paragraph(
        f"A check that cannot fail shows nothing. `skyshield verify --perturb layers_one=+{PERCENT}%` moves the "
        f"parameter of a case on the simulated side alone: the case must fail, and a test tries it for each of the "
        f"{perturbable} that have a parameter, in both directions. The others compare bytes or cells with none that "
        "differ; for each of them a test changes the program and sees the case fail.")
    yield paragraph(
        f"Below are the figures of version {VERSION}, {dt.datetime.now(dt.UTC).date().isoformat()}, seed {SEED}: "
        f"{passed} of {len(outcomes)} cases passed. With the same seed they are the same every time.")
    yield paragraph(
        "All this is about the program, not about the world. Whether the model is a good one is a matter of "
        "[calibration](calibration.md); what its numbers rest on, of [data and limits](data-and-limits.md).")


def sections(outcomes: list[Outcome], perturbed: dict[str, Outcome]) -> Iterator[str]:
    """Yield the families, each with its table and what every case compares."""
    for family in FAMILIES:
        family_outcomes = [outcome for outcome in outcomes if outcome.case.family == family.name]
        yield f"## {family.name[0].upper()}{family.name[1:]}"
        yield paragraph(f"**Shows:** {family.shows}")
        yield paragraph(f"**Leaves open:** {family.leaves_open}")
        yield "\n".join((f"| {' | '.join(HEAD)} |", f"|{' --- |' * len(HEAD)}",
                         *(row(outcome, perturbed.get(outcome.case.name)) for outcome in family_outcomes)))
        yield "\n".join(case_item(outcome) for outcome in family_outcomes)


def mutations() -> Iterator[str]:
    """Yield the outcomes of the listed mutations, as stored by `tools/mutate.py`."""
    result = json.loads(MUTATIONS.read_text("utf-8"))
    caught = sum(mutation["caught"] for mutation in result.values())
    yield "## Mutations"
    yield paragraph(
        f"The tests of the program are tried too. `tests/mutations.yaml` lists {len(result)} ways to break it; `make "
        "mutations` applies one at a time to a copy and runs the tests that should notice, which pass without it. "
        f"{caught} of {len(result)} were caught.")
    yield "\n".join(("| mutation | what it breaks | caught by |", "| --- | --- | --- |",
                     *(f"| `{name}` | {mutation['what']} | {caught_by(mutation)} |"
                       for name, mutation in result.items())))
    yield from anywhere()
    yield "## A second model of the day"
    yield paragraph(
        "An event model of the day was written from [the page that specifies it](../reference/day.md); the rules of a "
        "year after a look at the engine too. On the same raids, in worlds that together switch everything on, it has "
        "to agree with the engine in the distribution of every count and amount; `tests/crosscheck/DIFFERENCES.md` "
        "tells how they are "
        "compared, which wrong rules the comparison finds, what it found wrong in the engine and what differs still.")


def anywhere() -> Iterator[str]:
    """Yield the score of mutmut, which breaks the engine and the rules anywhere, from `tools/mutmut_score.py`."""
    result = json.loads(MUTMUT.read_text("utf-8"))
    total = {key: sum(counts[key] for counts in result.values())
             for key in ("mutants", "tried", "caught", "not_reached")}
    low, high = (100.0 * end for end in binomtest(total["caught"], total["tried"]).proportion_ci())
    tried_files = {path: counts for path, counts in result.items() if counts["tried"]}
    weighted_caught = sum(counts["mutants"] * counts["caught"] / counts["tried"] for counts in tried_files.values())
    share = 100.0 * weighted_caught / sum(counts["mutants"] for counts in tried_files.values())
    untried = [f"`{path}`" for path in result if path not in tried_files]
    yield "### Broken anywhere"
    yield paragraph(
        f"mutmut makes {total['mutants']:,} mutants of the engine and the rules. A sample of {total['tried']} of them, "
        "random within each file, was tried (`make mutmut`) with kernels as plain Python, by the quick unit tests: "
        f"{total['caught']} were caught, {100.0 * total['caught'] / total['tried']:.0f}% (95% interval {low:.0f} to "
        f"{high:.0f}%); with each file weighed by its mutants {share:.0f}%. No quick test reaches "
        f"{total['not_reached']} of them. The slower tests, of whole studies, of the second model and of the cases "
        "above, were not asked."
        + (f" Not tried yet: {', '.join(untried)}." if untried else ""))
    yield "\n".join(("| file | mutants | tried | caught | survived | reached by no quick test |",
                     "| --- | --- | --- | --- | --- | --- |",
                     *(f"| `{path}` | {counts['mutants']} | {counts['tried']} | {counts['caught']} | "
                       f"{len(counts['survived'])} | {counts['not_reached']} |" for path, counts in result.items())))


def caught_by(mutation: dict[str, str | bool]) -> str:
    """Return the test that caught a mutation, or that none did."""
    return f"`{str(mutation['by']).rpartition('::')[2].partition('[')[0]}`" if mutation["caught"] else "NONE"


def case_item(outcome: Outcome) -> str:
    """Return what a case compares, as an item of a list."""
    case = outcome.case
    moves = f" Moved: {case.parameter}." if case.perturbable else ""
    return textwrap.fill(f"`{case.name}`: {case.model}.{moves}", WIDTH, initial_indent="- ", subsequent_indent="  ",
                         break_long_words=False, break_on_hyphens=False)


def main() -> int:
    """Write the page; fail if a case does."""
    outcomes, perturbed = verify(), perturbed_outcomes()
    PAGE.write_text("\n\n".join((WARNING, *introduction(outcomes), *sections(outcomes, perturbed), *mutations(), TERMS))
                    + "\n", "utf-8")
    caught = not any(outcome.passed for outcome in perturbed.values())
    return 0 if caught and all(outcome.passed for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
