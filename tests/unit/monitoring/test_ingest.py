"""Intake: what goes in, what is known already, what goes to quarantine and what is refused whole."""

import base64
import codecs
import csv
import gzip
import hashlib
import io
import json
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyproj import Geod

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.faults import Code
from skyshield.monitoring.ingest.intake import Report, ingest
from skyshield.monitoring.ingest.places import place_of
from skyshield.monitoring.ledger import keys
from skyshield.monitoring.ledger.store import Ledger, create

NOW_S = 1_796_000_000.0  # 29 November 2026
HEADER = "time,lon,lat,method,act,count,text,record_id\n"
GOOD = "2015-02-14T22:00:00Z,38.4,48.3,heard,V2,3,five bangs,a1\n"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr(keys, "key_folder", lambda: tmp_path / "keys")
    create(tmp_path / "mission", b"name: test\n")
    with Ledger.open(tmp_path / "mission") as opened:
        yield opened


@pytest.fixture
def take(ledger: Ledger, tmp_path: Path) -> Callable[..., Report]:
    """Take a text or bytes in as a file."""
    def taken(content: str | bytes | Path, source: str = "patrol 4", **options: str) -> Report:
        path = content if isinstance(content, Path) else tmp_path / "file.csv"
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return ingest(ledger, path, source, NOW_S, **options)
    return taken


def leaves(ledger: Ledger) -> list[dict[str, object]]:
    return [json.loads(row[0]) for row in ledger.connection.execute("SELECT leaf FROM entries ORDER BY number")]


class TestRealFiles:
    def test_ucdp_once_and_again(self, take: Callable[..., Report], data_dir: Path) -> None:
        path = data_dir / "events/ucdp_ged_ukraine_2014_2019.csv"
        first = take(path, "UCDP")
        assert (first.rows, first.accepted, first.duplicates, first.quarantined) == (2677, 2677, 0, 0)
        assert first.flagged == {"bounds_out_of_order": 11}
        again = take(path, "UCDP")
        assert (again.accepted, again.duplicates) == (0, 2677)
        assert (again.size, again.root) == (2677, first.root)

    def test_ucdp_rows_that_differ_in_the_id_alone(self, take: Callable[..., Report], data_dir: Path) -> None:
        text = (data_dir / "events/ucdp_ged_ukraine_2014_2019.csv").read_text("utf-8")
        rows = list(csv.DictReader(io.StringIO(text)))
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "id": "1"} for row in rows)
        report = take(out.getvalue(), "UCDP")
        assert (report.accepted, report.duplicates) == (2677 - 478, 478)

    def test_alerts(self, take: Callable[..., Report], data_dir: Path) -> None:
        report = take(data_dir / "alerts/oblast_alert_intervals.csv.gz", "alerts")
        assert (report.rows, report.accepted, report.flagged) == (67_913, 67_913, {"over_24_h": 161})

    def test_raids_are_in_kyiv_time(self, take: Callable[..., Report], ledger: Ledger, data_dir: Path) -> None:
        path = data_dir / "raids/missile_attacks_daily.csv"
        report = take(path, "daily reports")
        assert (report.rows, report.accepted, report.quarantined) == (3467, 3467, 0)
        first = leaves(ledger)[0]
        assert (first["time"], first["time_end"]) == ("2026-02-27T16:00:00Z", "2026-02-28T06:00:00Z")
        with pytest.raises(SkyShieldError, match="Europe/Kyiv"):
            take(path, "daily reports", zone="UTC")


BAD = {
    Code.ZONE_MISSING: "2015-02-14T22:00:00,38.4,48.3,heard,V2,3,x,b",
    Code.TIME_IMPOSSIBLE: "2015-02-30T22:00:00Z,38.4,48.3,heard,V2,3,x,b",
    Code.TIME_FUTURE: "2036-02-14T22:00:00Z,38.4,48.3,heard,V2,3,x,b",
    Code.COORDINATES_SWAPPED: "2015-02-14T22:00:00Z,48.3,38.4,heard,V2,3,x,b",
    Code.COORDINATES_OUTSIDE: "2015-02-14T22:00:00Z,2.3,48.8,heard,V2,3,x,b",
    Code.NUMBER_INVALID: "2015-02-14T22:00:00Z,38.4,48.3,heard,V2,nan,x,b",
    Code.FORMULA_CELL: "2015-02-14T22:00:00Z,38.4,48.3,heard,V2,3,=HYPERLINK(1),b",
    Code.CELL_TOO_LONG: f"2015-02-14T22:00:00Z,38.4,48.3,heard,V2,3,{'x' * 30_000},b",
    Code.CELL_COUNT: "2015-02-14T22:00:00Z,38.4,48.3,heard,V2,3,x",
    Code.CODE_UNKNOWN: "2015-02-14T22:00:00Z,38.4,48.3,heard,V99,3,x,b",
    Code.NOT_UTF8: "2015-02-14T22:00:00Z,38.4,48.3,heard,V2,3,\udcff,b",
}


class TestQuarantine:
    def test_every_code_is_tried(self) -> None:
        assert set(BAD) == set(Code)

    @pytest.mark.parametrize("code", BAD, ids=str)
    def test_the_bad_row_stays_out_and_the_rest_goes_in(self, take: Callable[..., Report], code: Code) -> None:
        text = HEADER + GOOD + BAD[code] + "\n" + GOOD.replace("a1", "a2")
        report = take(text.encode("utf-8", "surrogateescape"))
        assert (report.rows, report.accepted, report.quarantined, report.reasons) == (3, 2, 1, {code.value: 1})
        [kept] = [json.loads(line) for line in Path(report.quarantine).read_text().splitlines()]
        assert (kept["line"], kept["code"]) == (3, code.value)
        assert kept["reason"] and kept["row"][0] == BAD[code].split(",")[0]
        assert Path(report.quarantine).stat().st_mode & 0o077 == 0

    def test_what_a_cell_may_begin_with(self, take: Callable[..., Report]) -> None:
        rows = [GOOD.replace("five bangs", cell) for cell in ("-5", "+3.5", "-", "a=b", "x@y")]
        assert take(HEADER + "".join(rows)).accepted == len(rows)
        rows = [GOOD.replace("five bangs", cell) for cell in ("@SUM(1)", "+1+1", "-1-1", "\t=1", " =1")]
        assert take(HEADER + "".join(rows)).reasons == {"formula_cell": len(rows)}

    @pytest.mark.parametrize("number", ["1_0", "0x10", "inf", "1e999", "-1", "1.5", "٣", "1 0"])
    def test_what_is_no_count(self, take: Callable[..., Report], number: str) -> None:
        assert take(HEADER + GOOD.replace(",3,", f",{number},")).reasons == {"number_invalid": 1}

    def test_no_number_is_infinite(self, take: Callable[..., Report]) -> None:
        report = take("time,lon,lat,method,time_error_s\n2015-02-14T22:00:00Z,38.4,48.3,seen,1e999\n")
        assert report.reasons == {"number_invalid": 1}

    def test_bounds_out_of_order_are_taken_in_and_flagged(self, take: Callable[..., Report]) -> None:
        report = take("time,lon,lat,method,count,count_low,count_high\n2015-02-14T22:00:00Z,38.4,48.3,seen,3,4,5\n"
                      "2015-02-14T22:00:00Z,38.4,48.3,seen,4,4,5\n")
        assert (report.accepted, report.flagged) == (2, {"bounds_out_of_order": 1})

    def test_a_line_without_end_costs_itself_alone(self, take: Callable[..., Report]) -> None:
        report = take(HEADER + GOOD + "x" * 5_000_000 + "\n" + GOOD.replace("a1", "a2"))
        assert (report.accepted, report.quarantined) == (2, 1)

    def test_a_mended_file_leaves_no_quarantine_of_its_own(self, take: Callable[..., Report]) -> None:
        text = HEADER + BAD[Code.ZONE_MISSING] + "\n"
        bad = take(text)
        assert Path(bad.quarantine).exists()
        mended = take(text, zone="Europe/Kyiv")
        assert (mended.accepted, mended.quarantine) == (1, "") and not Path(bad.quarantine).exists()


    def test_its_name_gives_no_hash_of_the_file_away(self, take: Callable[..., Report], tmp_path: Path) -> None:
        """Whoever knows all but a name of a short file could try names against it."""
        text = HEADER + BAD[Code.ZONE_MISSING] + "\n"
        name = Path(take(text).quarantine).name
        assert hashlib.sha256(text.encode()).hexdigest()[:8] not in name and name == Path(take(text).quarantine).name
        create(tmp_path / "other", b"name: test\n")
        with Ledger.open(tmp_path / "other") as other:
            assert Path(ingest(other, tmp_path / "file.csv", "patrol 4", NOW_S).quarantine).name != name

    def test_what_a_killed_intake_left_goes(self, take: Callable[..., Report], ledger: Ledger) -> None:
        text = HEADER + BAD[Code.ZONE_MISSING] + "\n"
        kept = Path(take(text).quarantine)
        for process in (2**22 + 1, os.getppid()):  # none has so large a number; the other runs
            kept.with_name(f".{kept.name}.tmp-{process}").write_text("{}\n")
        take(text)
        assert sorted(path.name for path in kept.parent.iterdir()) == [f".{kept.name}.tmp-{os.getppid()}", kept.name]


class TestDuplicates:
    def test_same_content_and_name_whatever_the_columns_order(self, take: Callable[..., Report]) -> None:
        assert take(HEADER + GOOD + GOOD).duplicates == 1
        turned = [",".join(reversed(line.split(","))) for line in (HEADER.strip(), GOOD.strip())]
        assert take("\n".join(turned)).duplicates == 1

    def test_another_name_or_another_source_is_another_record(self, take: Callable[..., Report]) -> None:
        assert take(HEADER + GOOD + GOOD.replace("a1", "a2")).accepted == 2
        assert take(HEADER + GOOD, "patrol 5").accepted == 1


class TestRefusedWhole:
    @pytest.mark.parametrize(("content", "what"), [
        (gzip.compress((HEADER + GOOD * 100_000).encode()), "200-fold"),
        (gzip.compress((HEADER + GOOD).encode())[:-9], "broken"),
        ("when,where\n1,2\n", "no known format"),
        (codecs.BOM_UTF16_LE + (HEADER + GOOD).encode("utf-16-le"), "UTF-16"),
        ("", "is empty"),
        ("time,lon,lat,method,colour\n", "colour"),
        ("time,lon,lat,method,lon\n", "twice"),
        ("time,lon,lat,method,region,started_at,finished_at\n", "native and of alerts"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        ("<html><p>no alert</p></html>", "no alert of CAP"),
        ("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><info>", "is not XML"),
    ], ids=["expansion", "broken", "header", "utf16", "empty", "column", "twice", "ambiguous", "dtd", "no alert",
            "broken xml"])
    def test_nothing_goes_in(self, take: Callable[..., Report], ledger: Ledger, content: bytes | str,
                             what: str) -> None:
        before = ledger.checkpoint()
        with pytest.raises(SkyShieldError, match=what) as refused:
            take(content)
        assert refused.value.exit_code == 2 and "\n" not in str(refused.value)
        assert ledger.checkpoint() == before and not (ledger.folder / "quarantine").exists()

    @pytest.mark.parametrize("source", ["", " ", "a\nb", "x" * 201, "=cmd", "@all"])
    def test_a_source_without_a_name(self, take: Callable[..., Report], ledger: Ledger, source: str) -> None:
        """The name stands in every record, and in the tables that others make of them."""
        with pytest.raises(SkyShieldError, match="--source") as refused:
            take(HEADER + GOOD, source)
        assert refused.value.exit_code == 2 and ledger.checkpoint().size == 0

    def test_a_failure_half_way_leaves_no_quarantine(self, take: Callable[..., Report], ledger: Ledger,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise SkyShieldError("ledger", "the disk is full", "free some space", 3)
        monkeypatch.setattr(ledger, "append_ready", fail)
        with pytest.raises(SkyShieldError):
            take(HEADER + BAD[Code.ZONE_MISSING] + "\n")
        assert list((ledger.folder / "quarantine").iterdir()) == []


class TestTimes:
    @pytest.mark.parametrize(("written", "found"), [
        ("2015-02-15T00:00:00", "2015-02-14T22:00:00Z"), ("2015-07-15T00:00:00", "2015-07-14T21:00:00Z"),
        ("2015-02-15T00:00:00+01:00", "2015-02-14T23:00:00Z")])
    def test_the_zone_fills_what_has_none(self, take: Callable[..., Report], ledger: Ledger, written: str,
                                          found: str) -> None:
        take(HEADER + GOOD.replace("2015-02-14T22:00:00Z", written), zone="Europe/Kyiv")
        assert leaves(ledger)[0]["time"] == found

    def test_the_doubled_hour_widens_the_error(self, take: Callable[..., Report], ledger: Ledger) -> None:
        report = take(HEADER + GOOD.replace("2015-02-14T22:00:00Z", "2015-10-25T03:30:00"), zone="Europe/Kyiv")
        assert report.flagged == {"autumn_hour": 1}
        assert (leaves(ledger)[0]["time"], leaves(ledger)[0]["time_error_s"]) == ("2015-10-25T00:30:00Z", 3600.0)

    def test_an_offset_has_sixty_minutes(self, take: Callable[..., Report]) -> None:
        report = take(HEADER + GOOD.replace("22:00:00Z", "22:00:00+02:60"))
        assert report.reasons == {"time_impossible": 1}

    def test_the_missing_hour_never_was(self, take: Callable[..., Report]) -> None:
        report = take(HEADER + GOOD.replace("2015-02-14T22:00:00Z", "2015-03-29T03:30:00"), zone="Europe/Kyiv")
        assert report.reasons == {"time_impossible": 1}

    @pytest.mark.parametrize(("start", "end", "code"), [
        ("2015-02-14T22:00:00Z", "2015-02-14T21:59:59Z", "time_impossible"),
        ("2015-02-14T22:00:00Z", "2036-02-14T21:59:59Z", "time_future"),
        ("1970-01-01T00:00:00Z", "", "time_impossible")])
    def test_windows(self, take: Callable[..., Report], start: str, end: str, code: str) -> None:
        assert take(f"time,time_end,lon,lat,method\n{start},{end},38.4,48.3,seen\n").reasons == {code: 1}


class TestKinds:
    HEADER = "kind,time,time_end,lon,lat,method,sensor,reach_m,restriction\n"

    def test_who_watched_and_what_kept_from_seeing_are_records(self, take: Callable[..., Report],
                                                               ledger: Ledger) -> None:
        window = "2015-02-14T22:00:00Z,2015-02-15T04:00:00Z,38.4,48.3"
        report = take(self.HEADER + f"coverage,{window},camera,camera 7,2000,\n"
                      f"restriction,{window},uav,,,jamming\n")
        assert report.accepted == 2
        assert [(leaf["kind"], leaf.get("restriction")) for leaf in leaves(ledger)] == [
            ("coverage", None), ("restriction", "jamming")]

    @pytest.mark.parametrize(("row", "code"), [
        ("coverage,2015-02-14T22:00:00Z,,38.4,48.3,camera,,,", "time_impossible"),
        ("restriction,2015-02-14T22:00:00Z,2015-02-14T23:00:00Z,38.4,48.3,camera,,,", "code_unknown"),
        ("event,2015-02-14T22:00:00Z,,38.4,48.3,camera,,,cloud", "code_unknown")])
    def test_what_contradicts_itself(self, take: Callable[..., Report], row: str, code: str) -> None:
        assert take(self.HEADER + row + "\n").reasons == {code: 1}


class TestPublicFormats:
    def test_ucdp(self, take: Callable[..., Report], ledger: Ledger) -> None:
        report = take("id,date_start,date_end,date_prec,where_prec,latitude,longitude,best,low,high\n"
                      "7.0,2015-02-14,2015-02-15 00:00:00.000,2.0,2.0,48.3,38.4,5,6.0,9.0\n", "UCDP")
        [leaf] = leaves(ledger)
        assert report.flagged == {"bounds_out_of_order": 1}
        assert (leaf["killed"], leaf["record_id"], leaf["position_error_m"]) == (5, "7", 12_500.0)
        assert (leaf["time"], leaf["time_end"]) == ("2015-02-13T22:00:00Z", "2015-02-15T22:00:00Z")
        assert leaf["time_error_s"] == pytest.approx(2 * 86_400 / math.sqrt(12))

    @pytest.mark.parametrize("written", ["52", "0052", "00:52:00", "00:52"])
    def test_the_time_of_a_hot_spot(self, take: Callable[..., Report], ledger: Ledger, written: str) -> None:
        report = take("latitude,longitude,bright_ti4,acq_date,acq_time,satellite,confidence\n"
                      f"48.3,38.4,340.1,2024-05-01,{written},N,n\n", "FIRMS")
        assert (report.format, leaves(ledger)[0]["time"]) == ("firms", "2024-05-01T00:52:00Z")

    @pytest.mark.parametrize("clock", ["", "2400", "1260", "noon"])
    def test_no_clock_of_a_satellite(self, take: Callable[..., Report], clock: str) -> None:
        report = take("latitude,longitude,acq_date,acq_time,satellite,confidence\n"
                      f"48.1,38.2,2024-05-01,{clock},N,nominal\n", "FIRMS")
        assert report.reasons == {"time_impossible": 1}

    @pytest.mark.parametrize(("sides", "side_m"), [("0.39,0.62", 620.0), (",", 800.0), ("1.5,", 1500.0)])
    def test_the_pixel_is_the_file_s_own_where_it_says(self, take: Callable[..., Report], ledger: Ledger, sides: str,
                                                       side_m: float) -> None:
        take("latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence\n"
             f"48.3,38.4,340.1,{sides},2024-05-01,52,N,n\n", "FIRMS")
        assert leaves(ledger)[0]["position_error_m"] == pytest.approx(side_m / math.sqrt(12))

    def test_acled(self, take: Callable[..., Report], ledger: Ledger) -> None:
        header = ("event_id_cnty,event_date,time_precision,event_type,sub_event_type,latitude,longitude,geo_precision,"
                  "fatalities\n")
        report = take(header + "UKR1,2024-05-01,1,Explosions/Remote violence,Air/drone strike,48.3,38.4,2,4\n"
                      "UKR2,2024-05-01,2,Protests,Peaceful protest,48.3,38.4,9,0\n", "ACLED")
        assert report.reasons == {"code_unknown": 1}
        [leaf] = leaves(ledger)
        assert (leaf["act"], leaf["killed"], leaf["record_id"], leaf["position_error_m"]) == ("V1", 4, "UKR1", 25_000.0)

    def test_alerts_need_an_oblast(self, take: Callable[..., Report]) -> None:
        report = take("region,started_at,finished_at\nAtlantis,2024-05-01T00:00:00Z,2024-05-01T01:00:00Z\n", "alerts")
        assert report.reasons == {"code_unknown": 1}


OSCE = "SMM position,Event location,Means,No.,Observation,Description,Weapon,\"Date, time\"\n"
STATION = '"Svitlodarsk (government-controlled, 57km NE of Donetsk)"'


class TestQuotes:
    """A quotation mark too many costs its own line, not the rows after it."""

    def rows(self, n_rows: int, bad: dict[int, str]) -> str:
        return HEADER + "".join(
            f"2015-02-14T22:{k // 60:02d}:{k % 60:02d}Z,38.4,48.3,heard,V2,3,{bad.get(k, 'bangs')},{k}\n"
            for k in range(n_rows))

    @pytest.mark.parametrize("at", [0, 3, 497, 499])
    def test_a_mark_that_is_never_closed(self, take: Callable[..., Report], ledger: Ledger, at: int) -> None:
        report = take(self.rows(500, {at: '"five bangs'}))
        assert (report.rows, report.accepted, report.reasons) == (500, 499, {"cell_too_long": 1})
        kept = json.loads(Path(report.quarantine).read_text())
        assert kept["line"] == at + 2 and '"five bangs' in kept["row"][0] and "does not end" in kept["reason"]
        assert [leaf["line"] for leaf in leaves(ledger)] == [k + 2 for k in range(500) if k != at]

    @pytest.mark.parametrize("closing", ['gun of 5" size', 'gun of 5"'])
    @pytest.mark.parametrize("at", [6, 30])
    def test_a_mark_that_another_row_closes(self, take: Callable[..., Report], ledger: Ledger, closing: str,
                                            at: int) -> None:
        report = take(self.rows(50, {5: '"five bangs', at: closing}))
        assert (report.rows, report.accepted, report.reasons) == (50, 49, {"cell_too_long": 1})
        assert [leaf["text"] for leaf in leaves(ledger)][at - 1] == closing

    def test_a_first_cell_of_several_lines(self, take: Callable[..., Report], ledger: Ledger) -> None:
        report = take('text,time,lon,lat,method\n"five\nbangs",2015-02-14T22:00:00Z,38.4,48.3,heard\n')
        assert (report.accepted, leaves(ledger)[0]["text"]) == (1, "five\nbangs")

    def test_two_marks_never_closed(self, take: Callable[..., Report]) -> None:
        report = take(self.rows(400, {5: '"a', 300: '"b'}))
        assert (report.rows, report.accepted, report.reasons) == (400, 398, {"cell_too_long": 2})

    def test_a_cell_of_several_lines_is_one(self, take: Callable[..., Report], ledger: Ledger) -> None:
        report = take(self.rows(3, {1: '"five\nbangs\n\nand ""one"""'}))
        assert (report.rows, report.accepted) == (3, 3)
        assert [leaf["line"] for leaf in leaves(ledger)] == [2, 3, 7]
        assert leaves(ledger)[1]["text"] == 'five\nbangs\n\nand "one"'

    def test_a_cell_over_the_limit_of_the_reader(self, take: Callable[..., Report]) -> None:
        report = take(self.rows(5, {2: "x" * 200_000}))
        assert (report.rows, report.accepted, report.reasons) == (5, 4, {"cell_too_long": 1})


class TestOsce:
    def test_the_place_is_led_to_from_the_city(self, take: Callable[..., Report], ledger: Ledger) -> None:
        report = take(OSCE + f'{STATION},2-4km east-south-east,Heard,3,Explosion,Undetermined,N/K,'
                      '"02-Dec-2021, 18:23"\n'
                      'Donetsk,N/A,Saw and heard,N/A,Burst,Outgoing,SALW,"2 Dec 2021, 23:50-00:10"\n', "OSCE")
        assert (report.format, report.accepted, report.flagged) == ("osce", 2, {"distance_unknown": 1})
        first, second = leaves(ledger)
        city = Geod(ellps="WGS84")
        station = city.fwd(*place_of("Donetsk")[:2], 45.0, 57_000.0)[:2]
        lon, lat, _ = city.fwd(*station, 112.5, 3000.0)
        assert (first["lon"], first["lat"]) == (pytest.approx(lon, abs=1e-9), pytest.approx(lat, abs=1e-9))
        assert (first["time"], first["act"], first["direction"], first["count"], first["method"]) == (
            "2021-12-02T16:23:00Z", "V2", "undetermined", 3, "heard")
        assert first["distance_error_m"] == pytest.approx(math.hypot(2000 / math.sqrt(12), 1500))
        assert second["time_end"] == "2021-12-02T22:10:00Z" and "count" not in second
        assert (second["act"], second["direction"], second["method"]) == ("V3", "outgoing", "seen")

    def test_a_village_told_from_a_city(self, take: Callable[..., Report], ledger: Ledger) -> None:
        """As reports of 2018 have it."""
        take(OSCE + '"1.5km north-east of Hnutove (government-controlled, 20km north-east of Mariupol)",2-4km ENE,'
             'Recorded,3,Explosion,Undetermined,N/K,"24-Sep-2018, 21:10"\n', "OSCE")
        [leaf] = leaves(ledger)
        told = Geod(ellps="WGS84")
        place = place_of("Mariupol")[:2]
        for bearing_deg, distance_m in ((45.0, 20_000.0), (45.0, 1500.0), (67.5, 3000.0)):
            place = told.fwd(*place, bearing_deg, distance_m)[:2]
        assert (leaf["lon"], leaf["lat"]) == (pytest.approx(place[0], abs=1e-9), pytest.approx(place[1], abs=1e-9))
        assert (leaf["method"], "weapon" in leaf) == ("camera", False)

    def test_an_exact_place_of_the_sensor_is_in_no_text(self, take: Callable[..., Report], ledger: Ledger) -> None:
        row = 'Donetsk,3km NE,Heard,1,Shot,,,"2021-12-02 18:23",37.81234,48.01234\n'
        take(OSCE.strip() + ",lon,lat\n" + row, "OSCE")
        assert "37.81234" not in json.dumps(leaves(ledger)) and "48.01234" not in json.dumps(leaves(ledger))

    @pytest.mark.parametrize(("row", "code"), [
        ('Donetsk,3km up,Heard,1,Shot,,,"2021-12-02 18:23"', "code_unknown"),
        ('Nowhere,3km N,Heard,1,Shot,,,"2021-12-02 18:23"', "code_unknown"),
        ('Donetsk,3km N,Smelt,1,Shot,,,"2021-12-02 18:23"', "code_unknown"),
        ('Donetsk,3km N,Heard,1,Shot,,,"32-Dec-2021, 18:23"', "time_impossible"),
        ('Donetsk,3km N,Heard,1,Shot,,,"2021-03-28 03:23"', "time_impossible"),
        ('Donetsk,3km N,Heard,many,Shot,,,"2021-12-02 18:23"', "number_invalid")])
    def test_bad_rows(self, take: Callable[..., Report], row: str, code: str) -> None:
        assert take(OSCE + row + "\n", "OSCE").reasons == {code: 1}

    @pytest.mark.parametrize("written", [
        "2021-12-02T18:23", "2021-12-02 18:23:00", "2021-12-02T18:23:00+02:00", "02/12/2021 18:23:00",
        "02.12.2021 18:23:00", "02-Dec-2021, 18:23:00"])
    def test_other_ways_to_write_the_moment(self, take: Callable[..., Report], ledger: Ledger, written: str) -> None:
        take(OSCE + f'Donetsk,3km N,Heard,1,Shot,,,"{written}"\n', "OSCE")
        assert [leaf["time"] for leaf in leaves(ledger)] == ["2021-12-02T16:23:00Z"]

    def test_the_doubled_hour(self, take: Callable[..., Report], ledger: Ledger) -> None:
        take(OSCE + 'Donetsk,3km N,Heard,1,Shot,,,"2021-10-31 03:23"\n', "OSCE")
        assert leaves(ledger)[0]["time_error_s"] == pytest.approx(3600 + 60 / math.sqrt(12))


CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>UA-1</identifier><sender>duty@example.org</sender>
<sent>2024-05-01T03:00:00+03:00</sent><status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>
<info><category>Security</category><event>Air raid</event><expires>2024-05-01T05:00:00+03:00</expires>
<area><areaDesc>square</areaDesc><polygon>48.0,38.0 48.0,39.0 49.0,39.0 49.0,38.0 48.0,38.0</polygon></area>
<area><areaDesc>disc</areaDesc><circle>48.3,38.4 20</circle></area>
<area><areaDesc>turned</areaDesc><polygon>38.0,48.0 39.0,48.0 39.0,49.0 38.0,48.0</polygon></area>
<area><areaDesc>Lviv oblast</areaDesc></area></info></alert>"""


class TestCap:
    def test_the_latitude_stands_first(self, take: Callable[..., Report], ledger: Ledger) -> None:
        report = take(CAP, "warnings")
        assert (report.format, report.rows, report.accepted) == ("cap", 4, 3)
        assert report.reasons == {"coordinates_swapped": 1}
        square, disc, oblast = leaves(ledger)
        assert (round(square["lon"], 1), round(square["lat"], 1)) == (38.5, 48.5)
        assert 30_000 < square["position_error_m"] < 35_000  # half of half the diagonal of 74 km by 111 km
        assert (round(disc["lon"], 6), round(disc["lat"], 6)) == (38.4, 48.3)
        assert disc["position_error_m"] == pytest.approx(10_000, rel=0.01)
        assert round(oblast["lon"]) == 24
        assert (square["time"], square["time_end"], square["exercise"]) == (
            "2024-05-01T00:00:00Z", "2024-05-01T02:00:00Z", True)
        assert "duty@example.org" not in json.dumps(leaves(ledger))

    def test_known_again(self, take: Callable[..., Report]) -> None:
        first, again = take(CAP, "warnings"), take(gzip.compress(CAP.encode()), "warnings")
        assert (again.accepted, again.duplicates, again.root) == (0, 3, first.root)

    def test_the_line_of_a_bad_area(self, take: Callable[..., Report]) -> None:
        kept = json.loads(Path(take(CAP, "warnings").quarantine).read_text())
        assert kept["line"] == 1 + CAP[:CAP.index("turned")].count("\n")

    @pytest.mark.parametrize("declared", [
        "<!DOCTYPE alert>",
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">', '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>'])
    def test_no_document_type_and_no_entities(self, take: Callable[..., Report], declared: str) -> None:
        with pytest.raises(SkyShieldError, match="document type or entities"):
            take(CAP.replace("?>", "?>" + declared, 1), "warnings")


def test_the_report_counts_every_row(take: Callable[..., Report], ledger: Ledger) -> None:
    report = take(HEADER + GOOD * 2 + BAD[Code.NUMBER_INVALID] + "\n,,,,,,,\n")
    assert report.rows == report.accepted + report.duplicates + report.quarantined == 3
    assert report.size == 1 and base64.b64decode(report.root) == ledger.checkpoint().root
