"""Write the calibration page: whether the shipped fit does what the record does, and whether we would notice.

``python tools/make_calibration.py`` (``make calibration``) reads the real record where ``SKYSHIELD_DATA`` points,
computes facts, bands, detection and months held back, stores them as aggregates in
``docs/explanation/calibration/results.json`` and writes the page and its figures from them; some ten minutes on two
cores. ``--render`` only writes the page and figures again from what is stored; ``--check`` writes nothing and fails
if the page is not what the stored results say. The likelihood's text is `tools/calibration_likelihood.md`, the
page's frame `tools/calibration.md.j2`.
"""

import argparse
import datetime as dt
import functools
import json
import math
import os
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from calibration_figures import figures, possible, shown
from skyshield.calibrate import Observations, fit_record, observe, profile_raids
from skyshield.catalogue import load_catalogue
from skyshield.core.arrays import Floats
from skyshield.evidence.fit_checks.bands import Band, simultaneous_band
from skyshield.evidence.fit_checks.detect import N_RECORDS as N_DETECT
from skyshield.evidence.fit_checks.detect import Detected, detect
from skyshield.evidence.fit_checks.ensemble import N_RECORDS, Ensemble, facts_of, fit_sha256, history
from skyshield.evidence.fit_checks.facts import compute, load_facts, shift_of
from skyshield.evidence.fit_checks.generate import reporting_of
from skyshield.evidence.fit_checks.heldout import N_RECORDS as N_DRAWN
from skyshield.evidence.fit_checks.heldout import TARGETS, coverage, held_out, month_ends
from skyshield.evidence.fit_checks.recovery import NOT_COUNTED
from skyshield.raids.fit import Fit, embedded_fit
from skyshield.record import read_alerts, read_record

TOOLS = Path(__file__).parent
PAGE = TOOLS.parent / "docs" / "explanation" / "calibration.md"
FOLDER = PAGE.parent / "calibration"
RESULTS, RECOVERY = FOLDER / "results.json", FOLDER / "recovery.json"
RECORD, ALERTS = Path("raids") / "missile_attacks_daily.csv", Path("alerts") / "oblast_alert_intervals.csv.gz"
SEED = 20260228
FIRST_ORIGIN, LAST_ORIGIN = dt.date(2025, 7, 31), dt.date(2026, 1, 31)
QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
SALVO = 4
LEAK_FRONT = (0.20, 0.24, 0.28, 0.32, 0.36, 0.45)
SOME_DEEP, NO_DEEP = (0.1, 0.3), 0.001
DIGITS = 6
EXTREME = 0.025
WIDTH = 120
_HELD = "\0"  # a space that no line is broken at


def results(data: Path, jobs: int) -> dict[str, Any]:
    """Return everything the page shows, computed from the real record: aggregates only."""
    fit, facts = embedded_fit(), load_facts()
    record, alerts = read_record(data / RECORD), read_alerts(data / ALERTS)
    every = observe(record, alerts)
    first, last = (np.datetime64(day, "D") for day in fit.window)
    window = every.last(int((every.date[-1] - first).astype(int)) + 1)
    if window.date[-1] != last:
        sys.exit(f"error: record: ends on {window.date[-1]}, the shipped fit on {last}; make the fit again first")
    observed = compute(window)
    reporting = reporting_of(window)
    say("histories of the levels")
    paths = history(fit, window, SEED, N_RECORDS, jobs)
    say("records that follow them")
    bound = simultaneous_band(facts_of(Ensemble(fit, reporting, SEED, N_RECORDS, paths), jobs=jobs), facts)
    say("records whose levels wander freely")
    free = simultaneous_band(facts_of(Ensemble(fit, reporting, SEED + 1, N_RECORDS), jobs=jobs), facts)
    say("what would be noticed")
    result = detect(bound, observed, Ensemble(fit, reporting, SEED, N_DETECT, paths[:N_DETECT]), jobs)
    say("months held back")

    @functools.cache
    def fit_until(day: dt.date) -> Fit:
        say(f"  fit until {day}")
        return fit_record(record, load_catalogue(), alerts if fit.alerts_sha256 else None, until=day)

    predicted = held_out(every, fit_until, month_ends(FIRST_ORIGIN, LAST_ORIGIN), SEED)
    return {
        "fit_sha256": fit_sha256(fit), "record_sha256": record.sha256,
        "same_record": fit.record_sha256 == record.sha256,
        "window": list(fit.window), "days": len(window.date), "rows": len(fit.rows), "seed": SEED,
        "records": N_RECORDS, "records_moved": N_DETECT, "source": fit.source, "diagnostics": fit.diagnostics,
        "band": summary(bound, observed), "free": summary(free, observed), "facts": fact_rows(bound, free, observed),
        "detected": [detected_row(one) for one in result],
        "held_out": [{**asdict(one), "origin": one.origin.isoformat(), "inside": one.inside} for one in predicted],
        "coverage": {**asdict(coverage(predicted)), "as_expected": coverage(predicted).as_expected},
        "coverage_by_target": {name: coverage([p for p in predicted if p.target == name]).inside for name in TARGETS},
        "ridge": ridge(fit), "streams": streams(window)}


def say(what: str) -> None:
    """Tell what is being done."""
    print(what, file=sys.stderr, flush=True)


def summary(band: Band, observed: Floats) -> dict[str, Any]:
    """Return what is true of a band as a whole; how often the model passes is told by records it was not made from."""
    half = len(band.values) // 2
    of_half = simultaneous_band(band.values[:half], band.facts, band.level)
    return {"critical": band.critical, "p_value": band.p_value(observed),
            "pass_share": float(of_half.inside(band.values[half:]).mean()), "passed_of": len(band.values) - half,
            "inside": sum(one.inside is True for one in band.judge(observed)), "of": len(band.facts)}


def fact_rows(bound: Band, free: Band, observed: Floats) -> list[dict[str, Any]]:
    """Return a row for each fact."""
    rows = []
    for j, (one, loose) in enumerate(zip(bound.judge(observed), free.judge(observed), strict=True)):
        reported = bound.values[~np.isnan(bound.values[:, j]), j]
        fact = one.fact
        rows.append({
            "name": fact.name, "group": fact.group, "label": fact.label, "guard": fact.guard, "fitted": fact.fitted,
            "since": fact.since, "unit": fact.unit, "published": fact.published, "interval": fact.interval,
            "note": fact.note, "observed": one.observed, "low": one.low, "high": one.high, "inside": one.inside,
            "quantiles": np.quantile(reported, QUANTILES).tolist(), "position": one.position, "untold": one.untold,
            "deviation": one.deviation, "free_low": loose.low, "free_high": loose.high, "free_inside": loose.inside})
    return rows


def detected_row(one: Detected) -> dict[str, Any]:
    """Return what a fact says about its parameter."""
    return {"fact": one.fact.name, "label": one.fact.label, "guard": one.fact.guard, "value": one.value,
            "scale": shift_of(one.fact.guard).scale, "low": one.low, "high": one.high, "lowest": one.lowest,
            "highest": one.highest, "already": one.already}


def ridge(fit: Fit) -> dict[str, Any]:
    """Return coverage and stop share of ballistic salvos, row by row of the fit, and how they go together."""
    q = fit.parameters
    logit = q["ballistic_cover_intercept"] + q["ballistic_cover_slope"] * math.log(SALVO)
    covered, stopped = 1.0 / (1.0 + np.exp(-logit)), q["ballistic_stop_covered"]
    return {"salvo": SALVO, "covered": covered.tolist(), "stopped": stopped.tolist(),
            "correlation": float(np.corrcoef(covered, stopped)[0, 1]),
            **{name: np.quantile(values, [0.025, 0.5, 0.975]).tolist() for name, values in (
                ("covered_range", covered), ("stopped_range", stopped), ("product_range", covered * stopped))}}


def streams(window: Observations) -> dict[str, Any]:
    """Return what it costs to hold the front stream's leak rate, and to let no deep UAV fly on routine nights."""
    say("the ridge of the front stream")
    held = profile_raids(window, "leak_front", LEAK_FRONT)
    best = max(one.log_density for one in held)
    none, = profile_raids(window, "routine_deep_ratio", [NO_DEEP])
    free = max(one.log_density for one in profile_raids(window, "routine_deep_ratio", SOME_DEEP))
    return {"leak_front": [{"value": one.value, "worse": best - one.log_density,
                            "front_mean": one.parameters["front_mean"], "leak_deep": one.parameters["leak_deep"]}
                           for one in held], "no_deep_worse": free - none.log_density}


def stream_table(reported: Mapping[str, Any]) -> str:
    """Return what each leak rate of the front stream goes with."""
    return table(("front stream leaks", "front UAVs a night, at first", "deep stream leaks",
                  "log density below the best"),
                 [(shown(row["value"], "share"), f"{row['front_mean']:.0f}", shown(row["leak_deep"], "share"),
                   f"{row['worse']:.1f}") for row in reported["streams"]["leak_front"]])


def rounded(value: Any) -> Any:
    """Return plain data with numbers at six significant digits and the untold as null."""
    if isinstance(value, Mapping):
        return {key: rounded(inside) for key, inside in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(inside) for inside in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value


def brief(value: float | None) -> str:
    """Write a parameter's value at three digits."""
    return "–" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(header), ["---"] * len(header), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def fact_table(reported: Mapping[str, Any], group: str, notes: list[str]) -> str:
    """Return the table of a group of facts; notes are numbered as they come."""
    rows = []
    for row in (row for row in reported["facts"] if row["group"] == group):
        unit, mark = row["unit"], ""
        if row["note"]:
            if row["note"] not in notes:
                notes.append(row["note"])
            mark = f" [{notes.index(row['note']) + 1}]"
        published = shown(row["published"], unit) + mark
        if row["interval"]:
            low, high = (shown(end, unit) for end in row["interval"])
            published = f"{shown(row['published'], unit)} ({low} to {high}){mark}"
        judged = {True: "inside", False: "**outside**", None: "untold"}[row["inside"]]
        rows.append((row["label"], published, shown(row["observed"], unit), shown(row["quantiles"][2], unit),
                     " to ".join(shown(possible(row[end], unit), unit) for end in ("low", "high")),
                     "–" if row["position"] is None else f"{row['position']:.2f}", judged,
                     "seen" if row["fitted"] else "follows"))
    header = ("fact", "published", "record", "model, median", "99% band", "position", "record is", "likelihood")
    return table(header, rows)


def detection_table(reported: Mapping[str, Any]) -> str:
    """Return, by parameter, the sharpest fact on either side."""
    rows = []
    for guard in dict.fromkeys(row["guard"] for row in reported["detected"]):
        mine = [row for row in reported["detected"] if row["guard"] == guard]
        lows = [row for row in mine if row["low"] is not None]
        highs = [row for row in mine if row["high"] is not None]
        low = max(lows, key=lambda row: row["low"], default=None)
        high = min(highs, key=lambda row: row["high"], default=None)
        rows.append((f"`{guard}`", brief(mine[0]["value"]),
                     f"not down to {brief(mine[0]['lowest'])}" if low is None
                     else f"{brief(low['low'])}: {low['label']}",
                     f"not up to {brief(mine[0]['highest'])}" if high is None
                     else f"{brief(high['high'])}: {high['label']}",
                     ", ".join(row["label"] for row in mine if row["low"] is None and row["high"] is None
                               and not row["already"]) or "–"))
    return table(("parameter", "value", "noticed at or below", "noticed at or above", "facts that never notice"), rows)


def held_out_table(reported: Mapping[str, Any]) -> str:
    """Return the months held back, one row a month."""
    months = list(dict.fromkeys(row["month"] for row in reported["held_out"]))
    by_place = {(row["month"], row["target"]): row for row in reported["held_out"]}

    def cell(month: str, target: str) -> str:
        row = by_place[month, target]
        text = f"{row['observed']:,.0f} ({row['quantiles'][0]:,.0f} to {row['quantiles'][-1]:,.0f})"
        return text if row["inside"] else f"**{text}**"

    return table(("month", *(label for label, _ in TARGETS.values())),
                 [(month, *(cell(month, target) for target in TARGETS)) for month in months])


def misfits(reported: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return facts outside the band, and those in the outer twentieth of the records though inside."""
    return [row for row in reported["facts"] if row["inside"] is False or (
        row["position"] is not None and not EXTREME < row["position"] < 1.0 - EXTREME)]


def page(reported: Mapping[str, Any], recovery: Mapping[str, Any] | None) -> str:
    """Return the page's text."""
    import jinja2

    frame = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,  # noqa: S701
                               keep_trailing_newline=True).from_string((TOOLS / "calibration.md.j2").read_text("utf-8"))
    notes: list[str] = []
    groups = {group: fact_table(reported, group, notes)
              for group in dict.fromkeys(row["group"] for row in reported["facts"])}
    return tidy(frame.render(
        reported=reported, recovery=recovery, groups=groups, notes=notes, detection=detection_table(reported),
        held_out=held_out_table(reported), odd=misfits(reported), shown=shown, not_counted=NOT_COUNTED,
        likelihood=(TOOLS / "calibration_likelihood.md").read_text("utf-8").strip(), salvo=SALVO,
        stream_table=stream_table(reported), targets={name: label for name, (label, _) in TARGETS.items()},
        follows=sum(not row["fitted"] for row in reported["facts"]), factors=factors(reported), n_drawn=N_DRAWN))


def factors(reported: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return, by target, the ends of the 95% prediction interval over its median, in the middling month."""
    result = {}
    for target in TARGETS:
        rows = [row["quantiles"] for row in reported["held_out"] if row["target"] == target]
        result[target] = tuple(f"{np.median([q[end] / max(q[2], 1.0) for q in rows]):.1f}" for end in (0, -1))
    return result


def tidy(text: str) -> str:
    """Break lines of prose at the width of the pages; tables, equations, images and comments stay as they are."""
    blocks = []
    text = re.sub(r"(?<!`)`[^`\n]+`", lambda code: code.group().replace(" ", _HELD), text)
    for block in re.split(r"\n{2,}", text.strip()):
        if block.startswith(("|", "    ", "!", "#", "<!--")):
            blocks.append(block)
            continue
        items = re.split(r"\n(?=- )", block)
        blocks.append("\n".join(textwrap.fill(
            " ".join(item.split()), WIDTH, subsequent_indent="  " if item.startswith("- ") else "",
            break_long_words=False, break_on_hyphens=False) for item in items))
    joined = "\n\n".join(blocks) + "\n"
    return re.sub(r"(?<=\n)(- [^\n]*(?:\n  [^\n]*)*)\n\n(?=- )", r"\1\n", joined).replace(_HELD, " ")


def stored(path: Path) -> dict[str, Any] | None:
    """Return what an earlier run left."""
    result: dict[str, Any] | None = json.loads(path.read_text("utf-8")) if path.exists() else None
    return result


def main() -> int:
    """Compute if asked to, then write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--render", action="store_true", help="compute nothing; write page and figures again")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0))
                        if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    chosen = parser.parse_args()
    if not (chosen.render or chosen.check):
        if "SKYSHIELD_DATA" not in os.environ:
            sys.exit("error: SKYSHIELD_DATA: is not set; let it name the folder of the real files")
        FOLDER.mkdir(parents=True, exist_ok=True)
        computed = rounded(results(Path(os.environ["SKYSHIELD_DATA"]), chosen.jobs))
        RESULTS.write_text(json.dumps(computed, indent=1) + "\n", "utf-8")
    reported = stored(RESULTS)
    if reported is None:
        sys.exit(f"error: {RESULTS.name}: is not there; run make calibration with the real files")
    text = page(reported, stored(RECOVERY))
    if chosen.check:
        return int(not PAGE.exists() or PAGE.read_text("utf-8") != text)
    PAGE.write_text(text, "utf-8")
    for name, svg in figures(reported, stored(RECOVERY)).items():
        (FOLDER / f"{name}.svg").write_text(svg, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
