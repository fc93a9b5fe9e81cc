"""The sweep of the attacker's adaptation, cached beside the study that it was played over.

``adaptation.json`` holds the summaries in full precision, with the key and the size of the study, the hash of the code
that swept and summarised, and a sha256 of the rest of the file: whatever reads it gets to the bit what was played, or
learns that it is not this study's. It is written all or nothing, and holds nothing of the machine, so that the same
study has the same bytes.

A study may grow after it was swept. The file is then of a smaller study: no fault, but no longer what the study says.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from skyshield.adaptation.atlas import Axis, load_axes
from skyshield.adaptation.summary import Adaptation
from skyshield.adaptation.sweep import Point
from skyshield.catalogue import Catalogue
from skyshield.core.errors import BAD_INPUT, SkyShieldError
from skyshield.core.files import read_json, write_bytes
from skyshield.study.key import sources_sha256
from skyshield.study.store import ADAPTATION

KIND = "skyshield adaptation"
_CODE = ("adaptation", "study/summary.py", "study/compare.py")  # what makes the file; the study key knows what plays
_AGAIN = "run the same command again with --adaptation, it will be replaced"


def cache(folder: Path, result: Adaptation, manifest: Mapping[str, Any]) -> None:
    """Write a sweep into the folder of its study, all or nothing.

    Raises
    ------
    SkyShieldError
        Exit code 3 if the disk is full or the folder may not be written to.
    """
    content = {**_header(manifest), "found": _plain(result)}
    write_bytes(folder / ADAPTATION, (_text(content | {"sha256": _sha256(content)}) + "\n").encode())


def cached(folder: Path, manifest: Mapping[str, Any], catalogue: Catalogue) -> Adaptation | None:
    """Return the sweep cached with a study; None if there is none.

    Parameters
    ----------
    folder, manifest
        Of the study.
    catalogue
        The study's, for the values and the evidence of the atlas's axes.

    Raises
    ------
    SkyShieldError
        If the file is damaged, of another study, or of the study before it grew (`is_outgrown` tells).
    """
    path = folder / ADAPTATION
    if not path.exists():
        return None
    content = _read(path)
    current = _header(manifest)
    stored = {name: content.get(name) for name in current}
    if stored["study_key"] != current["study_key"]:
        raise SkyShieldError(str(path), "is of another study", _AGAIN)
    if stored["code_sha256"] != current["code_sha256"]:
        raise SkyShieldError(str(path), "is made by another version of the program", _AGAIN)
    if stored != current:
        raise SkyShieldError(str(path), f"is of {stored['vectors']} vectors x {stored['replications']} replications, "
                             f"the study now of {current['vectors']} x {current['replications']}", _AGAIN)
    try:
        return _adaptation(content["found"], load_axes(catalogue))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise SkyShieldError(str(path), "is made by another version of the program", _AGAIN) from None


def usable(folder: Path, manifest: Mapping[str, Any], catalogue: Catalogue) -> Adaptation | None:
    """Return the sweep cached with a study; None if there is none, or one that has to be played again.

    Raises
    ------
    SkyShieldError
        Exit code 3 if the file cannot be read.
    """
    try:
        return cached(folder, manifest, catalogue)
    except SkyShieldError as error:
        if error.exit_code != BAD_INPUT:
            raise
        return None


def cached_or_note(folder: Path, manifest: Mapping[str, Any], catalogue: Catalogue,
                   strict: bool) -> tuple[Adaptation | None, str]:
    """Return the sweep cached with a study, None if there is none that can be used, and then why in a note.

    Parameters
    ----------
    folder, manifest, catalogue
        Of the study.
    strict
        Refuse a damaged file or one of another study; one of the study before it grew is worth a note alone.

    Raises
    ------
    SkyShieldError
        If `strict`, in those cases.
    """
    try:
        return cached(folder, manifest, catalogue), ""
    except SkyShieldError as error:
        if error.exit_code != BAD_INPUT or (strict and not is_outgrown(folder, manifest)):
            raise
        return None, str(error)


def is_outgrown(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Say whether the cached sweep is whole and of this study, but of another size of it."""
    try:
        content = _read(folder / ADAPTATION)
    except SkyShieldError:
        return False
    header = _header(manifest)
    same = all(content.get(name) == header[name] for name in ("study_key", "code_sha256"))
    return same and any(content[name] != header[name] for name in header)


def _header(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": KIND, "study_key": manifest["study_key"], "code_sha256": sources_sha256(*_CODE),
            "vectors": manifest["vectors"], "replications": manifest["replications"]}


def _read(path: Path) -> dict[str, Any]:
    """Return the file's content once its hash agrees."""
    try:
        content = read_json(path)
    except SkyShieldError as error:
        if not path.is_file():
            raise
        raise SkyShieldError(str(path), f"is damaged ({error.what})", _AGAIN, error.exit_code) from None
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise SkyShieldError(str(path), "is not a sweep of this program", "remove it, or " + _AGAIN)
    digest = content.pop("sha256", None)
    if digest != _sha256(content) or not {"study_key", "vectors", "replications", "found"} <= set(content):
        raise SkyShieldError(str(path), "is damaged", _AGAIN)
    return content


def _text(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)  # in order: that of options is told


def _sha256(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(content).encode()).hexdigest()


def _plain(result: Adaptation) -> dict[str, Any]:
    """Return a sweep as plain data."""
    return {"points": [list(point) for point in result.points],
            "axes": {name: list(numbers) for name, numbers in result.axes.items()}, "rows": result.rows,
            "break_even": result.break_even, "atlas": result.atlas, "evidence": _evidence(result.evidence),
            "average_cost": result.average_cost, "model": result.model, "aid": dict(result.aid),
            "rival": None if result.rival is None else _plain(result.rival)}


def _evidence(axes: Mapping[str, Axis]) -> dict[str, dict[str, Any]]:
    return {name: {key: list(value) if isinstance(value, tuple) else value
                   for key, value in dataclasses.asdict(axis).items()} for name, axis in axes.items()}


def _adaptation(plain: Mapping[str, Any], evidence: dict[str, Axis]) -> Adaptation:
    """Turn plain data back into a sweep; what the axes of the atlas say now must be what they said then."""
    if plain["evidence"] != _evidence(evidence):
        raise ValueError("the atlas has other axes now")
    return Adaptation(tuple(Point(*point) for point in plain["points"]),
                      {name: tuple(numbers) for name, numbers in plain["axes"].items()}, plain["rows"],
                      plain["break_even"], plain["atlas"], evidence, plain["average_cost"], plain["model"],
                      plain["aid"], None if plain["rival"] is None else _adaptation(plain["rival"], evidence))
