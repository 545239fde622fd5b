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
    code = segno.make_qr(address, error="q")
    path = "".join(_row(y, row) for y, row in enumerate(code.matrix))
    side = len(code.matrix) + 2 * QUIET
    return Markup(
        '<svg class="qr" viewBox="{0} {0} {1} {1}" role="img"><title>{2}</title><path fill="{3}" d="{4}"/></svg>'
    ).format(-QUIET, side, label, INK, path)


def _row(y: int, row: bytes | bytearray) -> str:
    """Each run of dark modules as a rectangle. All are parts of one path: no hair of white between them."""
    x, drawn = 0, ""
    for dark, run in groupby(row):
        width = len(list(run))
        if dark:
            drawn += f"M{x} {y}h{width}v1h-{width}z"
        x += width
    return drawn
