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
def write_nights(tmp_path_factory):
    """Write {class: counts} for consecutive nights (0: no row) and return the file's path."""
    def write(first, **counts):
        path = tmp_path_factory.mktemp("record") / "record.csv"
        n = max(len(values) for values in counts.values())
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, COLUMNS)
            rows.writeheader()
            for night in range(n):
                day = dt.date.fromisoformat(first) + dt.timedelta(days=night)
                for kind, values in counts.items():
                    if values[night] > 0:
                        rows.writerow(dict.fromkeys(COLUMNS, "") | {
                            "time_start": f"{day - dt.timedelta(days=1)} 20:00", "time_end": f"{day} 07:30",
                            "model": MODELS[kind], "launched": f"{values[night]}.0", "destroyed": "0.0",
                            "source": "kpszsu/posts/a", "border_crossing": "{}"})
        return path
    return write


@pytest.fixture(scope="session")
def nights():
    """400 nights, the older 127 much larger, so that a window that is too long is seen; every ninth is empty."""
    g = np.random.default_rng(11)
    uav = np.where(g.random(400) < 0.2, g.integers(300, 600, 400), g.integers(40, 200, 400))
    uav[:127] += 1000
    uav[200::9] = 0
    cruise = np.where(uav > 299, g.integers(0, 40, 400), 0)
    ballistic = np.where(g.random(400) < 0.5, g.integers(1, 9, 400), 0)
    cruise[200::9] = ballistic[200::9] = 0
    return {"uav": uav, "cruise": cruise, "ballistic": ballistic}
