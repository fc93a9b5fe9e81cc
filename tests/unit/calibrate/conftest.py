"""A made-up record of many nights, as a file."""

import csv
import datetime as dt

import numpy as np
import pytest

COLUMNS = ("time_start", "time_end", "model", "launch_place", "launched", "destroyed", "not_reach_goal",
           "still_attacking", "border_crossing", "is_shahed", "num_hit_location", "num_fall_fragment_location",
           "destroyed_details", "source")
MODELS = {"uav": "Shahed-136/131", "cruise": "X-101/X-555", "ballistic": "Iskander-M",
          "mixed": "X-101/X-555 and Iskander-M", "scout": "Orlan-10"}


@pytest.fixture(scope="session")
def write_record(tmp_path_factory):
    """Write rows, each a mapping of columns with `night` (0, 1 ...) and `kind`, and return the file's path."""
    def write(first, rows):
        path = tmp_path_factory.mktemp("record") / "record.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            for row in rows:
                cells = dict(row)
                day = dt.date.fromisoformat(first) + dt.timedelta(days=cells.pop("night"))
                table.writerow(dict.fromkeys(COLUMNS, "") | {
                    "time_start": f"{day - dt.timedelta(days=1)} 20:00", "time_end": f"{day} 07:30",
                    "model": MODELS[cells.pop("kind")], "destroyed": 0, "source": "kpszsu/posts/a",
                    "border_crossing": "{}"} | cells)
        return path
    return write


def synthetic_rows(n, seed=11):
    """Return rows of n nights of routine and massed raids with what the bulletins tell of them."""
    g = np.random.default_rng(seed)
    rows = []
    for night in range(n):
        massed = g.random() < 0.2
        front, deep = g.negative_binomial(8, 8 / 98), int(g.lognormal(5.8, 0.4)) if massed else 0
        leaked = g.binomial(front, 0.25) + g.binomial(deep, 0.04)
        kills = front + deep - leaked
        south, west = g.binomial(kills, 0.12), g.binomial(deep, 0.06)
        data = {"south": south} if south else {}
        data |= {"west": west} if west else {}
        jammed = g.binomial(kills, 0.4)
        rows.append({"night": night, "kind": "uav", "launched": front + deep, "destroyed": kills - jammed,
                     "not_reach_goal": jammed, "is_shahed": g.binomial(front + deep, 0.6),
                     "destroyed_details": str(data | {"east": "nan"}).replace("'nan'", "nan"),
                     "launch_place": "Kursk oblast and Primorsko-Akhtarsk"})
        for kind, p, mean in (("cruise", 0.9 if massed else 0.05, 20), ("ballistic", 0.4, 4)):
            if g.random() < p:
                flown = 1 + g.poisson(mean)
                rows.append({"night": night, "kind": kind, "launched": flown,
                             "destroyed": g.binomial(flown, 0.8 if kind == "cruise" else 0.2)})
    return rows
