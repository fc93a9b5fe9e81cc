"""Every limit of a report stands exactly under the studies it is for, and says nothing of the program that is not so.

Each limit of the table has a study under which it stands and, unless it stands always, one under which it does not; and
each claim about the model has a check that fails when the model gains what the limit denies it.

Tried to fail: the sentence of every weather put back; `relief_not_played` without its condition, so that it stood under
a study with the arm of relief; a limit added without a study; the attacker's step made to name the shooters; a day
given to an axis of the routes; a lead time graded as data; the year's limit under every study. Each fails a test.
"""

import dataclasses
import functools
import inspect

import numpy as np
import pytest
import yaml

from skyshield.catalogue import load_measures
from skyshield.compile.parameters import RELIEF_ENTRIES, headline_value
from skyshield.core.errors import SkyShieldError
from skyshield.engine import order
from skyshield.engine.axes import ARRAYS
from skyshield.engine.steps import adapt, incidents, own, readiness, season
from skyshield.raids.geography import oblast_aims
from skyshield.report.limits import CONDITIONS, holding, load_limits
from skyshield.report.reading import Reading
from skyshield.scenario import load, resolve
from skyshield.study import StudyView, run
from skyshield.study.clauses import columns_of
from support.command_line import FIXED
from support.studies import compiled, parts, resolved, scenario

LIMITS = {limit.key: limit for limit in load_limits()}
MOVED = {name: value for name, value in FIXED.items() if name != "displacement"}


@functools.cache
def study(name):
    """A small study by what is special in it."""
    asked = load("month").chosen(("region",)).model_copy(update={"days": 1, "assumptions": FIXED})
    more = {}
    if name == "own":
        asked = asked.chosen(("own",))
    elif name == "aid":
        asked = asked.model_copy(update={"options": load("month").chosen(("region", "aid_region")).options})
    elif name == "guns":
        asked = scenario(days=1, options={"tried": {"packages": None}})
        guns = load("month").option("cities")
        guns = guns.model_copy(update={"packages": tuple(p for p in guns.packages if not p.flies)})
        asked = asked.model_copy(update={"options": (asked.option("own"), guns)})
    elif name == "long":
        asked = asked.model_copy(update={"days": 32})
    elif name == "cut short":
        asked = asked.first(30).first(1)
    elif name == "relief":
        more = {"relief": True}
    elif name == "displaced":
        asked = asked.model_copy(update={"assumptions": {**FIXED, "displacement": 0.3}})
    elif name == "moved":
        asked = asked.model_copy(update={"assumptions": MOVED})
    elif name == "rival fixed":
        asked = asked.model_copy(update={"assumptions": {**FIXED, "own_defence_along_share": 0.0}})
    done = resolved(asked)
    if name == "marked":
        catalogue, theatre, fit = parts()
        done = resolve(asked, catalogue, theatre, dataclasses.replace(fit, status="half of the nights are missing"))
    view = StudyView(run(done, seed=1, replications=2, vectors=2, **more), done)
    return Reading(view)


# limit -> a study under which it stands, and one under which it does not; None for a limit of every study.
STANDS = {
    "fit": ("marked", "region"), "claims": ("own", None), "adaptation_moved": ("moved", "region"),
    "adaptation_untried": ("region", "moved"), "adaptation_supposed": ("displaced", "region"),
    "no_search": ("region", "own"), "one_aim": ("own", None), "people": ("region", None), "no_people": (None, "region"),
    "by_interest": ("own", None), "places": ("region", "guns"), "patrols": ("region", "guns"),
    "weather": ("region", "guns"), "losses": ("region", "guns"), "lead_times": ("guns", "own"), "growth": ("own", None),
    "year": ("long", "region"), "first_days": ("cut short", "region"), "stores": ("own", None), "harm": ("own", None),
    "relief_not_played": ("region", "relief"),
    "relief_played": ("relief", "region"), "rival_fixed": ("rival fixed", "region"), "aid": ("aid", "region"),
    "geometry": ("own", None), "operations": ("own", None)}


def test_every_limit_has_its_studies():
    assert list(STANDS) == list(LIMITS)
    assert {key for key, (_, other) in STANDS.items() if other is None} == {
        key for key, limit in LIMITS.items() if not limit.when} | {"people"}


@pytest.mark.parametrize("key", LIMITS)
def test_a_limit_stands_where_it_should_and_nowhere_else(key):
    where, elsewhere = STANDS[key]
    assert where is None or LIMITS[key].holds(study(where))
    assert elsewhere is None or not LIMITS[key].holds(study(elsewhere))


def test_what_depends_on_what_is_counted(monkeypatch):
    from skyshield.report import limits

    monkeypatch.setattr(limits, "columns_of", lambda prefix: ())
    assert LIMITS["no_people"].holds(study("region")) and not LIMITS["people"].holds(study("region"))


def test_every_condition_is_used_and_says_what_it_asks():
    used = {name.removeprefix("not ") for limit in LIMITS.values() for name in limit.when}
    assert used == set(CONDITIONS)
    assert all(condition.__doc__.startswith("Return whether ") for condition in CONDITIONS.values())


def test_texts_are_filled_in():
    texts = holding(study("marked"))
    assert "The raids and Ukraine's own defence: half of the nights are missing." in texts
    assert not [text for text in texts if "{" in text]


def test_a_condition_that_there_is_not_is_refused(tmp_path):
    path = tmp_path / "limits.yaml"
    path.write_text(yaml.safe_dump({"one": {"text": "Text.", "when": ["not it_rains"]}}))
    with pytest.raises(SkyShieldError, match="it_rains"):
        load_limits(path)


def reads(step):
    """What of the world a step's code names."""
    return inspect.getsource(step)


def claims():
    entry = parts()[0]["claim_bias"]
    return headline_value(entry, {}) == 0.0 and entry.high > 0.0


def no_search():
    return "forces" not in reads(adapt) and "forces" in reads(readiness)


def one_aim():
    aims = oblast_aims(parts()[1])
    return len(aims.oblasts) == len(set(aims.oblasts)) == len(aims.x_m) > 20


def people():
    words = " ".join(f"{measure.label} {measure.what}".lower() for measure in load_measures())
    return not any(word in words for word in ("civilian", "deaths of ukrain", "escalat", "damage in eur"))


def by_interest():
    names = {interest.name for interest in parts()[1].interests}
    return not [m for m in load_measures() if set(m.keys) & names]


def places():
    def first(serves):
        asked = scenario(options={"tried": {"packages": {"serves": serves}}})
        return compiled(asked).world.forces.x_m[1, 0]

    return first(["Kyiv", "Lviv"]) != first(["Lviv", "Kyiv"])


def patrols():
    axes = ARRAYS["forces.engagement_time_s"].axes, ARRAYS["forces.renewal_time_s"].axes
    return axes == (("vector", "kind"), ("vector", "option", "slot"))


def weather():
    flies = "weather" in order.BY_NAME and "readiness.flyable" in order.BY_NAME["weather"].functions
    return flies and not any("weather" in reads(step) for step in (own, season))


def losses():
    gone = "scratch.campaign.lost" in reads(readiness.end_day)
    draws = [line for line in reads(incidents).splitlines() if "uniforms(seed" in line]
    return gone and draws and all("CASUALTIES" in line for line in draws)  # people alone are drawn


def judged(start):
    """Whether all entries of a kind are judgements, those that the study moves without a centre."""
    catalogue = parts()[0]
    kind = [catalogue[key] for key in catalogue if key.startswith(start)]
    return len(kind) >= 3 and all(entry.grade == "K" and entry.central is None for entry in kind)


def lead_times():
    catalogue = parts()[0]
    times = [name for name in catalogue if catalogue[name].bundle == "zone_lead_time"]
    fixed = {name: value for name, value in FIXED.items() if name not in times}
    asked = scenario(days=40, assumptions=fixed, decided_before_days=80)
    soon, late = (compiled(asked, ends=ends).world for ends in (dict.fromkeys(times, "low"), {}))
    there = [world.forces.presence.sum(axis=2) for world in (soon, late)]
    plans = [world.costs.planned_eur[..., 0] * days for world, days in zip((soon, late), there, strict=True)]
    later = 0 < there[1].sum() < there[0].sum() and np.allclose(*plans)
    return later and all(catalogue[name].grade == "K" for name in times)


def growth():
    entry = parts()[0]["launch_growth"]
    return entry.reference_value == 1.0 and entry.central is None and "option" not in ARRAYS["raids.growth"].axes


def year():
    still = ("fleets.p_bad_weather", "fleets.bad_weather_flown", "harm.outage_h_per_hit", "harm.grid_repair_days")
    return not [name for name in still if {"day", "phase"} & set(ARRAYS[name].axes)]


def stores():
    return judged("own_magazine_days") and judged("own_resupply_share") and parts()[0]["own_ration_share"].grade == "K"


def harm():
    catalogue = parts()[0]
    shares = ("energy_share_of_armed_leakers", "port_share_of_armed_leakers", "rail_share_of_armed_leakers",
              "outage_hours_per_energy_hit", "port_days_per_hit", "rail_hours_per_hit",
              "npp_offsite_power_days_per_hit")
    return not [key for key in shares if catalogue[key].central is not None]


def relief_not_played():
    view = study("region").view
    return all(not view.parameters[name].any() for name in RELIEF_ENTRIES if name in view.parameters) and not any(
        view.summaries["region"]["relieved"][key] for key in ("mean", "hi"))


def relief_played():
    return [arm.in_envelope for arm in study("relief").view.played_arms if arm.kind == "relief"] == [False]


def aid():
    catalogue = parts()[0]
    return len([key for key in catalogue if key.startswith("aid_") and catalogue[key].central is None]) >= 3


def geometry():
    still = [array for name, array in ARRAYS.items() if name.startswith(("routes.", "rules."))]
    return len(still) > 5 and not [array for array in still if "day" in array.axes]


def operations():
    from skyshield.report.pages import pages

    made = pages(study("region").view)
    theatre = parts()[1]
    names = {place.name for kind in ("bases", "launch_areas") for place in getattr(theatre, kind)}
    return not [name for name in names - {"Crimea", "Black Sea"} if name in made.report + made.annex]


# What a limit says of the program, and the check of it; the others speak of the study alone.
TRUE = {"claims": claims, "no_search": no_search, "one_aim": one_aim, "people": people, "by_interest": by_interest,
        "places": places, "patrols": patrols, "weather": weather, "losses": losses, "lead_times": lead_times,
        "growth": growth, "year": year, "stores": stores, "harm": harm,
        "relief_not_played": relief_not_played, "relief_played": relief_played, "aid": aid, "geometry": geometry,
        "operations": operations}
OF_THE_STUDY = {"fit", "adaptation_moved", "adaptation_untried", "adaptation_supposed", "no_people", "rival_fixed",
                "first_days"}


def test_every_claim_about_the_program_has_a_check():
    assert set(TRUE) | OF_THE_STUDY == set(LIMITS) and not set(TRUE) & OF_THE_STUDY


@pytest.mark.parametrize("key", TRUE)
def test_what_a_limit_says_of_the_program_is_so(key):
    assert TRUE[key](), LIMITS[key].text


def test_words_that_were_wrong_once_are_not_back():
    texts = " ".join(limit.text for limit in LIMITS.values())
    assert "every weather" not in texts and "Relief for Ukraine's own defence from redundant stops is not" not in texts
    assert columns_of("incidents/")  # else people would be no limit
