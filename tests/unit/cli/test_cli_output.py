"""What several commands print alike."""

import json

import pytest

from skyshield.cli.output import figure, span
from skyshield.study.compare import rounded
from support.command_line import parsed, skyshield


@pytest.mark.parametrize(("value", "text"), [
    (0, "0"), (0.0, "0"), (-0.0, "0"), (1, "1"), (999, "999"), (1000, "1,000"), (1234.5, "1,230"), (999.6, "1,000"),
    (1e6, "1,000,000"), (1234567, "1,230,000"), (0.5, "0.5"), (0.01234, "0.0123"), (0.09996, "0.1"), (10.0, "10"),
    (-1234.5, "-1,230"), (1e-9, "0.000000001"), (99.96, "100"), (100.0, "100"), (None, "-"), (float("nan"), "-"),
    (float("inf"), "-")])
def test_figures(value, text):
    assert figure(value) == text


def test_spans():
    assert span(1.0, 2.0) == "1 to 2"
    assert span(None, 2.0) == span(1.0, None) == "-"


def test_no_figure_is_cut_off(capsys):
    from skyshield.cli.output import HEADLINE, console, summary_table

    low = dict.fromkeys(("delta", "lo", "spread_lo", "env_lo", "joint_lo"), -166_000_000.0)
    row = low | dict.fromkeys(("hi", "spread_hi", "env_hi", "joint_hi"), -165_000_000.0) | {"mcse": 1_000_000.0}
    console().print(summary_table("x", dict.fromkeys(HEADLINE, row), "delta"))
    printed = capsys.readouterr().out
    assert "…" not in printed
    assert printed.count("-166,000,000 to -165,000,000") == 4 * len(HEADLINE)


@pytest.mark.parametrize(("value", "expected"), [
    (1.23456789, 1.23457), (123456789.0, 123457000.0), (0.000123456789, 0.000123457), (0.0, 0.0), (3, 3), (True, True),
    (None, None), ("1.23456789", "1.23456789"), ((1.23456789,), [1.23457]),
    ({"a": {"b": [1e-300]}}, {"a": {"b": [1e-300]}})])
def test_rounding(value, expected):
    assert rounded(value) == expected


@pytest.mark.parametrize("words", [("scenario", "list"), ("scenario", "show"), ("scenario", "check", "skyshield"),
                                   ("scenario", "matrix"), ("catalogue",), ("catalogue", "decoy_share"),
                                   ("run", "--dry-run")], ids=" ".join)
def test_json_is_one_object_and_nothing_else(words, forked):
    done = forked(*words, "--json")
    parsed(done)
    assert done.stdout.startswith("{") and done.stdout.endswith("}\n")
    decoder = json.JSONDecoder()
    assert decoder.raw_decode(done.stdout)[1] == len(done.stdout) - 1
    for word in ("NaN", "Infinity"):
        assert word not in done.stdout


@pytest.mark.parametrize("words", [("scenario", "show", "--json"), ("catalogue", "s", "--json"), ("scenario", "show")])
def test_the_same_bytes_in_any_locale(words, forked):
    plain = forked(*words)
    for env in ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"},
                {"PYTHONIOENCODING": "utf-16"}):
        other = skyshield(*words, env=env)
        assert (other.returncode, other.stdout) == (plain.returncode, plain.stdout)
        assert "Traceback" not in other.stderr
