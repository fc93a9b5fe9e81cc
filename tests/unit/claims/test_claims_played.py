"""Studies really played, small: without kill probability no claim of an effect is left, and stand-offs decide places.

The attacker does not answer in them: an option that never hits anything still prevents something if its mere presence
makes Russia launch less, or keeps a ceasefire up, which the full study supposes in some arms.
"""

import functools
from dataclasses import replace

import pytest

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.claims import CONTRADICTED, SUPPORTED, judged, load_claims
from skyshield.claims.table import EFFECT, Claims
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load, resolve
from skyshield.scenario.load import dump, parse
from skyshield.strategy.figures import StudyFigures, digest
from skyshield.study import StudyView, run
from skyshield.theatre import load_theatre
from support.command_line import FIXED

OPTIONS = ("own", "region", "cities", "sites", "ground_10k", "naval", "neighbouring_soil")
KILLS = ("aam_pk", "apkws_pk", "irist_pk", "nasams_pk", "patriot_pk_cruise", "patriot_pk_ballistic", "gun_pk_in_reach",
         "intercept_drone_kill_per_sortie", "frigate_pk")
STANDOFFS = ("standoff_russia", "standoff_front", "standoff_belarus")


def without_kills(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue with every probability of the coalition's shots at 0."""
    subjects = {subject: tuple(replace(entry, low=0.0, central=0.0, high=0.0, distribution="constant")
                               if entry.key in KILLS else entry for entry in entries)
                for subject, entries in catalogue.subjects.items()}
    return Catalogue(subjects, catalogue.sources)


@functools.cache
def played(kills: bool = True, standoffs: bool = True) -> StudyFigures:
    """Play a year of `guarantees` whose ceasefire holds, and in which the attacker does not answer an option."""
    shipped, content = load_catalogue(), dump(load("guarantees"))
    content["options"] = {name: content["options"][name] for name in OPTIONS}
    content |= {"assumptions": FIXED, "phases": [{"name": "war"}, {"name": "ceasefire", "first_day": 181}]}
    if not standoffs:
        for option in content["options"].values():
            option["rules"] = {name: rule for name, rule in option.get("rules", {}).items() if name not in STANDOFFS}
    catalogue = shipped if kills else without_kills(shipped)
    asked = resolve(parse(content, "test"), catalogue, load_theatre(), embedded_fit())
    result = run(asked, seed=3, vectors=2, replications=1)
    view = StudyView(result, asked)
    return StudyFigures(digest(view), view)


def measured() -> Claims:
    claims = [replace(claim, parts=tuple(part for part in claim.parts if part.figure.measure))
              for claim in load_claims()]
    return Claims("", tuple(claim for claim in claims if claim.parts))


def found(**how: bool):
    return {one.claim.name: one for one in judged(played(**how), measured())}


@pytest.mark.slow
def test_a_year_without_kill_probability_contradicts_every_claim_of_an_effect():
    without = found(kills=False)
    effects = [claim.name for claim in measured() if claim.kind == EFFECT]
    assert {name: without[name].verdict for name in effects} == dict.fromkeys(effects, CONTRADICTED)
    as_it_is = found()  # so that it is the kills, not the smallness
    for name in ("possible_now", "sensible_now", "zone_over_regions", "more_than_ten_thousand"):
        assert as_it_is[name].verdict == SUPPORTED, name


@pytest.mark.slow
def test_a_year_without_stand_offs_is_fought_near_the_border():
    as_it_is, lifted = found()["only_far_away"], found(standoffs=False)["only_far_away"]
    assert as_it_is.verdict == SUPPORTED
    assert [part.verdict for part in lifted.parts if part.part.name == "border"] == [CONTRADICTED]
    for name in ("sensible_now", "zone_over_regions", "more_than_ten_thousand"):
        assert found(standoffs=False)[name].verdict == SUPPORTED, name
