"""Write the ranges that stand in where a record cannot tell a column of the fit (catalogue, ``record_ranges.yaml``).

For each column, the hull of the 95% intervals of fits to the real record that end on each of `DATES`, and as the centre
the median of the last: the public record since raids became massed. Run it again when the shipped fit changes.
"""

import argparse
import datetime as dt
from pathlib import Path

import numpy as np

from skyshield.calibrate import fit_record
from skyshield.calibrate.evidence import identification
from skyshield.catalogue import load_catalogue
from skyshield.core.files import write_bytes
from skyshield.raids.fit import Fit, read_fit
from skyshield.record import read_alerts, read_record

DATES = ("2025-06-30", "2025-09-30", "2025-12-31", "2026-02-28")
FILE = Path(__file__).parents[1] / "src/skyshield/catalogue/data/record_ranges.yaml"
RECORD, ALERTS = "raids/missile_attacks_daily.csv", "alerts/oblast_alert_intervals.csv.gz"
TAILS = (0.025, 0.5, 0.975)
DIGITS = 3
HEAD = """\
# What stands in for a column of the fit where a record cannot tell it; written by tools/make_record_ranges.py.
# Low and high are the hull of the 95% intervals of fits to the public record over the 273 days up to the ends of June,
# September and December 2025 and February 2026; the centre is the median of the last. Alone, without what ties columns
# to one another.
"""
LABELS = {
    "massed_deep_median": "UAVs of the deep stream on a massed night, median",
    "massed_deep_sigma": "Spread of the logarithm of the deep stream on massed nights",
    "deep_step": "Step a night of the level of the deep stream, on the log scale",
    "leak_step": "Step a night of the level of the front stream's leak rate, on the logit scale",
    "soft_share_of_stops": "Share of stopped UAVs that are lost to jamming",
    "south_share_front": "Share of the front stream's kills that fall in the south",
    "south_share_deep": "Share of the deep stream's kills that fall in the south",
    "rho_south": "Correlation of the south's share of kills within a night",
    "west_any_massed": "Probability that a massed night has kills in the west",
    "west_kills_share_massed": "Claimed kills in the west over the deep stream, massed nights",
    "west_kills_size_massed": "Negative-binomial size of kills in the west, massed nights",
    "west_kills_share_routine": "Claimed kills in the west over the deep stream, routine nights",
    "west_kills_size_routine": "Negative-binomial size of kills in the west, routine nights",
    "ballistic_cover_intercept": "Logit of the probability that a ballistic salvo of one meets a defended aim",
    "ballistic_cover_slope": "Rise of that logit with the logarithm of the salvo",
    "ballistic_stop_covered": "Share of ballistic missiles stopped where the aim is defended",
    "rho_ballistic_covered": "Correlation of ballistic outcomes within a defended salvo",
}


def labels() -> dict[str, str]:
    """Return the label of every entry to write, by column."""
    result = dict(LABELS)
    for kind in ("cruise", "ballistic"):
        for regime in ("routine", "massed"):
            result[f"{kind}_p_{regime}"] = f"Probability that a {regime} night has {kind} missiles"
            result[f"{kind}_mean_{regime}"] = f"{kind.capitalize()} missiles on a {regime} night that has any, mean"
            result[f"{kind}_size_{regime}"] = f"Negative-binomial size of {kind} missiles on a {regime} night"
        result[f"{kind}_slope"] = f"Rise of the logarithm of {kind} missiles with the deep stream's normal score"
    return result


def yaml_text(fits: list[Fit]) -> str:
    """Return the YAML text of the entries."""
    lines = [HEAD.rstrip()]
    for column, label in labels().items():
        ends = np.array([np.quantile(fit.parameters[column], TAILS) for fit in fits])
        low, central, high = (float(f"{v:.{DIGITS}g}") for v in (ends[:, 0].min(), ends[-1, 1], ends[:, 2].max()))
        lines += [f"{column}:", f"  label: {label}", '  unit: "1"', f"  low: {low:g}", f"  central: {central:g}",
                  f"  high: {high:g}", "  distribution: pert", "  source: [D, record]", '  date: "2026-02"',
                  "  grade: A", "  price_year: null",
                  "  note: Stands in only where the user's own record tells it on too few nights."]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Fit, or read fits made before, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of real files")
    parser.add_argument("--fits", type=Path, nargs="*", help="fits made before, in the order of the dates")
    arguments = parser.parse_args()
    missing = set(identification()["evidence"]) - set(labels()) - set(load_catalogue()) - set(
        identification()["stand_in"])
    if missing:
        parser.error(f"no label for {', '.join(sorted(missing))}")
    if arguments.fits:
        fits = [read_fit(path) for path in arguments.fits]
    else:
        record, alerts = read_record(arguments.data / RECORD), read_alerts(arguments.data / ALERTS)
        catalogue = load_catalogue()
        fits = [fit_record(record, catalogue, alerts, dt.date.fromisoformat(date)) for date in DATES]
    if any("stand in" in fit.status for fit in fits):
        parser.error("a fit takes a column from these very ranges; choose dates with more of the record before them")
    write_bytes(FILE, yaml_text(fits).encode())


if __name__ == "__main__":
    main()
