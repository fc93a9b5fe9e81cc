"""A small stored study of two phases with its days, and one of a single phase that is not stored."""

import functools

from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from skyshield.study import StudyView, run
from support.command_line import FIXED
from support.studies import resolved

PHASES = [{"name": "war", "first_day": 1}, {"name": "ceasefire", "first_day": 4, "raid_intensity": 0.5}]
SIZE = {"seed": 5, "replications": 3, "vectors": 3}


def asked(days=6, phases=PHASES):
    """`own`, `same` (an option of no package), `region` and `aid` of the shipped month."""
    content = {**dump(load("month")), "days": days, "assumptions": FIXED, "phases": phases}
    options = content["options"]
    content["options"] = {"own": options["own"], "same": {"label": "the same"}, "region": options["region"],
                          "aid_region": options["aid_region"]}
    return parse(content, "test")


def stored(folder):
    """Run the study of two phases into a folder, with its days."""
    run(resolved(asked()), **SIZE, out=folder, daily=True)
    return folder


@functools.cache
def single():
    """Three days of war, seen as every output sees it."""
    one = resolved(asked(days=3, phases=PHASES[:1]))
    return StudyView(run(one, **SIZE), one)


@functools.cache
def broken():
    """A day of war, then a ceasefire of four months that often breaks down."""
    fixed = {**FIXED, "renewal_within_1_year": 0.7, "renewal_within_5_years": 0.9}
    content = asked(days=120, phases=[PHASES[0], {"name": "ceasefire", "first_day": 2}, {"name": "violation"},
                                     {"name": "collapse"}])
    one = resolved(content.model_copy(update={"assumptions": fixed}))
    return StudyView(run(one, **SIZE), one)
