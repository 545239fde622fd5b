"""Slim the two typefaces down to what the portal draws.

    python scripts/fonts.py SOURCE_DIRECTORY

SOURCE_DIRECTORY holds the variable WOFF2 files of the npm packages @fontsource-variable/ysabeau and
@fontsource-variable/hanken-grotesk (both under the Open Font License). The result, in assets/fonts/, is committed.

Two files per family: the base file (Latin-1 and the punctuation that we write) is preloaded on every page; the
extended file (the letters of other European names) is fetched only when a page shows one of its letters. The weight
axis is cut to the weights of assets/tokens.css and assets/components.css, hinting and the layout features that no
rule of ours asks for are dropped.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).parent.parent / "assets" / "fonts"

#: Letters of the base file. Mirrored by the unicode-range of the @font-face rules in assets/tokens.css.
BASE = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x152, 0x153, 0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C,
        0x201D, 0x2022, 0x2026, 0x20AC, 0x2122, 0x2212]  # fmt: skip
#: Letters of the extended file: Latin Extended-A and -B, the Vietnamese block, spacing modifiers.
EXTENDED = [c for c in [*range(0x100, 0x250), *range(0x2B9, 0x2E0), *range(0x1E00, 0x1F00)] if c not in BASE]

KERNING = ["kern", "mark", "mkmk", "ccmp", "locl"]

#: file stem → (letters, lightest and heaviest weight drawn, layout features)
FACES = {
    "ysabeau-latin-wght-normal": (BASE, (260, 560), [*KERNING, "lnum", "tnum"]),
    "ysabeau-latin-ext-wght-normal": (EXTENDED, (260, 560), KERNING),
    "ysabeau-latin-wght-italic": (BASE, (420, 420), KERNING),
    "hanken-grotesk-latin-wght-normal": (BASE, (400, 680), [*KERNING, "tnum"]),
    "hanken-grotesk-latin-ext-wght-normal": (EXTENDED, (400, 680), KERNING),
}


def slim(source: Path, target: Path, letters: list[int], weights: tuple[int, int], features: list[str]) -> None:
    """Write to `target` the part of the variable font `source` that has these letters, weights and features."""
    font = TTFont(source)
    lightest, heaviest = weights
    limit = lightest if lightest == heaviest else weights
    options = Options(hinting=False, layout_features=features, name_IDs=[1, 2, 13, 14], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": limit})
    font.flavor = "woff2"
    font.save(target)


def main(source: Path) -> None:
    """Slim every face and print its size before and after, in bytes."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for stem, (letters, weights, features) in FACES.items():
        before, after = source / f"{stem}.woff2", TARGET / f"{stem}.woff2"
        slim(before, after, letters, weights, features)
        print(f"{stem:40} {before.stat().st_size:7,} → {after.stat().st_size:7,}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
