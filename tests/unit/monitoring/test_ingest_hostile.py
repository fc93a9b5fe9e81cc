"""Odd and harmful files: each is refused in one line, or its rows go to quarantine; nothing else ever happens."""

import csv
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.intake import Report, ingest
from skyshield.monitoring.ledger.store import Ledger, create

NOW_S = 1_796_000_000.0  # 30 November 2026
HEADER, GOOD = "time,lon,lat,method\n", "2015-02-14T22:00:00Z,38.4,48.3,heard\n"
UCDP = "id,date_start,date_end,date_prec,where_prec,latitude,longitude,best,low,high\n"
RAIDS = "time_start,time_end,model,target,launched,destroyed,source\n"
OSCE = 'SMM position,Event location,Means,No.,Observation,Description,Weapon,"Date, time"\n'
FIRMS = "latitude,longitude,acq_date,acq_time,satellite,confidence,scan\n"
CAP = ('<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier><sender>x</sender>'
       "<sent>2024-05-01T00:00:00Z</sent><status>Actual</status><info>{}</info></alert>")
FEATURES = '{{"type": "FeatureCollection", "features": [{}]}}'
SAME = ", ".join(["[38.4, 48.3]"] * 5)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    folder = tmp_path_factory.mktemp("ledger") / "mission"
    create(folder, b"name: test\n", key=folder.with_name("key"))
    with Ledger.open(folder) as opened:
        yield opened


@pytest.fixture(scope="module", autouse=True)
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("keys")
        patch.setattr("skyshield.monitoring.ledger.keys.key_folder", lambda: place)
        yield


def take(ledger: Ledger, folder: Path, content: str | bytes, **options: str) -> Report:
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return ingest(ledger, path, "s", NOW_S, **options)


def at(time: str) -> str:
    return HEADER + f"{time},38.4,48.3,heard\n"


WHOLE = [
    ((HEADER + GOOD).replace(",", ";"), "no known format"), ((HEADER + GOOD).replace(",", "\t"), "no known format"),
    ((HEADER + GOOD).replace("\n", "\r"), "no known format"), ("\0" * 1000, "no known format"),
    (",".join(f"c{k}" for k in range(1_000_000)) + "\n1\n", "no known format"), ("\n\n\n", "no known format"),
    (f'"{HEADER}{GOOD}', "no known format"), ("", "is empty"), ((HEADER + GOOD).encode("utf-16"), "UTF-16"),
    (HEADER.strip() + ",lon\n" + GOOD.strip() + ",1\n", "twice"), (HEADER.strip() + ",\n", "without a name"),
    (HEADER.strip().encode() + b",\xff\xfe\n", "which the native format has not"),
    (gzip.compress(HEADER.encode() + b"\0" * 20_000_000), "200-fold"),
    (gzip.compress((HEADER + GOOD * 1000).encode())[:-20], "broken gzip"),
    (gzip.compress(gzip.compress((HEADER + GOOD).encode())), "no known format"),
    ("<?xml version='1.0'?>" + "<a>" * 100_000, "is not XML"), ("<html><p>hi</p></html>", "no alert"),
    ('<?xml version="1.0" encoding="utf-7"?><a/>', "encoding that is not read"),
    ('<?xml version="1.0" encoding="koi8-z"?><a/>', "encoding that is not read"),
    (CAP.format("").encode("utf-16"), "UTF-16"), ("[1, 2]", "no known format"), ('{"a":' * 200_000, "nested too deep"),
]


@pytest.mark.parametrize(("content", "what"), WHOLE, ids=range(len(WHOLE)))
def test_a_file_that_is_refused_whole(ledger: Ledger, tmp_path: Path, content: str | bytes, what: str) -> None:
    before = ledger.checkpoint()
    with pytest.raises(SkyShieldError, match=what) as refused:
        take(ledger, tmp_path, content)
    assert refused.value.exit_code == 2 and "\n" not in str(refused.value)
    assert ledger.checkpoint() == before


BY_ROW = [
    (at("2015-02-14T24:00:00Z"), {"time_impossible": 1}), (at("2016-12-31T23:59:60Z"), {"time_impossible": 1}),
    (at("1970-01-01T00:00:00Z"), {"time_impossible": 1}), (at("2200-01-01T00:00:00Z"), {"time_future": 1}),
    (at("9999-12-31T23:59:59Z"), {"time_future": 1}), (at("0001-01-01T00:00:00+14:00"), {"time_impossible": 1}),
    (at("2015-02-14T22:00:00+24:00"), {"time_impossible": 1}), (at("2015-02-14T22:00:00 EET"), {"time_impossible": 1}),
    (at("1423951200"), {"time_impossible": 1}), (at("２０１５-02-14T22:00:00Z"), {"time_impossible": 1}),
    (HEADER + GOOD.replace("38.4", "1e400"), {"number_invalid": 1}),
    (HEADER + GOOD.replace("38.4", "nan"), {"number_invalid": 1}),
    (HEADER + GOOD.replace("38.4", "٣٨"), {"number_invalid": 1}),
    (HEADER + GOOD.replace("38.4", "-0.0"), {"coordinates_outside": 1}),
    (HEADER + "2015-02-14T22:00:00Z,48.3,38.4,heard\n", {"coordinates_swapped": 1}),
    (HEADER + GOOD.replace("heard", "he\0ard"), {"code_unknown": 1}),
    (HEADER + "x" * 5_000_000 + "\n", {"cell_too_long": 1}),
    (HEADER.strip().encode() + b",text\n" + GOOD.strip().encode() + b",caf\xe9\n", {"not_utf8": 1}),
    (HEADER.strip() + ",text\n" + "".join(GOOD.strip() + f",{text}\n" for text in (
        "=cmd|' /C calc'!A0", "@SUM(1)", "-2+3", " =1", "\u00a0=1", "＝1", "＋1")), {"formula_cell": 7}),
    (HEADER.strip() + ",count\n" + "".join(GOOD.strip() + f",{count}\n" for count in (
        "1e309", "-1", "99999999999", "0x10", "1_000", "1.5")), {"number_invalid": 6}),
    (UCDP + "nan,2015-02-14,2015-02-15,1,1,48.3,38.4,5,6,9\n1,2015-02-14,9999-12-31,1,1,48.3,38.4,5,6,9\n"
     "1,2015-02-14,2015-02-15,1,1.5,48.3,38.4,5,6,9\n", {"code_unknown": 1, "number_invalid": 1, "time_future": 1}),
    (RAIDS + "2024-05-01 00:00,9999-12-31,Shahed,south,5,4,x\n9999-12-31,9999-12-31,Shahed,south,5,4,x\n",
     {"time_future": 2}),
    (OSCE + 'Donetsk,999999999999km N,Heard,1,Shot,,,"2021-12-02 18:23"\nDonetsk,' + "9" * 400
     + 'km N,Heard,1,Shot,,,"2021-12-02 18:23"\n' + '"' + "5km N of " * 2000
     + 'Donetsk",3km N,Heard,1,Shot,,,"2021-12-02 18:23"\n', {"code_unknown": 1, "number_invalid": 2}),
    (FIRMS + "48.3,38.4,2024-05-01,99999,N,n,1\n48.3,38.4,2024-05-01,2400,N,n,1\n48.3,38.4,2024-05-01,1200,N,n,1e9\n",
     {"number_invalid": 1, "time_impossible": 2}),
    (CAP.format("".join(f"<area><areaDesc>x</areaDesc><circle>48.3,38.4 {radius}</circle></area>"
                        for radius in ("nan", "1e9", "-1", ""))), {"number_invalid": 4}),
    (CAP.format("<area><areaDesc>" + "x" * 3_000_000 + "</areaDesc></area>"), {"cell_too_long": 1}),
]


@pytest.mark.parametrize(("content", "reasons"), BY_ROW, ids=range(len(BY_ROW)))
def test_rows_that_go_to_quarantine(ledger: Ledger, tmp_path: Path, content: str | bytes,
                                    reasons: dict[str, int]) -> None:
    before = ledger.checkpoint()
    report = take(ledger, tmp_path, content)
    assert (report.accepted, report.duplicates, report.reasons) == (0, 0, reasons)
    kept = [json.loads(line) for line in Path(report.quarantine).read_text().splitlines()]
    assert len(kept) == report.quarantined and ledger.checkpoint() == before


def test_a_cell_without_end_is_too_long_whatever_the_process_lets_be_split(ledger: Ledger, tmp_path: Path) -> None:
    before = csv.field_size_limit(sys.maxsize)  # as one library among those of the tests leaves it
    try:
        assert take(ledger, tmp_path, HEADER + "x" * 5_000_000 + "\n").reasons == {"cell_too_long": 1}
    finally:
        csv.field_size_limit(before)


ODD = [
    FEATURES.format('{"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[' + SAME + ']]}, '
                    '"properties": {"time": "2015-02-14T22:00:00Z", "method": "heard"}}'),
    CAP.format("<area><areaDesc>x</areaDesc><polygon>48.3,38.4 48.3,38.4 48.3,38.4</polygon></area>"),
    ("\ufeff" + HEADER + GOOD).replace("\n", "\r\n"),
    HEADER.strip() + ",text\n" + GOOD.strip() + ",\u202eevil\u202c \u0627\u0644\n",
    HEADER.strip() + ",record_id,text\n" + GOOD.strip() + ',"a\nb",nul \0\n',
    at("2015-03-29T03:59:59.999999Z"),
]


@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_odd_files_that_are_taken_in(ledger: Ledger, tmp_path: Path, content: str) -> None:
    assert take(ledger, tmp_path, content).accepted == 1
