"""The one door for files: what it refuses, and that it writes all or nothing."""

import datetime as dt
import errno
import gzip
import hashlib
import json
import os
import re
import threading
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from skyshield.core import files
from skyshield.core.errors import BAD_INPUT, MACHINE, SkyShieldError
from skyshield.core.files import parse_yaml, read_bytes, read_csv, read_json, read_text, read_yaml, write_bytes


def refusal(function, *arguments, code=BAD_INPUT, **keywords):
    with pytest.raises(SkyShieldError) as caught:
        list(function(*arguments, **keywords) or ())
    assert caught.value.exit_code == code
    assert caught.value.remedy
    return str(caught.value)


def written(tmp_path, content, name="file"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_file_at_its_limit_and_over_it(tmp_path):
    path = written(tmp_path, b"12345678")
    assert read_bytes(path, limit_bytes=8) == b"12345678"
    assert "is over the limit of" in refusal(read_bytes, path, limit_bytes=7)


def test_the_stated_limits():
    assert (files.LIMIT_BYTES, files.LIMIT_ROWS, files.LIMIT_DEPTH) == (64 * 1024 * 1024, 1_000_000, 20)


def test_what_is_no_file(tmp_path):
    assert "no such file" in refusal(read_bytes, tmp_path / "none")
    assert "is a directory" in refusal(read_bytes, tmp_path)
    assert "is empty" in refusal(read_bytes, written(tmp_path, b""))
    assert "not a usable file name" in refusal(read_bytes, written(tmp_path, b"x") / "below")
    assert "not a usable file name" in refusal(read_bytes, "nul\0")
    assert "not a usable file name" in refusal(read_bytes, "x" * 5000)


def test_faults_while_reading_are_the_machines(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)
    assert "Input/output error" in refusal(read_bytes, tmp_path / "x", code=MACHINE)


def test_text(tmp_path):
    assert read_text(written(tmp_path, "\ufeffЛьвів\n".encode())) == "Львів\n"
    assert "is binary" in refusal(read_text, written(tmp_path, b"a\0b"))
    assert "line 3: is not UTF-8" in refusal(read_text, written(tmp_path, b"a\nb\n\xff\n"))


def test_rows_and_their_lines(tmp_path):
    path = written(tmp_path, b'\xef\xbb\xbfa,b\n1,"x\ny"\n\n2,z\r\n')
    assert list(read_csv(path, ["b"]).rows) == [(3, {"a": "1", "b": "x\ny"}), (5, {"a": "2", "b": "z"})]


def all_rows(*words, **options):
    return list(read_csv(*words, **options).rows)


def test_a_header_as_people_write_it(tmp_path):
    path = written(tmp_path, b" Time Start ,LAUNCHED,,\n2031,NA,,\n,,,\n2032, n/a ,,\n")
    table = read_csv(path, ["launched"], ["na", "n/a"])
    assert table.columns == ("time_start", "launched", "", "")
    rows = [(line, {"time_start": year, "launched": ""}) for line, year in ((2, "2031"), (4, "2032"))]
    assert list(table.rows) == rows


def test_the_hash_is_of_the_bytes_parsed_and_a_pipe_is_read_once(tmp_path):
    content = "\ufeffa,b\n1,2\n".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    assert read_csv(written(tmp_path, content), ["a"]).sha256 == sha256
    assert read_csv(written(tmp_path, gzip.compress(content)), ["a"]).sha256 == sha256
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    table = read_csv(pipe, ["a"])
    writer.join()
    assert table.sha256 == sha256 and list(table.rows) == [(2, {"a": "1", "b": "2"})]


@pytest.mark.parametrize(("header", "remedy"), [
    (b"launchd,b", "rename 'launchd' to 'launched'"), (b"launched;b", "the cells stand between semicolons"),
    (b"launched\tb", "the cells stand between tabs"), (b"x,y", "add it, or check that the separator is a comma")])
def test_a_header_that_lacks_a_column_is_mended(tmp_path, header, remedy):
    assert remedy in refusal(read_csv, written(tmp_path, header + b"\n1,2\n"), ["launched"])


@pytest.mark.parametrize(("content", "words"), [
    (b"a,\n1,x\n", "line 2: has 'x' under a column without a name"), (b"A,a\n1,2\n", "names a column twice ('a')"),
    ("a\n1".encode("utf-16"), "is UTF-16"), (gzip.compress(b"a\n1\n", mtime=0)[:-9], "broken gzip"),
    (b"\n", "has no header"), (b" , \n1,2\n", "lacks the column 'a'"), (b"a,a\n1,2\n", "names a column twice"),
    (b"b\n1\n", "lacks the column 'a'"), (b"a,b\n1\n", "line 2: has 1 cells, the header 2"),
    (b"a\n1,2\n", "line 2: has 2 cells, the header 1"), (b'a\n"1\n', "is not CSV"), (b'a\n"1"2\n', "is not CSV")])
def test_tables_that_are_none(tmp_path, content, words):
    assert words in refusal(all_rows, written(tmp_path, content), ["a"])


def test_tables_beyond_their_limits(tmp_path):
    path = written(tmp_path, b"a\n1\n2\n3\n")
    assert len(all_rows(path, ["a"], limit_rows=3)) == 3
    assert "more than 2 rows" in refusal(all_rows, path, ["a"], limit_rows=2)
    long = written(tmp_path, b"a\n" + b"x" * 20_001 + b"\n")
    assert "line 2: a: is longer than 20,000 characters" in refusal(all_rows, long, ["a"])
    assert "is not CSV" in refusal(all_rows, written(tmp_path, b"a\n" + b"x" * 140_000), ["a"])


@pytest.mark.parametrize(("text", "line", "words"), [
    ("a: 1\nb: &x 2\nc: *x", 3, "uses an alias"), ("a: 1\na: 2", 2, "names 'a' twice"),
    ("a: {b: 1, b: 2}", 1, "names 'b' twice"), ("1: 2", 1, "has the key 1, which is not text"),
    ("? [a]\n: 1", 1, "which is not text"), ("a: !!python/object/apply:os.getcwd []", 1, "only plain values"),
    ("a: !thing 1", 1, "only plain values"), ("<<: {a: 1}", 1, "only plain values"),
    ("a: 1\nd: 2026-02-30", 2, "impossible value"), (f"a: {'9' * 5000}", 1, "impossible value"),
    ("a: 1\n---\nb: 1", 2, "single document"), ("a: [1\nb: 2", 2, "a list whose [ in line 1 is not closed"),
    ("a: b: c", 1, "mapping values"), ("a: [" * 30, 1, "nested deeper than 20 levels"),
    ("a:\n" + "".join(" " * k + "- \n" for k in range(1, 30)), 21, "nested deeper than 20 levels")])
def test_yaml_that_is_refused(text, line, words):
    message = refusal(parse_yaml, text, "f.yaml")
    assert re.match(rf"f\.yaml: line {line}, column \d+: ", message) and words in message
    assert "mend" not in message


@pytest.mark.parametrize("loader", ["libyaml", "python"])
def test_yaml_with_and_without_libyaml(loader, monkeypatch):
    if loader == "python":
        monkeypatch.setattr(files, "_StrictLoader", type("Plain", (files._Strict, yaml.SafeLoader), {}))
    assert parse_yaml("a: [1, 2.5, yes, 2026-01-02]\nb: {c: ~, d: 'x'}", "f") == {
        "a": [1, 2.5, True, dt.date(2026, 1, 2)], "b": {"c": None, "d": "x"}}
    for text in ("a: &x 1\nb: *x", "[" * 21 + "]" * 21, "a: !!python/name:os.system", "a: 1\na: 2", "a: 2026-02-30"):
        assert refusal(parse_yaml, text, "f").startswith("f: line ")


def test_yaml_at_its_depth():
    assert parse_yaml("[" * 19 + "1" + "]" * 19, "f")
    refusal(parse_yaml, "[" * 20 + "1" + "]" * 20, "f")
    refusal(parse_yaml, "[" * 100_000, "f")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_one_line(text):
    try:
        parse_yaml(text, "f")
    except SkyShieldError as error:
        assert error.exit_code == BAD_INPUT
        assert "\n" not in str(error) and str(error).startswith("f: ") and str(error).count("; ") >= 1


def test_yaml_files_have_a_limit_of_their_own(tmp_path):
    assert "over the limit of 4 MiB" in refusal(read_yaml, written(tmp_path, b"a" * (4 * 1024 * 1024 + 1)))


@pytest.mark.parametrize("text", ["{", '{"a": NaN}', '{"a": -Infinity}', "[" * 100_000, '{"a": 1} x', "9" * 5000])
def test_json_that_is_refused(tmp_path, text):
    assert "is not JSON" in refusal(read_json, written(tmp_path, text.encode()))


def test_write_replaces_whole_files(tmp_path):
    path = written(tmp_path, b"old")
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert [result.name for result in tmp_path.iterdir()] == ["file"]


def test_a_reader_never_sees_half_a_file(tmp_path):
    path, seen = tmp_path / "file", set()
    write_bytes(path, b"0" * 100_000)
    stop = threading.Event()

    def read():
        while not stop.is_set():
            content = path.read_bytes()
            seen.add((len(content), len(set(content))))

    reader = threading.Thread(target=read)
    reader.start()
    for k in range(1, 40):
        write_bytes(path, str(k % 10).encode() * 100_000)
    stop.set()
    reader.join()
    assert seen == {(100_000, 1)}


@pytest.mark.parametrize("step", ["write", "fsync", "replace"])
def test_a_fault_at_any_step_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = written(tmp_path, b"old")

    def fail(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "write":
        monkeypatch.setattr(Path, "open", fail)
    elif step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    assert "the disk is full" in refusal(write_bytes, path, b"new", code=MACHINE)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert [result.name for result in tmp_path.iterdir()] == ["file"]


def test_an_interrupt_while_writing_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "file", b"new")
    assert not list(tmp_path.iterdir())


def test_places_where_nothing_can_be_written(tmp_path):
    assert "no such folder" in refusal(write_bytes, tmp_path / "none" / "file", b"x")
    assert "no such folder" in refusal(write_bytes, written(tmp_path, b"x") / "below", b"x")
    (tmp_path / "folder").mkdir()
    assert "is a directory" in refusal(write_bytes, tmp_path / "folder", b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
                    | st.text(), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8))
def test_json_comes_back(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("json") / "file"
    write_bytes(path, json.dumps(content).encode())
    assert read_json(path) == content
