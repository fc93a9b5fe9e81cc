"""A resolved scenario travels whole: parts, order, hash."""

from skyshield.calibrate import fit_aggregates
from skyshield.catalogue import load_catalogue
from skyshield.scenario import load, resolve
from skyshield.theatre import load_theatre


def test_options_keep_their_order_on_the_way():
    # canonical JSON sorts keys; options once were a mapping, and results went to the wrong option
    asked = load("skyshield")
    region = asked.option("region")
    asked = asked.model_copy(update={"options": (
        region, asked.option("own"), region.model_copy(update={"name": "another"}))})
    catalogue, theatre = load_catalogue(), load_theatre()
    resolved = resolve(asked, catalogue, theatre, fit_aggregates(catalogue))
    assert resolved.options == ("region", "own", "another")
    assert tuple(o.name for o in resolved.parts()[0].options) == resolved.options
    assert resolved.parts()[0] == asked
