"""A resolved scenario travels whole: parts, order, hash."""

import dataclasses
import json

import numpy as np
import pytest

from skyshield.catalogue import Catalogue, load_catalogue
from skyshield.compile.world import compile_world
from skyshield.core.errors import SkyShieldError
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import Resolved, library, load, resolve
from skyshield.scenario.resolve import NOT_PLAYED
from skyshield.theatre import load_theatre


def as_read(resolved):
    """The same as a reader of its text has it."""
    return dataclasses.replace(resolved)


@pytest.mark.parametrize("name", library())
def test_its_parts_are_those_of_its_text(name):
    """What was resolved is handed on as it is, so it must be what the text gives, the order of everything included.

    Seen to fail: the catalogue in the order of its files; the scenario's assumptions in the order of its file.
    """
    asked = load(name)
    asked = asked.model_copy(update={"assumptions": {"volume_response": 1.0, **asked.assumptions, "claim_bias": 0.0}})
    resolved = resolve(asked, load_catalogue(), load_theatre(), embedded_fit())
    read = as_read(resolved)
    assert "_parts" not in vars(read)
    (scenario, fit, catalogue, theatre), again = resolved.parts(), read.parts()
    assert (scenario, scenario.model_dump_json()) == (again[0], again[0].model_dump_json())
    assert json.dumps(fit.to_dict()) == json.dumps(again[1].to_dict())
    assert json.dumps(catalogue.to_dict()) == json.dumps(again[2].to_dict())
    assert [catalogue[key] for key in catalogue] == [again[2][key] for key in again[2]]
    assert json.dumps(theatre.to_dict()) == json.dumps(again[3].to_dict())
    assert dataclasses.asdict(theatre) == dataclasses.asdict(again[3])


def test_options_keep_their_order_on_the_way():
    # canonical JSON sorts keys; options once were a mapping, and results went to the wrong option
    asked = load("skyshield")
    region = asked.option("region")
    asked = asked.model_copy(update={"options": (
        region, asked.option("own"), region.model_copy(update={"name": "another"}))})
    catalogue, theatre = load_catalogue(), load_theatre()
    resolved = as_read(resolve(asked, catalogue, theatre, embedded_fit()))
    assert resolved.options == ("region", "own", "another")
    assert tuple(o.name for o in resolved.parts()[0].options) == resolved.options
    assert resolved.parts()[0] == asked


def test_the_fit_travels_whole():
    fit = embedded_fit()
    _, again, _, _ = as_read(resolve(load("skyshield"), load_catalogue(), load_theatre(), fit)).parts()
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


def _with_entry(catalogue, subject, key, **changes):
    subjects = {name: tuple(dataclasses.replace(entry, **changes) if (name, entry.key) == (subject, key) else entry
                            for entry in entries) for name, entries in catalogue.subjects.items()}
    return Catalogue(subjects, catalogue.sources)


def test_what_is_played_is_no_wording_and_nothing_of_the_strategy():
    catalogue, rest = load_catalogue(), (load_theatre(), embedded_fit())
    scenario = load("month")
    played = resolve(scenario, catalogue, *rest).played_sha256
    reworded = _with_entry(catalogue, "phases", "renewal_within_1_year", note="In other words.", label="Another")
    assert resolve(scenario, reworded, *rest).played_sha256 == played
    asked = _with_entry(catalogue, "strategy", "L_cred", high=0.5)
    assert resolve(scenario, asked, *rest).played_sha256 == played
    moved = _with_entry(catalogue, "phases", "renewal_within_1_year", high=0.5)
    assert resolve(scenario, moved, *rest).played_sha256 != played


@pytest.mark.parametrize("name", ["skyshield", "guarantees"])
def test_compiling_never_reads_what_is_left_out(name):
    catalogue, rest = load_catalogue(), (load_theatre(), embedded_fit())
    assert set(NOT_PLAYED) < set(catalogue.subjects)
    fewer = Catalogue({subject: entries for subject, entries in catalogue.subjects.items()
                       if subject not in NOT_PLAYED}, catalogue.sources)
    whole, less = (compile_world(resolve(load(name), table, *rest), 1, 2) for table in (catalogue, fewer))
    assert whole.without_centre == less.without_centre
    for one, other in zip(_arrays(whole.world), _arrays(less.world), strict=True):
        np.testing.assert_array_equal(one, other)


def _arrays(part):
    if isinstance(part, tuple):
        for each in part:
            yield from _arrays(each)
    else:
        yield np.asarray(part)
