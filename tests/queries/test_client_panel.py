"""The panel beside a client's profile and its Dashboard: every line, what is not known, who may see it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.domain.access import ROLES, Role
from portal.domain.billing import InvoiceStatus
from portal.domain.scheduling import AppointmentStatus
from portal.errors import Denied, NotFound
from portal.ids import uuid7
from portal.models import Allergy, Appointment, Invoice, Patient, ReferralSource
from portal.queries.client_dashboard import ClientDashboard, client_dashboard
from portal.queries.client_panel import Panel, kept_id, panel
from portal.work import SYSTEM, Actor
from tests.queries.counting import counted
from tests.support.clinic import OpenAs, TestClinic, furnish

DESK = Actor(kind="staff", staff_id=uuid7(), role=Role.FRONT_DESK, privileges=ROLES[Role.FRONT_DESK])


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    with open_as(SYSTEM) as work:
        return furnish(work)


def the(who: Actor) -> UUID:
    assert who.patient_id is not None
    return who.patient_id


def seen(open_as: OpenAs, who: Actor) -> Panel:
    assert who.patient_id is not None
    with open_as(DESK) as work:
        return panel(work, who.patient_id)


def change(open_as: OpenAs, who: Actor, **values: Any) -> None:
    with open_as(SYSTEM) as work:
        patient = work.get(Patient, who.patient_id)
        for name, value in values.items():
            setattr(patient, name, value)
        work.add(patient)


@pytest.mark.promise("S2")
def test_date_of_birth_age_and_allergies(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    """Left side panel: date of birth, age, allergies."""
    shown = seen(open_as, clinic.amelia)
    assert (shown.name, shown.initials, shown.born, shown.age) == ("Amelia Hart", "AH", "03/14/1988", 38)
    assert (shown.allergies, shown.no_allergies, shown.symbols.allergies) == ([], "None on file", False)
    with open_as(SYSTEM) as work:
        for substance, ended in (("Latex", None), ("Dust", work.now()), ("Sulfa drugs", None)):
            work.add(
                Allergy(patient_id=the(clinic.amelia), substance=substance, recorded_at=work.now(), ended_at=ended)
            )
    shown = seen(open_as, clinic.amelia)
    assert (shown.allergies, shown.symbols.allergies) == (["Latex", "Sulfa drugs"], True)


def test_no_known_allergies_is_an_answer(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    change(open_as, clinic.amelia, no_allergies_at=clock.now())
    assert seen(open_as, clinic.amelia).no_allergies == "No known allergies"


@pytest.mark.promise("S4")
def test_how_to_reach_them(open_as: OpenAs, clinic: TestClinic) -> None:
    """Address, phone, email, primary clinic in the panel."""
    change(open_as, clinic.amelia, street="1180 NW Larkspur Avenue", city="Portland", state="OR", postal_code="97209")
    shown = seen(open_as, clinic.amelia)
    assert (shown.street, shown.place) == ("1180 NW Larkspur Avenue", "Portland, OR 97209")
    assert (shown.phone, shown.email, shown.clinic) == ("(503) 555-0187", "", "Pearl District")
    change(open_as, clinic.amelia, street="", city="", state="OR", postal_code="")
    assert seen(open_as, clinic.amelia).place == "OR"


def test_a_minor_is_reached_through_the_guardian(open_as: OpenAs, clinic: TestClinic) -> None:
    assert seen(open_as, clinic.child).phone == "", "a child's own number logs nobody in"
    with open_as(SYSTEM) as work:
        from portal.models import Channel, Contact, Guardian  # the guardian's own, beside the child's

        guardian = work.get(Guardian, clinic.guardian.guardian_id)
        work.add(
            Contact(
                patient_id=the(clinic.child), guardian_id=guardian.id, channel=Channel.PHONE, value="+15035550143",
                created_at=work.now(),
            )
        )  # fmt: skip
    shown = seen(open_as, clinic.child)
    assert (shown.phone, shown.contact_of) == ("(503) 555-0143", "Rosa Delgado, mother")


@pytest.mark.promise("S9")
def test_the_last_visit_is_the_last_that_took_place(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    """Last visit with the practice."""
    assert seen(open_as, clinic.amelia).last_visit == ""
    with open_as(SYSTEM) as work:
        for days, status in ((-90, "completed"), (-18, "completed"), (-2, "no_show"), (-1, "cancelled"), (3, "booked")):
            visit = work.get(Appointment, clinic.visit(work, clinic.amelia, work.now() + timedelta(days=days)))
            visit.status = AppointmentStatus(status)
            work.add(visit)
    last = (clock.now() - timedelta(days=18)).date()
    assert seen(open_as, clinic.amelia).last_visit == f"{last:%b} {last.day}, {last.year}"


@pytest.mark.promise("S20")
def test_at_the_bottom_whom_to_call_referral_carrier_and_prescription(open_as: OpenAs, clinic: TestClinic) -> None:
    """Emergency contact name and phone, referral information, carrier and prescription information at the bottom."""
    change(
        open_as, clinic.amelia, emergency_name="Daniel Hart", emergency_phone="+15035550119",
        emergency_relationship="Husband", referral_source="A friend", referral_detail="Nora Kowalski",
        carrier_name="Cascade Health", carrier_member_id="CH 204 881 07", pharmacy_name="Everett Street Pharmacy",
        pharmacy_phone="+15035550120",
    )  # fmt: skip
    shown = seen(open_as, clinic.amelia)
    assert (shown.emergency_name, shown.emergency_phone) == ("Daniel Hart", "(503) 555-0119")
    assert shown.referral == "A friend, Nora Kowalski"
    assert (shown.carrier, shown.carrier_number) == ("Cascade Health", "CH 204 881 07")
    assert (shown.pharmacy, shown.pharmacy_phone) == ("Everett Street Pharmacy", "(503) 555-0120")
    with open_as(SYSTEM) as work:
        social = work.add(ReferralSource(practice_id=clinic.practice_id, name="Social media"))
        insta = work.add(ReferralSource(practice_id=clinic.practice_id, name="Instagram", parent_id=social.id))
    change(open_as, clinic.amelia, referral_source_id=insta.id, referral_detail="")
    assert seen(open_as, clinic.amelia).referral == "Social media: Instagram"


def test_a_stranger_to_the_practice_a_patient_and_a_locked_screen_see_nothing(
    open_as: OpenAs, clinic: TestClinic
) -> None:
    assert clinic.amelia.patient_id is not None
    for who in (Actor(), clinic.amelia, clinic.rosa, Actor(kind="locked", staff_id=uuid7())):
        with open_as(who) as work:
            for query in (panel, kept_id, client_dashboard):
                with pytest.raises(Denied):
                    query(work, clinic.amelia.patient_id)
    with open_as(DESK) as work:
        for query in (panel, client_dashboard):
            with pytest.raises(NotFound):
                query(work, uuid7())
        assert kept_id(work, uuid7()) is None


def test_a_record_that_was_merged_leads_to_the_one_that_stays(open_as: OpenAs, clinic: TestClinic) -> None:
    assert clinic.child.patient_id is not None
    change(open_as, clinic.child, merged_into_id=clinic.rosa.patient_id)
    change(open_as, clinic.rosa, merged_into_id=clinic.amelia.patient_id)
    with open_as(DESK) as work:
        assert kept_id(work, clinic.child.patient_id) == clinic.amelia.patient_id


def overview(open_as: OpenAs, clinic: TestClinic, who: Actor = DESK) -> ClientDashboard:
    assert clinic.amelia.patient_id is not None
    with open_as(who) as work:
        return client_dashboard(work, clinic.amelia.patient_id)


def test_the_dashboard_of_somebody_who_is_new(open_as: OpenAs, clinic: TestClinic) -> None:
    shown = overview(open_as, clinic)
    assert (shown.visit, shown.visits, shown.forms, shown.invoices, shown.forms_left, shown.owed) == (
        None, [], [], [], "", "",
    )  # fmt: skip


def test_the_dashboard_says_what_comes_next_and_what_is_open(open_as: OpenAs, clinic: TestClinic) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, work.now() + timedelta(days=20))
        clinic.visit(work, clinic.amelia)
        cancelled = work.get(Appointment, clinic.visit(work, clinic.amelia, work.now() + timedelta(days=1)))
        cancelled.status = AppointmentStatus.CANCELLED
        unpaid, partly, full = InvoiceStatus.UNPAID, InvoiceStatus.PARTLY_PAID, InvoiceStatus.PAID
        for number, paid, status in ((1047, 0, unpaid), (1048, 4_000, partly), (1049, 18_500, full)):
            work.add(
                Invoice(
                    patient_id=the(clinic.amelia), number=number, title="HydraFacial", total_cents=18_500,
                    paid_cents=paid, issued_at=work.now(),
                    status=status,
                )
            )  # fmt: skip
    shown = overview(open_as, clinic)
    assert shown.visit is not None
    assert shown.visit.away == "in 3 days"
    assert shown.visit.about == "Botox, forehead and glabella with Naomi Reyes, NP, at Pearl District"
    assert [visit.status for visit in shown.visits] == ["Not confirmed", "Not confirmed"]
    assert shown.owed == "$330.00 unpaid"
    assert [(line.number, line.amount, line.status) for line in shown.invoices] == [
        ("Invoice 1047", "$185.00", "Unpaid"), ("Invoice 1048", "$145.00", "Partly paid"),
    ]  # fmt: skip


def test_what_a_role_may_not_see_is_not_asked_for(open_as: OpenAs, clinic: TestClinic) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia)
    from portal.domain.access import Privilege

    only = Actor(kind="staff", staff_id=uuid7(), privileges=frozenset({Privilege.CLIENTS_VIEW}))
    shown = overview(open_as, clinic, only)
    assert (shown.visit, shown.forms) == (None, [])


def test_the_panel_asks_few_questions(open_as: OpenAs, clinic: TestClinic, engine: Engine) -> None:
    assert clinic.amelia.patient_id is not None
    with open_as(DESK) as work, counted(engine) as asked:
        panel(work, clinic.amelia.patient_id)
    assert len(asked) <= 10, asked


def test_born_on_the_29th_of_february(open_as: OpenAs, clinic: TestClinic) -> None:
    change(open_as, clinic.amelia, date_of_birth=date(2000, 2, 29))
    assert seen(open_as, clinic.amelia).born == "02/29/2000"
