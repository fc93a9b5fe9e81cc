"""The store: whose folder it is, what is damaged, who else is at it."""

import dataclasses
import fcntl
import json
import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import Resolved, resolve
from skyshield.study import run, store
from skyshield.study.parquet import Parquet, undisturbed
from skyshield.study.plan import Shard
from skyshield.study.prepare import prepare
from skyshield.study.reader import read
from support.command_line import hashes, leftovers, refused, stamps, start, unstored
from support.forks import skyshield

SMALL = ("--vectors", 2, "--replications", 3, "--days", 1)
PLAN = {"study_key": "key"}


@pytest.fixture
def folder(tiny, tmp_path) -> Path:
    """Hold a copy of a whole study to do harm to."""
    place = tmp_path / "study"
    shutil.copytree(tiny, place)
    return place


@pytest.fixture(scope="module")
def words(few):
    return ("run", few, *SMALL)


@pytest.fixture(scope="module")
def resolved(few):
    return prepare(str(few), embedded_fit(), days=1).resolved


def test_another_study_is_refused_and_nothing_touched(folder, words):
    before = stamps(folder)
    refused(skyshield(*words, "--seed", 2, "--out", folder, "--json"), 2,
            "holds another study, with another seed (1, not 2); name another folder, or add --force")
    assert stamps(folder) == before


def with_other(resolved: Resolved, part: str) -> Resolved:
    scenario, fit, catalogue, theatre = resolved.parts()
    if part == "fit":
        fit = dataclasses.replace(fit, source="another")
    elif part == "scenario":
        scenario = scenario.model_copy(update={"assumptions": {**scenario.assumptions, "displacement": 0.25}})
    else:
        content = catalogue.to_dict()
        content["subjects"]["raids"]["decoy_share"]["high"] = 0.51
        catalogue = type(catalogue).from_dict(content)
    return resolve(scenario, catalogue, theatre, fit)


@pytest.mark.parametrize("part", ["scenario", "fit", "catalogue"])
def test_what_makes_it_another_study_is_said(folder, resolved, part):
    with pytest.raises(SkyShieldError, match=f"holds another study, with another {part}; "):
        run(with_other(resolved, part), 1, 3, out=folder, vectors=2)
    with pytest.raises(SkyShieldError, match=rf"with another seed \(1, not 7\) and {part}; "):
        run(with_other(resolved, part), 7, 3, out=folder, vectors=2)


def test_another_number_of_days_and_another_program_are_said(folder, few):
    longer = prepare(str(few), embedded_fit(), days=2).resolved
    with pytest.raises(SkyShieldError, match=r"holds another study, with another days \(1, not 2\); "):
        run(longer, 1, 3, out=folder, vectors=2)
    plan = json.loads((folder / "study.json").read_text("utf-8"))
    with pytest.raises(SkyShieldError, match="holds another study, made by another version of the model; "):
        store.examine(folder, plan | {"study_key": "another", "model_sha256": "0" * 64}, force=False)


def test_force_replaces_the_study_and_keeps_foreign_files(folder, resolved):
    (folder / "notes.txt").write_text("mine")
    (folder / ".draft.tmp-notes").write_text("mine too")
    (folder / "shards" / "table.parquet").write_text("and this")
    (folder / "sub").mkdir()
    (folder / "sub" / "study.json").write_text("{}")
    old = hashes(folder)
    run(resolved, 2, 2, out=folder, vectors=1, force=True)
    new = hashes(folder)
    for name in ("notes.txt", ".draft.tmp-notes", "shards/table.parquet", "sub/study.json"):
        assert new.pop(name) == old.pop(name)
    manifest = json.loads((folder / "study.json").read_text("utf-8"))
    assert (manifest["seed"], manifest["vectors"], manifest["complete"]) == (2, 1, True)
    assert set(new) == {"study.json", "summary.json", "resolved.json", "parameters.parquet", "failures.parquet",
                        *(f"shards/{name}" for name in manifest["shards"])}  # no page of the old study either
    assert new["parameters.parquet"] != old["parameters.parquet"]


def test_force_on_the_same_study_plays_nothing_again(folder, resolved):
    whole, before = hashes(folder), stamps(folder, "shards/*")
    run(resolved, 1, 3, out=folder, vectors=2, force=True)
    assert stamps(folder, "shards/*") == before
    assert hashes(folder) == whole


@pytest.mark.parametrize("force", [(), ("--force",)])
def test_a_folder_that_is_not_ours(tmp_path, words, force):
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "cat.jpg").write_bytes(b"\xff\xd8")
    before = stamps(folder)
    refused(skyshield(*words, "--out", folder, "--json", *force), 2, "cat.jpg", "holds no study")
    assert stamps(folder) == before
    assert [path.name for path in folder.iterdir()] == ["cat.jpg"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00\x01", '{"kind": NaN}', '{"kind": "something else"}',
                                  '{"kind": "skyshield study"}'])
def test_a_manifest_that_is_none_of_ours_is_never_replaced(folder, text):
    (folder / "study.json").write_text(text)
    before = stamps(folder)
    with pytest.raises(SkyShieldError) as caught:
        store.examine(folder, PLAN, force=True)
    assert caught.value.exit_code == 2 and "study.json" in caught.value.where
    with pytest.raises(SkyShieldError):
        store.read_manifest(folder)
    with pytest.raises(SkyShieldError):
        store.remove_study(folder)
    assert stamps(folder) == before


@pytest.mark.parametrize(("field", "value"), [
    ("vectors", "2"), ("vectors", 0), ("replications", 10**9), ("shards", []), ("shards", {"../../x.parquet": "0"}),
    ("shards", {"a00-v00000-00002-r00000-00003.parquet": 3}), ("options", None), ("complete", None), ("seed", -1),
    ("tables", None), ("study_key", 5), ("parts", "scenario")])
def test_a_manifest_with_a_field_of_another_kind(folder, field, value):
    content = json.loads((folder / "study.json").read_text("utf-8"))
    content[field] = value
    (folder / "study.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(SkyShieldError) as caught:
        store.read_manifest(folder)
    assert caught.value.exit_code == 2


def test_damaged_manifests_through_the_command_line(folder, words):
    (folder / "study.json").write_text('{"kind": "skyshield st')
    before = stamps(folder)
    refused(skyshield("compare", folder, "--json"), 2, "study.json", "is not JSON")
    refused(skyshield(*words, "--out", folder, "--force", "--json"), 2, "study.json", "is not JSON")
    (folder / "study.json").write_text('{"kind": "a shopping list"}')
    refused(skyshield(*words, "--out", folder, "--force", "--json"), 2, "is not a study's manifest")
    assert {name: stamp for name, stamp in stamps(folder).items() if name != "study.json"} == \
        {name: stamp for name, stamp in before.items() if name != "study.json"}


def test_compare_where_there_is_no_study(tmp_path):
    refused(skyshield("compare", tmp_path / "none", "--json"), 2, "holds no study")
    refused(skyshield("compare", tmp_path, "--json"), 2, "holds no study")
    file = tmp_path / "file"
    file.write_text("x")
    refused(skyshield("compare", file, "--json"), 2, "is a file")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def remove(path: Path) -> None:
    path.unlink()


def test_a_damaged_shard_is_told_and_played_again(folder, tiny, resolved):
    whole = hashes(tiny)
    shards = sorted((folder / "shards").iterdir())
    for path, harm in zip(shards, (truncate, flip, empty, remove), strict=False):
        harm(path)
        with pytest.raises(SkyShieldError, match=f"{path.name}: is missing or damaged"):
            read(folder)
        path.write_bytes((tiny / "shards" / path.name).read_bytes())
    for path, harm in zip(shards, (truncate, flip, empty, remove), strict=False):
        harm(path)
    refused(skyshield("compare", folder, "--json"), 2, shards[0].name, "is missing or damaged")
    others = {f"shards/{path.name}" for path in shards[4:]}
    stored = stamps(folder, "shards/*")
    run(resolved, 1, 3, out=folder, vectors=2)
    assert hashes(folder) == whole
    again = stamps(folder, "shards/*")
    assert {name for name in again if again[name] == stored.get(name)} == others


@pytest.mark.parametrize("name", ["resolved.json", "parameters.parquet", "failures.parquet"])
@pytest.mark.parametrize("harm", [truncate, flip, empty, remove])
def test_damaged_tables_are_told(folder, name, harm):
    harm(folder / name)
    with pytest.raises(SkyShieldError, match=f"{name}: is missing or damaged") as caught:
        read(folder)
    assert caught.value.exit_code == 2


def test_damaged_tables_are_mended(folder, tiny, words):
    for name in ("resolved.json", "parameters.parquet", "failures.parquet", "report.html", "annex.html"):
        flip(folder / name)
    done = skyshield(*words, "--out", folder, "--json")
    assert (done.returncode, unstored(done.stderr)) == (0, "")
    assert done.stdout == (tiny.parent / "study.out").read_text("utf-8")
    assert hashes(folder) == hashes(tiny)


def test_a_manifest_that_lost_a_shard_is_no_whole_study(folder):
    content = json.loads((folder / "study.json").read_text("utf-8"))
    lost = content["shards"].popitem()
    (folder / "study.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(SkyShieldError, match="does not name the shards of a whole study"):
        read(folder)
    content["shards"] |= dict([lost])
    content["vectors"] = 1
    (folder / "study.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(SkyShieldError, match="does not name the shards of a whole study"):
        read(folder)


def opened(folder: Path, force: bool = False) -> store.Store:
    plan = json.loads((folder / "study.json").read_text("utf-8"))
    for name in ("shards", "tables", "complete"):
        plan.pop(name, None)
    kept = store.Store(folder, plan, (folder / "resolved.json").read_text("utf-8"), force)
    kept.begin()
    return kept


def test_a_study_that_never_begins_leaves_no_trace(folder, tmp_path):
    plan = json.loads((folder / "study.json").read_text("utf-8"))
    new = tmp_path / "a" / "b"
    kept = store.Store(new, dict(plan), "{}", False)
    assert new.is_dir()
    kept.close()
    assert not (tmp_path / "a").exists()
    before = stamps(folder)
    store.Store(folder, plan | {"study_key": "another"}, "{}", True).close()
    assert stamps(folder) == before  # --force replaces it only once the other study begins


def test_a_journal_with_a_torn_last_line(folder):
    content = json.loads((folder / "study.json").read_text("utf-8"))
    shards = dict(content["shards"])
    name, digest = shards.popitem()
    second, second_digest = shards.popitem()
    (folder / "study.json").write_text(json.dumps(content | {"shards": shards, "complete": False}), "utf-8")
    (folder / "journal.txt").write_text(
        f"{digest} {name}\nrubbish\n{'0' * 64} ../../etc/passwd\n{second_digest} {second[:-4]}", "ascii")
    kept = opened(folder)
    try:
        assert {shard.name for shard in kept.stored()} == {*shards, name}
        assert not (folder / "journal.txt").exists()  # told to the manifest: a new line cannot join a torn one
        assert name in json.loads((folder / "study.json").read_text("utf-8"))["shards"]
    finally:
        kept.close()


def test_a_journal_of_bytes_that_are_no_text(folder):
    (folder / "journal.txt").write_bytes(b"\xff\xfe\x00 \n" * 10)
    kept = opened(folder)
    kept.close()
    assert kept.stored()


def test_a_start_that_was_killed_is_taken_over(tmp_path, folder, tiny):
    begun = tmp_path / "begun"
    (begun / "shards").mkdir(parents=True)
    (begun / "resolved.json").write_text("{half")
    (begun / ".study.json.tmp-123").write_text("{")
    (begun / "shards" / ".a00-v00000-00002-r00000-00003.parquet.tmp-123").write_bytes(b"PAR1")
    with pytest.raises(SkyShieldError, match="holds no study"):
        store.examine(begun, PLAN, force=False)  # something is among the shards: not sure it is ours
    (begun / "shards" / ".a00-v00000-00002-r00000-00003.parquet.tmp-123").unlink()
    assert store.examine(begun, PLAN, force=False) is None
    (folder / "shards" / ".a00-v00000-00002-r00000-00003.parquet.tmp-123").write_bytes(b"PAR1")
    (folder / ".study.json.tmp-123").write_text("{")
    opened(folder).close()
    assert not leftovers(folder)


def test_a_folder_in_use(folder, words):
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        before = stamps(folder)
        refused(skyshield(*words, "--out", folder, "--json"), 2, "is in use by another run")
        assert stamps(folder) == before
    finally:
        os.close(handle)


def test_two_processes_on_one_new_folder(few, tmp_path):
    folder = tmp_path / "study"
    words = ("run", few, "--vectors", 40, "--replications", 70, "--days", 3, "--jobs", 1, "--out", folder, "--json")
    with start(*words) as first, start(*words) as second:
        try:
            ended = None
            while ended is None:
                ended = next((p for p in (first, second) if p.poll() is not None), None)
                time.sleep(0.01)
            other = second if ended is first else first
            out, err = ended.communicate(timeout=60)
            assert other.poll() is None, "both ended"
            assert (ended.returncode, out) == (2, "")
            assert err == f"error: {folder}: is in use by another run; wait until it has ended\n"
        finally:
            for process in (first, second):
                process.kill()


def test_ctrl_c_while_a_file_is_written_waits_for_it(tmp_path):
    reached = []
    with pytest.raises(KeyboardInterrupt):
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            reached.append("the end")
        reached.append("too far")
    assert reached == ["the end"]
    with Parquet() as parquet:
        digest = parquet.write(tmp_path / "x.parquet", {"a": np.arange(3)})
    assert store.valid(tmp_path / "x.parquet", digest)


def test_names_of_files_lead_back_to_their_shards():
    shard = Shard(3, 12, 20, 64, 70)
    assert store.parse_name(shard.name) == shard
    for name in ("a03-v00012-00020-r00064.parquet", "x.parquet", "../a03-v00012-00020-r00064-00070.parquet",
                 "a03-v00012-r00064-00070.parquet", "a03-v00012-00020-r00064-00070.parquet.tmp-1"):
        with pytest.raises(SkyShieldError):
            store.parse_name(name)
