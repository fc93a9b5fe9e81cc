"""What befalls a forked command: a disk of its own that is small, fewer privileges, a signal when it is so far.

It is done by the process itself. `setpriv` and `unshare` would start another one, cold; and who watches from another
process comes too late where many wait for a processor. Disks and privileges are Linux's.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

NEW_MOUNTS, NEW_USER = 0x00020000, 0x10000000  # CLONE_NEWNS and CLONE_NEWUSER of sched.h
CAPABILITY_VERSION = 0x20080522
OVERRIDE = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
CANNOT, NOT_FULL, NOT_LARGER = 99, 98, 96


def own_mounts() -> None:
    """Let nobody else see what this process mounts; as a user who may not do that, be root of a world of one's own."""
    libc, user, group = ctypes.CDLL(None, use_errno=True), os.getuid(), os.getgid()
    if user != 0 or libc.unshare(NEW_MOUNTS) != 0:
        if libc.unshare(NEW_MOUNTS | NEW_USER) != 0:
            print(f"no mounts of its own: {os.strerror(ctypes.get_errno())}", file=sys.stderr)
            raise SystemExit(CANNOT)
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1", "ascii")
    mounted("--make-rprivate", "/")


def mounted(*words: object) -> None:
    if subprocess.run(["mount", *map(str, words)], check=False).returncode != 0:
        raise SystemExit(CANNOT)


def command(*words: object) -> None:
    """Be the command; it ends by leaving."""
    from skyshield.cli.main import main

    main([str(word) for word in words])


def ended(*words: object) -> int:
    """Return the exit code of the command in a process of its own."""
    pid = os.fork()
    if pid == 0:
        code = CANNOT
        try:
            command(*words)
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def on_small_disk(size: str, place: str, listing: str, filled: bool, words: tuple[object, ...]) -> None:
    """Be the command where a disk of that size (or ``ro``) is mounted; write down which files it leaves there."""
    own_mounts()
    mounted("-t", "tmpfs", "-o", "size=4m" if size == "ro" else f"size={size}", "tmpfs", place)
    if size == "ro":
        mounted("-o", "remount,ro", place)
    if filled:
        with contextlib.suppress(OSError), (Path(place) / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))
    try:
        command(*words)
    finally:
        files = [str(path) for path in Path(place).rglob("*") if path.is_file()]
        Path(listing).write_text("".join(f"{path}\n" for path in files), "utf-8")


def on_a_disk_made_larger(place: str, copy: str, words: tuple[object, ...]) -> None:
    """Run the command on a disk that fills up, again when it is larger, and keep a copy of what is there then."""
    own_mounts()
    mounted("-t", "tmpfs", "-o", "size=1m", "tmpfs", place)
    Path(copy).mkdir()
    if ended(*words) != 3:
        raise SystemExit(NOT_FULL)
    mounted("-o", "remount,size=64m", place)
    if ended(*words) != 0:
        raise SystemExit(NOT_LARGER)
    shutil.copytree(Path(place) / "study", copy, dirs_exist_ok=True)


def when_so_far(folder: str, enough: int, act: Callable[[], None]) -> None:
    """Do something in a thread as soon as a study has written so many shards."""
    def watch() -> None:
        while len(list(Path(folder).glob("shards/a*.parquet"))) < enough:
            time.sleep(0.001)
        act()

    threading.Thread(target=watch, daemon=True).start()


def stopped(folder: str, enough: int, late_s: float, how: int, words: tuple[object, ...]) -> None:
    """Be the command, and get a signal a while after so many shards are written."""
    def act() -> None:
        time.sleep(late_s)
        os.kill(os.getpid(), how)

    when_so_far(folder, enough, act)
    command(*words)


def without_permission_soon(folder: str, enough: int, words: tuple[object, ...]) -> None:
    """Be the command, to which the folder of its shards is closed as soon as so many are written."""
    when_so_far(folder, enough, lambda: (Path(folder) / "shards").chmod(0o555))
    without_override(words)


def without_override(words: tuple[object, ...]) -> None:
    """Be the command as somebody to whom files are as closed as they say, though this be root."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets) == 0:
        for number in (0, 1):  # effective and permitted, of the first 32 capabilities
            sets[number] &= ~OVERRIDE
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    command(*words)
