"""Write what each state has given into the coalition's table, from the Ukraine Support Tracker.

Usage: python tools/make_support.py [CSV] [--check]

CSV is the tracker's file of allocations by state and month (``kiel_data_explorer.csv``); without it, the one under
``support/`` in the folder that the environment variable SKYSHIELD_DATA names. Two numbers a state are written, summed
and rounded to three digits: all allocations (given_eur_bn) and gross domestic product (gdp_eur_bn), in billion EUR.
No row of the file is in them. ``--check`` writes nothing and leaves with 1 if the table says something else. States
without a row keep what they have.

Source: Kiel Institute, Ukraine Support Tracker, release 29, January 2022 to April 2026; its GDP is that of 2021.
"""

import argparse
import csv
import os
import re
import sys
from pathlib import Path

from skyshield.core.files import read_text, write_bytes

TABLE = Path(__file__).parents[1] / "src" / "skyshield" / "forces" / "data" / "coalition.yaml"
_DIGITS = 3


def default_file() -> Path | None:
    """Return the tracker's file in the data folder, None if there is none."""
    path = Path(os.environ.get("SKYSHIELD_DATA", "")) / "support" / "kiel_data_explorer.csv"
    return path if path.is_file() else None


def support_by_state(path: Path) -> dict[str, tuple[float, float]]:
    """Return ISO code -> (allocations, gross domestic product), billion EUR, rounded."""
    given: dict[str, float] = {}
    product: dict[str, float] = {}
    for row in csv.DictReader(read_text(path).splitlines()):
        given[row["iso"]] = given.get(row["iso"], 0.0) + float(row["total"])
        product[row["iso"]] = float(row["gdp"])
    return {iso: (_rounded(total), _rounded(product[iso])) for iso, total in given.items()}


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def updated(text: str, support: dict[str, tuple[float, float]]) -> str:
    """Return the table with the two numbers of each state that has a row in the tracker."""
    lines, iso = text.splitlines(), ""
    for k, line in enumerate(lines):
        found = re.fullmatch(r"    iso: ([A-Z]{3})", line)
        iso = found.group(1) if found else iso
        for place, name in enumerate(("given_eur_bn", "gdp_eur_bn")):
            if line.startswith(f"    {name}: ") and iso in support:
                lines[k] = f"    {name}: {support[iso][place]:g}"
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or check the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", nargs="?", type=Path, default=default_file())
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    if asked.csv is None:
        parser.error("name the CSV or set SKYSHIELD_DATA")
    old = TABLE.read_text("utf-8")
    new = updated(old, support_by_state(asked.csv))
    if asked.check:
        print("as the file says" if new == old else "differs from the file")
        return int(new != old)
    write_bytes(TABLE, new.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
