"""Adding vectors and replications until the error is small enough, and saying how many more it takes.

Tried to fail: the floor left out (an option without effect never ends), the share taken of the error instead of the
value, replications added where vectors dominate, the growth not written to the manifest before more is played. Each
fails at least one test or the killed run in `test_study_killed`.
"""

import json

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.study import compare, run
from skyshield.study.compare import PRIMARY
from skyshield.study.precision import FLOOR, parse_share, precision, precision_json, size_for
from support.command_line import parsed, refused
from support.forks import skyshield
from support.handmade import result_of
from support.studies import resolved, same_bytes, scenario

SEED, VECTORS = 3, 4


def held(shift, spread, replications=8, vectors=50, between=0.0):
    """`region` prevents `shift` more than `own`, with so much noise in single periods and so much between vectors."""
    noise = spread * np.random.default_rng(1).normal(size=(vectors, replications))
    noise += between * np.random.default_rng(2).normal(size=(vectors, 1))
    return result_of(["own", "region"], {("region", PRIMARY): shift + noise})


def rows(result):
    """Return the paired differences of the primary measure."""
    return {option: row[PRIMARY] for option, row in compare(result, "own").rows.items()}


def test_the_error_falls_with_the_square_root():
    result = precision(rows(held(10.0, 40.0)), (50, 8), 0.05)["region"]
    assert result.mcse == pytest.approx(40.0 / np.sqrt(8 * 50), rel=0.1) and result.se >= result.mcse
    vectors, n = (2 * needed for needed in result.needed)
    assert n > 8 * (result.mcse / 0.5) ** 2
    enough = precision(rows(held(10.0, 40.0, n, vectors)), (vectors, n), 0.05)["region"]
    assert enough.needed == (vectors, n) and enough.se < 0.5


def test_vectors_are_added_where_they_dominate_and_replications_where_chance_does():
    by_vectors = precision(rows(held(10.0, 4.0, between=30.0)), (50, 8), 0.05)["region"]
    assert by_vectors.needed[1] == 8 and by_vectors.needed[0] == pytest.approx(50 * (by_vectors.se / 0.5) ** 2, rel=0.1)
    by_chance = precision(rows(held(10.0, 15.0, replications=2, vectors=400, between=0.1)), (400, 2), 0.05)["region"]
    assert by_chance.needed[0] <= 401 and by_chance.needed[1] > 2


def test_an_option_without_effect_ends_at_the_floor():
    idle = held(0.0, 0.9 * FLOOR * np.sqrt(8 * 50))
    assert size_for(idle, "own", 0.001) == (50, 8)
    assert size_for(held(0.0, 2.2 * FLOOR * np.sqrt(8 * 50)), "own", 0.001)[1] > 8


def test_what_is_said_of_it():
    result = precision_json(compare(held(10.0, 40.0), "own"), (50, 8), 0.05)
    assert (result["met"], result["measure"], result["replications"]) == (False, "prevented_armed_zone", 8)
    assert result["vectors"] == 50 and result["options"]["region"]["se"] >= result["options"]["region"]["mcse"]
    assert result["replications_needed"] == result["options"]["region"]["replications_needed"] > 8
    assert size_for(held(10.0, 4000.0), "own", 0.05)[1] == 64  # grows in steps: the first error is rough


@pytest.mark.parametrize("text", ["", "0", "-5%", "101%", "five", "nan", "5%%"])
def test_no_percentage(text):
    with pytest.raises(SkyShieldError, match="give a percentage above 0 and up to 100"):
        parse_share(text)


def test_a_study_grown_until_it_is_precise_is_the_study_of_that_size():
    asked = resolved(scenario(days=6))
    grown = run(asked, SEED, 2, vectors=VECTORS, until=0.12)
    vectors, n = grown.sizes
    assert vectors > VECTORS and n > 2 and precision_json(compare(grown, "own"), (vectors, n), 0.12)["met"]
    assert same_bytes(grown.values, run(asked, SEED, n, vectors=vectors).values)
    few = run(asked, SEED, 2, vectors=VECTORS)
    assert not precision_json(compare(few, "own"), (VECTORS, 2), 0.12)["met"]


def test_from_the_command_line(few, tmp_path):
    words = ("run", few, "--vectors", 3, "--replications", 2, "--days", 2, "--json")
    result = parsed(skyshield(*words, "--until", "25%", "--out", tmp_path / "study"))
    size = result["vectors"], result["replications"]
    assert result["precision"]["met"] and size > (3, 2)
    assert size == (result["precision"]["vectors"], result["precision"]["replications"])
    again = parsed(skyshield(*words, "--out", tmp_path / "study"))
    assert (again["vectors"], again["replications"]) == size and again["paired"] == result["paired"]
    assert again["precision"]["share"] == 0.05
    manifest = json.loads((tmp_path / "study/study.json").read_text())
    assert (manifest["vectors"], manifest["replications"]) == size
    refused(skyshield(*words, "--until", "0"), 2, "--until")
