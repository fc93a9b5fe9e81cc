"""Orders of which nothing is stored yet, kept in the folder: a queue survives the server.

A study that has begun says by itself what it is and how much of it is there. One that waits is nowhere but in the
server, so its order is written down, and read by the next server as one that was stopped.
"""

import dataclasses
import json
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from skyshield.app.orders import Order
from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_bytes, write_bytes

FILE = "waiting.json"
_STUDY = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_ORDERS = TypeAdapter(dict[str, Order])


def ordered(folder: Path) -> dict[str, Order]:
    """Return study -> order, as the last server left them; none if the file is not there, or not ours."""
    try:
        orders = _ORDERS.validate_json(read_bytes(folder / FILE), strict=True)
    except (SkyShieldError, ValidationError):
        return {}
    return {study: order for study, order in orders.items() if _STUDY.fullmatch(study)}


def keep(folder: Path, orders: Mapping[str, Order]) -> None:
    """Write down the orders of which nothing is stored yet.

    Raises
    ------
    SkyShieldError
        Exit code 3 if the disk is full.
    """
    if orders or (folder / FILE).exists():
        plain = {study: dataclasses.asdict(order) for study, order in orders.items()}
        write_bytes(folder / FILE, (json.dumps(plain, ensure_ascii=False) + "\n").encode())
