"""What counts as a signature."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import signature
from portal.domain.signature import Drawing, SignatureRefused, drawn, typed

WIDTH, HEIGHT = 350.0, 200.0


def stroke(*points: tuple[float, float]) -> dict[str, Any]:
    return {"penColor": "black", "points": [{"x": x, "y": y, "pressure": 0.5, "time": 1} for x, y in points]}


WAVE = stroke(*[(50 + 2 * step, 100 + 30 * math.sin(step / 5)) for step in range(100)])


def test_a_wave_of_the_pen_is_a_signature():
    drawing = drawn([WAVE], WIDTH, HEIGHT)
    assert drawing.ink > 200
    assert drawing.strokes[0][0] == (50, 100)
    assert Drawing.from_json(drawing.to_json()) == drawing


def test_nothing_but_lines_is_kept():
    assert json.loads(drawn([WAVE], WIDTH, HEIGHT).to_json()).keys() == {"width", "height", "strokes"}
    assert "pressure" not in drawn([WAVE], WIDTH, HEIGHT).to_json()


@pytest.mark.parametrize("data", [[], [stroke()], [stroke(), stroke()]])
def test_a_blank_pad_is_refused(data: list[Any]):
    with pytest.raises(SignatureRefused, match="Please sign on the pad"):
        drawn(data, WIDTH, HEIGHT)


@pytest.mark.parametrize(
    "data",
    [
        [stroke((100, 100))],
        [stroke((100, 100), (101, 101))],
        [stroke((100, 100))] * 100,
        [stroke(*[(100 + step % 2, 100) for step in range(5_000)])],  # a dot, gone over again and again
        [stroke((100, 100)), stroke((300, 100))],  # two dots far apart
    ],
)
def test_a_dot_is_refused(data: list[Any]):
    with pytest.raises(SignatureRefused, match="Please sign with a full stroke, not just a dot"):
        drawn(data, WIDTH, HEIGHT)


@pytest.mark.parametrize("scale", [0.5, 1, 4])
def test_what_is_enough_follows_the_pad(scale: float):
    initials = [stroke(*[(x * scale, y * scale) for x, y in [(20, 80), (32, 50), (44, 80), (60, 50), (60, 80)]])]
    assert drawn(initials, WIDTH * scale, HEIGHT * scale)


def test_a_pen_that_slid_over_the_edge_is_taken_to_the_edge():
    drawing = drawn([stroke((10, 100), (200, 100), (WIDTH + 40, -15))], WIDTH, HEIGHT)
    assert drawing.strokes[0][-1] == (WIDTH, 0)


def test_bounds():
    line = stroke((0, 0), (300, 0))
    assert drawn([line] * signature.MOST_STROKES, WIDTH, HEIGHT)
    with pytest.raises(SignatureRefused, match="more ink"):
        drawn([line] * (signature.MOST_STROKES + 1), WIDTH, HEIGHT)
    with pytest.raises(SignatureRefused, match="more ink"):
        drawn([{"points": [{"x": 1, "y": 1}] * (signature.MOST_POINTS + 1)}], WIDTH, HEIGHT)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 10**400, 1e9, True, "12", None, [], -351, 701])
def test_absurd_coordinates_are_refused(number: object):
    with pytest.raises(SignatureRefused, match="could not read"):
        drawn([{"points": [{"x": 1, "y": 1}, {"x": number, "y": 1}]}], WIDTH, HEIGHT)


@pytest.mark.parametrize("size", [math.nan, 0, -1, 10**400, signature.LARGEST_PAD + 1, "350", None, True])
def test_absurd_pads_are_refused(size: Any):
    for width, height in ((size, HEIGHT), (WIDTH, size)):
        if size is not True:  # one pixel wide is small, and no number besides
            with pytest.raises(SignatureRefused):
                drawn([WAVE], width, height)


json_like = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["points", "x", "y", "time"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_like)
def test_whatever_arrives_is_a_signature_or_a_sentence(data: object):
    try:
        drawing = drawn(data, WIDTH, HEIGHT)
    except SignatureRefused:
        return
    assert drawing.ink >= signature.LEAST_INK * WIDTH


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Amelia Hart", "Amelia Hart"),
        ("  Amelia \n Hart ", "Amelia Hart"),
        ("Zoe\u0308 Łukasiewicz-O’Neil", "Zoë Łukasiewicz-O’Neil"),
        ("李小龍", "李小龍"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_typed_names(given_name: str, kept: str):
    assert typed(given_name) == kept


@pytest.mark.parametrize(
    "name", ["", "   ", ".", "A", "12345", "Amelia\u202eHart", "Amelia\x00Hart", "x" * 121, None, 5]
)
def test_what_is_no_name_is_refused(name: object):
    with pytest.raises(SignatureRefused):
        typed(name)
