"""A drawn signature as an SVG picture: vector from the finger to the page."""

from itertools import pairwise

from markupsafe import Markup

from portal.domain.signature import Drawing, Point

INK = "#251a21"
# The signature line on paper: 56 mm wide, 17 mm high, drawn with a 0.4 mm pen however large the pad was.
LINE_WIDTH_MM, LINE_HEIGHT_MM, PEN_MM = 56.0, 17.0, 0.4
_MARGIN = 0.02
# A small signature on a large pad is enlarged, but never more than this share of the pad fills the line.
_LEAST_WINDOW = 0.4


def path(drawing: Drawing) -> str:
    """The `d` of one SVG path through all strokes, smoothed through the midpoints of their points."""
    return "".join(_stroke(points) for points in drawing.strokes)


def svg(drawing: Drawing, label: str) -> Markup:
    """An SVG element, cropped to the ink, that says `label` to those who cannot see it. Safe to place in HTML."""
    x, y, width, height = _window(drawing)
    millimetre = 1 / min(LINE_WIDTH_MM / width, LINE_HEIGHT_MM / height)
    return Markup(
        '<svg class="ink" viewBox="{} {} {} {}" preserveAspectRatio="xMinYMax meet" role="img"><title>{}</title>'
        '<path fill="none" stroke="{}" stroke-width="{}" stroke-linecap="round" stroke-linejoin="round" d="{}"/></svg>'
    ).format(_n(x), _n(y), _n(width), _n(height), label, INK, _n(PEN_MM * millimetre), path(drawing))


def _window(drawing: Drawing) -> tuple[float, float, float, float]:
    left, top, right, bottom = drawing.bounds
    margin = _MARGIN * max(right - left, bottom - top)
    width = max(right - left + 2 * margin, _LEAST_WINDOW * drawing.width)
    height = max(bottom - top + 2 * margin, _LEAST_WINDOW * drawing.height)
    return left - margin, bottom + margin - height, width, height


def _stroke(points: tuple[Point, ...]) -> str:
    (x, y), *rest = points
    start = f"M{_n(x)} {_n(y)}"
    if not rest:
        return f"{start}h0"  # a round cap makes a dot of it
    curves = "".join(
        f"Q{_n(ax)} {_n(ay)} {_n((ax + bx) / 2)} {_n((ay + by) / 2)}" for (ax, ay), (bx, by) in pairwise(rest)
    )
    return f"{start}{curves}L{_n(rest[-1][0])} {_n(rest[-1][1])}"


def _n(number: float) -> str:
    """Two decimals at most, in the fewest characters."""
    return f"{number:.2f}".rstrip("0").rstrip(".") or "0"
