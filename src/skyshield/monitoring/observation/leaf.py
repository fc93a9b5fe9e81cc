"""The bytes of an observation in the ledger: canonical JSON, restricted fields as salted digests.

Canonical JSON has sorted keys, no spaces and UTF-8; what has no value is left out. A restricted field ``f`` stands as
``{"level": LEVEL, "sha256": HEX}`` with the SHA-256 of ``salt || JSON(value)``, the salt of 16 random bytes of its own.
Whoever holds value and salt can show that they were there; once both are erased nobody can find them by trying names.
"""

import datetime as dt
import functools
import hashlib
import json
import os
from collections.abc import Mapping
from json.encoder import encode_basestring
from math import isfinite
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.observation.model import Observation, tables

SALT_BYTES = 16
_NO_FLAGS: tuple[str, ...] = ()  # the one empty tuple there is
DAY_S, HOUR_S, MINUTE_S = 86_400, 3600, 60
FILE = "file"
NOWHERE: Mapping[str, Any] = MappingProxyType({})
_TIMES = {"time_s": "time", "time_end_s": "time_end"}
_FIELDS = tuple(Observation.__dataclass_fields__)
_NAMES = tuple(_TIMES.get(name, name) for name in _FIELDS)
_KEYS = {name: f'"{name}":' for name in (*_NAMES, "line", FILE)}
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


def json_text(value: Any) -> str:
    """Return what `canonical_json` returns, as text; quicker for a lone word or number.

    Examples
    --------
    >>> json_text("є"), json_text(2.0), json_text(True)
    ('"є"', '2.0', 'true')
    """
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is float and isfinite(value):
        return float.__repr__(value)
    if kind is int:
        return int.__repr__(value)
    return _encode(value)


def utc_text(time_s: float) -> str:
    """Return seconds since 1970 UTC as RFC 3339, with a fraction only where there is one.

    Examples
    --------
    >>> utc_text(1423951200.0), utc_text(1423951200.25)
    ('2015-02-14T22:00:00Z', '2015-02-14T22:00:00.250000Z')
    """
    day, rest_s = divmod(time_s, DAY_S)
    whole_s = int(rest_s)
    if whole_s != rest_s:
        return dt.datetime.fromtimestamp(time_s, dt.UTC).isoformat()[:-len("+00:00")] + "Z"
    return f"{_date(int(day))}T{whole_s // HOUR_S:02}:{whole_s // MINUTE_S % MINUTE_S:02}:{whole_s % MINUTE_S:02}Z"


@functools.lru_cache(maxsize=4096)
def _date(day: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(days=day)).isoformat()


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
    return {name: os.urandom(SALT_BYTES) for name in restricted_of(observation)}


def restricted_of(observation: Observation) -> list[str]:
    """Return the restricted fields that have a value."""
    return [name for name in restricted() if name != FILE and getattr(observation, name) is not None]


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
    return sealed(observation, salts, {name: json_text(value) for name, value in origin.items()})[0]


def sealed(observation: Observation, salts: Mapping[str, bytes],
           origin: Mapping[str, str] = NOWHERE) -> tuple[bytes, str]:
    """Return the leaf of an observation as `leaf_bytes` does, and `private_part` as canonical JSON.

    The values of `origin` are JSON here. Both are put together from the texts of their values: there are millions.

    Examples
    --------
    >>> one = Observation("patrol", 0.0, 38.0, 48.0, "seen", observer="A. Name")
    >>> sealed(one, {"observer": bytes(2)})[1]
    '{"observer":{"level":"mission","salt":"0000","value":"A. Name"}}'
    """
    texts = {name: json_text(value) for name, value in zip(_NAMES, _VALUES(observation), strict=True)
             if value is not None and value is not _NO_FLAGS}
    texts["time"] = f'"{utc_text(observation.time_s)}"'
    if observation.time_end_s is not None:
        texts["time_end"] = f'"{utc_text(observation.time_end_s)}"'
    levels = restricted()
    for name in levels:
        if name in texts and name not in salts:
            raise SkyShieldError(f"observation: {name}", "is restricted and has no salt", "give each such field a salt")
    private = []
    for name in sorted(salts):
        salt, text = salts[name], texts[name]
        digest = hashlib.sha256(salt + text.encode()).hexdigest()
        private.append(f'"{name}":{{"level":"{levels[name]}","salt":"{salt.hex()}","value":{text}}}')
        texts[name] = f'{{"level":"{levels[name]}","sha256":"{digest}"}}'
    texts.update(origin)
    leaf = f"{{{','.join([_KEYS[name] + texts[name] for name in sorted(texts)])}}}".encode()
    if len(leaf) > tables()["limits"]["leaf_bytes"]:
        raise SkyShieldError("observation", f"takes {len(leaf):,} bytes, over {tables()['limits']['leaf_bytes']:,}",
                             "shorten its text")
    return leaf, f"{{{','.join(private)}}}"


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
