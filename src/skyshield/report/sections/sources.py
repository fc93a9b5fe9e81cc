"""Where the numbers come from, in short: the study, the record, the year of the prices."""

from typing import Any

from skyshield.report import basis
from skyshield.report.reading import Reading
from skyshield.report.sections.basis import keys_of


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    manifest, fit = reading.view.manifest, reading.fit
    keys = keys_of(reading)
    return {"study_key": manifest["study_key"], "seed": manifest["seed"], "fit": fit,
            "version": manifest["versions"].get("skyshield", ""), "n_numbers": len(keys),
            "n_sources": len(basis.sources(keys, reading.catalogue)),
            "n_assumed": sum(reading.catalogue[key].grade == basis.ASSUMED for key in keys),
            "prices": basis.price_text(reading.catalogue, list(reading.view.parameters))}
