"""Keys of ledgers go to a folder of the test, never to the user's; commands run in this process."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from skyshield.cli.main import main


@pytest.fixture(autouse=True)
def key_folder(tmp_path, monkeypatch) -> Path:
    place = tmp_path / "data" / "skyshield" / "keys"
    monkeypatch.setattr("skyshield.monitoring.ledger.keys.key_folder", lambda: place)
    return place


@pytest.fixture
def monitor(capsys, monkeypatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``skyshield monitor`` with the words given."""
    def run(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        if cwd is not None:
            monkeypatch.chdir(cwd)
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main(["monitor", *map(str, words)])
        said = capsys.readouterr()
        return subprocess.CompletedProcess(words, int(left.value.code or 0), said.out, said.err)

    return run
