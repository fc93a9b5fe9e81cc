"""Priors that know nothing of the days forecast.

Two priors of the shipped fit carry a published reading of the record (how much of the front stream leaks, how little of
routine nights is deep). The reading covers days that are forecast here, so in a backtest both say next to nothing. The
other priors are weak and no record was looked at for them.
"""

from pathlib import Path

from skyshield.calibrate import posterior
from skyshield.calibrate.posterior import Block, Prior
from skyshield.core.files import read_yaml

BLIND_PRIORS = {"leak_front": Prior("logit", 1 / 2, 1.5), "routine_deep_ratio": Prior("log", 1.0, 1.5)}


def blind_block() -> Block:
    """Return the raid model's parameters with these priors.

    Examples
    --------
    >>> "leak_front" in blind_block().names
    True
    """
    table = read_yaml(Path(posterior.__file__).with_name("data") / "priors.yaml")["raids"]
    priors = {name: Prior(str(row["transform"]), float(row["centre"]), float(row["spread"]))
              for name, row in table.items()}
    return Block(priors | {name: prior for name, prior in BLIND_PRIORS.items() if name in priors})
