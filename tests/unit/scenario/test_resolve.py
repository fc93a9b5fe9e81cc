"""A resolved scenario travels whole: parts, order, hash."""

import json

import pytest

from skyshield.catalogue import load_catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import Resolved, load, resolve
from skyshield.theatre import load_theatre


def test_options_keep_their_order_on_the_way():
    # canonical JSON sorts keys; options once were a mapping, and results went to the wrong option
    asked = load("skyshield")
    region = asked.option("region")
    asked = asked.model_copy(update={"options": (
        region, asked.option("own"), region.model_copy(update={"name": "another"}))})
    catalogue, theatre = load_catalogue(), load_theatre()
    resolved = resolve(asked, catalogue, theatre, embedded_fit())
    assert resolved.options == ("region", "own", "another")
    assert tuple(o.name for o in resolved.parts()[0].options) == resolved.options
    assert resolved.parts()[0] == asked


def test_the_fit_travels_whole():
    fit = embedded_fit()
    _, again, _, _ = resolve(load("skyshield"), load_catalogue(), load_theatre(), fit).parts()
    assert again.names == fit.names and (again.rows == fit.rows).all()
    assert (again.window, again.record_sha256, again.alerts_sha256, again.source, again.status, again.identified,
            again.diagnostics) == (fit.window, fit.record_sha256, fit.alerts_sha256, fit.source, fit.status,
                                   fit.identified, fit.diagnostics)


def test_each_part_has_its_hash():
    catalogue, theatre, fit = load_catalogue(), load_theatre(), embedded_fit()
    first = resolve(load("skyshield"), catalogue, theatre, fit)
    days = resolve(load("skyshield").model_copy(update={"days": 3}), catalogue, theatre, fit)
    assumed = resolve(load("skyshield").model_copy(update={"assumptions": {"displacement": 0.5}}), catalogue, theatre,
                      fit)
    assert first.part_sha256() == days.part_sha256()  # a manifest names the days by themselves
    assert first.sha256 != days.sha256
    assert {name for name, digest in first.part_sha256().items() if assumed.part_sha256()[name] != digest} == {
        "scenario"}


def test_another_version_s_text_is_refused():
    resolved = resolve(load("skyshield"), load_catalogue(), load_theatre(), embedded_fit())
    old = json.loads(resolved.json) | {"form": 1}
    with pytest.raises(SkyShieldError, match="has the form 1, not 3; run the study again"):
        Resolved(json.dumps(old), resolved.sha256, resolved.options, resolved.baseline).parts()
