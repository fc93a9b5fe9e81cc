"""Shares of enforcement in agreements.

Tried to fail: ``ImE`` counted without ``Ce``; Ukraine by the first place alone; a code that is missing read as 0. Each
fails a test.
"""

from pathlib import Path

import pytest
from scipy.stats import beta

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.base_rates import rates_content, read_agreements
from skyshield.monitoring.base_rates.shares import jeffreys

HEAD = "AgtId,Con,Dat,Stage,Loc1ISO,Loc2ISO,Ce,ImE\n"
ROWS = ("1,Ukraine,2014-09-05,Cea,UKR,,2,0\n2,Georgia,1994-05-14,Cea,GEO,,3,1\n3,Border,2001-01-01,Pre,RUS,UKR,1,1\n"
        "4,Other,2001-02-01,Pre,SDN,,0,1\n5,Other,2002-02-01,,SDN,,,1\n")


def written(folder: Path, text: str) -> Path:
    path = folder / "pax.csv"
    path.write_text(text, "utf-8")
    return path


def test_the_record_itself(data_dir):
    content = rates_content(read_agreements(data_dir / "agreements/pax_all_agreements.csv"))
    assert (content["all"]["n"], content["all"]["k"]) == (855, 355)
    assert (content["ukraine"]["n"], content["ukraine"]["k"]) == (8, 0)
    assert content["all"]["share"] == pytest.approx(355 / 855)
    for split in ("by_decade", "by_stage"):
        assert sum(row["n"] for row in content[split]) == 855 and sum(row["k"] for row in content[split]) == 355


def test_a_small_file(tmp_path):
    content = rates_content(read_agreements(written(tmp_path, "\ufeff" + HEAD + ROWS)))
    assert (content["all"]["n"], content["all"]["k"], content["not_coded"]) == (3, 2, 1)
    assert (content["ukraine"]["n"], content["ukraine"]["k"]) == (2, 1)
    assert [row["decade"] for row in content["by_decade"]] == ["1990s", "2000s", "2010s"]
    assert content["observational"] is True and "Observational" in content["caution"]


def test_other_columns_and_dates_make_no_difference(tmp_path):
    text = "ImE,more,Ce,Dat,Stage,Loc1ISO\n1,x,1.0,05/09/2014,Cea,UKR\n"
    content = rates_content(read_agreements(written(tmp_path, text)))
    assert content["ukraine"] == content["all"] and content["all"]["k"] == 1


def test_without_any_ceasefire_there_is_no_share(tmp_path):
    content = rates_content(read_agreements(written(tmp_path, HEAD + "1,A,2014-01-01,Pre,SDN,,0,0\n")))
    assert content["all"] == {"n": 0, "k": 0, "share": None, "lo": None, "hi": None}


@pytest.mark.parametrize(("k", "n"), [(1, 8), (4, 8), (355, 855)])
def test_jeffreys_is_the_beta_quantile(k, n):
    assert jeffreys(k, n) == pytest.approx(beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5), rel=1e-9)
    assert jeffreys(0, n)[0] == 0.0 and jeffreys(n, n)[1] == 1.0


@pytest.mark.parametrize(("text", "said"), [
    (HEAD.replace(",ImE", ""), "lacks the column 'ime'"), (HEAD, "holds no agreement"),
    (HEAD + "1,A,soon,Pre,SDN,,1,1\n", "Dat: is 'soon'"), (HEAD + "1,A,2014-01-01,Pre,SDN,,-1,1\n", "Ce: is '-1'"),
    (HEAD + "1,A,2014-01-01,Pre,SDN,,nan,x\n", "ImE: is 'x'"),
    (HEAD + "1,A,2014-01-01,Pre,SDN,,1,1\n1,A,2014-01-01,Pre,SDN,,1,1\n", "AgtId: is 1, as in line 2")])
def test_what_is_no_file_of_agreements(text, said, tmp_path):
    with pytest.raises(SkyShieldError) as told:
        read_agreements(written(tmp_path, text))
    assert said in str(told.value)
