"""The queue of runs: one plays, others wait; merged progress; a worker that dies; who reads late or slowly."""

import asyncio
import dataclasses
import json
import os
import shutil
import signal
import sys
import textwrap
import time

import pytest

from skyshield.app.folder import BusyError, Folder, UnknownError
from skyshield.app.ordered import FILE, keep, ordered
from skyshield.app.orders import Order
from skyshield.app.pipe import Worker
from skyshield.app.routes.runs import _lines
from skyshield.app.running import DONE, FAILED, PLAYING, QUEUED, STOPPED, Run, Runs, _ahead_words, _missing, told
from skyshield.core.errors import SkyShieldError

# A worker whose runs do what their seed says.
PLAYS = """
    import json, os, pathlib, sys
    def say(**said):
        sys.stdout.write(json.dumps(said) + "\\n")
        sys.stdout.flush()
    say(event="starting")
    say(event="ready")
    for line in sys.stdin:
        asked = json.loads(line)
        job, seed, do = asked.get("job"), asked.get("seed"), asked["do"]
        if do == "quit":
            break
        if do == "stop":
            say(job=job, ended="stopped")
        elif do == "foresee":
            say(job=job, data={"wall_s": 100.0, "disk_bytes": 1e6, "raid_days": 500, "arms": 3, "marks": []})
            say(job=job, ended="done")
        elif do == "run":
            say(job=job, data={"phase": "compiling"})
            if seed == DIES or (seed == DIES_ONCE and not pathlib.Path(MARK).exists()):
                pathlib.Path(MARK).touch()
                os._exit(9)
            for k in range(1, 1001 if seed == FLOODS else 3):
                say(job=job, data={"phase": "playing", "done": k, "total": 1000, "before": 0, "raid_days": 10 * k,
                                   "playing_s": k / 10})
            if seed == FAILS:
                say(job=job, ended="failed", error={"where": "x", "what": "the disk is full", "remedy": "y",
                                                    "exit_code": 3})
            elif seed not in (STAYS, FLOODS):
                say(job=job, ended="done")
"""
ENDS, STAYS, DIES, DIES_ONCE, FLOODS, FAILS = range(6)


def order(seed, vectors=4):
    return Order("few", "Few", {"name": "few"}, "name: few\n", f"{seed:08d}key", vectors, 2, seed, 3, 2)


def tried(folder, trial, within_s=30):
    """Run a trial on the runs of a folder with a worker that plays what it is told."""
    head = (f"ENDS, STAYS, DIES, DIES_ONCE, FLOODS, FAILS = range(6)\n"
            f"MARK = {str(folder / 'mark')!r}\n")
    code = head + textwrap.dedent(PLAYS)

    async def go():
        with Folder(folder) as opened:
            worker = Worker((sys.executable, "-c", code))
            worker.start()
            try:
                return await asyncio.wait_for(trial(Runs(opened, worker)), within_s)
            finally:
                await asyncio.wait_for(worker.close(), 5)

    return asyncio.run(go())


async def until(runs, run, *states):
    async for _ in runs.follow(run, 0, 0.05):
        if run.state in states:
            return run
    return run


async def played(run, blocks):
    while run.done < blocks:
        await asyncio.sleep(0.01)


def test_one_plays_and_others_wait_their_turn(tmp_path):
    async def trial(runs):
        first, second, third = [await runs.add(order(seed)) for seed in (STAYS, ENDS, ENDS)]
        await until(runs, first, PLAYING)
        places = [(row["id"], row["state"], row["place"]) for row in await runs.all()]
        await runs.stop(first.study)
        for run in (first, second, third):
            await until(runs, run, STOPPED, DONE)
        return places, [run.state for run in (first, second, third)]

    places, states = tried(tmp_path, trial)
    assert places == [("few-00000001", "playing", 0), ("few-00000000", "queued", 1), ("few-00000000-2", "queued", 2)]
    assert states == [STOPPED, DONE, DONE]


def test_one_that_waits_is_dropped_and_the_next_moves_up(tmp_path):
    async def trial(runs):
        first = await runs.add(order(STAYS))
        second, third = await runs.add(order(ENDS)), await runs.add(order(FAILS))
        await until(runs, first, PLAYING)
        dropped = await runs.stop(second.study)
        with pytest.raises(UnknownError):
            runs.get(second.study)
        return dropped.state, runs.plain(third)["place"], [row["id"] for row in await runs.all()]

    assert tried(tmp_path, trial) == (STOPPED, 1, ["few-00000001", "few-00000005"])


def test_one_stopped_before_anything_is_stored_stays_to_be_resumed_or_let_go_of(tmp_path):
    async def trial(runs):
        run = await runs.add(order(STAYS))
        await until(runs, run, PLAYING)
        await runs.stop(run.study)
        await until(runs, run, STOPPED)
        rows = [(row["id"], row["state"], row["told"]) for row in await runs.all()]
        again = await runs.add(runs.order_of(run.study, None, None), run.study)
        await until(runs, again, PLAYING)
        await runs.stop(run.study)
        await until(runs, again, STOPPED)
        await runs.stop(run.study)
        return rows, await runs.all()

    assert tried(tmp_path, trial) == (
        [("few-00000001", "stopped", "Stopped; nothing is stored yet, and resuming begins it.")], [])


def test_a_run_is_there_all_the_while_it_is_resumed(tmp_path, monkeypatch):
    async def trial(runs):
        run = await runs.add(order(STAYS))
        await until(runs, run, PLAYING)
        await runs.stop(run.study)
        await until(runs, run, STOPPED)
        look, found = runs._note_stored, []

        def look_and_be_asked(one):
            found.append(runs.get(one.study))
            look(one)

        monkeypatch.setattr(runs, "_note_stored", look_and_be_asked)
        again = await runs.add(runs.order_of(run.study, None, None), run.study)
        await runs.stop(run.study)
        return found[0] is run and again is run

    assert tried(tmp_path, trial)


def test_a_study_that_plays_is_not_ordered_again(tmp_path):
    async def trial(runs):
        run = await runs.add(order(STAYS))
        with pytest.raises(BusyError):
            await runs.add(order(STAYS), run.study)
        with pytest.raises(BusyError):
            runs.order_of(run.study, 8, 2)
        with pytest.raises(UnknownError):
            runs.order_of("no-such", 8, 2)

    tried(tmp_path, trial)


def test_only_so_many_wait(tmp_path, monkeypatch):
    monkeypatch.setattr("skyshield.app.running.MOST_QUEUED", 2)

    async def trial(runs):
        first = await runs.add(order(STAYS))
        await until(runs, first, PLAYING)
        for _ in range(2):
            await runs.add(order(ENDS))
        with pytest.raises(BusyError, match="2 that wait"):
            await runs.add(order(ENDS))

    tried(tmp_path, trial)


def test_a_failed_run_says_why_and_the_next_plays(tmp_path):
    async def trial(runs):
        failed, fine = await runs.add(order(FAILS)), await runs.add(order(ENDS))
        await until(runs, failed, FAILED)
        await until(runs, fine, DONE)
        return runs.plain(failed), fine.state

    plain, state = tried(tmp_path, trial)
    assert (plain["state"], state) == (FAILED, DONE)
    assert plain["error"] == {"where": "x", "what": "the disk is full", "remedy": "y"}


def test_a_fault_of_ours_holds_up_nobody(tmp_path, monkeypatch):
    async def trial(runs):
        asked = runs._request
        monkeypatch.setattr(runs, "_request", lambda do, order, study: (
            {}["nothing"] if order.seed == FAILS else asked(do, order, study)))
        first, second = [await runs.add(order(seed)) for seed in (FAILS, ENDS)]
        await until(runs, second, DONE)
        assert (first.state, first.error["what"]) == (FAILED, "met a fault of the program (KeyError)")

    tried(tmp_path, trial)


def test_one_that_kills_its_worker_goes_on_with_the_next(tmp_path):
    async def trial(runs):
        run = await runs.add(order(DIES_ONCE))
        await until(runs, run, DONE, FAILED)
        return runs.plain(run)

    plain = tried(tmp_path, trial)
    assert (plain["state"], plain["restarts"], plain["error"]) == (DONE, 1, None)


def test_one_that_kills_every_worker_fails_and_says_so(tmp_path):
    async def trial(runs):
        run, other = await runs.add(order(DIES)), await runs.add(order(ENDS))
        await until(runs, run, DONE, FAILED)
        await until(runs, other, DONE, FAILED)
        return runs.plain(run), other.state

    plain, other = tried(tmp_path, trial)
    assert (plain["state"], other) == (FAILED, DONE)
    assert plain["error"]["where"] == "worker"
    assert "ended by code 9 3 times while it played this" in plain["error"]["what"]


def test_a_stop_is_not_lost_with_the_worker(tmp_path):
    async def trial(runs):
        run = await runs.add(order(STAYS))
        await played(run, 2)
        os.kill(runs._worker.pid, signal.SIGSTOP)  # it hears no more
        await runs.stop(run.study)
        os.kill(runs._worker.pid, signal.SIGKILL)
        await until(runs, run, STOPPED, DONE, FAILED)
        return run.state, run.restarts

    assert tried(tmp_path, trial) == (STOPPED, 0)


def test_a_slow_reader_gets_the_latest_and_not_all(tmp_path):
    async def trial(runs):
        run = await runs.add(order(FLOODS))
        seen = []
        async for state in runs.follow(run, 0, 0.05):
            if state is not None:
                seen.append(state[1]["done"])
                if state[1]["done"] == 1000:
                    break
                await asyncio.sleep(0.5)
        return seen, runs._runs[run.study].number

    seen, _ = tried(tmp_path, trial)
    assert len(seen) < 10
    assert seen[-1] == 1000


def test_a_late_reader_gets_the_present_state_and_one_who_has_it_waits(tmp_path):
    async def trial(runs):
        run = await runs.add(order(STAYS))
        while run.done < 2:
            await asyncio.sleep(0.01)
        number = run.number
        late, knows, from_another_server = [await anext(runs.follow(run, after, 0.05))
                                            for after in (0, number, number + 100)]
        await runs.stop(run.study)
        await until(runs, run, STOPPED)
        rest = [state async for state in runs.follow(run, number, 0.05) if state is not None]
        return number, late, knows, from_another_server, rest

    number, late, knows, from_another_server, rest = tried(tmp_path, trial)
    assert (late[0], late[1]["done"]) == (number, 2)
    assert knows is None
    assert from_another_server[0] == number
    assert rest[-1][1]["state"] == STOPPED
    assert [one[0] for one in rest] == sorted({one[0] for one in rest})
    assert rest[0][0] > number


def test_a_reader_is_told_that_we_are_still_here(tmp_path, monkeypatch):
    monkeypatch.setattr("skyshield.app.routes.runs.KEEP_S", 0.05)

    async def trial(runs):
        run = await runs.add(order(STAYS))
        await played(run, 2)
        lines = _lines(runs, run, 0)
        said = [await anext(lines) for _ in range(3)]
        await runs.stop(run.study)
        return said, [line async for line in lines]

    said, rest = tried(tmp_path, trial)
    assert said[0].startswith("id: ")
    assert said[1:] == [": still here\n\n"] * 2
    assert '"state":"stopped"' in rest[-1]


def test_what_lies_ahead_is_asked_once_and_kept_for_the_run(tmp_path):
    async def trial(runs):
        aheads = await asyncio.gather(*(runs.ahead(order(ENDS)) for _ in range(5)))
        jobs = runs._worker._last
        run = await runs.add(order(ENDS))
        return aheads, jobs, run.ahead

    aheads, jobs, kept = tried(tmp_path, trial)
    assert jobs == 1
    assert aheads[0]["wall_s"] == kept["wall_s"] == 100.0
    assert aheads[0]["told"].startswith("About 1.7 to 3.7 minutes here and 1 MB on disk for 500 raid-days")


def test_a_worker_that_cannot_be_started_fails_runs_and_says_why(tmp_path):
    async def trial():
        with Folder(tmp_path) as folder:
            worker = Worker(("/no/such/program",))
            worker.start()
            runs = Runs(folder, worker)
            run = await runs.add(order(ENDS))
            await until(runs, run, FAILED)
            with pytest.raises(SkyShieldError, match="cannot be started") as refused:
                await runs.ahead(order(STAYS))
            await worker.close()
            return run.error, refused.value.exit_code

    error, code = asyncio.run(trial())
    assert "cannot be started" in error["what"]
    assert code == 3


def test_what_waits_is_known_to_the_next_server_and_resumed_there(tmp_path):
    async def wait(runs):
        await runs.add(order(FAILS))
        await runs.stop("few-00000005")
        for seed in (STAYS, ENDS):
            await runs.add(order(seed))
        assert set(ordered(tmp_path)) == {"few-00000001", "few-00000000"}  # whatever ends the server now

    async def look(runs):
        rows = {row["id"]: row["state"] for row in await runs.all()}
        waited_for = runs.get("few-00000000").order
        run = await runs.add(runs.order_of("few-00000000", 9, None), "few-00000000")
        await until(runs, run, DONE)
        dropped = await runs.stop("few-00000001")
        return rows, waited_for, run.order.vectors, dropped.state, [row["id"] for row in await runs.all()]

    tried(tmp_path, wait)
    rows, waited_for, vectors, dropped, left = tried(tmp_path, look)
    assert rows == {"few-00000000": STOPPED, "few-00000001": STOPPED}
    assert waited_for == order(ENDS)
    assert (vectors, dropped, left) == (9, STOPPED, ["few-00000000"])
    assert json.loads((tmp_path / FILE).read_text("utf-8")) == {}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"scenario": "x"}}', "\x00"])
def test_a_file_of_what_waits_that_is_not_ours_is_no_hindrance(tmp_path, text):
    (tmp_path / FILE).write_text(text, "utf-8")

    async def trial(runs):
        assert await runs.all() == []
        run = await runs.add(order(ENDS))
        await until(runs, run, DONE)
        return run.state

    assert tried(tmp_path, trial) == DONE


def test_a_folder_that_goes_away_holds_up_no_queue(tmp_path):
    folder = tmp_path / "folder"

    async def trial(runs):
        first, second = await runs.add(order(STAYS)), await runs.add(order(ENDS))
        await played(first, 2)
        shutil.rmtree(folder)
        await runs.stop(first.study)
        await until(runs, second, DONE, FAILED)
        return first.state, second.state

    folder.mkdir()
    assert tried(folder, trial) == (STOPPED, DONE)


def test_only_names_of_studies_are_taken_from_it(tmp_path):
    keep(tmp_path, {"few-1": order(1), "../few": order(1), "Few": order(1)})
    assert list(ordered(tmp_path)) == ["few-1"]


def at_play(done, playing_s, ahead_s=None, begun_s=None):
    run = Run("s", order(ENDS), state=PLAYING, phase="playing", done=done, total=1000, playing_s=playing_s)
    run.wall_s, run.ahead = begun_s or playing_s, None if ahead_s is None else {"wall_s": ahead_s}
    return run


def test_the_time_left_goes_over_from_what_was_foreseen_to_what_is_seen():
    assert at_play(0, 0.0).left_s() is None
    assert at_play(500, 50.0).left_s() == 50.0
    assert at_play(0, 0.0, ahead_s=300.0).left_s() == 300.0
    assert at_play(500, 50.0, ahead_s=300.0).left_s() == 50.0
    between = at_play(50, 10.0, ahead_s=300.0).left_s()
    assert 190.0 < between < 290.0
    assert between == pytest.approx(0.5 * 190.0 + 0.5 * 290.0)
    assert at_play(0, 0.0, ahead_s=5.0, begun_s=30.0).left_s() == 0.0
    assert dataclasses.replace(at_play(999, 50.0), phase="writing").left_s() is None


@pytest.mark.parametrize(("change", "words"), [
    ({"state": QUEUED}, "Number 2 in the queue."),
    ({"state": QUEUED, "done": 3, "total": 9}, "Number 2 in the queue; 3 of 9 blocks are stored."),
    ({"state": PLAYING}, "The worker gets ready."),
    ({"state": PLAYING, "phase": "playing", "done": 1200, "total": 7800, "playing_s": 60.0},
     "1,200 of 7,800 blocks are played, about 5.5 minutes left."),
    ({"state": PLAYING, "phase": "playing", "done": 1200, "total": 7800, "playing_s": 60.0, "raid_days": 90_000},
     "1,200 of 7,800 blocks are played, 1,500 raid-days a second, about 5.5 minutes left."),
    ({"state": PLAYING, "phase": "writing", "total": 9, "restarts": 1},
     "The report is written; the worker had ended and was started again."),
    ({"state": STOPPED}, "Stopped; nothing is stored yet, and resuming begins it."),
    ({"state": FAILED, "done": 3, "total": 9}, "Failed; 3 of 9 blocks are stored, and resuming goes on from there."),
    ({"state": DONE}, "Done."),
])
def test_a_run_is_told_in_a_sentence(change, words):
    assert told(Run("s", order(ENDS), **change), 2) == words


def test_a_slow_folder_holds_up_nobody_else(tmp_path, monkeypatch):
    async def trial(runs):
        look = runs._folder.studies

        def slowly():
            time.sleep(0.6)
            return look()

        monkeypatch.setattr(runs._folder, "studies", slowly)
        listing, longest_s, latest_s = asyncio.create_task(runs.all()), 0.0, time.monotonic()
        while not listing.done():
            await asyncio.sleep(0.01)
            now_s = time.monotonic()
            longest_s, latest_s = max(longest_s, now_s - latest_s), now_s
        assert listing.result() == []
        return longest_s

    assert tried(tmp_path, trial) < 0.4


def test_what_is_foreseen_of_a_first_short_run_holds_what_it_took():
    """A newcomer was told 6.6 s and waited 32."""
    ahead = _missing({"wall_s": 6.6, "disk_bytes": 1e6, "raid_days": 10}, 0.0)
    assert ahead["wall_s"] < 32.0 < ahead["wall_high_s"]
    assert _ahead_words(ahead, 1e12).startswith("About 7 to 33 seconds here and 1 MB on disk for 10 raid-days")
    assert _missing({"wall_s": 6.6, "disk_bytes": 1e6, "raid_days": 10}, 1.0)["wall_high_s"] == 0.0
    nearly = _missing({"wall_s": 500.0, "disk_bytes": 1e6, "raid_days": 10}, 0.999)
    assert 20.0 <= nearly["wall_high_s"] < 22.0  # who resumes loads and writes the report all the same
    assert _ahead_words(nearly, 1e12).startswith("About 1 to 21 seconds here")
