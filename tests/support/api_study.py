"""The small scenario that the tests of the public face play."""

import skyshield
from skyshield.scenario import Scenario
from support.command_line import FIXED

OPTIONS = ("region", "cities", "aid_region")


def asked() -> Scenario:
    """Two days of the shipped month with most numbers fixed."""
    return skyshield.load("month").model_copy(update={"assumptions": FIXED}).first(2)
