"""The bytes of an observation in the ledger: canonical JSON, restricted fields as salted digests.

Canonical JSON has sorted keys, no spaces and UTF-8; what has no value is left out. A restricted field ``f`` stands as
``{"level": LEVEL, "sha256": HEX}`` with the SHA-256 of ``salt || JSON(value)``, the salt of 16 random bytes of its own.
Whoever holds value and salt can show that they were there; once both are erased nobody can find them by trying names.
"""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.observation.model import Observation, tables

SALT_BYTES = 16
FILE = "file"
NOWHERE: Mapping[str, Any] = MappingProxyType({})
_TIMES = {"time_s": "time", "time_end_s": "time_end"}
_FIELDS = tuple(Observation.__dataclass_fields__)
_NAMES = tuple(_TIMES.get(name, name) for name in _FIELDS)
_VALUES = attrgetter(*_FIELDS)
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical_json(value: Any) -> bytes:
    """Return JSON with sorted keys, without spaces, in UTF-8.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": "є"}).decode()
    '{"a":"є","b":1}'
    """
    return _encode(value).encode()


def utc_text(time_s: float) -> str:
    """Return seconds since 1970 UTC as RFC 3339, with a fraction only where there is one.

    Examples
    --------
    >>> utc_text(1423951200.0), utc_text(1423951200.25)
    ('2015-02-14T22:00:00Z', '2015-02-14T22:00:00.250000Z')
    """
    return dt.datetime.fromtimestamp(time_s, dt.UTC).isoformat()[:-len("+00:00")] + "Z"


def restricted() -> dict[str, str]:
    """Return the level of each field that not everybody may read."""
    levels: dict[str, str] = tables()["restricted"]
    return levels


def new_salts(observation: Observation) -> dict[str, bytes]:
    """Return a random salt for each restricted field that has a value.

    Examples
    --------
    >>> one = Observation("patrol", 0.0, 38.0, 48.0, "seen", observer="A. Name")
    >>> {name: len(salt) for name, salt in new_salts(one).items()}
    {'observer': 16}
    """
    return {name: os.urandom(SALT_BYTES) for name in restricted()
            if name != FILE and getattr(observation, name) is not None}


def leaf_bytes(observation: Observation, salts: Mapping[str, bytes], origin: Mapping[str, Any] = NOWHERE) -> bytes:
    """Return the leaf of an observation.

    Parameters
    ----------
    observation
        What was seen.
    salts
        A salt for each restricted field that has a value: `new_salts`.
    origin
        Where it was read, for one from a file: ``line``, and ``file`` as `file_part` returns it.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the leaf is over 65,535 bytes or a restricted field has no salt.

    Examples
    --------
    >>> leaf_bytes(Observation("patrol", 0.0, 38.0, 48.0, "seen"), {}).decode()
    '{"kind":"event","lat":48.0,"lon":38.0,"method":"seen","source":"patrol","time":"1970-01-01T00:00:00Z"}'
    """
    content = {name: value for name, value in zip(_NAMES, _VALUES(observation), strict=True)
               if value is not None and value != ()}
    content["time"] = utc_text(content["time"])
    if "time_end" in content:
        content["time_end"] = utc_text(content["time_end"])
    levels = restricted()
    bare = next((name for name in levels if name in content and name not in salts), None)
    if bare is not None:
        raise SkyShieldError(f"observation: {bare}", "is restricted and has no salt", "give each such field a salt")
    for name, salt in salts.items():
        digest = hashlib.sha256(salt + canonical_json(content[name])).hexdigest()
        content[name] = {"level": levels[name], "sha256": digest}
    leaf = canonical_json({**content, **origin})
    if len(leaf) > tables()["limits"]["leaf_bytes"]:
        raise SkyShieldError("observation", f"takes {len(leaf):,} bytes, over {tables()['limits']['leaf_bytes']:,}",
                             "shorten its text")
    return leaf


def private_part(observation: Observation, salts: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Return value, salt and level of each restricted field, to be kept beside the leaf and never in it.

    Examples
    --------
    >>> one = Observation("patrol", 0.0, 38.0, 48.0, "seen", observer="A. Name")
    >>> private_part(one, {"observer": bytes(2)})
    {'observer': {'level': 'mission', 'salt': '0000', 'value': 'A. Name'}}
    """
    levels = restricted()
    return {name: {"level": levels[name], "salt": salt.hex(), "value": getattr(observation, name)}
            for name, salt in salts.items()}


def file_part(sha256: str, salt: bytes) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Return how a file stands in the leaf of each of its records, and what opens that.

    The hash of a small file of which all but a name is known would give the name away by trying, so it is salted as a
    restricted field is, once for each intake.

    Parameters
    ----------
    sha256
        Of the file as it was given, in hexadecimal.
    salt
        16 random bytes.

    Examples
    --------
    >>> inside, beside = file_part("00" * 32, bytes(2))
    >>> inside["level"], beside["file"]["salt"]
    ('mission', '0000')
    """
    level = restricted()[FILE]
    digest = hashlib.sha256(salt + canonical_json(sha256)).hexdigest()
    return {"level": level, "sha256": digest}, {FILE: {"level": level, "salt": salt.hex(), "value": sha256}}
