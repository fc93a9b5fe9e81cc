"""Solve the weights of oblasts inside their regions for the alert hours of a year, and write them into the catalogue.

    python tools/make_destination_weights.py ALERTS [YEAR]

The engine plays a year of nights at the references; each weight is moved by the ratio of hours told to hours played
until they no longer come nearer. Only oblasts whose weight is a constant of the catalogue are moved: where alerts last
for days they tell nothing of raids.
"""

import datetime as dt
import re
import sys
from pathlib import Path

import numpy as np

from skyshield.catalogue import load_catalogue
from skyshield.compile.alert_hours import hours_by_oblast, hours_told
from skyshield.compile.world import prepare_context
from skyshield.raids.fit import embedded_fit
from skyshield.raids.geography import weight_key
from skyshield.record import read_alerts
from skyshield.scenario import load, resolve
from skyshield.theatre import load_theatre

DATA = Path(__file__).parents[1] / "src" / "skyshield" / "catalogue" / "data" / "destinations.yaml"
ROUNDS, POWER, VECTORS = 12, 0.8, 24
LEAST = 0.02


def main(path, year="2025"):
    """Print hours told and played by oblast, and write the weights."""
    catalogue = load_catalogue()
    context = prepare_context(resolve(load("skyshield"), catalogue, load_theatre(), embedded_fit()))
    names = context.aims.oblasts
    moved = [name for name in names if catalogue[weight_key(name)].distribution == "constant"]
    told = hours_told(read_alerts(path), moved, int(year))
    weight = {name: catalogue[weight_key(name)].reference_value for name in names}
    for turn in range(ROUNDS):
        given = {weight_key(name): np.full(VECTORS, value) for name, value in weight.items() if name in moved}
        played = hours_by_oblast(context, VECTORS, {}, given)
        print(turn, " ".join(f"{name} {played[name]:.0f}/{told[name]:.0f}" for name in moved), flush=True)
        if turn == ROUNDS - 1:
            break
        for region in sorted(set(context.aims.regions)):
            of_region = [name for name, its in zip(names, context.aims.regions, strict=True) if its == region]
            here = [name for name in of_region if name in moved]
            for name in here:
                weight[name] *= (told[name] / played[name]) ** POWER
            if here == of_region:
                most = max(weight[name] for name in here)
                for name in here:
                    weight[name] = max(LEAST, weight[name] / most)
    text = DATA.read_text("utf-8")
    for name in moved:
        value = float(f"{weight[name]:.3g}")
        text = re.sub(rf"({weight_key(name)}:\n.*?\n.*?\n)  low: \S+\n  central: \S+\n  high: \S+\n",
                      rf"\g<1>  low: {value}\n  central: {value}\n  high: {value}\n", text)
    DATA.write_text(text, "utf-8")
    print(f"written {dt.date.today()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
