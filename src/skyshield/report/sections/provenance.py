"""The sources of the numbers used, and what the same study would be made from again."""

from typing import Any

from skyshield.report import basis
from skyshield.report.reading import Reading
from skyshield.report.sections.basis import keys_of
from skyshield.report.text import FEW, number


def make(reading: Reading) -> dict[str, Any]:
    """Return the section."""
    return {"sources": basis.sources(keys_of(reading), reading.catalogue), "provenance": provenance(reading)}


def provenance(reading: Reading) -> list[tuple[str, str]]:
    """Return what identifies the study, by name."""
    view = reading.view
    plan, fit = view.manifest, view.fit
    n_arms = sum(arm.in_envelope for arm in view.played_arms)
    versions = ", ".join(f"{name} {version}" for name, version in plan["versions"].items())
    return [("Study key", plan["study_key"]), ("Resolved scenario, sha256", plan["resolved_sha256"]),
            ("Catalogue, sha256", view.catalogue.sha256), ("Theatre, sha256", view.theatre.sha256),
            ("Raid record, sha256", fit.record_sha256), ("Alerts, sha256", fit.alerts_sha256 or "none used"),
            ("Kernels, sha256", plan["kernel_sha256"]),
            ("Seed", str(plan["seed"])), ("Parameter vectors", f"{plan['vectors']:,}"),
            ("Replications a vector", f"{plan['replications']:,}"), ("Days", str(plan["days"])),
            ("Options", ", ".join(plan["options"])), ("Arms of the envelope", number(n_arms, FEW)),
            ("Versions", versions)]
