"""The colour of each role: the same in every picture, in Okabe and Ito's palette, which most eyes tell apart."""

from skyshield.report.svg import AID, BASELINE, COMBINED, GROUND, NAVAL, SKYSHIELD
from skyshield.scenario import Option

_SHIPS, _GROUND = {"ships", "sea_lanes"}, {"ground"}


def colour_of(option: Option) -> str:
    """Return the colour of an option's role.

    Fighters, with whatever stands below them, are SkyShield; soldiers, or batteries, guns and teams without fighters, a
    ground force; ships naval; aid is aid. Aid beside forces is a combination, and so are soldiers or ships beside
    fighters. An option without packages is the baseline's grey.

    Examples
    --------
    >>> colour_of(Option(label="Nothing more"))
    '#666666'
    """
    gives_aid = any(package.aid() is not None for package in option.packages)
    flies = any(package.flies for package in option.packages)
    kinds = {package.kind for package in option.packages}
    other = next((colour for of, colour in ((_SHIPS, NAVAL), (_GROUND, GROUND)) if kinds & of), None)
    if not option.fires and other is None:
        return AID if gives_aid else BASELINE
    if gives_aid or (flies and other is not None):
        return COMBINED
    return other or (SKYSHIELD if flies else GROUND)
