"""The bytes of an observation: canonical, and silent about whoever must not be named."""

import hashlib
import json

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.observation import NATIVE_COLUMNS, Observation, leaf_bytes, new_salts, private_part

ISSUE = [
    "time", "time_end", "time_error_s", "lon", "lat", "position_error_m", "act", "method", "sensor", "sensor_lon",
    "sensor_lat", "bearing_deg", "bearing_error_deg", "distance_m", "distance_error_m", "fire_bearing_deg",
    "direction", "count", "count_low", "count_high", "weapon", "party", "exercise", "killed", "injured",
    "record_id", "derived_from", "observer", "text"]


def one(**more: object) -> Observation:
    return Observation("patrol", 1423951200.0, 38.4, 48.3, "heard", **more)  # type: ignore[arg-type]


def test_every_native_column_is_there() -> None:
    assert set(ISSUE) <= set(NATIVE_COLUMNS)
    assert set(NATIVE_COLUMNS) - set(ISSUE) == {"kind", "reach_m", "restriction", "corrects", "withdraws"}


def test_the_leaf_is_canonical() -> None:
    leaf = leaf_bytes(one(text="вибух", count=3, flags=("autumn_hour",)), {})
    again = json.dumps(json.loads(leaf), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert leaf == again and "вибух".encode() in leaf


def test_restricted_fields_are_digests_that_their_salts_open() -> None:
    observation = one(observer="A. Name", sensor_lon=38.123456, sensor_lat=48.654321)
    salts = new_salts(observation)
    leaf, private = leaf_bytes(observation, salts), private_part(observation, salts)
    for secret in (b"A. Name", b"38.123456", b"48.654321"):
        assert secret not in leaf
    for name, part in private.items():
        told = json.dumps(part["value"], ensure_ascii=False, separators=(",", ":")).encode()
        digest = hashlib.sha256(bytes.fromhex(part["salt"]) + told).hexdigest()
        assert json.loads(leaf)[name] == {"level": "mission", "sha256": digest}
    assert set(private) == {"observer", "sensor_lon", "sensor_lat"}


def test_two_salts_are_two_digests() -> None:
    observation = one(observer="A. Name")
    assert leaf_bytes(observation, new_salts(observation)) != leaf_bytes(observation, new_salts(observation))


def test_a_restricted_field_without_a_salt_is_refused() -> None:
    with pytest.raises(SkyShieldError, match="observer"):
        leaf_bytes(one(observer="A. Name"), {})


def test_a_leaf_over_the_limit_is_refused() -> None:
    assert len(leaf_bytes(one(text="x" * 65_400), {})) <= 65_535
    with pytest.raises(SkyShieldError, match="65,535"):
        leaf_bytes(one(text="x" * 65_535), {})
