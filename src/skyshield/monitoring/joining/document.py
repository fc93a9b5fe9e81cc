"""An assessment as the command prints it, and its labels as a file."""

import csv
import dataclasses
import io
from typing import Any

import numpy as np

from skyshield.monitoring.joining.model import Assessment, Event
from skyshield.monitoring.observation.leaf import utc_text

LABELS = ("source", "line", "event", "p_same")
"""Columns of the labels: `line` is the physical line in the source's file, 1 for its header."""


def document(assessment: Assessment) -> dict[str, Any]:
    """Return counts, sources and events, as JSON can write them.

    Examples
    --------
    >>> import numpy as np
    >>> none = np.empty(0, np.int64)
    >>> document(Assessment((), none, none, none, none, np.empty(0), (), 0.0, 0.0, 0.0))["counts"]["events"]
    0
    """
    size = np.bincount(assessment.event_of, minlength=1)
    several = sum(len(event.sources) > 1 for event in assessment.events)
    copies = sum(source.copies for source in assessment.sources)
    witnesses = sum(len(event.witnesses) for event in assessment.events)
    return {
        "counts": {"records": len(assessment.numbers), "events": len(assessment.events), "by_several_sources": several,
                   "alone": int((size == 1).sum()), "copies": copies,
                   "repeats": len(assessment.numbers) - copies - witnesses},
        "area_km2": assessment.area_km2, "days": assessment.days,
        "events_per_100km2_day": assessment.rate_per_100km2_day,
        "sources": [{**dataclasses.asdict(source), "rests_on": dict(source.rests_on)} for source in assessment.sources],
        "events": [event_content(event) for event in assessment.events],
    }


def event_content(event: Event) -> dict[str, Any]:
    """Return one event as JSON can write it."""
    return {"id": event.id, "time": utc_text(round(event.time_s)), "time_error_s": event.time_error_s,
            "lon": event.lon, "lat": event.lat, "position_error_m": event.position_error_m, "act": event.act,
            "p_act": dict(event.p_act), "p_real": event.p_real, "records": list(event.records),
            "witnesses": list(event.witnesses), "sources": list(event.sources), "methods": list(event.methods)}


def labels_csv(assessment: Assessment) -> bytes:
    """Return the labels of all records of events, in the order of the ledger, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(LABELS)
    names = [source.name for source in assessment.sources]
    for source, line, event, p_same in zip(assessment.source_of.tolist(), assessment.lines.tolist(),
                                           assessment.event_of.tolist(), assessment.p_same.tolist(), strict=True):
        writer.writerow((names[source], line if line >= 0 else "", assessment.events[event].id, f"{p_same:.6g}"))
    return text.getvalue().encode()
