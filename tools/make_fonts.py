"""Write the letters of `src/skyshield/report/fonts` that matplotlib and Typst draw with: subsets of Noto Sans.

``python tools/make_fonts.py [FOLDER]`` reads NotoSans-Regular.ttf and NotoSans-Bold.ttf from a folder (Debian's
fonts-noto-core by default) and writes both subsets: Latin, Greek and Cyrillic letters, the signs that the pages use,
and the spaces between thousands. Noto Sans has no minus sign; the en dash, as wide, stands in its place. Nothing is
redrawn.
"""

import argparse
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parents[1] / "src" / "skyshield" / "report" / "fonts"
DEBIAN = Path("/usr/share/fonts/truetype/noto")
FAMILY = "SkyShield Sans"  # never taken for the whole of Noto Sans where that is installed
WEIGHTS = ("Regular", "Bold")
LETTERS = (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x391, 0x3CA), *range(0x400, 0x460), 0x490, 0x491,
           *range(0x2010, 0x2016), *range(0x2018, 0x201F), 0x2009, 0x2022, 0x2026, 0x202F, 0x20AC)
MINUS, EN_DASH = 0x2212, 0x2013
FAMILY_NAMES, FULL_NAME, POSTSCRIPT_NAME, UNIQUE_NAME = (1, 16), 4, 6, 3


def subset(path: Path, weight: str) -> TTFont:
    """Return the letters wanted of a file, under our own name."""
    font = TTFont(path, recalcTimestamp=False)
    options = Options()
    options.layout_features = ["kern", "locl", "mark", "ccmp"]
    options.name_IDs = ["*"]
    options.hinting = False
    cutter = Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[MINUS] = table.cmap[EN_DASH]
    names = {**dict.fromkeys(FAMILY_NAMES, FAMILY), FULL_NAME: f"{FAMILY} {weight}",
             POSTSCRIPT_NAME: f"{FAMILY.replace(' ', '')}-{weight}", UNIQUE_NAME: f"{FAMILY} {weight}"}
    for record in font["name"].names:
        if record.nameID in names:
            record.string = names[record.nameID]
    return font


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DEBIAN)
    folder = parser.parse_args().folder
    for weight in WEIGHTS:
        out = HERE / f"noto-sans-{weight.lower()}.ttf"
        subset(folder / f"NotoSans-{weight}.ttf", weight).save(out)
        print(f"wrote {out}")


if __name__ == "__main__":
    main()
