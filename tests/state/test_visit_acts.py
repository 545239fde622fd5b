"""A cancellation costs what was on the screen, or it does not happen."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.clock import FixedClock
from portal.errors import Conflict
from portal.models import Appointment, AppointmentStatus, AppointmentType
from portal.queries.cancelling import cancel_terms
from portal.services import appointments
from portal.state.patient.visit_acts import _cancel_as_said
from portal.work import SYSTEM
from tests.support.clinic import OpenAs, furnish

AT = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


def test_a_fee_that_came_up_while_the_question_was_open_is_not_charged(open_as: OpenAs, clock: FixedClock) -> None:
    clock.at = AT - timedelta(hours=24, minutes=1)
    with open_as(SYSTEM) as work:
        clinic = furnish(work)
        work.get(AppointmentType, clinic.type_id).late_fee_cents = 5000
        visit_id = appointments.book(
            work,
            patient_id=clinic.amelia.patient_id,  # type: ignore[arg-type]
            provider_id=clinic.provider_id,
            clinic_id=clinic.clinic_id,
            appointment_type_id=clinic.type_id,
            starts_at=AT,
            outside_hours=True,
        )
    with open_as(clinic.amelia, write=False) as work:
        said = cancel_terms(work, visit_id)
    assert said.fee_cents == 0
    clock.advance(minutes=2)
    with pytest.raises(Conflict, match="Nothing was cancelled"), open_as(clinic.amelia) as work:
        _cancel_as_said(work, said, "The cost", "")
    with open_as(clinic.amelia) as work:
        assert work.get(Appointment, visit_id).status is AppointmentStatus.BOOKED
        said = cancel_terms(work, visit_id)
        assert said.fee_cents == 5000
        assert _cancel_as_said(work, said, "The cost", "").fee_cents == 5000
    clock.advance(minutes=1)
    with open_as(clinic.amelia) as work:
        assert _cancel_as_said(work, said, "The cost", "").fee_cents == 5000, "a second press changes nothing"


def test_a_visit_that_was_moved_while_the_question_was_open_is_not_cancelled(
    open_as: OpenAs, clock: FixedClock
) -> None:
    clock.at = AT - timedelta(days=4)
    with open_as(SYSTEM) as work:
        clinic = furnish(work)
        visit_id = clinic.visit(work, clinic.amelia, AT)
    with open_as(clinic.amelia, write=False) as work:
        said = cancel_terms(work, visit_id)
    with open_as(SYSTEM) as work:
        appointments.reschedule(work, visit_id, AT + timedelta(days=1), outside_hours=True)
    with pytest.raises(Conflict, match="Nothing was cancelled"), open_as(clinic.amelia) as work:
        _cancel_as_said(work, said, "The cost", "")
    with open_as(clinic.amelia) as work:
        assert work.get(Appointment, visit_id).status is AppointmentStatus.BOOKED
        _cancel_as_said(work, cancel_terms(work, visit_id), "The cost", "")
