"""Killed at random moments after the first shard, and resumed: nothing finished is touched, nothing played twice.

Tried to fail: the journal not read on resuming (every shard is written again), a manifest written whole before the
tables (a study that says it is complete and is not). Each fails a trial.
"""

import json
import random
import shutil
import signal

import pytest

from support.command_line import hashes, leftovers, stamps, unstored
from support.forks import skyshield, stopped_at

ONCE, MANY = 1, 20


def killed_and_resumed(reference, size, folder, chance):
    """Kill a run at a random moment between its first shard and its end, and resume it; return how many it had."""
    words = ("run", *size, "--jobs", 2, "--out", folder, "--json")
    whole = len(list((reference / "study" / "shards").iterdir()))
    enough, late_s = chance.randint(1, whole), chance.random() * 0.05
    stopped = stopped_at(folder, enough, signal.SIGKILL, *words, late_s=late_s)
    assert (stopped.returncode, stopped.stdout) == (-signal.SIGKILL, "")
    manifest = json.loads((folder / "study.json").read_text("utf-8"))
    journal = folder / "journal.txt"
    entered = journal.read_text("ascii").splitlines(keepends=True) if journal.exists() else []
    finished = set(manifest["shards"]) | {line.split()[1] for line in entered if line.endswith("\n")}
    before = {name: stamp for name, stamp in stamps(folder, "shards/a*.parquet").items()
              if name.rpartition("/")[2] in finished}
    assert len(before) >= enough - 1  # the last may wait to be entered
    done = skyshield(*words)
    assert (done.returncode, unstored(done.stderr)) == (0, "")
    assert done.stdout == (reference / "study.out").read_text("utf-8")
    assert hashes(folder) == hashes(reference / "study") and not leftovers(folder)
    after = stamps(folder, "shards/a*.parquet")
    assert before.items() <= after.items(), "a finished shard was written again"
    assert len(after) == whole
    return len(before)


def test_killed_at_a_random_moment(reference, size, tmp_path):
    trials(reference, size, tmp_path, ONCE)


@pytest.mark.slow
def test_killed_at_twenty_random_moments(reference, size, tmp_path):
    trials(reference, size, tmp_path, MANY)


def trials(reference, size, tmp_path, number):
    chance = random.Random(6)
    spared = 0
    for trial in range(number):
        folder = tmp_path / f"study-{trial}"
        spared += killed_and_resumed(reference, size, folder, chance)
        shutil.rmtree(folder)
    whole = len(list((reference / "study" / "shards").iterdir()))
    assert spared >= number * whole / 5, "resuming saved hardly any work"


def test_killed_while_it_grows_until_it_is_precise(few, tmp_path):
    words = ("run", few, "--vectors", 6, "--replications", 3, "--days", 3, "--until", "8%", "--json")
    whole = skyshield(*words, "--out", tmp_path / "whole")
    assert (whole.returncode, unstored(whole.stderr)) == (0, "")
    asked = json.loads(whole.stdout)["precision"]
    assert asked["met"] and asked["replications"] > 3 and asked["share"] == 0.08
    folder = tmp_path / "killed"
    first = sum("-r00000-" in name for name in shards(tmp_path / "whole"))
    stopped = stopped_at(folder, first + 1, signal.SIGKILL, *words, "--out", folder)
    assert stopped.returncode == -signal.SIGKILL
    done = skyshield(*words, "--out", folder)
    assert (done.returncode, done.stdout) == (0, whole.stdout)
    assert hashes(folder) == hashes(tmp_path / "whole")


def shards(folder):
    return [path.name for path in folder.glob("shards/a*.parquet")]
