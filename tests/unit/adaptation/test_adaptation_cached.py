"""The sweep cached with its study: what was played comes back to the bit, and nothing else does.

Tried against mutations: the hash not compared; the study's key or size not compared; keys sorted, which loses the order
of the answers; the atlas's axes not compared; the rival left out; a temporary name that the store does not clear away.
Each fails at least one test.
"""

import hashlib
import json
import re

import pytest

from skyshield.adaptation import cached as module
from skyshield.adaptation.cached import cache, is_outgrown
from skyshield.adaptation.summary import adapt, adaptation_json
from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.study import store
from skyshield.study.runner import run
from support.command_line import FIXED, leftovers
from support.studies import resolved, scenario

CATALOGUE = load_catalogue()
OPEN = {name: value for name, value in FIXED.items() if name != "displacement"} | {"zone_share": 0.3}


def cached(folder, manifest):
    return module.cached(folder, manifest, CATALOGUE)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    small_study = resolved(scenario(days=1, assumptions=OPEN))
    folder = tmp_path_factory.mktemp("cached") / "study"
    result = run(small_study, 1, 2, out=folder, vectors=2)
    return small_study, result, adapt(small_study, result)


@pytest.fixture
def folder(played, tmp_path):
    cache(tmp_path, played[2], played[1].manifest)
    return tmp_path


def test_what_was_played_comes_back(played, folder):
    _, result, actual = played
    back = cached(folder, result.manifest)
    assert back == actual
    assert back.rival is not None
    assert json.dumps(adaptation_json(back)) == json.dumps(adaptation_json(actual))  # in the same order, too
    assert list(back.break_even["region"]) == ["displacement", "volume_response", "class_shift"]
    assert not leftovers(folder)


def test_the_same_sweep_has_the_same_bytes_and_nothing_of_the_machine(played, folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    cache(other, played[2], played[1].manifest)
    assert (other / "adaptation.json").read_bytes() == (folder / "adaptation.json").read_bytes()
    text = (folder / "adaptation.json").read_text("utf-8")
    assert str(folder) not in text and not re.search(r"\d{2}:\d{2}:\d{2}", text)


def test_where_there_is_none(played, tmp_path):
    assert cached(tmp_path, played[1].manifest) is None
    assert not is_outgrown(tmp_path, played[1].manifest)


def rewritten(folder, **changes):
    """Change the file and give it a hash that agrees."""
    path = folder / "adaptation.json"
    content = json.loads(path.read_text("utf-8"))
    content.pop("sha256")
    content |= changes
    content["sha256"] = hashlib.sha256(json.dumps(content, indent=1, ensure_ascii=False).encode()).hexdigest()
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), "utf-8")


@pytest.mark.parametrize("harm", [
    lambda text: text[:-20], lambda text: "", lambda text: "[]", lambda text: '{"kind": "a shopping list"}',
    lambda text: text.replace('"vectors": 2', '"vectors": 3'), lambda text: text.replace("0.", "1.", 1),
    lambda text: re.sub(r'"sha256": "\w+"', '"sha256": null', text), lambda text: "\x00",
    lambda text: re.sub(r',\s*"sha256": "\w+"', "", text)])
def test_a_damaged_file_is_told_in_one_line(played, folder, harm):
    path = folder / "adaptation.json"
    path.write_text(harm(path.read_text("utf-8")), "utf-8")
    with pytest.raises(SkyShieldError, match="run the same command again with --adaptation") as caught:
        cached(folder, played[1].manifest)
    assert caught.value.exit_code == 2 and "adaptation.json" in caught.value.where
    assert not is_outgrown(folder, played[1].manifest)


def test_of_another_study_or_another_program(played, folder):
    manifest = played[1].manifest
    with pytest.raises(SkyShieldError, match="is of another study"):
        cached(folder, manifest | {"study_key": "0" * 64})
    content = json.loads((folder / "adaptation.json").read_text("utf-8"))["found"]
    for changes in ({"points": [[0.0]]}, {"axes": 3}, {"evidence": {}}):
        rewritten(folder, found=content | changes)
        with pytest.raises(SkyShieldError, match="is made by another version of the program"):
            cached(folder, manifest)
    rewritten(folder, found=content)
    assert cached(folder, manifest) == played[2]
    rewritten(folder, code_sha256="0" * 64)
    with pytest.raises(SkyShieldError, match="is made by another version of the program"):
        cached(folder, manifest)
    assert not is_outgrown(folder, manifest | {"replications": 5})


def test_other_axes_of_the_atlas_are_another_program(played, folder):
    content = CATALOGUE.to_dict()
    entry = next(table["relief_share"] for table in content["subjects"].values() if "relief_share" in table)
    entry["high"] /= 2
    other = type(CATALOGUE).from_dict(content)
    with pytest.raises(SkyShieldError, match="another version"):
        module.cached(folder, played[1].manifest, other)


def test_a_study_that_grew_has_outgrown_it(played, folder):
    grown = played[1].manifest | {"replications": 5}
    with pytest.raises(SkyShieldError, match="is of 2 vectors x 2 replications, the study now of 2 x 5"):
        cached(folder, grown)
    assert is_outgrown(folder, grown)
    assert not is_outgrown(folder, played[1].manifest)
    assert not is_outgrown(folder, grown | {"study_key": "0" * 64})


def test_the_store_knows_its_name(played, tmp_path):
    small_study, _, actual = played
    folder = tmp_path / "study"
    result = run(small_study, 1, 2, out=folder, vectors=2)
    cache(folder, actual, result.manifest)
    (folder / ".adaptation.json.tmp-12").write_text("{")
    run(small_study, 1, 2, out=folder, vectors=2)
    assert not leftovers(folder) and cached(folder, result.manifest) == actual
    store.remove_study(folder)
    assert not (folder / "adaptation.json").exists()
