"""Today's clients: whose they are, in the clinic's own day, with what must be known of them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.domain.access import ROLES, Privilege, Role
from portal.errors import Denied
from portal.models import Allergy, Appointment, AppointmentStatus, AssignedForm, Clinic
from portal.queries.provider_today import FormToDo, today
from portal.services import appointments
from portal.work import NOBODY, SYSTEM, Actor
from tests.queries.counting import counted
from tests.services.signed import asked, sign_drawn
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.team import acting, hired

NOON = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)  # noon in Portland


@pytest.fixture
def clock() -> FixedClock:
    """Noon, so that a few hours are the same day."""
    return FixedClock(NOON)


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def naomi(clinic: TestClinic) -> Actor:
    return acting(Role.PROVIDER, clinic.provider_id, "Naomi Reyes, NP")


@pytest.mark.promise("S3")
def test_allergies_stand_by_the_name_and_in_words(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        now = work.now()
        clinic.visit(work, clinic.amelia, NOON + timedelta(hours=1))
        clinic.visit(work, clinic.rosa, NOON + timedelta(hours=2))
        amelia = clinic.amelia.patient_id
        assert amelia
        work.add(Allergy(patient_id=amelia, substance="Sulfa drugs", recorded_at=now))
        work.add(Allergy(patient_id=amelia, substance="Latex", reaction="Hives", recorded_at=now))
        work.add(Allergy(patient_id=amelia, substance="Lidocaine", recorded_at=now, ended_at=now))
    with open_as(naomi(clinic), write=False) as work:
        first, second = today(work).rows
    assert (first.client, first.symbols.allergies, first.allergies) == (
        "Amelia Hart", True, ["Latex (hives)", "Sulfa drugs"]
    )  # fmt: skip
    assert (second.client, second.symbols.allergies, second.allergies) == ("Rosa Delgado", False, [])
    assert (first.time, first.lasts, first.status) == ("1:00 PM", "45 min", "Not confirmed")


def test_a_provider_sees_their_own_and_the_desk_all(clinic: TestClinic, open_as: OpenAs) -> None:
    jonah = hired(open_as, clinic, Role.PROVIDER, "Jonah", "Bell")
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, NOON + timedelta(hours=1))
        other = clinic.visit(work, clinic.rosa, NOON + timedelta(hours=1))
        work.get(Appointment, other).provider_id = jonah.staff_id
        gone = clinic.visit(work, clinic.child, NOON + timedelta(hours=2))
        work.get(Appointment, gone).status = AppointmentStatus.CANCELLED
    with open_as(jonah, write=False) as work:
        found = today(work)
        assert ([row.client for row in found.rows], found.mine, found.treats) == (["Rosa Delgado"], True, True)
        assert len(today(work, mine=False).rows) == 2
    with open_as(acting(Role.FRONT_DESK), write=False) as work:
        found = today(work)
        assert (len(found.rows), found.mine, found.treats) == (2, False, False)
        assert found.day == "Tuesday, November 24"


def test_each_clinic_has_its_own_day(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        east = work.add(
            Clinic(
                practice_id=clinic.practice_id, name="Tokyo", street="1", city="Tokyo", state="", postal_code="1",
                phone="+81312345678", time_zone="Asia/Tokyo",
            )
        )  # fmt: skip
        for who, at in ((clinic.amelia, NOON - timedelta(hours=8)), (clinic.rosa, NOON + timedelta(hours=8))):
            visit = work.get(Appointment, clinic.visit(work, who, at))
            visit.clinic_id = east.id  # there, noon in Portland is five in the morning of the 25th
    with open_as(acting(Role.ADMIN), write=False) as work:
        assert [row.client for row in today(work).rows] == ["Rosa Delgado"]
        assert [row.client for row in today(work, clinic_id=clinic.clinic_id).rows] == []


def test_what_waits_and_what_can_be_done(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = asked(open_as, clinic, needs_witness=True)
    sign_drawn(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        visit_id = clinic.visit(work, clinic.amelia, NOON + timedelta(hours=1))
    me = naomi(clinic)
    with open_as(me, write=False) as work:
        row = today(work).rows[0]
        assert (row.can_check_in, row.can_complete, row.over) == (True, False, False)
        assert row.forms == [], "the form of another day's visit"
    with open_as(SYSTEM) as work:
        work.get(AssignedForm, form_id).appointment_id = visit_id
    with open_as(me) as work:
        appointments.check_in(work, visit_id)
    clock.advance(hours=1, minutes=5)
    with open_as(me, write=False) as work:
        row = today(work).rows[0]
        assert (row.status, row.can_check_in, row.can_complete) == ("Checked in", False, True)
        assert row.forms == [
            FormToDo(str(form_id), "Neurotoxin Treatment Consent", "Witness Signature Required", "Consent")
        ]
    seeing = Actor(kind="staff", privileges=me.privileges - {Privilege.VISITS_MANAGE})
    with open_as(seeing, write=False) as work:
        assert not today(work, mine=False).rows[0].can_complete
    with open_as(me) as work:
        appointments.complete(work, visit_id)
    with open_as(me, write=False) as work:
        assert today(work).rows[0].over


def test_as_many_statements_on_a_full_day(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    numbers = []
    for more in (1, 40):
        with open_as(SYSTEM) as work:
            for n in range(more):
                clinic.visit(work, (clinic.amelia, clinic.rosa)[n % 2], NOON + timedelta(minutes=n))
        with open_as(acting(Role.ADMIN), write=False) as work, counted(engine) as statements:
            today(work)
            numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 9


def test_only_those_who_may(clinic: TestClinic, open_as: OpenAs) -> None:
    for lacking in (Privilege.VISITS_VIEW, Privilege.PAPERWORK_VIEW):
        without = Actor(kind="staff", role="provider", privileges=ROLES[Role.PROVIDER] - {lacking})
        with open_as(without, write=False) as work, pytest.raises(Denied):
            today(work)
    for actor in (NOBODY, clinic.amelia, Actor(kind="locked", privileges=ROLES[Role.ADMIN])):
        with open_as(actor, write=False) as work, pytest.raises(Denied):
            today(work)
