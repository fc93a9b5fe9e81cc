"""Studies from Python: the numbers of ``run --json``, with units, as pandas, xarray and matplotlib.

Tried against mutations: differences to the wrong option; the second option of a pair minus the first; totals of another
option; a unit left out. Each fails at least one test.
"""

import json

import matplotlib.figure
import numpy as np
import pytest

import skyshield
from skyshield.core.errors import SkyShieldError
from support.api_study import OPTIONS, asked


@pytest.fixture(scope="module")
def summary(folder):
    return json.loads((folder / "summary.json").read_text("utf-8"))


def of(frame, measure, **where):
    rows = frame[(frame["measure"] == measure) & np.logical_and.reduce([frame[k] == v for k, v in where.items()])]
    assert len(rows) == 1
    return rows.iloc[0]


def test_tables_say_what_the_document_says(study, summary):
    assert study.option_names == ["own", *OPTIONS] and study.baseline == "own"
    assert study.key == summary["study_key"] and study.sizes == {"vectors": 3, "replications": 2, "days": 2}
    for option in OPTIONS:
        row, told = of(study.paired, "prevented_armed", option=option), summary["paired"][option]["prevented_armed"]
        assert (row["delta"], row["mcse"], row["unit"], row["to"]) == (told["delta"], told["mcse"], "threats", "own")
        money = of(study.options, "cost_eur", option=option)
        assert (money["mean"], money["unit"]) == (summary["options"][option]["cost_eur"]["mean"], "EUR")
    assert set(study.parameters["unit"]) > {"km", "day"} and len(study.vectors) == 3


def test_pairs_are_the_twin_and_what_is_asked_for(study, summary):
    (twin,) = summary["pairs"]
    row = of(study.pairs, "prevented_armed", option="region", to="aid_region", arm="headline")
    told = twin["measures"]["prevented_armed"]
    assert (row["delta"], row["verdict"]) == (told["delta"], told["verdict"])
    near = of(study.pairs, "prevented_armed", option="region", to="aid_region", arm="own_defence_along_share=low")
    assert near["delta"] == told["at_ends"]["coverage"]["delta"]
    assert set(study.thresholds["number"]) == set(told["levers"])
    compared = skyshield.compare(study, against=["cities"])
    assert {tuple(pair) for pair in compared.pairs[["option", "to"]].values} == {
        ("region", "aid_region"), ("region", "cities"), ("aid_region", "cities")}
    one, other = (study.totals["prevented_armed"].sel(option=name).values for name in ("region", "cities"))
    row = of(compared.pairs, "prevented_armed", option="region", to="cities", arm="headline")
    assert row["delta"] == pytest.approx((one - other).mean(), abs=1e-4)


def test_another_option_to_compare_with(study):
    compared = skyshield.compare(study, "aid_region")
    assert compared.to == "aid_region" and sorted(compared.rows) == ["cities", "own", "region"]
    totals = study.totals["prevented_armed"]
    expected = (totals.sel(option="region") - totals.sel(option="aid_region")).mean()
    assert float(compared.dataset["delta"].sel(option="region", measure="prevented_armed")) == pytest.approx(
        float(expected), abs=1e-4)
    assert str(compared.dataset["unit"].sel(measure="cost_eur").values) == "EUR"
    assert of(compared.frame, "prevented_armed", option="region")["to"] == "aid_region"


def test_totals_carry_units(study):
    assert study.totals["flight_hours"].attrs["units"] == "h" and study.totals.attrs["study_key"] == study.key
    assert study.totals["leaked/uav"].attrs["long_name"] == "Leaked, UAVs"


def test_figures_are_matplotlibs_and_notebooks_show_tables(study):
    assert {"figure-answer", "figure-pairs", "map-1"} <= set(study.figures)
    assert all(isinstance(figure, matplotlib.figure.Figure) for figure in study.figures.values())
    assert isinstance(skyshield.compare(study).figure(), matplotlib.figure.Figure)
    shown = study._repr_html_()
    assert "<table>" in shown and "fewer than 200: intervals are rough" in shown and "EUR million" in shown
    pairs = skyshield.compare(study)._repr_html_()
    assert "minus Region&#39;s money as aid" in pairs and "95% of the expected outcome" in pairs
    assert study.key[:12] in repr(study) and "own, region, cities, aid_region" in repr(study)


def test_it_plays_what_the_folder_holds(study):
    again = skyshield.run(asked(), vectors=3, replications=2, options=OPTIONS)
    assert again.key == study.key and again.folder is None
    np.testing.assert_array_equal(again.totals.to_array(), study.totals.to_array())
    other = skyshield.run(asked(), vectors=3, replications=2, options=OPTIONS, seed=2)
    assert other.key != study.key
    with pytest.raises(SkyShieldError, match="is not stored"):
        again.export("study.xlsx")


def test_words_of_a_stored_study_can_change_without_playing_it(study, folder, tmp_path):
    import shutil

    place = tmp_path / "study"
    shutil.copytree(folder, place)
    shards = {path.name: path.stat().st_mtime_ns for path in (place / "shards").iterdir()}
    options = tuple(option.model_copy(update={"label": f"My {option.name}", "short": None})
                    for option in asked().chosen(OPTIONS).options)
    worded = asked().chosen(OPTIONS).model_copy(update={"title": "Mine", "options": options,
                                                         "pairs": (("cities", "region"),)})
    again = skyshield.run(worded, vectors=3, replications=2, out=place)
    assert again.key == study.key and again.scenario.title == "Mine"
    assert set(again.paired["option_label"]) == {"My region", "My cities", "My aid_region"}
    assert ["cities", "region"] in again.pairs[["option", "to"]].values.tolist()
    assert {path.name: path.stat().st_mtime_ns for path in (place / "shards").iterdir()} == shards
    assert skyshield.open_study(place).scenario.title == "Mine"


@pytest.mark.parametrize(("call", "said"), [
    (lambda s: skyshield.compare(s, "nobody"), "option 'nobody': is not in the study; choose from own, region"),
    (lambda s: skyshield.compare(s, against=["nobody"]).pairs, "--against 'nobody': is not in the study"),
    (lambda s: skyshield.run(skyshield.resolve(asked()), days=1), "is given a resolved scenario with days"),
    (lambda s: skyshield.run("nowhere"), "is neither a shipped scenario nor a file"),
    (lambda s: s.export("study.docm"), "")])
def test_what_cannot_be_is_one_line(study, call, said):
    with pytest.raises(SkyShieldError) as caught:
        call(study)
    assert said in str(caught.value) and "\n" not in str(caught.value)
