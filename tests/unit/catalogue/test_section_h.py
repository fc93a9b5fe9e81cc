"""The default parameter table, typed a second time from the project's domain document.

Rows are ``key | low | central | high | unit | grade``, numbers in the document's own notation (k, m, bn).
"""

import pytest

from skyshield.catalogue import load_catalogue

ROWS = """
uav_launch_mean_per_day | 133 | 172 | 203 | 1/day | A
uav_big_raid_prob_per_day | 0.12 | 0.18 | 0.24 | 1 | A
uav_big_raid_size_q10 | 327 | 327 | 327 | 1 | A
uav_big_raid_size_q50 | 454 | 454 | 454 | 1 | A
uav_big_raid_size_q90 | 609 | 609 | 609 | 1 | A
uav_routine_day_q05 | 45 | 45 | 45 | 1 | A
uav_routine_day_q50 | 102 | 102 | 102 | 1 | A
uav_routine_day_q95 | 205 | 205 | 205 | 1 | A
decoy_share | .30 | .38 | .50 | 1 | B
missiles_in_combined_raid | 21 | 36 | 80 | 1 | A
combined_raids_per_year | 30 | 53 | 70 | 1/year | A
west_share_of_kills_big_raid | .021 | .035 | .050 | 1 | B
zone_share | .20 | - | .60 | 1 | K
leak_front | .20 | .28 | .35 | 1 | B
leak_deep | .023 | .044 | .071 | 1 | B
geran2_speed | 150 | 180 | 200 | km/h | B
geran2_altitude | 60 | 1500 | 4000 | m | B
geran2_price | 20k | 45k | 80k | USD | B
geran2_warhead | 20 | 50 | 90 | kg | B
geran3_speed | 350 | 500 | 600 | km/h | C
geran3_share | .005 | .02 | .10 | 1 | K
gerbera_price | 3k | 10k | 15k | USD | K
kh101_price | 1m | 2m | 13m | USD | C
kalibr_price | 1m | 2m | 6.5m | USD | C
iskanderM_price | 1.5m | 2.5m | 3m | USD | C
national_uav_stopped | .79 | .84 | .92 | 1 | A
uav_soft_kill_share | .32 | .36 | .45 | 1 | A
cruise_intercept | .60 | .82 | .95 | 1 | A
ballistic_intercept | .05 | .24 | .40 | 1 | A
ballistic_intercept_patriot_covered | .15 | .35 | .75 | 1 | B
rho_uav | .015 | .03 | .065 | 1 | A
rho_cruise | .06 | .16 | .20 | 1 | A
rho_ballistic | .14 | .55 | .80 | 1 | A
hit_locations_per_leaker | .4 | .52 | .8 | 1 | B
intercept_drone_price | 2.5k | 4k | 15k | USD | B
intercept_drone_kill_per_sortie | .20 | .24 | .68 | 1 | B
gun_engagement_cost | 1k | 4k | 10k | USD | C
gun_range | 2 | 3.5 | 4 | km | B
gun_pk_in_reach | .4 | .7 | .9 | 1 | K
apkws_price | 15k | 25k | 40k | USD | C
apkws_pk | .5 | .7 | .9 | 1 | K
aim9_price | .40m | .45m | .50m | USD | B
aim120_price | .9m | 1.1m | 1.3m | USD | K
aam_pk | .6 | .8 | .9 | 1 | K
pac3mse_price | 3.8m | 4.2m | 5.0m | USD | A
shots_per_ballistic | 2 | 2 | 3 | 1 | B
patriot_system_price | .4bn | 1.0bn | 1.1bn | USD | C
patriot_ready_rounds | 36 | 48 | 96 | 1 | K
irist_slm_unit | 140m | 158m | 180m | EUR | B
irist_missile | .4m | .5m | .65m | EUR | K
irist_ready_rounds | 24 | 24 | 32 | 1 | B
irist_range | 30 | 40 | 40 | km | B
irist_ceiling | 15 | 20 | 20 | km | B
irist_pk | .7 | .85 | .98 | 1 | C
acoustic_sensor_price | 400 | 450 | 600 | USD | B
acoustic_sensors_national | 9.5k | 14k | 20k | 1 | B
fighter_cpfh | 12k | 28k | 45k | USD/h | C
fighter_availability | .50 | .65 | .75 | 1 | B
fighter_sorties_per_MC_day | .6 | 1.0 | 2.2 | 1/day | B
cap_on_station | 1.0 | 1.75 | 4.0 | h | K
fighter_cruise | 800 | 880 | 950 | km/h | K
skyshield_aircraft | 48 | 120 | 160 | aircraft | B
aircrew_per_aircraft | 1.25 | 1.5 | 2.0 | 1 | K
people_per_deployed_fighter | 20 | 30 | 45 | 1 | K
aew_per_orbit | 4 | 5 | 6 | aircraft | B
aew_unit_price | .5bn | .8bn | .9bn | USD | B
aerostat_price | .2bn | .5bn | .6bn | USD | B
nfz_cost_check | 30m | 60m | 100m | USD/week | B
standoff_from_RU_border | 100 | 200 | 300 | km | C
ground_force_size | 10k | 25k | 60k | person | B
brigade_size | 3500 | 4400 | 5000 | person | A
rotation_ratio | 3 | 4 | 5 | 1 | K
ground_cost_per_soldier_year | 75k | 150k | 400k | USD/person/year | C
frigate_destroyer_day | 80k | 160k | 250k | USD/day | C
montreux_aggregate | 30k | 45k | 45k | t | A
montreux_stay | 21 | 21 | 21 | day | A
monitors | 1000 | 5000 | 10000 | person | B
seismic_detect_radius | 100 | 200 | 250 | km | B
seismic_alert_latency | 10 | 12 | 15 | min | B
firms_passes_per_day | 2 | 6 | 8 | 1/day | B
buffer_width | 10 | 10 | 40 | km | B
"""

WITHOUT_EVIDENCE = ("zone_share", "esc_prob_per_engagement_month", "P_renewal", "L_cred", "L_kin", "L_next")
NOT_PRICES_OF_2025 = {"nfz_cost_check": 2011}
HARD_BOUNDS_DESPITE_THE_GRADE = ("montreux_aggregate",)
SUFFIX = {"bn": 1e9, "m": 1e6, "k": 1e3}


def _number(text: str) -> float | None:
    if text == "-":
        return None
    for suffix, factor in SUFFIX.items():
        if text.endswith(suffix):
            return float(text.removesuffix(suffix)) * factor
    return float(text)


def _rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in ROWS.strip().splitlines()]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_row(row: list[str]) -> None:
    key, low, central, high, unit, grade = row
    entry = load_catalogue()[key]
    for value, text in ((entry.low, low), (entry.central, central), (entry.high, high)):
        expected = _number(text)
        assert value == (None if expected is None else pytest.approx(expected, rel=1e-12))
    assert (entry.unit, entry.grade) == (unit, grade)
    if "USD" in unit or "EUR" in unit:
        assert entry.price_year == NOT_PRICES_OF_2025.get(key, 2025)


def test_every_row_is_here() -> None:
    """71 rows with numbers; three of them split into three entries, four into two."""
    assert len(_rows()) == len({row[0] for row in _rows()}) == 71 + 3 * 2 + 4 * 1


def test_distributions_follow_the_heading() -> None:
    """PERT for a centre inside hard bounds, 5-95% quantiles for grade A."""
    for key, low, central, high, _, grade in _rows():
        expected = "pert"
        if central == "-":
            expected = "interval"
        elif low == central == high:
            expected = "constant"
        elif grade == "A" and key not in HARD_BOUNDS_DESPITE_THE_GRADE:
            expected = "quantiles"
        assert load_catalogue()[key].distribution == expected, key


def test_what_has_no_evidence_has_no_centre() -> None:
    for key in WITHOUT_EVIDENCE:
        entry = load_catalogue()[key]
        assert (entry.distribution, entry.central, entry.grade) == ("interval", None, "K")
        assert entry.reference in ("low", "high") and "reference" in entry.note


def test_zone_share_stands_on_its_careful_end() -> None:
    assert load_catalogue()["zone_share"].reference_si == 0.60
