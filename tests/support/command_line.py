"""Run the installed command as its users do, and look at what it left."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

SKYSHIELD = str(Path(sys.executable).with_name("skyshield"))
NOBODY = 65534
TIMEOUT_S = 300
MONTH = Path(__file__).parents[2] / "src/skyshield/scenario/library/month.yaml"
# What studies of tests do not move, so that they have three arms: the two entries left are `zone_share` and the rivals.
FIXED = {"claim_bias": 0.0, "class_shift": 0.0, "decoy_leak_ratio": 1.0, "displacement": 0.0,
         "leak_deep_at_end": 0.0, "leak_west_over_leak_deep": 1.0, "own_sea_share": 0.5, "stop_track_correlation": 0.3,
         "volume_response": 1.0, "deconfliction_loss_probability": 0.1, "class_confusion_night": 0.05,
         "aircraft_lost_per_hour_over_ukraine": 2e-5, "crewed_encounters_per_patrol_hour": 1e-5,
         "debris_damage_probability": 0.2, "deliberate_strikes_per_base_day": 1e-5,
         "deliberate_strikes_per_site_day": 1e-4, "embassy_strike_share": 0.005, "fratricide_per_engagement": 2e-4,
         "fratricide_per_own_stop": 1e-5, "site_strike_probability": 1e-4, "stray_missile_damage_probability": 0.05,
         "third_state_crossing_probability": 0.05, "ballistic_growth": 1.0, "base_attack_loss_war": 0.05,
         "day_wave_growth": 1.0, "decoy_armed_share": 0.1, "early_warning_loss_war": 0.02,
         "energy_share_of_armed_leakers": 0.3, "fratricide_with_clusters": 0.001, "gerbera_warhead": 0.0,
         "grid_repair_time": 30.0, "jet_uav_kill_loss": 0.6, "jet_uav_leak_ratio": 2.0, "jet_uav_share": 0.02,
         "launch_growth": 1.0, "massed_false_alarm": 0.2, "massed_warning_probability": 0.8,
         "npp_offsite_power_days_per_hit": 0.003,
         "outage_hours_per_energy_hit": 0.3, "own_magazine_days_ballistic": 3.0, "own_magazine_days_cruise": 7.0,
         "own_magazine_days_uav": 20.0, "own_resupply_share_ballistic": 1.0, "own_resupply_share_cruise": 1.0,
         "own_resupply_share_uav": 1.0, "own_stop_cost_ballistic": 1.5e7, "own_stop_cost_cruise": 1e6,
         "own_stop_cost_uav": 1.5e4, "port_days_per_hit": 0.1, "port_repair_time": 14.0,
         "port_share_of_armed_leakers": 0.25, "posture_routine_share": 0.5, "rail_hours_per_hit": 6.0,
         "rail_share_of_armed_leakers": 0.08, "share_of_production": 0.1, "tanker_loss_war": 0.03,
         "zone_agreement_time": 45.0, "zone_basing_time": 30.0, "zone_early_warning_time": 30.0,
         "zone_training_time": 60.0}
SHAPE = re.compile(r"error: (?P<where>\S.*?): (?P<what>\S.*?); (?P<mend>\S.*)\n")


def skyshield(*words: object, cwd: Path | None = None, env: dict[str, str] | None = None,
              before: tuple[str, ...] = (), stdout: Any = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; `before` is a command that runs it, such as setpriv."""
    return subprocess.run([*before, SKYSHIELD, *map(str, words)], cwd=cwd, env={**os.environ, **(env or {})},
                          stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, encoding="utf-8",
                          timeout=TIMEOUT_S, check=False)


def start(*words: object) -> subprocess.Popen[str]:
    """Start the command and do not wait."""
    return subprocess.Popen([SKYSHIELD, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, encoding="utf-8")


def parsed(done: subprocess.CompletedProcess[str], code: int = 0) -> dict[str, Any]:
    """Return the one JSON object of a command that went well and had nothing else to say but what it found stored."""
    assert (done.returncode, unstored(done.stderr)) == (code, ""), done.stderr
    content = json.loads(done.stdout)
    assert isinstance(content, dict)
    return content


def unstored(said: str) -> str:
    """Return what standard error says, without the notes on what a folder held already."""
    return "".join(line for line in said.splitlines(keepends=True)
                   if not line.startswith(("note: study ", "note: the sweep of the attacker's adaptation is kept")))


def refused(done: subprocess.CompletedProcess[str], code: int, *words: str) -> re.Match[str]:
    """Check the one line of an error: exit code, shape, the words it must hold; nothing on standard output."""
    assert done.returncode == code, (done.returncode, done.stderr)
    assert not done.stdout
    result = SHAPE.fullmatch(done.stderr)
    assert result is not None, done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    for word in words:
        assert word in done.stderr, (word, done.stderr)
    return result


def hashes(folder: Path, leave_out: tuple[str, ...] = ("timing.json",)) -> dict[str, str]:
    """Return the sha256 of every file of a folder, hidden ones too."""
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in leave_out}


def stamps(folder: Path, pattern: str = "**/*") -> dict[str, tuple[int, int, int]]:
    """Return modification time, inode and size of files: unchanged means that nobody wrote them."""
    return {path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino, path.stat().st_size)
            for path in sorted(folder.glob(pattern)) if path.is_file()}


def leftovers(folder: Path) -> list[str]:
    """Return temporary files that were left behind."""
    return [str(path) for path in folder.rglob("*") if "tmp-" in path.name]


def made_once(factory: Any, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that `make` fills once for all workers of a test run; treat it as read-only."""
    root = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        root = root.parent
    place = Path(root) / f"shared-{name}"
    with (Path(root) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            unfinished = place.with_name(f"{place.name}-unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(place)
    return place


def two_options() -> str:
    """Return the text of the shipped month with its first two options only."""
    text = MONTH.read_text("utf-8")
    return text[:text.index("  cities:\n")]


def few_arms(factory: Any) -> Path:
    """Return `own` and `region` of the shipped month as a file, all but two entries without a centre fixed."""
    def make(place: Path) -> None:
        (place / "few.yaml").write_text(f"{two_options()}\nassumptions: {json.dumps(FIXED)}\n", "utf-8")

    return made_once(factory, "few", make) / "few.yaml"
