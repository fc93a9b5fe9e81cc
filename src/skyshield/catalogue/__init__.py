"""Every number of the model, with its unit, range, source, date and grade; measures and threat classes.

The tables are YAML files in ``data/``. A table that lacks a unit, a range, a distribution, a source
or a grade does not load, so no number enters the model without them.
"""

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
