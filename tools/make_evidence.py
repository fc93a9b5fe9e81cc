"""Write what reports and the evidence page say of how the model was held against the record.

The facts that the fit was not tuned to come from the tables of ``docs/explanation/calibration.md`` (written by
``make calibration``), the forecasts from a backtest's ``--json``. Written are
``src/skyshield/report/data/evidence.yaml``, which every report shows beside the shipped fit, and
``docs/explanation/evidence.md``.

Usage: skyshield backtest CSV --alerts FILE --from DATE --to DATE --json > backtest.json
       python tools/make_evidence.py backtest.json FROM TO
"""

import json
import sys
from pathlib import Path

import yaml

from skyshield.raids.fit import embedded_fit

ROOT = Path(__file__).resolve().parents[1]
CALIBRATION = ROOT / "docs" / "explanation" / "calibration.md"
DATA = ROOT / "src" / "skyshield" / "report" / "data" / "evidence.yaml"
PAGE = ROOT / "docs" / "explanation" / "evidence.md"
TARGETS = {
    "uav_launched": "UAVs launched", "uav_neutralised_share": "share of UAVs stopped, given the launches",
    "uav_leakers": "UAVs that got through, given the launches",
    "uav_leakers_unconditional": "UAVs that got through, unconditional",
    "cruise_leaked": "cruise missiles that got through", "ballistic_leaked": "ballistic missiles that got through",
    "hit_locations": "places hit", "south_kills": "kills in the south", "west_kills": "kills in the west"}
WARNING = "<!-- Written by tools/make_evidence.py: change that, not this. -->"
ENOUGH = 0.01  # of a PIT's p-value, shared among the targets


def facts():
    """Return the facts that follow from the model's structure, from the calibration page."""
    result = []
    for line in CALIBRATION.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 8 and cells[7] == "follows":
            result.append({"fact": cells[0], "record": cells[2], "model": cells[3], "band": cells[4], "is": cells[6]})
    return result


def targets(content):
    """Return the targets of a backtest in the words of a table."""
    result = []
    for name, row in content["targets"].items():
        if row["crps"] is None or row["skill"] is None:
            continue
        result.append({
            "name": name, "target": TARGETS[name], "n": f"{row['n']:,}", "crps": f"{row['crps']:.3g}",
            "best": row["best_baseline"].replace("_", " "),
            "best_crps": f"{row['baselines'][row['best_baseline']]:.3g}",
            "skill": f"{100 * row['skill']:.2g}% ({100 * row['skill_lo']:.2g} to {100 * row['skill_hi']:.2g}%)",
            "skill_above_zero": row["skill_lo"] > 0.0,
            "calibrated": f"{'yes' if row['pit_p'] > ENOUGH / len(content['targets']) else 'no'} (p "
                          f"{row['pit_p']:.2g})"})
    return result


def page(held):
    """Return the lines of the evidence page."""
    inside = sum(row["is"] == "inside" for row in held["facts"])
    yield WARNING
    yield "# Evidence"
    yield (f"What the model was held against, and how it did. The shipped fit is of the record's days from "
           f"{held['fit_window']}."
           " Nothing here says that a zone would do what a study says: no zone has existed. It says how far the "
           "raids and"
           " Ukraine's own defence, on which every study stands, are those of the record.")
    yield "## Facts it was not tuned to"
    yield (f"{inside} of {len(held['facts'])} facts of the record that the likelihood does not see lie inside "
           "the 99% band of"
           " what records drawn from the fit show ([how](calibration.md#the-facts)).")
    yield "\n".join(("| fact | record | model, median | 99% band | record is |", "| --- | --- | --- | --- | --- |",
                     *(f"| {row['fact']} | {row['record']} | {row['model']} | {row['band']} | {row['is']} |"
                       for row in held["facts"])))
    yield f"## Forecasts one day ahead, {held['window']}"
    yield ("Each day is forecast from earlier days alone ([how to run it](../how-to/backtest.md)). Skill is "
           "against the best of"
           " six simple rules, chosen afterwards, which is hard on the model. A target is calibrated if the "
           "outcomes fall evenly"
           " over the forecasts' quantiles (p above 0.01 over the number of targets).")
    yield "\n".join(("| target | days | CRPS | best simple rule | its CRPS | skill (95%) | calibrated |",
                     "| --- | --- | --- | --- | --- | --- | --- |",
                     *(f"| `{row['name']}` | {row['n']} | {row['crps']} | {row['best']} | {row['best_crps']} | "
                       f"{row['skill']} |"
                       f" {row['calibrated']} |" for row in held["targets"])))
    yield "## What nothing here can test"
    yield ("Where Ukraine stops threats: two rival models are played, and a conclusion that one alone bears is "
           "flagged. What an"
           " attacker would do about a zone: swept, never fitted. Identification, rules, fratricide, incidents: "
           "stated rates"
           " with their sources. [Natural experiments](natural-experiments.md) tells of the few dates on which "
           "something like"
           " an experiment happened.")


def main():
    """Write the data and the page."""
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    content = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    fit = embedded_fit()
    held = {"record_sha256": fit.record_sha256, "fit_window": " to ".join(fit.window),
            "window": f"{sys.argv[2]} to {sys.argv[3]}", "facts": facts(), "targets": targets(content)}
    DATA.write_text("# Written by tools/make_evidence.py: aggregates of the record, held against the shipped fit.\n"
                    + yaml.safe_dump(held, sort_keys=False, allow_unicode=True, width=120), "utf-8")
    PAGE.write_text("\n\n".join(page(held)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
