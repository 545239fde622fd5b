"""What the signing sheet sends, and what it says is still missing."""

import pytest

from portal.services.signing import Ink
from portal.state.patient.consent import ConsentState, as_ink
from portal.state.patient.form_progress import FormProgressState


@pytest.mark.parametrize(
    "field",
    ["", "null", "[]", "{}", "1e999", '"x"', "{", '{"strokes": []}', "[" * 20_000, '{"width": 1, "height": 2}'],
)
def test_what_is_no_drawing_is_an_empty_pad(field: str) -> None:
    assert as_ink(field) == Ink([], 1, 1)


def test_the_pads_field_is_taken_as_it_is() -> None:
    field = '{"width": 340, "height": 200, "strokes": [{"points": [{"x": 1, "y": 2}]}]}'
    assert as_ink(field) == Ink([{"points": [{"x": 1, "y": 2}]}], 340, 200)


def test_what_is_missing_is_said_one_thing_at_a_time() -> None:
    progress = FormProgressState(_reflex_internal_init=True)  # type: ignore[call-arg]
    progress._start([False, False])
    said = [progress.lacks]
    progress._mark(there=True)
    said.append(progress.lacks)
    progress._initial(0, there=True)
    progress._initial(7, there=True)
    said.append(progress.lacks)
    progress._initial(1, there=True)
    said.append(progress.lacks)
    progress._intend(on=True)
    said.append(progress.lacks)
    progress._mark(there=False)
    said.append(progress.lacks)
    drawing, initials, intent = (
        "Draw your signature, or type your name.",
        "Add your initials.",
        "Tick the box to say that you mean to sign.",
    )
    assert said == [drawing, initials, initials, intent, "", drawing]


def test_no_ink_is_ever_a_var_of_the_state() -> None:
    assert not {"ink", "strokes", "drawing"} & {name.strip("_") for name in ConsentState.get_fields()}
