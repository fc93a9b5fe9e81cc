"""Five hundred moves in one process: its memory stays bounded, and no thread is left.
"""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]
MOST_MB = 500
PROGRAM = """
import sys, threading
sys.path[:0] = [sys.argv[1]]
from skyshield.study.session import Session
from support.settings import changed, random_setting

def held_mb(name):
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(name))) // 1000

most = 0
with Session(jobs=2) as session:
    before = changed({})
    for k in range(int(sys.argv[2])):
        now = changed(random_setting(k))
        for _ in session.preview(now, ((40, 2), (200, 2), (200, 5)) if k % 10 == 0 else ((40, 2),), before=before):
            most = max(most, held_mb("VmRSS"))
        before = now
print(most, threading.active_count())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the system says otherwise how much a process holds")
def test_five_hundred_moves():
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(TESTS), "500"], capture_output=True, text=True,
                          check=True, timeout=3600)
    most_mb, threads = map(int, done.stdout.split())
    assert most_mb < MOST_MB
    assert threads == 1
