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
from calibration_space import ENDS, farthest, space
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
RESULTS, RECOVERY, DEEP_LEVEL = (FOLDER / f"{name}.json" for name in ("results", "recovery", "deep_level"))
RECORD, ALERTS = Path("raids") / "missile_attacks_daily.csv", Path("alerts") / "oblast_alert_intervals.csv.gz"
SEED = 20260228
FIRST_ORIGIN, LAST_ORIGIN = dt.date(2025, 7, 31), dt.date(2026, 1, 31)
QUANTILES = (0.025, 0.25, 0.5, 0.75, 0.975)
SALVO = 4
LEAK_FRONT = (0.20, 0.24, 0.28, 0.32, 0.36, 0.45)
SOME_DEEP, NO_DEEP = (0.1, 0.3), 0.001
DIGITS = 6
EXTREME = 0.025
TOO_FAR = 2.0  # a factor between hours
WIDTH = 120
_PROTECTED_SPACE = "\0"  # a space that no line is broken at


def results(data: Path, jobs: int) -> dict[str, Any]:
    """Return everything the page shows, computed from the real record: aggregates only."""
    fit, facts = embedded_fit(), load_facts()
    record, alerts = read_record(data / RECORD), read_alerts(data / ALERTS)
    axes_grid = observe(record, alerts)
    first, last = (np.datetime64(day, "D") for day in fit.window)
    window = axes_grid.last(int((axes_grid.date[-1] - first).astype(int)) + 1)
    if window.date[-1] != last:
        sys.exit(f"error: record: ends on {window.date[-1]}, the shipped fit on {last}; make the fit again first")
    observed = compute(window)
    reporting = reporting_of(window)
    report_progress("histories of the levels")
    paths = history(fit, window, SEED, N_RECORDS, jobs)
    report_progress("records that follow them")
    bound = simultaneous_band(facts_of(Ensemble(fit, reporting, SEED, N_RECORDS, paths), jobs=jobs), facts)
    report_progress("records whose levels wander freely")
    free = simultaneous_band(facts_of(Ensemble(fit, reporting, SEED + 1, N_RECORDS), jobs=jobs), facts)
    report_progress("what would be noticed")
    result = detect(bound, observed, Ensemble(fit, reporting, SEED, N_DETECT, paths[:N_DETECT]), jobs)
    report_progress("months held back")

    @functools.cache
    def fit_until(day: dt.date) -> Fit:
        report_progress(f"  fit until {day}")
        return fit_record(record, load_catalogue(), alerts if fit.alerts_sha256 else None, until=day)

    predicted = held_out(axes_grid, fit_until, month_ends(FIRST_ORIGIN, LAST_ORIGIN), SEED)
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
        "ridge": ridge(fit), "streams": streams(window), "space": space(fit, alerts)}


def report_progress(what: str) -> None:
    """Print the current step."""
    print(what, file=sys.stderr, flush=True)


def summary(band: Band, observed: Floats) -> dict[str, Any]:
    """Return the summary of a band; the model's pass rate is estimated from records that did not build the band."""
    half = len(band.values) // 2
    half_band = simultaneous_band(band.values[:half], band.facts, band.level)
    return {"critical": band.critical, "p_value": band.p_value(observed),
            "pass_share": float(half_band.inside(band.values[half:]).mean()), "passed_of": len(band.values) - half,
            "inside": sum(one.inside is True for one in band.judge(observed)), "of": len(band.facts)}


def fact_rows(bound: Band, free: Band, observed: Floats) -> list[dict[str, Any]]:
    """Return a row for each fact."""
    rows = []
    for j, (judged, free_judged) in enumerate(zip(bound.judge(observed), free.judge(observed), strict=True)):
        defined = bound.values[~np.isnan(bound.values[:, j]), j]
        fact = judged.fact
        rows.append({
            "name": fact.name, "group": fact.group, "label": fact.label, "guard": fact.guard, "fitted": fact.fitted,
            "since": fact.since, "unit": fact.unit, "published": fact.published, "interval": fact.interval,
            "note": fact.note, "observed": judged.observed, "low": judged.low, "high": judged.high,
            "inside": judged.inside, "quantiles": np.quantile(defined, QUANTILES).tolist(),
            "position": judged.position, "untold": judged.undefined, "deviation": judged.deviation,
            "free_low": free_judged.low, "free_high": free_judged.high, "free_inside": free_judged.inside})
    return rows


def detected_row(detected: Detected) -> dict[str, Any]:
    """Return the detection limits of a parameter by one fact."""
    fact = detected.fact
    return {"fact": fact.name, "label": fact.label, "guard": fact.guard, "value": detected.value,
            "scale": shift_of(fact.guard).scale, "low": detected.low, "high": detected.high,
            "lowest": detected.lowest, "highest": detected.highest, "already": detected.already}


def ridge(fit: Fit) -> dict[str, Any]:
    """Return coverage and stop share of ballistic salvos, row by row of the fit, and their correlation."""
    q = fit.parameters
    logit = q["ballistic_cover_intercept"] + q["ballistic_cover_slope"] * math.log(SALVO)
    covered, stopped = 1.0 / (1.0 + np.exp(-logit)), q["ballistic_stop_covered"]
    return {"salvo": SALVO, "covered": covered.tolist(), "stopped": stopped.tolist(),
            "correlation": float(np.corrcoef(covered, stopped)[0, 1]),
            **{name: np.quantile(values, [0.025, 0.5, 0.975]).tolist() for name, values in (
                ("covered_range", covered), ("stopped_range", stopped), ("product_range", covered * stopped))}}


def streams(window: Observations) -> dict[str, Any]:
    """Return the profile over the front stream's leak rate, and the cost of no deep UAVs on routine nights."""
    report_progress("the ridge of the front stream")
    profile_points = profile_raids(window, "leak_front", LEAK_FRONT)
    best_log_density = max(point.log_density for point in profile_points)
    no_deep, = profile_raids(window, "routine_deep_ratio", [NO_DEEP])
    free = max(point.log_density for point in profile_raids(window, "routine_deep_ratio", SOME_DEEP))
    return {"leak_front": [{"value": point.value, "worse": best_log_density - point.log_density,
                            "front_mean": point.parameters["front_mean"], "leak_deep": point.parameters["leak_deep"]}
                           for point in profile_points], "no_deep_worse": free - no_deep.log_density}


def stream_table(stored: Mapping[str, Any]) -> str:
    """Return the table of the profile over the front stream's leak rate."""
    return table(("front stream leaks", "front UAVs a night, at first", "deep stream leaks",
                  "log density below the best"),
                 [(shown(row["value"], "share"), f"{row['front_mean']:.0f}", shown(row["leak_deep"], "share"),
                   f"{row['worse']:.1f}") for row in stored["streams"]["leak_front"]])


def deep_table(deep: Mapping[str, Any]) -> str:
    """Return the table of half-lives of the deep stream's leak rate."""
    return table(("half-life of the deep rate", "log density above none", "deep rate, first night", "last night"),
                 [("none: it stands still" if row["half_life_days"] is None else f"{row['half_life_days']:.0f} days",
                   f"{row['log_density']:.1f}", shown(row["leak_deep"], "share"), shown(row["leak_deep_end"], "share"))
                  for row in deep["record"]])


def kills_table(stored: Mapping[str, Any]) -> str:
    """Return the table of where the deep stream of massed nights is stopped, by the share along the way."""
    rows = [(row["label"], f"{shown(row['lo'], 'share')} to {shown(row['hi'], 'share')}",
             *(shown(row[name], "share") for name in ENDS)) for row in stored["space"]["kills"]]
    west = ("Leak through of those that reach the west", "not told",
            *(shown(stored["space"]["west_leak"][name], "share") for name in ENDS))
    return table(("massed deep stream", "the record tells", "all near aims", "reference", "all along the way"),
                 [*rows, west])


def hours_table(stored: Mapping[str, Any]) -> str:
    """Return the table of hours under alert; bold ones are off by more than a factor of two."""
    def cell(hours: float, told: float) -> str:
        return f"**{hours:,.0f}**" if max(hours / told, told / hours) > TOO_FAR else f"{hours:,.0f}"

    return table(("oblast", f"sirens of {stored['space']['year']}", "all near aims", "reference", "all along the way"),
                 [(row["oblast"], f"{row['told']:,.0f}", *(cell(row[name], row["told"]) for name in ENDS))
                  for row in stored["space"]["hours"]])


def rounded(value: Any) -> Any:
    """Return plain data with numbers at six significant digits and the untold as null."""
    if isinstance(value, Mapping):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
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


def fact_table(stored: Mapping[str, Any], group: str, notes: list[str]) -> str:
    """Return the table of a group of facts; notes are numbered as they come."""
    rows = []
    for row in (row for row in stored["facts"] if row["group"] == group):
        unit, mark = row["unit"], ""
        if row["note"]:
            if row["note"] not in notes:
                notes.append(row["note"])
            mark = f" [{notes.index(row['note']) + 1}]"
        published = shown(row["published"], unit) + mark
        if row["interval"]:
            low, high = (shown(end, unit) for end in row["interval"])
            published = f"{shown(row['published'], unit)} ({low} to {high}){mark}"
        verdict = {True: "inside", False: "**outside**", None: "untold"}[row["inside"]]
        rows.append((row["label"], published, shown(row["observed"], unit), shown(row["quantiles"][2], unit),
                     " to ".join(shown(possible(row[end], unit), unit) for end in ("low", "high")),
                     "–" if row["position"] is None else f"{row['position']:.2f}", verdict,
                     "seen" if row["fitted"] else "follows"))
    header = ("fact", "published", "record", "model, median", "99% band", "position", "record is", "likelihood")
    return table(header, rows)


def detection_table(stored: Mapping[str, Any]) -> str:
    """Return, by parameter, the sharpest fact on either side."""
    rows = []
    for guard in dict.fromkeys(row["guard"] for row in stored["detected"]):
        of_guard = [row for row in stored["detected"] if row["guard"] == guard]
        lows = [row for row in of_guard if row["low"] is not None]
        highs = [row for row in of_guard if row["high"] is not None]
        low = max(lows, key=lambda row: row["low"], default=None)
        high = min(highs, key=lambda row: row["high"], default=None)
        rows.append((f"`{guard}`", brief(of_guard[0]["value"]),
                     f"not down to {brief(of_guard[0]['lowest'])}" if low is None
                     else f"{brief(low['low'])}: {low['label']}",
                     f"not up to {brief(of_guard[0]['highest'])}" if high is None
                     else f"{brief(high['high'])}: {high['label']}",
                     ", ".join(row["label"] for row in of_guard if row["low"] is None and row["high"] is None
                               and not row["already"]) or "–"))
    return table(("parameter", "value", "noticed at or below", "noticed at or above", "facts that never notice"), rows)


def held_out_table(stored: Mapping[str, Any]) -> str:
    """Return the months held back, one row a month."""
    months = list(dict.fromkeys(row["month"] for row in stored["held_out"]))
    by_place = {(row["month"], row["target"]): row for row in stored["held_out"]}

    def cell(month: str, target: str) -> str:
        row = by_place[month, target]
        text = f"{row['observed']:,.0f} ({row['quantiles'][0]:,.0f} to {row['quantiles'][-1]:,.0f})"
        return text if row["inside"] else f"**{text}**"

    return table(("month", *(label for label, _ in TARGETS.values())),
                 [(month, *(cell(month, target) for target in TARGETS)) for month in months])


def misfits(stored: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return facts outside the band, and those in the outer twentieth of the records though inside."""
    return [row for row in stored["facts"] if row["inside"] is False or (
        row["position"] is not None and not EXTREME < row["position"] < 1.0 - EXTREME)]


def page(stored: Mapping[str, Any], recovery: Mapping[str, Any] | None, deep: Mapping[str, Any] | None) -> str:
    """Return the page's text."""
    import jinja2

    frame = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,  # noqa: S701
                               keep_trailing_newline=True).from_string((TOOLS / "calibration.md.j2").read_text("utf-8"))
    notes: list[str] = []
    groups = {group: fact_table(stored, group, notes)
              for group in dict.fromkeys(row["group"] for row in stored["facts"])}
    return tidy(frame.render(
        stored=stored, recovery=recovery, groups=groups, notes=notes, detection=detection_table(stored),
        held_out=held_out_table(stored), odd=misfits(stored), shown=shown, not_counted=NOT_COUNTED,
        likelihood=(TOOLS / "calibration_likelihood.md").read_text("utf-8").strip(), salvo=SALVO,
        stream_table=stream_table(stored), deep=deep, deep_table="" if deep is None else deep_table(deep),
        kills_table=kills_table(stored), hours_table=hours_table(stored),
        farthest={name: farthest(stored["space"], name) for name in ENDS},
        targets={name: label for name, (label, _) in TARGETS.items()},
        follows=sum(not row["fitted"] for row in stored["facts"]), factors=factors(stored), n_drawn=N_DRAWN))


def factors(stored: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return, by target, the ends of the 95% prediction interval over its median, in the middling month."""
    result = {}
    for target in TARGETS:
        rows = [row["quantiles"] for row in stored["held_out"] if row["target"] == target]
        result[target] = tuple(f"{np.median([q[end] / max(q[2], 1.0) for q in rows]):.1f}" for end in (0, -1))
    return result


def tidy(text: str) -> str:
    """Break lines of prose at the width of the pages; tables, equations, images and comments stay as they are."""
    blocks = []
    text = re.sub(r"(?<!`)`[^`\n]+`", lambda code: code.group().replace(" ", _PROTECTED_SPACE), text)
    for block in re.split(r"\n{2,}", text.strip()):
        if block.startswith(("|", "    ", "!", "#", "<!--")):
            blocks.append(block)
            continue
        items = re.split(r"\n(?=- )", block)
        blocks.append("\n".join(textwrap.fill(
            " ".join(item.split()), WIDTH, subsequent_indent="  " if item.startswith("- ") else "",
            break_long_words=False, break_on_hyphens=False) for item in items))
    joined = "\n\n".join(blocks) + "\n"
    return re.sub(r"(?<=\n)(- [^\n]*(?:\n  [^\n]*)*)\n\n(?=- )", r"\1\n", joined).replace(_PROTECTED_SPACE, " ")


def read_stored(path: Path) -> dict[str, Any] | None:
    """Return the results of an earlier run, None if there are none."""
    result: dict[str, Any] | None = json.loads(path.read_text("utf-8")) if path.exists() else None
    return result


def main() -> int:
    """Compute if asked to, then write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--render", action="store_true", help="compute nothing; write page and figures again")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0))
                        if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    options = parser.parse_args()
    if not (options.render or options.check):
        if "SKYSHIELD_DATA" not in os.environ:
            sys.exit("error: SKYSHIELD_DATA: is not set; let it name the folder of the real files")
        FOLDER.mkdir(parents=True, exist_ok=True)
        computed = rounded(results(Path(os.environ["SKYSHIELD_DATA"]), options.jobs))
        RESULTS.write_text(json.dumps(computed, indent=1) + "\n", "utf-8")
    stored = read_stored(RESULTS)
    if stored is None:
        sys.exit(f"error: {RESULTS.name}: is not there; run make calibration with the real files")
    text = page(stored, read_stored(RECOVERY), read_stored(DEEP_LEVEL))
    if options.check:
        return int(not PAGE.exists() or PAGE.read_text("utf-8") != text)
    PAGE.write_text(text, "utf-8")
    for name, svg in figures(stored, read_stored(RECOVERY)).items():
        (FOLDER / f"{name}.svg").write_text(svg, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
