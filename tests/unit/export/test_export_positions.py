"""No export tells where a shooter, a patrol, a base or a launch area is, nor anything of the machine it was made on."""

import io
import re
import socket
import zipfile

import pytest

from skyshield.compile.world import compile_world
from skyshield.core.geodesy import to_geographic
from skyshield.report.export.formats import FORMATS
from skyshield.theatre import load_theatre

_WIDE, _LONG = r"4[3-9]|5[0-6]", r"19|[23]\d|4[0-3]"
_APART = r"(?:\W|[NSEW](?=\W)){1,6}"
PAIRS = tuple(rf"(?<![\d.])(?:{one})\.\d{{1,6}}{_APART}(?:{other})\.\d{{1,6}}(?![\d.])"
              for one, other in ((_LONG, _WIDE), (_WIDE, _LONG)))


def texts(content, name=""):
    """Yield the name and text of a file, or of every member of an archive, archives in it too."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.namelist():
                yield from texts(packed.read(member), f"{name}/{member}")
    elif content.startswith(b"PAR1"):
        yield name, parquet_text(content)
    else:
        yield name, content.decode("utf-8", "replace")


def parquet_text(content):
    import pandas as pd

    frame = pd.read_parquet(io.BytesIO(content))
    words = frame.select_dtypes(exclude="number")
    return " ".join([*frame.columns, *(value for column in words for value in words[column].unique())])


@pytest.fixture(scope="module", params=list(FORMATS))
def exported(request, place):
    return [part for path in (place / request.param).iterdir() for part in texts(path.read_bytes(), path.name)]


@pytest.fixture(scope="module")
def stations(view):
    """Where shooters of the study stand and patrols fly, degrees to a hundredth."""
    forces = compile_world(view.resolved, seed=1, vectors=1).world.forces
    lon, lat = to_geographic(forces.x_m.ravel(), forces.y_m.ravel())
    return {(round(float(a), 2), round(float(b), 2)) for a, b in zip(lon, lat, strict=True)}


def test_shapes_have_no_point_of_a_shooter_a_base_or_a_launch_area(place, stations):
    theatre = load_theatre()
    secret = {(one.lon, one.lat) for kind in ("bases", "launch_areas", "sea_areas")
              for one in getattr(theatre, kind)} | stations
    assert len(secret) > 10
    held = points((place / "geojson" / "it.geojson").read_text("utf-8"))
    assert len(held) > 100
    assert not held & secret


def points(text):
    return {(float(a), float(b)) for a, b in re.findall(r"\[(-?[\d.]+),(-?[\d.]+)\]", text)}


def test_no_coordinates_outside_shapes(exported):
    for name, text in exported:
        if not name.endswith(".geojson"):
            assert not coordinates(name, text), name


def coordinates(name, text):
    """Return what looks like a pair of coordinates in words; neighbouring numbers of a table are no pair."""
    if name.endswith(".csv"):
        text = "\n".join(cell for line in text.splitlines() for cell in re.findall(r'"([^"]*)"', line))
    if "<" in text[:200]:  # each cell or paragraph by itself
        parts = re.split(r"<[^>]*>", text)
        return [pair for part in parts for pattern in PAIRS for pair in re.findall(pattern, part)]
    return [pair for pattern in PAIRS for pair in re.findall(pattern, text)]


def test_nothing_of_the_machine(exported, folder):
    places = r"(?<![\w:/.])/(?:home|Users|root|tmp|var|work|opt|mnt|srv|private)/|[A-Z]:\\\\?Users"
    registries = "|".join(("py" + r"pi\.org", r"pythonhosted\.org", r"anaconda\.org", r"conda-forge\.org"))
    for name, text in exported:
        assert not re.search(places, text), name
        assert str(folder) not in text
        assert not re.search(registries, text), name
        host = socket.gethostname()
        assert len(host) < 4 or host not in text, name


@pytest.mark.parametrize(("name", "text"), [
    ("a.csv", 'x,"near 24.03, 49.81"\n'), ("a.xml", "<w:t>49.8° N, 24.0° E</w:t>"), ("a.json", '"at 30.55 50.41"')])
def test_coordinates_in_words_are_found(name, text):
    assert coordinates(name, text)


def test_a_base_among_the_shapes_is_found(stations):
    base = load_theatre().bases[0]
    assert points(f'{{"coordinates":[[{base.lon},{base.lat}]]}}') == {(base.lon, base.lat)}
