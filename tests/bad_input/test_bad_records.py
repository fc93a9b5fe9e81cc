"""A record that cannot be read: one line with its place, exit code 2, nothing on standard output."""

import pytest

from support.command_line import refused, skyshield

HEADER = "time_start,time_end,model,launched,destroyed,not_reach_goal,source\n"
GOOD = "2031-05-01 19:00,2031-05-02 08:00,Shahed-136/131,10,8,1,kpszsu/posts/a\n"
LIMIT_BYTES = 64 * 1024 * 1024

FILES = {
    "empty": (b"", "is empty"),
    "blank": (b"\n\n\n", "has no header"),
    "header only": (HEADER.encode(), "no rows"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is binary, not text"),
    "utf-16": ((HEADER + GOOD).encode("utf-16"), "is "),
    "windows-1251": ((HEADER + GOOD.replace("kpszsu", "ПС")).encode("cp1251"), "line 2: is not UTF-8"),
    "latin-1": ((HEADER + GOOD.replace("kpszsu", "Kübel")).encode("latin-1"), "line 2: is not UTF-8"),
    "missing column": ((HEADER + GOOD).replace("launched", "started").encode(), "lacks the column 'launched'"),
    "other separator": ((HEADER + GOOD).replace(",", ";").encode(), "separator is a comma"),
    "column twice": ((HEADER + GOOD).replace("destroyed", "launched").encode(), "header: "),
    "short line": ((HEADER + "2031-05-01 19:00,2031-05-02 08:00\n").encode(), "line 2: has 2 cells, the header 7"),
    "open quote": ((HEADER + '"' + GOOD).encode(), "is not CSV"),
    "negative count": ((HEADER + GOOD + GOOD.replace(",10,", ",-10,")).encode(), "line 3: launched: is '-10'"),
    "count in words": ((HEADER + GOOD.replace(",10,", ",ten,")).encode(), "line 2: launched: is 'ten'"),
    "count that is none": ((HEADER + GOOD.replace(",8,", ",inf,")).encode(), "line 2: destroyed: is 'inf'"),
    "zone by name": ((HEADER + GOOD.replace("08:00", "08:00 EET")).encode(), "'EET' after the time is not read"),
    "half a missile": ((HEADER + GOOD.replace(",1,", ",0.5,")).encode(), "line 2: not_reach_goal: is '0.5'"),
    "huge count": ((HEADER + GOOD.replace(",10,", f",{'9' * 300},")).encode(), "line 2: launched: is '999"),
    "impossible date": ((HEADER + GOOD.replace("05-01 ", "02-30 ")).encode(), "line 2: time_start: '2031-02-30 19:00'"),
    "impossible hour": ((HEADER + GOOD.replace("08:00", "25:00")).encode(), "line 2: time_end: '2031-05-02 25:00'"),
    "ends before it starts": ((HEADER + GOOD.replace("05-02", "04-02")).encode(), "line 2: time_end"),
    "long cell": ((HEADER + GOOD.replace("Shahed-136/131", "x" * 20_001)).encode(), "line 2: model: is longer than"),
    "a web page": (b"<!doctype html><html><body>Not found</body></html>\n", "lacks the column"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_record_that_cannot_be_read(forked, tmp_path, case):
    content, words = FILES[case]
    path = tmp_path / "record.csv"
    path.write_bytes(content)
    result = refused(forked("record", path, "--json"), 2, words)
    assert result["where"].startswith(str(path))
    assert [file.name for file in tmp_path.iterdir()] == ["record.csv"]
    assert path.read_bytes() == content


def test_the_same_rows_without_the_fault_are_read(forked, tmp_path):
    path = tmp_path / "record.csv"
    path.write_text(HEADER + GOOD)
    done = forked("record", path, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert '"uav_launched": 10' in done.stdout


def test_a_missing_record(forked, tmp_path):
    refused(skyshield("record", tmp_path / "none.csv", "--json"), 2, "none.csv: no such file")
    refused(forked("record", tmp_path, "--json"), 2, "is a directory, not a file")
    refused(forked("record", "", "--json"), 2, "is ")


def test_a_record_over_the_limit(tmp_path):
    path = tmp_path / "record.csv"
    with path.open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)  # a hole: nothing is on the disk
    refused(skyshield("record", path, "--json"), 2, "is over the limit of 64 MiB")


def test_a_name_that_is_no_text(tmp_path):
    refused(skyshield("record", tmp_path / "\udcff\x1b[31m\n.csv", "--json"), 2, "no such file")


@pytest.mark.parametrize("case", ["negative count", "binary"])
def test_run_reads_no_such_record_either(tmp_path, case, forked):
    content, words = FILES[case]
    path = tmp_path / "record.csv"
    path.write_bytes(content)
    out = tmp_path / "study"
    refused(forked("run", "--record", path, "--vectors", 1, "--replications", 1, "--out", out, "--json"), 2, words)
    assert not out.exists()
