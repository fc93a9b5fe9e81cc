"""Exports, proofs and witnesses: third parties accept what is whole and reject what was changed."""

import ast
import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ledger.export import export_ledger, prove
from skyshield.monitoring.ledger.note import parse_checkpoint, parse_note, parse_verifier
from skyshield.monitoring.ledger.tree import included, leaf_hash
from skyshield.monitoring.ledger.verify_export import verify_export
from skyshield.monitoring.ledger.witness import cosign
from support.ledgers import ORIGIN, entry, grow, made

CHECKER = Path(__file__).parents[4] / "docs" / "verify_ledger.py"
GO_MODULES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
_TILE, _ENTRIES = "tile/0/001", "tile/entries/000"


@pytest.fixture
def out(tmp_path) -> Path:
    export_ledger(made(tmp_path, 300, 270), tmp_path / "out", "mission")
    return tmp_path / "out"


def alone(out: Path, *more: object) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-I", str(CHECKER), str(out), (out / "verifier.key").read_text().strip(),
                           *map(str, more)], capture_output=True, text=True, check=False)


def test_the_files_are_those_of_the_format(out):
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert names == {"checkpoint", "about", "agreement.yaml", "verifier.key", "disclosed.jsonl",
                     "tile/0/000", "tile/0/001", "tile/0/002.p/58", "tile/1/000.p/2",
                     "tile/entries/000", "tile/entries/001", "tile/entries/002.p/58"}
    bundle = (out / "tile/entries/002.p/58").read_bytes()
    assert bundle[:2] == len(entry(512).leaf).to_bytes(2, "big")
    assert bundle[2:].startswith(entry(512).leaf)
    assert (out / "tile/0/001").read_bytes()[:32] == leaf_hash(entry(256).leaf)
    found = verify_export(out)
    assert (found["valid"], found["size"], found["faults"]) == (True, 570, [])
    assert alone(out).stdout == f"valid: 570 records, root {found['root']}\n"


def flipped(path: Path, at: int = 40) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


# what is done, the file that is named, and whether the checker that stands alone, which reads what must be there, sees
EXPORT_TAMPERING = {
    "a leaf": (lambda out: flipped(out / _ENTRIES), "tile/0/000", True),
    "a leaf's length": (lambda out: flipped(out / _ENTRIES, 1), _ENTRIES, True),
    "a hash": (lambda out: flipped(out / _TILE), _TILE, True),
    "an upper hash": (lambda out: flipped(out / "tile/1/000.p/2"), "tile/1/000.p/2", True),
    "a missing bundle": (lambda out: (out / _ENTRIES).unlink(), _ENTRIES, True),
    "a missing tile": (lambda out: (out / "tile/1/000.p/2").unlink(), "tile/1/000.p/2", True),
    "a bundle cut off": (lambda out: (out / _ENTRIES).write_bytes((out / _ENTRIES).read_bytes()[:-9]), _ENTRIES, True),
    "bundles that change places": (lambda out: (
        (out / "t").write_bytes((out / _ENTRIES).read_bytes()),
        (out / _ENTRIES).write_bytes((out / "tile/entries/001").read_bytes()),
        (out / "t").replace(out / "tile/entries/001")), "tile/0/000", True),
    "a file more": (lambda out: (out / "tile/0/003").write_bytes(b""), "tile/0/003", False),
    "the size": (lambda out: (out / "checkpoint").write_text(
        (out / "checkpoint").read_text("utf-8").replace("\n570\n", "\n569\n"), "utf-8"), "checkpoint", True),
    "no checkpoint": (lambda out: (out / "checkpoint").unlink(), "checkpoint", True),
    "a checkpoint that is none": (lambda out: (out / "checkpoint").write_bytes(b"\xff"), "checkpoint", True),
    "the agreement": (lambda out: (out / "agreement.yaml").write_text("id: other\n"), "agreement.yaml", True),
    "the description": (lambda out: flipped(out / "about"), "about", True),
    "a disclosed value": (lambda out: (out / "disclosed.jsonl").write_text(
        (out / "disclosed.jsonl").read_text().replace("observer 7\"", "observer 8\"")), "disclosed.jsonl", True),
    "a disclosure out of order": (lambda out: (out / "disclosed.jsonl").write_text(
        (out / "disclosed.jsonl").read_text() * 2), "disclosed.jsonl", True),
}


@pytest.mark.parametrize("what", EXPORT_TAMPERING)
def test_a_tampered_export_is_rejected_with_the_place(out, what):
    key = (out / "verifier.key").read_text()
    change, file, by_checker = EXPORT_TAMPERING[what]
    change(out)
    found = verify_export(out, None, parse_verifier(key, ""))
    assert not found["valid"]
    assert file in {fault["table"] for fault in found["faults"]}, found["faults"]
    done = alone(out)
    assert (done.returncode, "NOT VALID" in done.stderr) == ((1, True) if by_checker else (0, False))


def test_a_level_discloses_what_may_be_seen_and_no_more(out, tmp_path):
    lines = [json.loads(line) for line in (out / "disclosed.jsonl").read_text().splitlines()]
    assert len(lines) == 570
    assert lines[7] == {"number": 7, "fields": {"observer": {"salt": "07" * 16, "value": "observer 7"}}}
    for level in ("public", "parties"):
        told = export_ledger(tmp_path / "ledger", tmp_path / level, level)
        assert (told["disclosed"], (tmp_path / level / "disclosed.jsonl").exists()) == (0, False)
        assert not any(b"observer 7" in path.read_bytes() for path in (tmp_path / level).rglob("*") if path.is_file())
        assert (tmp_path / level / "checkpoint").read_bytes() == (out / "checkpoint").read_bytes()
        assert verify_export(tmp_path / level)["valid"]
    with pytest.raises(SkyShieldError, match="is no level"):
        export_ledger(tmp_path / "ledger", tmp_path / "new", "everyone")
    with pytest.raises(SkyShieldError, match="not an empty folder"):
        export_ledger(tmp_path / "ledger", out)


def test_an_empty_ledger_is_exported_and_checked(tmp_path):
    export_ledger(made(tmp_path), tmp_path / "out")
    assert verify_export(tmp_path / "out")["valid"]
    assert alone(tmp_path / "out").returncode == 0


def test_the_checker_alone_sees_a_rollback_and_other_records(out, tmp_path):
    published = tmp_path / "published"
    shutil.copy(out / "checkpoint", published)
    grow(tmp_path / "ledger", 30)
    export_ledger(tmp_path / "ledger", tmp_path / "later")
    assert alone(tmp_path / "later", published).returncode == 0
    assert alone(out, tmp_path / "later" / "checkpoint").stderr == (
        "NOT VALID: 30 records are gone since the published checkpoint\n")
    (tmp_path / "again").mkdir()
    export_ledger(made(tmp_path / "again", 600, text="silence"), tmp_path / "anew")
    assert "is not signed by the key" in alone(tmp_path / "anew", published).stderr


@pytest.mark.parametrize("name", [
    "checkpoint", "about", "agreement.yaml", "disclosed.jsonl", "tile/0/001", "tile/0/002.p/58", "tile/1/000.p/2",
    "tile/entries/000", "tile/entries/002.p/58"])
@pytest.mark.parametrize("how", ["flip", "cut"])
def test_the_checker_alone_sees_a_change_in_any_file(out, name, how):
    path, content = out / name, (out / name).read_bytes()
    half = len(content) // 2
    path.write_bytes(content[:half] + (bytes([content[half] ^ 1]) + content[half + 1:] if how == "flip" else b""))
    done = alone(out)
    assert done.returncode == 1 and re.fullmatch(r"NOT VALID: [^\n]+\n", done.stderr), done.stderr


@pytest.mark.parametrize("lines", [
    ['{"fields":{"observer":{"salt":"00","value":1}},"number":570}'], ["[]"], ["{}"], ["x"],
    ['{"fields":{"weapon":{"salt":"00","value":1}},"number":0}'],
    ['{"fields":{},"number":7}', '{"fields":{},"number":3}']])
def test_the_checker_alone_takes_no_disclosure_of_what_is_not_there(out, lines):
    (out / "disclosed.jsonl").write_text("\n".join(lines) + "\n")
    done = alone(out)
    assert done.returncode == 1 and re.fullmatch(r"NOT VALID: [^\n]+\n", done.stderr), done.stderr


def test_the_checker_alone_is_short_and_needs_nothing_of_ours():
    source = CHECKER.read_text("utf-8")
    assert len(source.splitlines()) <= 100
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {alias.name.split(".")[0] for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    names |= {n.module.split(".")[0] for n in nodes if isinstance(n, ast.ImportFrom)}
    assert names - set(sys.stdlib_module_names) == {"cryptography"}


def test_a_proof_proves_one_record(out, tmp_path):
    key = parse_verifier((out / "verifier.key").read_text(), "")
    for number in (0, 255, 256, 569):
        proof = prove(tmp_path / "ledger", number)
        head, _, note_text = proof.text.partition("\n\n")
        first, index, *hashes = head.split("\n")
        assert (first, index) == ("c2sp.org/tlog-proof@v1", f"index {number}")
        note = parse_note(note_text, "")
        assert note_text == (out / "checkpoint").read_text("utf-8")
        assert note.signed_by(key)
        checkpoint = parse_checkpoint(note, "")
        path = [base64.b64decode(text) for text in hashes]
        assert included(leaf_hash(entry(number).leaf), number, checkpoint.size, path, checkpoint.root)
        assert not included(leaf_hash(entry(number, "other").leaf), number, checkpoint.size, path, checkpoint.root)
    for number in (-1, 570):
        with pytest.raises(SkyShieldError, match="is not in the ledger"):
            prove(tmp_path / "ledger", number)


def test_witnesses_sign_what_grew_and_refuse_what_changed(out, tmp_path):
    ukraine, russia = tmp_path / "ua.key", tmp_path / "ru.key"
    first = cosign(out, ukraine, "ua.example")
    assert (first["size"], first["before"], ukraine.stat().st_mode & 0o777) == (570, None, 0o600)
    second = cosign(out, russia, "ru.example")
    witnesses = [parse_verifier(told["witness"], "", 4) for told in (first, second)]
    assert len((out / "checkpoint").read_text("utf-8").splitlines()) == 7
    assert verify_export(out, None, None, witnesses)["valid"]
    assert alone(out).returncode == 0
    cosign(out, ukraine)
    assert len((out / "checkpoint").read_text("utf-8").splitlines()) == 7
    text = (out / "checkpoint").read_text("utf-8")
    (out / "checkpoint").write_text("\n".join(text.split("\n")[:5]) + "\n", "utf-8")
    assert [f["what"] for f in verify_export(out, None, None, witnesses)["faults"]] == ["has not signed it"] * 2

    grow(tmp_path / "ledger", 30)
    assert cosign(tmp_path / "ledger", ukraine, out=tmp_path / "signed")["before"] == 570
    assert "— ua.example " in (tmp_path / "signed").read_text("utf-8")
    with pytest.raises(SkyShieldError, match="has 570 entries where this witness signed 600") as told:
        cosign(out, ukraine)
    assert told.value.exit_code == 1

    (tmp_path / "again").mkdir()
    anew = made(tmp_path / "again", 700, text="silence")
    with pytest.raises(SkyShieldError, match="does not begin with the 600 entries") as told:
        cosign(anew, ukraine)
    assert told.value.exit_code == 1
    assert not (anew / "checkpoint").exists()


def test_a_witness_signs_nothing_that_does_not_verify(out, tmp_path):
    flipped(out / _ENTRIES)
    before = (out / "checkpoint").read_bytes()
    with pytest.raises(SkyShieldError, match="does not verify"):
        cosign(out, tmp_path / "w.key", "w.example")
    assert (out / "checkpoint").read_bytes() == before
    with pytest.raises(SkyShieldError, match="give --name"):
        cosign(out, tmp_path / "none.key")
    with pytest.raises(SkyShieldError, match=f"is the key of {ORIGIN}"):
        cosign(out, tmp_path / "log.key")


@pytest.mark.skipif(shutil.which("go") is None or not GO_MODULES.is_dir(),
                    reason="needs Go and its reference packages: apt-get install golang-go golang-golang-x-mod-dev")
def test_the_go_reference_accepts_an_export_and_rejects_a_tampered_one(out, tmp_path):
    program = tmp_path / "check_export"
    at_home = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "CGO_ENABLED": "0",
               "GOCACHE": str(tmp_path / "gocache")}
    subprocess.run(["go", "build", "-o", program, Path(__file__).with_name("check_export.go")], check=True, env=at_home)
    key = (out / "verifier.key").read_text().strip()

    def reference() -> subprocess.CompletedProcess:
        return subprocess.run([program, out, key], capture_output=True, text=True, check=False)

    cosign(out, tmp_path / "w.key", "w.example")  # the log's line stays valid beside a witness's
    assert (reference().stdout, reference().returncode) == ("valid: 570 example.org/mission\n", 0)
    for what in ("a leaf", "a hash", "the size", "a missing bundle"):
        whole = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        EXPORT_TAMPERING[what][0](out)
        assert "NOT VALID" in reference().stdout
        for path, content in whole.items():
            path.write_bytes(content)
    assert reference().returncode == 0


def test_records_and_all_their_hashes_made_anew_are_not_what_was_signed(out, tmp_path):
    (tmp_path / "again").mkdir()
    export_ledger(made(tmp_path / "again", 570, text="silence"), tmp_path / "anew")
    shutil.rmtree(out / "tile")
    (out / "disclosed.jsonl").unlink()
    shutil.copytree(tmp_path / "anew" / "tile", out / "tile")
    assert [(f["table"], f["place"]) for f in verify_export(out)["faults"]] == [("tile/entries", "0 to 569")]
    assert alone(out).stderr == "NOT VALID: the records are not those that were signed\n"
