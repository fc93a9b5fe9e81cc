"""``skyshield fit``: what it writes, prints and refuses to overwrite; ``run --fit`` on what it wrote."""

import hashlib
import json

import pytest

from skyshield.raids.fit import COLUMNS, STATUSES, embedded_fit, fit_text, read_fit
from support.command_line import parsed, refused, stamps
from support.records import record


@pytest.fixture(scope="module")
def content(fitted):
    return json.loads((fitted / "fit.out").read_text("utf-8"))


def test_what_is_printed_is_what_is_written(content, fitted):
    fit = read_fit(fitted / "fit.yaml")
    assert content["written"].endswith("/fit.yaml")
    assert content["names"] == list(fit.names) and set(fit.names) >= set(COLUMNS)
    assert content["rows"] == len(fit.rows) > 100
    assert (content["window"], content["source"], content["status"]) == (list(fit.window), fit.source, fit.status)
    assert fit.window == ("2025-12-02", "2025-12-31")
    assert len(content["identified"]) == len(fit.identified) > 10
    assert {row["status"] for row in content["identified"]} <= set(STATUSES)
    assert set(content["diagnostics"]) == set(fit.diagnostics)


def test_the_sources_are_named_by_their_hashes(content, fitted):
    assert content["record_sha256"] == hashlib.sha256((fitted / "record.csv").read_bytes()).hexdigest()
    assert content["alerts_sha256"] == hashlib.sha256((fitted / "alerts.csv").read_bytes()).hexdigest()
    assert "record.csv" not in (fitted / "fit.yaml").read_text("utf-8")


def test_a_study_on_a_written_fit_says_so(content, fitted, few, forked):
    words = ("run", few, "--dry-run", "--json")
    shipped, result = parsed(forked(*words)), parsed(forked(*words, "--fit", fitted / "fit.yaml"))
    assert result["study_key"] != shipped["study_key"]
    played = parsed(forked("run", few, "--fit", fitted / "fit.yaml", "--vectors", 2, "--replications", 2, "--days", 2,
                           "--json"))
    provenance = played["provenance"]
    for key in ("record_sha256", "alerts_sha256"):
        assert provenance[key] == content[key]
    assert (provenance["fit"], provenance["fit_window"]) == (content["source"], content["window"])


@pytest.mark.parametrize(("words", "message"), [
    (("run", "--fit", "a.yaml", "--record", "b.csv"), "--fit, --record: are both given"),
    (("run", "--alerts", "a.csv"), "--alerts: is given without --record"),
    (("run", "--alerts", "a.csv", "--fit", "b.yaml"), "--alerts: is given without --record"),
    (("run", "--fit", "none.yaml"), "none.yaml: no such file"),
    (("run", "--record", "none.csv"), "none.csv: no such file"),
    (("fit", "none.csv"), "none.csv: no such file"),
    (("fit", "none.csv", "--until", "yesterday"), "--until: is 'yesterday', not a date; write it as 2025-12-31"),
    (("fit", "none.csv", "--until", "2025-02-30"), "--until: is '2025-02-30', not a date"),
    (("fit", "none.csv", "--out", "no/such/folder.yaml"), "there is no such folder"),
    (("fit", "none.csv", "--out", "."), "is a directory, not a file"),
    (("fit",), "Missing argument 'CSV'")])
def test_what_cannot_be_asked(words, message, forked, tmp_path):
    refused(forked(*words, "--json", cwd=tmp_path), 2, message)
    assert not list(tmp_path.iterdir())


def test_only_a_fit_is_replaced_and_only_with_force(forked, tmp_path):
    (tmp_path / "record.csv").write_text(record(36), "utf-8")
    (tmp_path / "notes.yaml").write_text("mine: 1\n", "utf-8")
    (tmp_path / "record.yaml").write_text((tmp_path / "record.csv").read_text("utf-8"), "utf-8")
    (tmp_path / "fit.yaml").write_text(fit_text(embedded_fit()), "utf-8")
    before = stamps(tmp_path)
    for more in ((), ("--force",)):
        for name in ("notes.yaml", "record.yaml", "record.csv"):
            refused(forked("fit", "record.csv", "--out", name, "--json", *more, cwd=tmp_path), 2,
                    f"{name}: exists and is not a fit")
    refused(forked("fit", "record.csv", "--out", "fit.yaml", "--json", cwd=tmp_path), 2,
            "fit.yaml: holds a fit already", "add --force")
    assert stamps(tmp_path) == before
    done = forked("fit", "record.csv", "--until", "2025-12-25", "--out", "fit.yaml", "--force", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2025-11-26 to 2025-12-25" in done.stdout  # later nights are left out
    assert "Deep stream: share that gets through" in done.stdout and "half life leak days: " in done.stdout
    assert done.stdout.endswith("wrote fit.yaml; use it: skyshield run --fit fit.yaml\n")
    assert read_fit(tmp_path / "fit.yaml").window == ("2025-11-26", "2025-12-25")
    assert {name for name, stamp in stamps(tmp_path).items() if stamp != before[name]} == {"fit.yaml"}
