"""What counts as a signature, drawn or typed.

A drawing is kept as lines on a pad, in the pad's own units (CSS pixels). Speed and pressure are dropped at the door:
they are biometrics, and no rule here needs them.
"""

import json
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeGuard, cast

from portal.errors import PortalError

MOST_STROKES = 200
MOST_POINTS = 20_000
LARGEST_PAD = 4_096
LONGEST_NAME = 120
# A signature leaves at least this much ink, as a share of the pad's width, and spreads this far: a dot,
# however often it is gone over, does neither. Two short initials do both.
LEAST_INK = 0.12
LEAST_SPREAD = 0.05

_JOINERS = "\u200c\u200d"  # invisible, and part of names in Persian and the scripts of India

_NOT_A_DRAWING = "We could not read that signature. Please clear the pad and sign again."
_TOO_MUCH = "That is more ink than the pad can hold. Please clear it and sign again."
_BLANK = "Please sign on the pad, or type your name instead."
_ONLY_A_DOT = "Please sign with a full stroke, not just a dot."

Point = tuple[float, float]


class SignatureRefused(PortalError):
    """This is not a signature; the sentence says what to do."""


@dataclass(frozen=True)
class Drawing:
    """A drawn signature: the pad's size and the strokes on it."""

    width: float
    height: float
    strokes: tuple[tuple[Point, ...], ...]

    @property
    def ink(self) -> float:
        """The length of all strokes."""
        return sum(math.dist(a, b) for stroke in self.strokes for a, b in pairwise(stroke))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the ink."""
        xs = [x for stroke in self.strokes for x, _ in stroke]
        ys = [y for stroke in self.strokes for _, y in stroke]
        return min(xs), min(ys), max(xs), max(ys)

    def to_json(self) -> str:
        """The drawing in one canonical line, as it is stored and hashed; `from_json` reads it."""
        return json.dumps({"width": self.width, "height": self.height, "strokes": self.strokes}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Drawing":
        """A stored drawing."""
        data = json.loads(text)
        strokes = tuple(tuple((float(x), float(y)) for x, y in stroke) for stroke in data["strokes"])
        return cls(float(data["width"]), float(data["height"]), strokes)


def drawn(data: object, width: float, height: float) -> Drawing:
    """The signature that a pad of `width` × `height` reports: a list of `{points: [{x, y, …}, …]}`.

    A pen that slid over the edge is taken as far as the edge. Raises `SignatureRefused` for what is blank, a dot, out
    of bounds or not a drawing at all.
    """
    if not (_within(width, 1, LARGEST_PAD) and _within(height, 1, LARGEST_PAD)):
        raise SignatureRefused(_NOT_A_DRAWING)
    if not isinstance(data, list):
        raise SignatureRefused(_NOT_A_DRAWING)
    if len(cast(list[object], data)) > MOST_STROKES:
        raise SignatureRefused(_TOO_MUCH)
    strokes: list[tuple[Point, ...]] = []
    room = MOST_POINTS
    for stroke in cast(list[object], data):
        points = _field(stroke, "points")
        if not isinstance(points, list):
            raise SignatureRefused(_NOT_A_DRAWING)
        points = cast(list[object], points)
        room -= len(points)
        if room < 0:
            raise SignatureRefused(_TOO_MUCH)
        if points:
            strokes.append(tuple(_distinct(_point(point, width, height) for point in points)))
    if not strokes:
        raise SignatureRefused(_BLANK)
    drawing = Drawing(float(width), float(height), tuple(strokes))
    left, top, right, bottom = drawing.bounds
    if drawing.ink < LEAST_INK * width or math.hypot(right - left, bottom - top) < LEAST_SPREAD * width:
        raise SignatureRefused(_ONLY_A_DOT)
    return drawing


def typed(text: object) -> str:
    """The typed name, with its spaces put in order. Raises `SignatureRefused` for what is not a name."""
    if not isinstance(text, str):
        raise SignatureRefused(_BLANK)
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise SignatureRefused("Please type your full legal name.")
    if len(name) > LONGEST_NAME:
        raise SignatureRefused(f"Please type your name in at most {LONGEST_NAME} characters.")
    letters = sum(character.isalpha() for character in name)
    hidden = any(unicodedata.category(character)[0] == "C" and character not in _JOINERS for character in name)
    if letters < 2 or hidden:
        raise SignatureRefused("Please type your full legal name in letters.")
    return name


def _within(value: object, least: float, most: float) -> TypeGuard[int | float]:
    """Whether `value` is a number in that range; infinities and NaN are in none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _field(value: object, name: str) -> object:
    """A field of a JSON object; None of anything else."""
    return cast(dict[object, object], value).get(name) if isinstance(value, dict) else None


def _point(point: object, width: float, height: float) -> Point:
    x, y = _field(point, "x"), _field(point, "y")
    if not (_within(x, -width, 2 * width) and _within(y, -height, 2 * height)):
        raise SignatureRefused(_NOT_A_DRAWING)
    return round(min(max(float(x), 0.0), width), 2), round(min(max(float(y), 0.0), height), 2)


def _distinct(points: Iterator[Point]) -> Iterator[Point]:
    """Without repeats of the point before."""
    last: Point | None = None
    for point in points:
        if point != last:
            yield point
        last = point
