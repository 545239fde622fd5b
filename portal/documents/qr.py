"""An address as a QR code (ISO/IEC 18004): vectors, so that a printer draws it as sharp as it can."""

from itertools import groupby

import segno
from markupsafe import Markup

INK = "#251a21"
QUIET = 4  # modules of white around it, as readers need


def svg(address: str, label: str) -> Markup:
    """An SVG element that says `label` to those who cannot see it. Safe to place in HTML.

    A quarter of it may be soiled or torn off, and it still reads (error correction level Q or better).
    """
    path, box = drawing(address)
    return Markup('<svg class="qr" viewBox="{0}" role="img"><title>{1}</title><path fill="{2}" d="{3}"/></svg>').format(
        box, label, INK, path
    )


def drawing(address: str) -> tuple[str, str]:
    """The dark modules as one SVG path, and the viewBox they stand in with the quiet zone around them."""
    code = segno.make_qr(address, error="q")
    side = len(code.matrix) + 2 * QUIET
    path = "".join(_row(y, row) for y, row in enumerate(code.matrix))
    return path, f"{-QUIET} {-QUIET} {side} {side}"


def _row(y: int, row: bytes | bytearray) -> str:
    """Each run of dark modules as a rectangle. All are parts of one path: no hair of white between them."""
    x, drawn = 0, ""
    for dark, run in groupby(row):
        width = len(list(run))
        if dark:
            drawn += f"M{x} {y}h{width}v1h-{width}z"
        x += width
    return drawn
