"""Every number of the model, with its unit, range, source, date and grade; measures and threat classes.

Called, as ``skyshield.catalogue()``, the room returns the shipped catalogue: it is part of the public face.

The tables are YAML files in ``data/``. A table that lacks a unit, a range, a distribution, a source
or a grade does not load, so no number enters the model without them.
"""

import sys
from types import ModuleType

from skyshield.catalogue.entry import Entry
from skyshield.catalogue.measures import Measure, ThreatClass, load_measures, load_threat_classes, measure_of
from skyshield.catalogue.table import Catalogue, Source, load_bundles, load_catalogue, read_catalogue

__all__ = [
    "Catalogue",
    "Entry",
    "Measure",
    "Source",
    "ThreatClass",
    "load_bundles",
    "load_catalogue",
    "load_measures",
    "load_threat_classes",
    "measure_of",
    "read_catalogue",
]


class _Room(ModuleType):
    """A module that can be called."""

    def __call__(self) -> Catalogue:
        """Return the shipped catalogue."""
        return load_catalogue()


sys.modules[__name__].__class__ = _Room
