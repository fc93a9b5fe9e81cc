"""The table of axes, and the check of a world against it.

Mutations tried, each caught: a row left out of the table; an axis named otherwise in it or in a comment of the arrays;
each of the checks (type, number of axes, length, value that is not a number, infinity, least, greatest, index, the
lengths that follow from others) left out of `check_world`.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast, get_type_hints

import numpy as np
import numpy.typing as npt
import pytest

from skyshield.catalogue import load_catalogue
from skyshield.compile.world import compile_world
from skyshield.core import arrays as array_types
from skyshield.core.errors import FAILED, SkyShieldError
from skyshield.engine import World, check_world
from skyshield.engine import world as engine_world
from skyshield.engine.axes import ARRAYS, CODES, LENGTHS, Array
from skyshield.engine.check import arrays_of
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load, resolve
from skyshield.study.points import _cut
from skyshield.theatre import load_theatre

TYPES = {"Floats": "f8", "Integers": "i8", "Indices": "u4", "Flags": "u1", "Codes": "i1"}
VECTORS = 3


@pytest.fixture(scope="module")
def world() -> World:
    resolved = resolve(load("month"), load_catalogue(), load_theatre(), embedded_fit())
    return compile_world(resolved, 1, VECTORS).world


def changed(group: Any, name: str, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> Any:
    """Return a world with one of its arrays changed."""
    head, _, rest = name.partition(".")
    value = getattr(group, head)
    return group._replace(**{head: changed(value, rest, change) if rest else change(value)})


def with_first(value: float) -> Callable[[npt.NDArray[Any]], npt.NDArray[Any]]:
    """Return a change that puts a value at the first place of an array."""
    def change(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        result = array.copy()
        result[(0,) * result.ndim] = value
        return result

    return change


def refusal(world: World, name: str, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> str:
    with pytest.raises(SkyShieldError) as error:
        check_world(changed(world, name, change))
    assert error.value.exit_code == FAILED
    return str(error.value)


def fields(group: type[NamedTuple] = World, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield every array's name, its type as the class names it, and the line of the source that declares it."""
    source = Path(engine_world.__file__).read_text("utf-8")
    block = re.search(rf"^class {group.__name__}\(NamedTuple\):\n(.*?)(?=^\S|\Z)", source, re.MULTILINE | re.DOTALL)
    assert block is not None
    for field, kind in get_type_hints(group).items():
        line = re.search(rf"^    {field}: .*$", block[1], re.MULTILINE)
        assert line is not None, field
        if isinstance(kind, type) and hasattr(kind, "_fields"):
            yield from fields(cast("type[NamedTuple]", kind), f"{prefix}{field}.")
        else:
            yield f"{prefix}{field}", line[0].split(":")[1].split("#")[0].strip(), line[0]


def test_every_array_has_a_row_of_its_type() -> None:
    assert [name for name, _, _ in fields()] == list(ARRAYS)
    assert {name: TYPES[kind] for name, kind, _ in fields()} == {name: row.dtype for name, row in ARRAYS.items()}
    assert set(TYPES) <= set(vars(array_types))


def test_the_comments_name_the_axes_of_the_table() -> None:
    commented = {name: re.search(r"# \[(.*?)\]", line) for name, _, line in fields()}
    assert [name for name, match in commented.items() if match is None] == []
    assert {name: tuple(match[1].split(", ")) for name, match in commented.items() if match is not None} == {
        name: row.axes for name, row in ARRAYS.items()}


def test_whatever_an_index_points_to_has_a_length() -> None:
    axes = {axis for row in ARRAYS.values() for axis in row.axes} | set(LENGTHS)
    assert {row.of for row in ARRAYS.values() if row.of} <= axes | set(CODES) | {"near + 1", "piece + 1", "over + 1"}
    assert all(row.low in {0.0, -1.0} for row in ARRAYS.values() if row.of)


def test_a_compiled_world_passes_and_has_no_other_arrays(world: World) -> None:
    check_world(world)
    assert [name for name, _ in arrays_of(world)] == list(ARRAYS)


@pytest.mark.parametrize("name", list(ARRAYS))
def test_every_fault_of_every_array_is_caught(world: World, name: str) -> None:
    """Another type, an axis more, an axis of another length, not a number, out of range, beyond what it points to."""
    row, array = ARRAYS[name], dict(arrays_of(world))[name]
    assert f"world: {name}: is of type" in refusal(world, name, lambda a: a.astype(np.float32))
    assert f"world: {name}: has {array.ndim + 1} axes" in refusal(world, name, lambda a: a[None])
    for place, axis in enumerate(row.axes):
        shared = axis in LENGTHS or sum(axis in other.axes for other in ARRAYS.values()) > 1
        if shared:
            message = refusal(world, name, lambda a, place=place: np.concatenate([a, a], axis=place))
            assert re.search(rf"along the axis ({re.escape(axis)}|route)\b|near", message), message
    if row.dtype == "f8":
        assert f"world: {name}: holds a value that is not a number at {row.axes[0]} 0" in refusal(
            world, name, with_first(np.nan))
        if not row.infinite:
            assert f"world: {name}: holds" in refusal(world, name, with_first(np.inf))
        else:
            check_world(changed(world, name, with_first(np.inf)))
    if row.low > -np.inf and row.dtype[0] != "u":
        message = refusal(world, name, with_first(row.low - 1))
        assert f"world: {name}: holds {row.low - 1:g}" in message.replace(".0,", ",")
    if row.high < np.inf:
        assert f"the greatest is {row.high:g}" in refusal(world, name, with_first(row.high + 1))
    if row.of:
        assert f"an index of {row.of}, which has" in refusal(world, name, with_first(10_000_000 if array.itemsize > 1
                                                                                     else 127))


def test_an_index_may_point_to_the_last_entry_and_no_further(world: World) -> None:
    n_kinds = world.forces.munition.shape[0]
    check_world(changed(world, "forces.shooter_kind", with_first(n_kinds - 1)))
    assert f"holds {n_kinds}, an index of kind, which has {n_kinds} at option 0, slot 0" in refusal(
        world, "forces.shooter_kind", with_first(n_kinds))


@pytest.mark.parametrize(("names", "size", "message"), [
    (("routes.n_variants",), None, "launches times aims times variants"),
    (("costs.line", "costs.price_eur"), None, "kinds and weapons"),
    (("forces.near_first", "routes.piece_first", "routes.over_first"), None, "not one more than routes"),
    (("forces.p_track",), 1, "at least 2 are needed"), (("own.p_leak",), 1, "at least 2 are needed"),
    (("raids.sticks",), 1, "at least 2 are needed"), (("own.hazard",), 1, "at least 2 are needed")])
def test_lengths_that_follow_from_others(world: World, names: tuple[str, ...], size: int | None, message: str) -> None:
    def change(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if array.shape == (1,):
            return array + 1
        return array[..., :-1] if size is None else array[..., :size]

    for name in names[1:]:
        world = changed(world, name, change)
    assert message in refusal(world, names[0], change)


def test_an_array_that_the_table_does_not_know_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {name: row for name, row in ARRAYS.items() if name != "raids.p_decoy"}
    monkeypatch.setattr("skyshield.engine.check.ARRAYS", others)
    with pytest.raises(SkyShieldError, match=r"world: raids\.p_decoy: has no entry"):
        check_world(world)


def test_a_world_is_cut_by_vector_where_the_table_says_so(world: World) -> None:
    """Also where another axis happens to be as long as the vectors are many, which a guess by length gets wrong."""
    alone = dict(arrays_of(_cut(world, "", 1)))
    assert LENGTHS["class"] == VECTORS
    for name, array in arrays_of(world):
        expected = array[1:2] if ARRAYS[name].axes[0] == "vector" else array
        assert alone[name].shape == expected.shape, name
        assert (alone[name] == expected).all() or np.isnan(expected).any(), name
    check_world(_cut(world, "", 1))


def test_a_row_says_what_it_holds() -> None:
    assert ARRAYS["forces.store"] == Array("i8", ("option", "slot", "magazine"), -1.0, np.inf, False, "store")
    assert {name for name, row in ARRAYS.items() if row.infinite} == {
        *(f"marks.{place}_{end}_m" for place in ("border", "front", "built_up") for end in ("start", "end")),
        "marks.third_start_m", "marks.near_aim_from_m", "rules.window_start_m", "rules.window_end_m", "forces.reach_m",
        *(f"forces.{name}" for name in ("store_most", "store_first", "store_per_day", "on_duty_until_s",
                                        "dash_speed_m_s", "weapon_reach_m")), "fleets.crews"}
