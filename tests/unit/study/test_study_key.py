"""The study key: rewording leaves it as it is, any change of what is computed changes it."""

from pathlib import Path

import pytest

import skyshield
from skyshield.study import key
from skyshield.study.key import code_sha256, model_sha256

SOURCE = '''"""Say what a file is for."""

LIMIT = 3  # a number


class Kind:
    """Say what it is."""

    name: str = "one"


def load(values, most=2.0):
    """Say what it does."""
    if most > LIMIT:
        raise ValueError(f"{most} is more than {LIMIT}", "take less")
    label = "kept"
    return [value * most + 1 for value in values], label
'''


def sha(text):
    return code_sha256([("file.py", text)])


def test_the_source_is_python():
    compile(SOURCE, "file.py", "exec")


@pytest.mark.parametrize(("old", "new"), [
    ('"""Say what a file is for."""\n', '"""What it is for, in other words.\n\nAnd more."""\n'),
    ('"""Say what a file is for."""\n', ""),
    ('    """Say what it is."""\n', '    """Another sentence."""\n'),
    ('    """Say what it does."""\n', ""),
    ("  # a number", "  # reworded"),
    ('f"{most} is more than {LIMIT}", "take less"', '"too much", f"take {LIMIT}"'),
    ("[value * most + 1 for value in values], label",
     "(\n        [value * most + 1\n         for value in values], label)"),
    ("2.0", "2.00"), ('"kept"', "'kept'")])
def test_wording_and_layout_leave_it(old, new):
    assert old in SOURCE
    assert sha(SOURCE.replace(old, new)) == sha(SOURCE)


@pytest.mark.parametrize(("old", "new"), [
    ("LIMIT = 3", "LIMIT = 4"), ("LIMIT = 3", "LIMIT = 3.0"), ("most=2.0", "most=2.5"), ("+ 1", "- 1"),
    ("value * most", "value / most"), ('"kept"', '"cached"'), ('name: str = "one"', 'name: str = "two"'),
    ("most > LIMIT", "most >= LIMIT"), ("label = ", "name = "), ("class Kind:", "class Sort:"),
    ("ValueError", "KeyError"), ("for value in", "for other in"), ("return [", "yield ["),
    ("def load(values, most=2.0)", "def load(most=2.0, values=())")])
def test_code_changes_it(old, new):
    assert old in SOURCE
    assert sha(SOURCE.replace(old, new)) != sha(SOURCE)


def test_names_and_order_of_files_count():
    one, other = ("a.py", "x = 1"), ("b.py", "y = 2")
    assert len({code_sha256(files) for files in ([one, other], [other, one], [one], [("b.py", "x = 1"), other],
                                                 [("a.py", "x = 1\ny = 2")])}) == 5


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Return a function that hashes the package with one file changed."""
    package = Path(skyshield.__file__).parent

    def hashed(name, change):
        for source in (path for room in (*key._ROOMS, "study", "report") for path in (package / room).rglob("*.*")
                       if path.suffix in (".py", ".yaml")):
            place = tmp_path / source.relative_to(package)
            place.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text("utf-8")
            place.write_text(change(text) if source == package / name else text, "utf-8")
        monkeypatch.setattr(key, "_PACKAGE", tmp_path)
        return model_sha256.__wrapped__()

    return hashed


def appended(text):
    return text + "\nADDED = 1\n"


@pytest.mark.parametrize("name", ["core/streams.py", "forces/shooters.py", "engine/day.py", "engine/steps/draw.py",
                                  "compile/world.py", "rules/windows.py", "study/plan.py"])
def test_code_that_decides_what_is_played_counts(copy, name):
    assert copy(name, lambda text: text) == model_sha256()
    assert copy(name, appended) != model_sha256()
    assert copy(name, lambda text: text + "\n# a comment\n") == model_sha256()


@pytest.mark.parametrize(("old", "new", "counts"), [
    ("K: General knowledge", "K: Common knowledge", False),
    ("Moldova: {nato: false, eu: false}", "Moldova: {nato: true, eu: true}", True)])
def test_data_that_no_resolved_scenario_holds_counts_but_for_its_sentences(copy, old, new, counts):
    def change(text):
        assert old in text
        return text.replace(old, new)

    assert (copy("rules/data/legal.yaml", change) != model_sha256()) is counts


@pytest.mark.parametrize("name", ["study/summary.py", "study/store.py", "report/pages.py"])
def test_code_that_only_says_what_was_played_does_not(copy, name):
    assert copy(name, appended) == model_sha256()
