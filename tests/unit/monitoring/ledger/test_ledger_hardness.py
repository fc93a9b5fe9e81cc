"""An intake by several processes that is killed, has no room, may not write, or is not alone."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skyshield.monitoring.ledger.store import Ledger
from skyshield.monitoring.ledger.verify import verify_ledger
from support.ledgers import file_of, is_there, made

SCRIPT = """
import sys
from pathlib import Path
import skyshield.monitoring.ledger.keys as keys
keys.key_folder = lambda: Path(sys.argv[3])
from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ingest.intake import ingest
from skyshield.monitoring.ledger.store import Ledger
from skyshield.monitoring.observation.model import tables
tables()["limits"].update(block_bytes=3000, batch_rows=20)
try:
    with Ledger.open(sys.argv[1]) as ledger:
        append = ledger.append_ready
        def told(*given):
            done = append(*given)
            print(done.size, flush=True)
            return done
        ledger.append_ready = told
        report = ingest(ledger, sys.argv[2], sys.argv[4], 1.796e9, jobs=2)
    print("done", report.rows, report.accepted, report.duplicates, flush=True)
except SkyShieldError as error:
    print("error", error, file=sys.stderr)
    sys.exit(error.exit_code)
"""
ENV = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def command(folder: Path, file: Path, keys: Path, source: str = "patrol") -> list[str]:
    return [sys.executable, "-c", SCRIPT, str(folder), str(file), str(keys), source]


def started(*given: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(command(*given), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENV)


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "file.csv"
    path.write_text(file_of(3000))
    return path


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_kills_lose_nothing_acknowledged_and_leave_no_process(tmp_path, key_folder, file, kills):
    folder, size = made(tmp_path), 0
    for kill in range(kills):
        process = started(folder, file, key_folder)
        told = [int(process.stdout.readline()) for _ in range(1 + kill % 5)]
        workers = children(process.pid)
        time.sleep(0.004 * (kill % 7))
        process.kill()
        rest, error = process.communicate(timeout=60)
        told += [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n") and line[0] != "d"]
        assert error == "" and len(workers) == 2
        found = verify_ledger(folder)
        assert found["valid"], found["faults"]
        assert found["size"] >= max(told) >= size
        size = found["size"]
        limit_s = time.monotonic() + 20
        while any(map(is_there, workers)):
            assert time.monotonic() < limit_s, "a worker outlived the intake"
            time.sleep(0.02)
        assert not (folder / "quarantine").exists() or not list((folder / "quarantine").glob("file*"))
    out, error = started(folder, file, key_folder).communicate(timeout=60)
    word, rows, accepted, _ = out.splitlines()[-1].split()
    assert (word, rows, error) == ("done", "3000", "")
    (tmp_path / "1").mkdir()
    whole = made(tmp_path / "1")
    out, _ = started(whole, file, key_folder, "patrol").communicate(timeout=60)
    assert int(out.splitlines()[-1].split()[2]) == verify_ledger(folder)["size"] == size + int(accepted)
    names = [sorted(Ledger.open(one, write=False).connection.execute("SELECT content_sha256, source_id FROM entries"))
             for one in (folder, whole)]
    assert names[0] == names[1]


def test_two_intakes_at_once_lose_nothing(tmp_path, key_folder, file):
    folder = made(tmp_path)
    both = [started(folder, file, key_folder, source) for source in ("patrol 4", "patrol 5")]
    told = [process.communicate(timeout=100) for process in both]
    assert [error for _, error in told] == ["", ""]
    accepted = [int(out.splitlines()[-1].split()[2]) for out, _ in told]
    found = verify_ledger(folder)
    assert found["valid"] and found["size"] == sum(accepted) and accepted[0] == accepted[1] > 2000
    again = [started(folder, file, key_folder, "patrol 4") for _ in range(2)]
    for process in again:
        assert process.communicate(timeout=100)[0].splitlines()[-1].split()[2] == "0"


def in_a_disk_of_its_own(script: str, proof: Path, words: list[str], **env: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script that mounts a small disk where nobody else sees it; `proof` is what it leaves if it could."""
    ways = ((), ("--user", "--map-root-user")) if os.geteuid() == 0 else (("--user", "--map-root-user"),)
    for more in ways:
        done = subprocess.run(["unshare", "--mount", *more, "sh", "-c", script, "sh", *words], capture_output=True,
                              text=True, check=False, timeout=200, env={**ENV, **{k: str(v) for k, v in env.items()}})
        if proof.exists():
            return done
    if os.geteuid() == 0:
        pytest.fail(f"root could not mount a small disk: {done.stderr}")
    pytest.skip(f"this user may not mount a small disk: {done.stderr.strip()}")


@pytest.mark.parametrize("size", ["300k", "700k", "1500k"])
def test_a_full_disk_loses_nothing_acknowledged(tmp_path, key_folder, file, size):
    folder, disk, proof, copy = made(tmp_path), tmp_path / "disk", tmp_path / "proof", tmp_path / "copy"
    disk.mkdir()
    script = (f'mount -t tmpfs -o size={size} tmpfs "$DISK" && touch "$PROOF" && cp -a "$FOLDER" "$DISK/ledger" || '
              'exit 99; "$@"; code=$?; find "$DISK" -name "*.tmp*" >&2; cp -a "$DISK/ledger" "$COPY" || exit 98; '
              'mount -o remount,size=64m "$DISK" || exit 97; "$@" >&2 || exit 96; exit $code')
    done = in_a_disk_of_its_own(script, proof, command(disk / "ledger", file, key_folder), DISK=disk, PROOF=proof,
                                FOLDER=folder, COPY=copy)
    assert done.returncode == 3, (done.returncode, done.stderr)
    first, *rest = done.stderr.splitlines()
    assert first.startswith(f"error {disk}/ledger") and "the disk is full" in first
    told = [int(line) for line in done.stdout.splitlines()]
    found = verify_ledger(copy)
    assert found["valid"], found["faults"]
    assert found["size"] == (told[-1] if told else 0)
    assert rest[-1].startswith("done 3000 ")  # with more room the rest goes in
    assert int(rest[-1].split()[3]) >= found["size"]


def test_a_limit_on_files_loses_nothing_acknowledged(tmp_path, key_folder, file):
    folder = made(tmp_path)
    done = subprocess.run(["prlimit", "--fsize=400000", *command(folder, file, key_folder)], capture_output=True,
                          text=True, check=False, env=ENV, timeout=100)
    assert done.returncode == 3 and done.stderr.count("\n") == 1, (done.returncode, done.stderr)
    found = verify_ledger(folder)
    assert found["valid"] and found["size"] == int(done.stdout.splitlines()[-1]) > 0


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None,
                    reason="needs root and setpriv, to give up the right to write anywhere")
def test_a_read_only_folder_takes_nothing(tmp_path, key_folder, file):
    folder = made(tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in (folder, *folder.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    without = ["setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]
    done = subprocess.run([*without, *command(folder, file, key_folder)], capture_output=True, text=True, check=False,
                          env=ENV, timeout=100)
    assert done.returncode == 3 and done.stderr.count("\n") == 1 and "permission denied" in done.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_report_is_of_what_is_there(tmp_path, key_folder, file):
    folder = made(tmp_path)
    out, _ = started(folder, file, key_folder).communicate(timeout=60)
    sizes, last = out.splitlines()[:-1], out.splitlines()[-1].split()
    assert int(sizes[-1]) == int(last[2]) == verify_ledger(folder, jobs=2)["size"]
    [quarantine] = (folder / "quarantine").iterdir()
    lines = [json.loads(line) for line in quarantine.read_text().splitlines()]
    assert len(lines) + int(last[2]) + int(last[3]) == int(last[1]) == 3000
