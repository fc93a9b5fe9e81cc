"""The same study gives the same bytes: for any number of jobs, after any interruption, grown in any steps.

Every run is a process of its own, kills are real. The size crosses a block boundary (64 replications).
"""

import functools
import hashlib
import json
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from skyshield.raids.fit import embedded_fit
from skyshield.scenario import Resolved
from skyshield.study import StudyView, run, thread_map
from skyshield.study.compare import rounded
from skyshield.study.document import run_json
from skyshield.study.prepare import prepare
from support.command_line import hashes, leftovers, parsed, stamps, unstored
from support.forks import skyshield, stopped_at
from support.records import record

SEED = 1
INTERRUPTED = "error: skyshield: interrupted; run the same command again, a study with --out goes on\n"


def shards(folder: Path) -> int:
    return len(list(folder.glob("shards/a*.parquet")))


def test_the_reference_is_a_whole_study(reference, size):
    content = json.loads((reference / "study.out").read_text("utf-8"))
    assert (content["vectors"], content["replications"], content["days"]) == (4, 326, 3)
    manifest = json.loads((reference / "study" / "study.json").read_text("utf-8"))
    n_arms = len(manifest["arms"])
    assert manifest["complete"] and len(manifest["shards"]) == shards(reference / "study") == 6 + n_arms - 1
    headline = [f"a00-v00000-00004-r{first:05d}-{min(first + 64, 326):05d}.parquet" for first in range(0, 326, 64)]
    others = [f"a{arm:02d}-v00000-00004-r00000-00002.parquet" for arm in range(1, n_arms)]
    assert list(manifest["shards"]) == [*headline, *others]
    assert {"study.json", "summary.json", "resolved.json", "parameters.parquet", "failures.parquet", "report.html",
            "annex.html"} == {name for name in hashes(reference / "study") if "/" not in name}
    assert content["paired"]["region"]["prevented_zone"]["delta"] > 0


def test_eight_jobs_do_not_change_a_byte(reference, size, tmp_path):
    done = skyshield("run", *size, "--jobs", 8, "--out", tmp_path / "study", "--json", "--timing")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert content.pop("timing")["raid_days_per_s"] > 0
    assert content == json.loads((reference / "study.out").read_text("utf-8"))
    assert hashes(tmp_path / "study") == hashes(reference / "study")


@pytest.mark.parametrize("jobs", [2, 3])
def test_other_numbers_of_jobs_neither(reference, asked, tmp_path, jobs):
    run(asked, SEED, 326, out=tmp_path / "study", vectors=4, map=functools.partial(thread_map, jobs=jobs))
    pages = ("report.html", "annex.html", "study.json")
    assert hashes(tmp_path / "study", leave_out=pages) == hashes(reference / "study", leave_out=pages)
    mine, whole = (json.loads((place / "study" / "study.json").read_text("utf-8")) for place in (tmp_path, reference))
    assert set(whole.pop("pages")) == {"report.html", "annex.html", "made_with"}
    assert mine == whole


def test_without_a_folder_the_same_json(reference, size):
    done = skyshield("run", *size, "--jobs", 2, "--json")
    assert (done.returncode, unstored(done.stderr)) == (0, "")
    assert done.stdout == (reference / "study.out").read_text("utf-8")


def test_stopped_at_several_moments_and_resumed(reference, size, tmp_path):
    folder = tmp_path / "study"
    words = ("run", *size, "--jobs", 2, "--out", folder, "--json")
    whole = shards(reference / "study")
    before: dict[str, tuple[int, int, int]] = {}
    for how, enough in ((signal.SIGKILL, 1), (signal.SIGINT, whole // 2), (signal.SIGKILL, whole - whole // 4)):
        stopped = stopped_at(folder, enough, how, *words)
        assert stopped.stdout == ""
        if how == signal.SIGINT:
            assert (stopped.returncode, unstored(stopped.stderr)) == (130, INTERRUPTED)
            assert not leftovers(folder)
        else:
            assert (stopped.returncode, unstored(stopped.stderr)) == (-signal.SIGKILL, "")
        assert not json.loads((folder / "study.json").read_text("utf-8"))["complete"]
        now = stamps(folder, "shards/a*.parquet")
        assert before.items() <= now.items(), "a finished shard was written again"
        journal = folder / "journal.txt"  # not there yet if the very first shard is waiting to be entered
        finished = {line.split()[1] for line in journal.read_text("ascii").splitlines()} if journal.exists() else set()
        before |= {f"shards/{name}": now[f"shards/{name}"] for name in finished}
    assert len(before) >= whole // 2
    half = skyshield("compare", folder, "--json")
    assert half.returncode == 2 and "not finished" in half.stderr
    done = skyshield(*words)
    assert (done.returncode, unstored(done.stderr)) == (0, "")
    assert done.stdout == (reference / "study.out").read_text("utf-8")
    assert hashes(folder) == hashes(reference / "study")
    assert before.items() <= stamps(folder, "shards/a*.parquet").items(), "a finished shard was written again"
    assert not leftovers(folder)


@pytest.fixture(scope="module")
def asked(few) -> Resolved:
    """Return the reference study's scenario, as the command prepares it."""
    return prepare(str(few), embedded_fit(), days=3).resolved


@pytest.fixture
def in_this_process(asked) -> Callable[[Path, int, int], dict[str, object]]:
    """Run the reference study at another size in this process; return what --json would print."""
    def play(folder: Path, vectors: int, replications: int) -> dict[str, object]:
        result = run(asked, SEED, replications, out=folder, vectors=vectors)
        return json.loads(json.dumps(rounded(run_json(StudyView(result, asked)))))

    return play


def test_extended_from_fewer_vectors_and_replications(reference, size, in_this_process, tmp_path):
    folder = tmp_path / "study"
    in_this_process(folder, 2, 10)
    before = stamps(folder, "shards/*")
    assert before
    done = skyshield("run", *size, "--jobs", 2, "--out", folder, "--json")
    assert (done.returncode, unstored(done.stderr)) == (0, "")
    assert done.stdout == (reference / "study.out").read_text("utf-8")
    assert before.items() <= stamps(folder, "shards/*").items(), "a stored shard was written again"
    for name in ("report.html", "annex.html"):
        assert (folder / name).read_bytes() == (reference / "study" / name).read_bytes()


@pytest.mark.parametrize(("vectors", "replications"), [(4, 10), (2, 326), (3, 64)])
def test_extended_in_this_process(reference, in_this_process, tmp_path, vectors, replications):
    folder = tmp_path / "study"
    in_this_process(folder, vectors, replications)
    before = stamps(folder, "shards/*")
    assert in_this_process(folder, 4, 326) == json.loads((reference / "study.out").read_text("utf-8"))
    assert before.items() <= stamps(folder, "shards/*").items()


@pytest.mark.parametrize(("vectors", "replications"), [(2, 10), (4, 326)])
def test_asked_for_less_or_the_same_it_gives_what_is_stored(reference, in_this_process, tmp_path, vectors,
                                                            replications):
    folder = tmp_path / "study"
    shutil.copytree(reference / "study", folder)
    stored, before = hashes(folder), stamps(folder, "shards/*")
    assert in_this_process(folder, vectors, replications) == json.loads((reference / "study.out").read_text("utf-8"))
    assert hashes(folder) == stored
    assert stamps(folder, "shards/*") == before


def test_another_seed_is_another_study(reference, size):
    content = parsed(skyshield("run", size[0], "--vectors", 1, "--replications", 2, "--days", 3, "--seed", 2, "--json"))
    other = json.loads((reference / "study.out").read_text("utf-8"))
    assert content["study_key"] != other["study_key"]
    assert content["provenance"]["resolved_sha256"] == other["provenance"]["resolved_sha256"]


def test_a_record_fitted_by_run_and_by_fit_is_one_study(few, tmp_path):
    (tmp_path / "record.csv").write_text(record(), "utf-8")
    words = ("run", few, "--vectors", 2, "--replications", 66, "--days", 2, "--json")
    by_run = skyshield(*words, "--jobs", 1, "--record", tmp_path / "record.csv")
    made = skyshield("fit", tmp_path / "record.csv", "--out", tmp_path / "fit.yaml")
    assert (made.returncode, unstored(made.stderr)) == (0, "")
    by_fit = skyshield(*words, "--jobs", 2, "--fit", tmp_path / "fit.yaml")
    content = parsed(by_fit)
    of_run = parsed(by_run)
    assert of_run.pop("record")["rows"] > 0  # what was read; a fit's file says it in its status
    assert json.dumps(of_run) == json.dumps(content)
    assert content["provenance"]["record_sha256"] == hashlib.sha256((tmp_path / "record.csv").read_bytes()).hexdigest()
    assert content["provenance"]["alerts_sha256"] is None
    assert content["provenance"]["fit_window"] == ["2025-12-02", "2025-12-31"]
    assert str(tmp_path) not in by_run.stdout
    assert content["options"]["own"]["launched/uav"]["mean"] > 0


@pytest.mark.slow
def test_the_real_record(few, data_dir):
    record_csv, alerts = data_dir / "raids/missile_attacks_daily.csv", data_dir / "alerts/oblast_alert_intervals.csv.gz"
    content = parsed(skyshield("run", few, "--record", record_csv, "--alerts", alerts, "--vectors", 2, "--replications",
                               2, "--days", 2, "--json"))
    assert content["provenance"]["record_sha256"] == hashlib.sha256(record_csv.read_bytes()).hexdigest()
    assert re.fullmatch("[0-9a-f]{64}", content["provenance"]["alerts_sha256"])
    assert content["options"]["own"]["launched/uav"]["mean"] > 0
