"""A status is earned: nights counted, spreads measured, the catalogue's range where the record does not tell."""

import math

import numpy as np
import pytest
from tests.unit.calibrate.conftest import synthetic_rows

from skyshield.calibrate import fit_record
from skyshield.calibrate.evidence import (
    effective_nights,
    identification,
    insufficient_evidence,
    nights_behind,
    nights_of_evidence,
    spread,
    stand_ins,
    unidentified_columns,
    unidentified_labels,
)
from skyshield.calibrate.fit import as_nights, run_filter
from skyshield.calibrate.observations import observe
from skyshield.calibrate.posterior import load_blocks
from skyshield.catalogue import load_catalogue
from skyshield.raids.fit import COLUMNS, IDENTIFIED, NOT_HERE, STATUSES, WEAK, embedded_fit
from skyshield.record import read_record

ROWS = 40
ENOUGH = dict.fromkeys(identification()["counted"], 100.0)


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


def without(rows, *kinds, **columns):
    """Return rows without some kinds of weapon, and with some columns changed."""
    return [row | columns for row in rows if row["kind"] not in kinds]


@pytest.fixture(scope="module")
def fitted(write_record, catalogue):
    def fitted(rows):
        fit = fit_record(read_record(write_record("2031-01-01", rows)), catalogue, n_rows=ROWS)
        return fit, {row.quantity: row for row in fit.identified}
    return fitted


@pytest.fixture(scope="module")
def uav_only(fitted):
    rows = without(synthetic_rows(40), "cruise", "ballistic", destroyed_details="", is_shahed="", not_reach_goal="")
    return fitted(rows)


def test_what_no_row_tells_is_not_identified_here(uav_only, catalogue):
    fit, table = uav_only
    for quantity in ("Cruise missiles launched a night, on average", "Cruise missiles: share stopped",
                     "Ballistic missiles launched a night, on average", "Ballistic salvo of one: share stopped",
                     "Ballistic: share stopped where the aim is defended", "South: share of the front stream's kills",
                     "West: claimed kills over launches of the deep stream, massed nights",
                     "Share of stops that are jamming",
                     "Share of UAVs without a warhead"):
        assert (table[quantity].status, table[quantity].nights) == (NOT_HERE, 0), quantity
    for column in ("cruise_intercept", "west_kills_share_massed", "soft_share_of_stops", "decoy_share"):
        entry = catalogue[column]
        assert entry.low * 0.5 < fit.parameters[column].min() < entry.central < fit.parameters[column].max()
        assert np.median(fit.parameters[column]) == pytest.approx(float(entry.ppf(0.5)), rel=0.1)
    assert table["Front stream: share that gets through"].status == WEAK
    for words in ("cruise missiles launched", "ballistic missiles stopped", "kills in the south", "jamming", "decoys"):
        assert words in fit.status


def test_without_the_column_of_losses_what_gets_through_is_not_read_as_if_none_were_lost(write_record, catalogue):
    rows = [{name: value for name, value in row.items() if name != "not_reach_goal"} for row in synthetic_rows(40)]
    path = write_record("2031-01-01", rows)
    path.write_text(path.read_text().replace("not_reach_goal", "colour"))
    record = read_record(path)
    assert not record.losses_reported
    observations = observe(record)
    assert np.isnan(observations.leakers[observations.reported == 1]).all()
    fit = fit_record(record, catalogue, n_rows=ROWS)
    table = {row.quantity: row for row in fit.identified}
    for quantity in ("Front stream: share that gets through", "Deep stream: share that gets through",
                     "Correlation of UAV outcomes within a night"):
        assert (table[quantity].status, table[quantity].nights) == (NOT_HERE, 0)
    assert np.median(fit.parameters["leak_deep"]) == pytest.approx(catalogue["leak_deep"].central, rel=0.1)
    assert fit.parameters["leak_deep_end"].tolist() == fit.parameters["leak_deep"].tolist()
    assert "UAVs that get through" in fit.status


@pytest.mark.parametrize(("n_jammed", "status"), [(2, NOT_HERE), (4, NOT_HERE), (40, WEAK), (80, IDENTIFIED)])
def test_jamming_on_some_nights(fitted, n_jammed, status):
    """Nights count by their weight: forty with some massed ones are worth fewer than twenty."""
    rows = [row | ({} if row["night"] < n_jammed or row["kind"] != "uav" else {"not_reach_goal": 0})
            for row in synthetic_rows(max(40, n_jammed))]
    result = fitted(rows)[1]["Share of stops that are jamming"]
    assert result.status == status
    assert result.high - result.low < 0.35


def test_the_shipped_fit_is_identified_as_far_as_it_was(catalogue):
    fit = embedded_fit()
    best = {row["quantity"]: row["status"] for row in identification()["rows"]}
    assert {row.quantity: row.status for row in fit.identified} == best
    assert all(row.nights is None or row.nights >= catalogue["nights_to_identify"].central for row in fit.identified)
    assert sum(row.nights is None for row in fit.identified) == sum("entry" in row for row in identification()["rows"])


def test_too_few_nights_and_too_wide_a_spread(catalogue):
    columns = {name: np.full(ROWS, 0.5) for name in identification()["evidence"]}
    assert unidentified_columns(columns, ENOUGH, catalogue) == ()
    assert unidentified_columns(columns, ENOUGH | {"jamming": 4.4}, catalogue) == ("soft_share_of_stops",)
    assert unidentified_columns(columns, ENOUGH | {"jamming": 4.6}, catalogue) == ()
    assert unidentified_columns(columns, ENOUGH | {"massed_nights": 3.0}, catalogue) == ()
    assert "leak_deep" in unidentified_columns(columns, ENOUGH | {"massed_nights": 2.0}, catalogue)
    wide = columns | {"decoy_share": np.linspace(0.01, 0.99, ROWS)}
    assert unidentified_columns(wide, ENOUGH, catalogue) == ("decoy_share",)
    assert unidentified_labels(["decoy_share"], ENOUGH, catalogue) == ["share of launched UAVs that carry no warhead"]
    assert unidentified_labels(["decoy_share"], ENOUGH | {"armed": 0.0}, catalogue) == ["decoys"]
    assert insufficient_evidence("front_mean", {}, catalogue) == [] and nights_behind("front_mean", {}) == np.inf


def test_nights_are_counted_by_what_they_tell(write_record):
    observations = observe(read_record(write_record("2031-01-01", synthetic_rows(60))))
    nights = nights_of_evidence(observations, np.full(len(observations.date), 0.25))
    assert nights["reported_nights"] == nights["uav_stops"] == nights["south_kills"] == 60
    assert nights["massed_nights"] == nights["west_kills_massed"] == 15
    assert nights["cruise_launches"] == (observations.cruise > 0).sum() == nights["cruise_stops"]
    assert 1 < nights["jamming"] < 60
    assert set(nights) == set(identification()["counted"])
    assert effective_nights([100.0, 1.0]) == pytest.approx(1.02, abs=0.001)


def test_a_night_whose_row_tells_no_stops_is_unknown_and_not_all_through(write_record):
    rows = synthetic_rows(20)
    changed = [row | ({"destroyed": ""} if row["night"] in (3, 4) else {}) for row in rows]
    observations = observe(read_record(write_record("2031-01-01", changed)))
    assert np.isnan(observations.leakers[[3, 4]]).all() and np.isfinite(np.delete(observations.leakers, [3, 4])).all()
    flown = observations.ballistic[[3, 4]] > 0
    assert np.isnan(observations.ballistic_stopped[[3, 4]][flown]).all()


def test_a_night_that_gives_no_number_launched_is_unknown_and_not_quiet(write_record):
    rows = synthetic_rows(20)
    changed = [row | ({"launched": ""} if row["night"] in (3, 4) else {}) for row in rows]
    observations = observe(read_record(write_record("2031-01-01", changed)))
    assert observations.reported.tolist() == [int(day not in (3, 4)) for day in range(20)]
    for kind in ("cruise", "ballistic"):
        given = {row["night"] for row in rows if row["kind"] == kind}
        assert np.isnan(getattr(observations, kind)[sorted(given & {3, 4})]).all()
        assert np.isfinite(getattr(observations, kind)).sum() == 20 - len(given & {3, 4})


def test_losses_left_empty_beside_others_of_the_month_are_unknown(write_record):
    rows = [row | ({"not_reach_goal": ""} if row["night"] in (3, 4) else {}) for row in synthetic_rows(40)]
    observations = observe(read_record(write_record("2031-01-01", rows)))
    assert np.flatnonzero(np.isnan(observations.leakers)).tolist() == [3, 4]
    quiet = [row | {"not_reach_goal": ""} for row in synthetic_rows(40)]
    assert np.isfinite(observe(read_record(write_record("2031-01-01", quiet))).leakers).all()


def test_missiles_not_told_leave_the_likelihood_of_the_rest(write_record):
    """A night's missiles unknown: the same as that night's factor taken out, by Bayes over one night."""
    observations = observe(read_record(write_record("2031-01-01", synthetic_rows(60))))
    block = load_blocks()["raids"]
    natural = block.natural(block.centre)

    def log_likelihood(**columns):
        return run_filter(natural, as_nights(observations._replace(**columns))).log_likelihood

    complete, unknown = log_likelihood(), log_likelihood(cruise=np.full(60, np.nan))
    some = observations.cruise.copy()
    some[30] = np.nan
    assert np.isfinite(unknown) and unknown > complete
    assert log_likelihood(cruise=some) > complete
    total = sum(math.exp(log_likelihood(cruise=np.where(np.arange(60) == 59, n, observations.cruise))
                         - log_likelihood(cruise=np.where(np.arange(60) == 59, np.nan, observations.cruise)))
                for n in range(400))
    assert total == pytest.approx(1.0, abs=0.02)  # binned sum over the front stream, smooth in the missiles


def test_stand_ins_have_the_distribution_of_the_catalogue(catalogue):
    result = stand_ins(["rho_cruise", "day_raid_share"], catalogue, 200)
    entry = catalogue["rho_cruise"]
    assert np.quantile(result["rho_cruise"], (0.05, 0.5, 0.95)) == pytest.approx(
        (entry.low, entry.central, entry.high), rel=0.05)
    assert catalogue["day_part_share"].low < result["day_raid_share"].min()
    assert result["rho_cruise"].tolist() == stand_ins(["rho_cruise"], catalogue, 200)["rho_cruise"].tolist()
    assert np.corrcoef(result["rho_cruise"], result["day_raid_share"])[0, 1] == pytest.approx(0.0, abs=0.25)


def test_every_column_that_can_fail_has_a_range_that_can_be_played(catalogue):
    table = identification()
    for column in table["evidence"]:
        values = stand_ins([column], catalogue, 256)[column]
        assert column in COLUMNS and np.isfinite(values).all()
        if "mean" in column.split("_"):
            assert values.min() > 1.0, column
        if catalogue[table["stand_in"].get(column, column)].low > 0.0:
            assert values.min() > 0.0, column
    for row in table["rows"]:
        assert row["status"] in STATUSES and set(row.get("columns", ())) <= set(table["evidence"])


def test_spread_is_measured_on_the_scale_of_the_quantity():
    z = np.linspace(-3, 3, 2001)
    assert spread(np.exp(5.0 + 0.3 * z)) == pytest.approx(0.3 * 6 * 0.95 / 3.92, rel=0.01)
    share = 1.0 / (1.0 + np.exp(-z))
    assert spread(share) == pytest.approx(6 * 0.95 / 3.92, rel=0.01)
