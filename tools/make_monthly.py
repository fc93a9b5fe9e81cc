"""Write the aggregates of the raid record that ship with the package.

Usage: python tools/make_monthly.py CSV [--source TEXT] [--date YYYY-MM-DD] [--out YAML]

The CSV is the user's own file; only its monthly aggregates are written, never its rows.
"""

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import write_bytes
from skyshield.record import read_record
from skyshield.record.monthly import build_monthly

OUT = Path(__file__).parents[1] / "src" / "skyshield" / "record" / "data" / "monthly.yaml"
SOURCE = ("Ukrainian Air Force daily bulletins, digitised as 'Massive Missile Attacks on Ukraine' "
          "(P. Ivaniuk, Kaggle)")
HEAD = """\
# Aggregates of the public raid record by month. Written by tools/make_monthly.py; do not edit.
# Every figure is a claim of the defender. Empty counts are 0. No row of the record is in here.
# Months are those of time_end; days are operational days (18:00 to 18:00 Kyiv), dated by their end.
# n_mass_raids: days of at least 300 UAVs; n_combined_raids: days of at least 20 missiles;
# exposure_h: hours of the clock UAV bulletins speak of. daily_quantiles: launches per day by class
# at the levels of quantile_levels; null where the file holds too few days of the month.
"""


def to_yaml(table: dict[str, Any]) -> str:
    """Write the table with one month per line; JSON values are YAML."""
    lines = [HEAD + "provenance:"]
    lines += [f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in table["provenance"].items()]
    lines += [f"columns: {json.dumps(table['columns'])}", "rows:"]
    lines += [f"  - {json.dumps(row)}" for row in table["rows"]]
    lines += [f"quantile_levels: {json.dumps(table['quantile_levels'])}", "daily_quantiles:"]
    for name, rows in table["daily_quantiles"].items():
        lines.append(f"  {name}:")
        lines += [f"    - {json.dumps(row)}" for row in rows]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Read the record, write the aggregates, say where."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("csv", type=Path)
    parser.add_argument("--source", default=SOURCE)
    parser.add_argument("--date", default=dt.datetime.now(dt.UTC).date().isoformat())
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args(arguments)
    try:
        table = build_monthly(read_record(given.csv), given.source, given.date)
        write_bytes(given.out, to_yaml(table).encode())
    except SkyShieldError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{given.out}: {len(table['rows'])} months")
    return 0


if __name__ == "__main__":
    sys.exit(main())
