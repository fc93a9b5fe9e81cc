"""Write what reports and the evidence page say of how the model was held against the record.

The facts that the fit was not tuned to come from the tables of ``docs/explanation/calibration.md`` (written by
``make calibration``), the forecasts from two backtests' ``--json``: one of the months that the record's readers have
looked at, one of months kept aside. Written are ``src/skyshield/report/data/evidence.yaml``, which every report shows
beside the shipped fit, and ``docs/explanation/evidence.md``. What the page says of the forecasts follows from the
verdicts.

Usage: skyshield backtest CSV --alerts FILE --from DATE --to DATE --json > backtest.json, again for months kept aside
       python tools/make_evidence.py backtest.json aside.json
"""

import json
import sys
from collections import Counter
from pathlib import Path

import yaml

from skyshield.evidence.backtest.unjudged import sentences
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
    "hit_locations": "places hit", "south_kills": "kills in the south, given alerts",
    "west_kills": "kills in the west, given alerts"}
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
        if row["crps"] is None or row["skill_lo"] is None:
            continue
        best, experts = row["best_baseline"], row["experts"]
        result.append({
            "name": name, "target": TARGETS[name], "n": f"{row['n']:,}", "crps": f"{row['crps']:.3g}",
            "ignorance": f"{row['ignorance']:.3g}", "interval_score": f"{row['interval_score']:.3g}",
            "best": best.replace("_", " "), "best_crps": f"{row['baselines'][best]:.3g}",
            "best_ignorance": f"{min(row['baselines_ignorance'].values()):.3g}",
            "best_interval_score": f"{min(row['baselines_interval_score'].values()):.3g}",
            "skill": shown(row), "verdict": row["verdict"], "experts_crps": f"{experts['crps']:.3g}",
            "experts_ignorance": f"{experts['ignorance']:.3g}",
            "experts_interval_score": f"{experts['interval_score']:.3g}",
            "experts_skill": shown(experts), "experts_verdict": experts["verdict"],
            "calibrated": f"{'yes' if row['pit_p'] > ENOUGH / len(content['targets']) else 'no'} (p "
                          f"{row['pit_p']:.2g})"})
    return result


def shown(row):
    """Return a skill with its interval, at two digits."""
    skill, low, high = (f"{float(f'{100 * row[key]:.2g}'):g}" for key in ("skill", "skill_lo", "skill_hi"))
    return f"{skill}% ({low} to {high}%)"


def unjudged(content):
    """Return a line for each reason for which days of a backtest could not be judged, the days named."""
    return [f"- {line}." for line in sentences({f"`{name}`": row["unjudged_days"]
                                                for name, row in content["targets"].items()})]


def table(header, rows):
    """Return a Markdown table."""
    return "\n".join("| " + " | ".join(line) + " |" for line in (header, ["---"] * len(header), *rows))


def forecast_table(rows):
    """Return the table of a window's forecasts by CRPS."""
    return table(("target", "days", "simulator", "best simple rule", "its CRPS", "skill (95%)", "verdict", "experts",
                  "experts' skill (95%)", "experts' verdict", "calibrated"),
                 [(f"`{row['name']}`", row["n"], row["crps"], row["best"], row["best_crps"], row["skill"],
                   f"**{row['verdict']}**", row["experts_crps"], row["experts_skill"], row["experts_verdict"],
                   row["calibrated"]) for row in rows])


def other_scores(rows):
    """Return the table of a window's other scores: simulator, experts, the best rule by that score."""
    return table(("target", "ignorance: simulator", "experts", "best rule", "interval score: simulator", "experts",
                  "best rule"),
                 [(f"`{row['name']}`", row["ignorance"], row["experts_ignorance"], row["best_ignorance"],
                   row["interval_score"], row["experts_interval_score"], row["best_interval_score"]) for row in rows])


def findings(held):
    """Return what can be said of the forecasts: only what holds in both windows is called skill."""
    here, aside = ({row["name"]: row for row in held[part]} for part in ("targets", "kept_aside"))
    verdicts = {name: (here[name]["verdict"], aside[name]["verdict"]) for name in here if name in aside}
    groups = {
        "beats the best simple rule in both windows": [n for n, v in verdicts.items() if v == ("better", "better")],
        "beats it in one of the two windows only, which is no skill to count on":
            [n for n, v in verdicts.items() if sorted(v).count("better") == 1],
        "is worse than the best simple rule in one window at least": [n for n, v in verdicts.items() if "worse" in v],
        "has no skill in either window": [n for n, v in verdicts.items() if v == ("no skill", "no skill")]}
    for what, names in groups.items():
        yield f"- The simulator {what}: {', '.join(f'`{name}`' for name in names) or 'no target'}."
    for name in (name for name in here if name not in aside):
        yield f"- `{name}`, of which the months kept aside do not tell: {here[name]['verdict']}."
    experts = [name for name in verdicts if here[name]["experts_verdict"] == aside[name]["experts_verdict"] == "better"]
    yield (f"- The experts beat the best simple rule in both windows: "
           f"{', '.join(f'`{name}`' for name in experts) or 'no target'}.")
    ahead = Counter(float(row["crps"]) < float(row["experts_crps"]) for part in (here, aside) for row in part.values())
    yield f"- By mean CRPS the simulator is ahead of the experts in {ahead[True]} of {ahead.total()} cases."


def page(held, days_unjudged):
    """Return the lines of the evidence page."""
    inside = sum(row["is"] == "inside" for row in held["facts"])
    yield WARNING
    yield "# Evidence"
    yield (f"What the model was held against, and how it did. The shipped fit is of the record's days from "
           f"{held['fit_window']}. Nothing here says that a zone would do what a study says: no zone has existed. It "
           "says how far the raids and Ukraine's own defence, on which every study stands, are those of the record.")
    yield "## Facts it was not tuned to"
    yield (f"{inside} of {len(held['facts'])} facts of the record that the likelihood does not see lie inside the 99% "
           "band of what records drawn from the fit show ([how](calibration.md#the-facts)).")
    yield table(("fact", "record", "model, median", "99% band", "record is"),
                [(row["fact"], row["record"], row["model"], row["band"], row["is"]) for row in held["facts"]])
    yield "## Forecasts one day ahead"
    yield ("Each day is forecast from earlier days alone ([how to run it](../how-to/backtest.md)) by the *simulator*, "
           "a fit of the days before played by the engine, and beside it by *experts*, statistical forecasts that no "
           "study uses. Skill is against the best of the simple rules, chosen afterwards, which is hard on the model; "
           "a skill whose 95% interval holds zero is called no skill. A target is calibrated if the outcomes fall "
           "evenly over the simulator's quantiles (p above 0.01 over the number of targets). CRPS in the target's "
           "unit.")
    yield f"### {held['window']}"
    yield forecast_table(held["targets"])
    yield f"### Months kept aside, {held['kept_aside_window']}"
    yield ("No setting of the forecasts was chosen on these months. They lie before those on which some were (April to "
           "September 2025), and the catalogue, whose numbers the geography rests on, was written after them.")
    yield forecast_table(held["kept_aside"])
    yield "### What that comes to"
    yield "\n".join(findings(held))
    yield f"### Other scores, {held['window']}"
    yield ("Ignorance is minus the log probability of what happened, in nats; the interval score is of the central 90% "
           "interval, in the target's unit. The best rule is that of each score.")
    yield other_scores(held["targets"])
    yield f"Months kept aside, {held['kept_aside_window']}:"
    yield other_scores(held["kept_aside"])
    yield "### Days that could not be judged"
    yield "\n".join(days_unjudged)
    yield "## What nothing here can test"
    yield ("Where Ukraine stops threats: two rival models are played, and a conclusion that one alone bears is "
           "flagged. What an attacker would do about a zone: swept, never fitted. Identification, rules, fratricide, "
           "incidents: stated rates with their sources. [Natural experiments](natural-experiments.md) tells of the few "
           "dates on which something like an experiment happened.")


TERMS = "Words: [glossary](../reference/glossary.md)."


def main():
    """Write the data and the page."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    content, aside = (json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:])
    fit = embedded_fit()
    held = {"record_sha256": fit.record_sha256, "fit_window": " to ".join(fit.window),
            "window": f"{content['from']} to {content['to']}",
            "kept_aside_window": f"{aside['from']} to {aside['to']}", "facts": facts(), "targets": targets(content),
            "kept_aside": targets(aside)}
    DATA.write_text("# Written by tools/make_evidence.py: aggregates of the record, held against the shipped fit.\n"
                    + yaml.safe_dump(held, sort_keys=False, allow_unicode=True, width=120), "utf-8")
    PAGE.write_text("\n\n".join(page(held, [*unjudged(content), *unjudged(aside)])) + f"\n\n{TERMS}\n", "utf-8")


if __name__ == "__main__":
    main()
