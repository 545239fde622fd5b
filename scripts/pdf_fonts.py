"""Cut the typefaces of the PDFs: static weights of the variable ones, all alphabets of a family in one file.

    python scripts/pdf_fonts.py SOURCE_DIRECTORY

SOURCE_DIRECTORY holds the variable WOFF2 files of the npm packages @fontsource-variable/ysabeau and
@fontsource-variable/hanken-grotesk (both under the Open Font License). The result, in portal/documents/fonts/, is
committed. Static TrueType files need no unpacking and embed small; a PDF draws three or four of them.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).parent.parent / "portal" / "documents" / "fonts"
#: Alphabets of names and texts; what a family lacks is drawn with the machine's own fonts.
YSABEAU = ("latin", "latin-ext", "vietnamese", "cyrillic", "greek")
HANKEN = ("latin", "latin-ext", "vietnamese")
#: file → (family, style name, source stem, source style, weight, alphabets)
FACES = {
    "Ysabeau-Regular": ("Ysabeau", "Regular", "ysabeau", "normal", 400, YSABEAU),
    "Ysabeau-SemiBold": ("Ysabeau", "SemiBold", "ysabeau", "normal", 600, YSABEAU),
    "Ysabeau-Italic": ("Ysabeau", "Italic", "ysabeau", "italic", 420, YSABEAU),
    "HankenGrotesk-Regular": ("Hanken Grotesk", "Regular", "hanken-grotesk", "normal", 400, HANKEN),
    "HankenGrotesk-SemiBold": ("Hanken Grotesk", "SemiBold", "hanken-grotesk", "normal", 600, HANKEN),
}
#: 2026-11-01 00:00 UTC in seconds since 1904, as fonts count.
MADE = 3_876_336_000
VARIABLE_TABLES = ("STAT", "HVAR", "MVAR", "avar", "DSIG")


def static(source: Path, weight: int, target: Path) -> Path:
    """One weight of a variable font, as TrueType."""
    font = instancer.instantiateVariableFont(TTFont(source), {"wght": weight})
    font.flavor = None
    for table in VARIABLE_TABLES:
        if table in font:
            del font[table]
    font.save(target)
    return target


def name(font: TTFont, file: str, family: str, style: str, weight: int) -> None:
    """Write family and style where readers look for them."""
    table = font["name"]
    for number in (1, 2, 3, 4, 6, 16, 17, 25):
        table.removeNames(nameID=number)
    names = {1: family, 2: style if style in {"Regular", "Italic"} else "Regular", 3: file, 4: f"{family} {style}"}
    for number, text in (names | {6: file, 16: family, 17: style}).items():
        table.setName(text, number, 3, 1, 0x409)
    metrics: Any = font["OS/2"]
    metrics.usWeightClass = weight
    head: Any = font["head"]
    head.created = head.modified = MADE  # the same input gives the same file
    font.recalcTimestamp = False


def main(source: Path) -> None:
    """Cut every face and print its size in bytes."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        for file, (family, style, stem, slant, weight, alphabets) in FACES.items():
            parts = [
                static(
                    source / f"{stem}-{alphabet}-wght-{slant}.woff2", weight, Path(scratch) / f"{file}-{alphabet}.ttf"
                )
                for alphabet in alphabets
            ]
            font = Merger(Options(drop_tables=["meta"])).merge([str(part) for part in parts])
            name(font, file, family, style, weight)
            target = TARGET / f"{file}.ttf"
            font.save(target)
            print(f"{file:24} {target.stat().st_size:9,}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
