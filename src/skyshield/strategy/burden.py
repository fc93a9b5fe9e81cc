r"""Who pays for an option: its cost by state, against what each produces and has given already.

With shares w_i that add up to 1, state i pays w_i times the cost of a year. Shares are by gross domestic product, by
aid given so far, equal, or stated; the members of a scenario state theirs by `money_share`. What a share comes to is
told over the state's product, and over the aid it has given a year on average, so that a state that has given much and
one that has given little are seen side by side. Which share is fair is not said.

Source: aid and product from the Kiel Institute's Ukraine Support Tracker, release 29 (`forces/data/coalition.yaml`).
Allocations of the Union as such are nobody's here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from skyshield.core.errors import SkyShieldError
from skyshield.forces import Member
from skyshield.forces.coalition import Coalition, State, coalition

By = Literal["gdp", "given", "equal"]
BYS: tuple[By, ...] = get_args(By)
_MONTHS_A_YEAR = 12
_ENOUGH = 1e-6


def shares_by(states: Sequence[State], by: str) -> dict[str, float]:
    """Return state -> share of the cost, which add up to 1.

    Raises
    ------
    SkyShieldError
        If there is no such rule, or nobody has what it goes by.

    Examples
    --------
    >>> two = [coalition().named("Estonia"), coalition().named("Latvia")]
    >>> {name: round(share, 3) for name, share in shares_by(two, "gdp").items()}
    {'Estonia': 0.482, 'Latvia': 0.518}
    """
    if by not in BYS:
        raise SkyShieldError(f"--by {by!r}", "is no rule for shares", f"use {', '.join(BYS)}")
    of = {state.name: {"gdp": state.gdp_eur, "given": state.given_eur, "equal": 1.0}[by] for state in states}
    total = sum(of.values())
    if total <= 0.0:
        raise SkyShieldError(f"--by {by}", "nobody has any of it", "use another rule or more states")
    return {name: value / total for name, value in of.items()}


def stated_shares(shares: Mapping[str, float], where: str = "shares", table: Coalition | None = None
                  ) -> dict[str, float]:
    """Return stated shares by the states' names, checked.

    Raises
    ------
    SkyShieldError
        If a state is unknown or named twice, a share is not from 0 to 1, or they do not add up to 1.

    Examples
    --------
    >>> stated_shares({"FRA": 0.5, "GBR": 0.5})
    {'France': 0.5, 'United Kingdom': 0.5}
    """
    known = coalition() if table is None else table
    result: dict[str, float] = {}
    for name, share in shares.items():
        state = known.named(name, f"{where}: state")
        if state.name in result:
            raise SkyShieldError(f"{where}: state {name!r}", "is named twice", "name each state once")
        if not 0.0 <= share <= 1.0:
            raise SkyShieldError(f"{where}: {name}", f"is {share:g}", "give a share from 0 to 1")
        result[state.name] = share
    if abs(sum(result.values()) - 1.0) > _ENOUGH:
        raise SkyShieldError(where, f"add up to {sum(result.values()):g}", "let them add up to 1")
    return result


def shares_of_members(members: Sequence[Member]) -> dict[str, float] | None:
    """Return the shares that the active members of a scenario state, None if none of those that pay names a state.

    Raises
    ------
    SkyShieldError
        If some name a state and others that pay do not, or they do not add up to 1.

    Examples
    --------
    >>> shares_of_members([Member(name="a", state="France", money_share=1.0)])
    {'France': 1.0}
    """
    paying = [member for member in members if member.active and member.money_share > 0.0]
    if not any(member.state for member in paying):
        return None
    unnamed = next((member.name for member in paying if member.state is None), None)
    if unnamed is not None:
        raise SkyShieldError(f"member {unnamed!r}", "pays and names no state", "give it a state")
    shares: dict[str, float] = {}
    for member in paying:
        shares[str(member.state)] = shares.get(str(member.state), 0.0) + member.money_share
    return stated_shares(shares, "the members' money shares")


def burden(cost_eur_a_year: tuple[float, float], shares: Mapping[str, float], table: Coalition | None = None
           ) -> list[dict[str, Any]]:
    """Return a row for each state, those that pay most first.

    Parameters
    ----------
    cost_eur_a_year
        Of the option, low and high.
    shares
        By state's name, from one of the functions above.
    table
        Of the states; the shipped one if not given.

    Returns
    -------
    list
        Rows {state, iso, share, eur_a_year_low, eur_a_year_high, of_gdp_low, of_gdp_high, given_eur, given_of_gdp,
        of_given_a_year_low, of_given_a_year_high}: the last two over the aid of a year so far, None if there was none.

    Examples
    --------
    >>> row = burden((1e9, 2e9), stated_shares({"DNK": 1.0}))[0]
    >>> round(row["of_gdp_low"], 4), round(row["of_given_a_year_high"], 2)
    (0.003, 0.79)
    """
    known = coalition() if table is None else table
    low, high = cost_eur_a_year
    if not 0.0 <= low <= high:
        raise SkyShieldError("cost", f"is {low:g} to {high:g}", "put low before high, from 0")
    rows = []
    for name, share in shares.items():
        state = known.named(name)
        given_a_year = state.given_eur * _MONTHS_A_YEAR / known.given_months
        rows.append({
            "state": state.name, "iso": state.iso, "share": share,
            "eur_a_year_low": share * low, "eur_a_year_high": share * high,
            "of_gdp_low": _over(share * low, state.gdp_eur), "of_gdp_high": _over(share * high, state.gdp_eur),
            "given_eur": state.given_eur, "given_of_gdp": _over(state.given_eur, state.gdp_eur),
            "of_given_a_year_low": _over(share * low, given_a_year),
            "of_given_a_year_high": _over(share * high, given_a_year)})
    return sorted(rows, key=lambda row: (-row["share"], row["state"]))


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None
