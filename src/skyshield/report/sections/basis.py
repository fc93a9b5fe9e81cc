"""What a study rests on: the fit, what the record can tell, every number used."""

from pathlib import Path
from typing import Any

from skyshield.core.files import read_yaml
from skyshield.report import basis
from skyshield.report.reading import Reading
from skyshield.report.sections.adaptation import KEYS
from skyshield.report.text import SOME, number

_IDENTIFICATION = Path(__file__).parents[1] / "data" / "identification.yaml"


def keys_of(reading: Reading) -> list[str]:
    """Return the entries of the catalogue that the study stands on."""
    more = KEYS if reading.adapted is not None else ()
    return basis.used_keys([*reading.view.parameters, *more], reading.fit, reading.catalogue)


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    keys, catalogue, fit = keys_of(reading), reading.catalogue, reading.fit
    return {"fit": fit, "parameters": basis.parameters(keys, catalogue),
            "without_centre": basis.without_centre(keys, catalogue, reading.view.parameters,
                                                   reading.scenario.assumptions),
            "identification": basis.identification(fit, read_yaml(_IDENTIFICATION), catalogue),
            "diagnostics": [f"{name.replace('_', ' ')} {number(value, SOME)}"
                            for name, value in fit.diagnostics.items()]}
