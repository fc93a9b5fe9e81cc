"""Adding replications until the error is small enough, and saying how many more it takes.

Tried to fail: the floor left out (an option without effect never ends), the share taken of the mcse instead of the
value, the growth not written to the manifest before more is played. Each fails at least one test or the killed run in
`test_study_killed`.
"""

import json

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.study import compare, run
from skyshield.study.precision import FLOOR, parse_share, precision, precision_json, replications_for
from support.command_line import parsed, refused
from support.forks import skyshield
from support.handmade import result_of
from support.studies import resolved, same_bytes, scenario

SEED, VECTORS = 3, 4


def held(shift, spread, replications=8, vectors=50):
    """`region` prevents `shift` more than `own`, with so much noise in single periods."""
    noise = spread * np.random.default_rng(1).normal(size=(vectors, replications))
    return result_of(["own", "region"], {("region", "prevented_zone"): shift + noise})


def rows(result):
    """Return the paired differences of the primary measure."""
    return {option: row["prevented_zone"] for option, row in compare(result, "own").rows.items()}


def test_the_error_falls_with_the_square_root():
    result = precision(rows(held(10.0, 40.0)), 8, 0.05)["region"]
    assert result.mcse == pytest.approx(40.0 / np.sqrt(8 * 50), rel=0.1)
    assert result.needed == pytest.approx(8 * (result.mcse / (0.05 * result.delta)) ** 2, abs=1.0)
    n = result.needed * 2
    enough = precision(rows(held(10.0, 40.0, replications=n)), n, 0.05)["region"]
    assert enough.needed == n and enough.mcse < 0.05 * enough.delta


def test_an_option_without_effect_ends_at_the_floor():
    idle = held(0.0, 0.9 * FLOOR * np.sqrt(8 * 50))
    assert replications_for(idle, "own", 0.001) == 8
    assert replications_for(held(0.0, 2.2 * FLOOR * np.sqrt(8 * 50)), "own", 0.001) > 8


def test_what_is_said_of_it():
    result = precision_json(compare(held(10.0, 40.0), "own"), 8, 0.05)
    assert (result["met"], result["measure"], result["replications"]) == (False, "prevented_zone", 8)
    assert result["replications_needed"] == result["options"]["region"]["replications_needed"] > 8
    assert replications_for(held(10.0, 4000.0), "own", 0.05) == 64  # grows in steps: the first error is rough


@pytest.mark.parametrize("text", ["", "0", "-5%", "101%", "five", "nan", "5%%"])
def test_no_percentage(text):
    with pytest.raises(SkyShieldError, match="give a percentage above 0 and up to 100"):
        parse_share(text)


def test_a_study_grown_until_it_is_precise_is_the_study_of_that_size():
    asked = resolved(scenario(days=6))
    grown = run(asked, SEED, 2, vectors=VECTORS, until=0.02)
    n = grown.failed[0].shape[1]
    assert n > 2 and precision_json(compare(grown, "own"), n, 0.02)["met"]
    assert same_bytes(grown.values, run(asked, SEED, n, vectors=VECTORS).values)
    assert not precision_json(compare(run(asked, SEED, 2, vectors=VECTORS), "own"), 2, 0.02)["met"]


def test_from_the_command_line(few, tmp_path):
    words = ("run", few, "--vectors", 3, "--replications", 2, "--days", 2, "--json")
    result = parsed(skyshield(*words, "--until", "25%", "--out", tmp_path / "study"))
    assert result["precision"]["met"] and result["replications"] == result["precision"]["replications"] > 2
    again = parsed(skyshield(*words, "--out", tmp_path / "study"))
    assert again["replications"] == result["replications"] and again["paired"] == result["paired"]
    assert again["precision"]["share"] == 0.05
    assert json.loads((tmp_path / "study/study.json").read_text())["replications"] == result["replications"]
    refused(skyshield(*words, "--until", "0"), 2, "--until")
