"""The kinds of doubt: what is not known of the world, what the computing adds, what chance does, and the envelope."""

from typing import Any

from skyshield.report import tables
from skyshield.report.reading import Reading
from skyshield.report.sections.answer import full_table
from skyshield.report.text import count, listing


def make(reading: Reading) -> dict[str, Any] | None:
    """Return the section; None where there is nothing to compare."""
    if reading.alone:
        return None
    return {"n_vectors": reading.view.manifest["vectors"], "n_replications": reading.view.replications[0],
            "full": full_table(reading), "doubts": tables.doubts(reading.comparison, reading.labels),
            "envelope": _envelope_text(reading)}


def _envelope_text(reading: Reading) -> str:
    """Say how many numbers that nobody knows the study moves, and which the scenario fixes."""
    view, scenario = reading.view, reading.scenario
    n = len({name for arm in view.played_arms if arm.in_envelope for name in arm.ends})
    fixed = [name for name in scenario.assumptions if name in view.parameters]
    sentences = [f"The study moves {count(n, 'such number')}; where the headline has each is in the table of numbers "
                 "that nobody knows."] if n else []
    if fixed:
        sentences.append(f"The scenario fixes {listing(fixed)}, so nothing is known here about other values of "
                         f"{'it' if len(fixed) == 1 else 'these'}.")
    return " ".join(sentences)
