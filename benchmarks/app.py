"""What a person waits for who moves a lever: a warm session, in this process, on the shipped month.

A bench of one option moves a stand-off of `region`, whose aid twins are played with it; one of all nine moves what
nobody knows about the attacker, which touches every option with forces, and, with the growth of launches, the rest.
Each move is a setting that was not seen before. The processor's seconds stand beside those of the wall, which other
work on the machine makes longer.
"""

import itertools
import os
import statistics
import time

from skyshield.scenario import load
from skyshield.scenario.load import dump, parse
from skyshield.study.maps import cores
from skyshield.study.session import Session
from skyshield.study.stages import STAGES

MOVES = int(os.environ.get("APP_MOVES", "20"))
FIRST = STAGES[:1]


def one_option(k):
    """Return the month with one stand-off moved."""
    content = dump(load("month"))
    content["options"]["region"]["rules"]["standoff_russia"] = f"{100 + 5 * k} km"
    return parse(content, "a move")


def all_nine(k):
    """Return the month with more launches than the record has, which every option meets."""
    content = dump(load("month"))
    content["assumptions"] = {"launch_growth": 1.0 + k / 1000.0}
    return parse(content, "a move")


def moves_s(setting, stages):
    """Return wall and processor seconds of each move to a new setting, from the one before."""
    with Session() as session:
        before = setting(0)
        for _ in session.preview(before, stages):
            pass
        seconds = []
        for k in itertools.islice(itertools.count(1), MOVES):
            now, start = setting(k), (time.perf_counter(), time.process_time())
            for _ in session.preview(now, stages, before=before):
                pass
            seconds.append((time.perf_counter() - start[0], time.process_time() - start[1]))
            before = now
    return zip(*seconds, strict=True)


def figures(stages):
    """Yield the median and the 95th percentile of moves that touch one option, and the median of those of all."""
    for size, setting in (("one option", one_option), ("all nine", all_nine)):
        wall_s, used_s = moves_s(setting, stages)
        yield size, cores(), statistics.median(wall_s), "s"
        yield size, cores(), statistics.quantiles(wall_s, n=20, method="inclusive")[-1], "s at 95%"
        yield size, 1, statistics.median(used_s), "s of processor time"


def app_first_number():
    """Yield the seconds from a move to its first numbers, with their error."""
    yield from figures(FIRST)


def app_final():
    """Yield the seconds from a move to 200 vectors of 5 replications, which is what a study of that size says."""
    yield from figures(STAGES)
