"""The colour of each role: the same in every picture, in Okabe and Ito's palette, which most eyes tell apart."""

from skyshield.report.svg import AID, BASELINE, COMBINED, GROUND, SKYSHIELD
from skyshield.scenario import Option


def colour_of(option: Option) -> str:
    """Return the colour of an option's role.

    Fighters, with whatever stands below them, are SkyShield; batteries, guns and teams without them a ground force;
    aid is aid, and aid beside forces a combination. An option without packages is the baseline's grey.

    Examples
    --------
    >>> colour_of(Option(label="Nothing more"))
    '#666666'
    """
    gives_aid = any(package.aid() is not None for package in option.packages)
    if not option.fires:
        return AID if gives_aid else BASELINE
    if gives_aid:
        return COMBINED
    return SKYSHIELD if any(package.flies for package in option.packages) else GROUND
