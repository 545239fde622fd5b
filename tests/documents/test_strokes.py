"""A drawn signature becomes a small vector picture."""

from xml.etree import ElementTree as ET

import pytest

from portal.documents.strokes import path, svg
from portal.domain.signature import Drawing
from tests.documents import samples


def parsed(drawing: Drawing, label: str = "Signature of Amelia Hart") -> ET.Element:
    return ET.fromstring(svg(drawing, label))


def window(drawing: Drawing) -> list[float]:
    return [float(number) for number in parsed(drawing).attrib["viewBox"].split()]


def test_strokes_are_smooth_and_complete():
    drawing = Drawing(100, 50, (((0, 0), (10, 10), (20, 0)), ((5, 5),)))
    assert path(drawing) == "M0 0Q10 10 15 5L20 0M5 5h0"


def test_a_straight_line_is_a_line():
    assert path(Drawing(100, 50, (((0, 0), (10.5, 10.25)),))) == "M0 0L10.5 10.25"


@pytest.mark.parametrize("name", ["Amelia Hart", "Marisol Vega"])
def test_all_ink_is_inside_the_picture(name: str):
    drawing = samples.pad(name)
    x, y, width, height = window(drawing)
    left, top, right, bottom = drawing.bounds
    assert x <= left <= right <= x + width
    assert y <= top <= bottom <= y + height


def test_a_small_signature_is_not_blown_up_without_end():
    _, _, width, _ = window(Drawing(400, 200, (((10, 10), (40, 20), (12, 30)),)))
    assert width == 160


def test_the_pen_is_as_thick_on_paper_whatever_the_pad():
    def pen(scale: float) -> float:
        small = samples.pad("Amelia Hart")
        strokes = tuple(tuple((x * scale, y * scale) for x, y in stroke) for stroke in small.strokes)
        return float(parsed(Drawing(small.width * scale, small.height * scale, strokes))[1].attrib["stroke-width"])

    assert pen(3) == pytest.approx(3 * pen(1), rel=0.01)


def test_it_says_what_it_is_and_a_name_is_no_markup():
    picture = parsed(samples.pad("Amelia Hart"), 'Signature of <Amelia> & "Hart"')
    assert picture[0].text == 'Signature of <Amelia> & "Hart"'
