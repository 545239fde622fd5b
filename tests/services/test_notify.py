"""A fact becomes notifications: who is told, by which way, in words that may leave the building."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.notifications import PRACTICE_TITLES, TITLES, Kind, PracticeKind
from portal.models import (
    Appointment,
    AppointmentType,
    AssignedForm,
    Channel,
    Clinic,
    Contact,
    OutboxMessage,
    OutboxStatus,
    Patient,
    PatientStatus,
    Practice,
)
from portal.queries.paperwork import tasks
from portal.services import appointments, invoices, notify, paperwork, unsubscribe
from portal.work import SYSTEM, Work
from tests.services.signed import sign_typed
from tests.support.clinic import OpenAs, TestClinic
from tests.support.messages import feed, notices, reachable, to, waiting

PHONE, EMAIL = "+15035550187", "amelia.hart@example.com"
DESK = "hello@lumiere.example"
HEALTH = ("Botox", "forehead", "glabella", "Neurotoxin", "Photo Release")


def book(work: Work, clinic: TestClinic, who: Any = None, days: float = 3) -> Appointment:
    """A visit so many days ahead at 10:00, where the clinic is."""
    visit_id = appointments.book(
        work,
        patient_id=(who or clinic.amelia).patient_id,
        provider_id=clinic.provider_id,
        clinic_id=clinic.clinic_id,
        appointment_type_id=clinic.type_id,
        starts_at=work.now() + timedelta(days=days, hours=1),
        outside_hours=True,
    )
    return work.get(Appointment, visit_id)


def everything_outside(work: Work) -> str:
    rows = work.db.exec(select(OutboxMessage)).all()
    return " ".join(f"{row.subject} {row.text} {row.html} {row.calendar} {row.key}" for row in rows)


def sent(work: Work) -> None:
    for row in waiting(work):
        row.status = OutboxStatus.SENT
        work.db.add(row)
    work.db.flush()


@pytest.mark.promise("P1", "P67")
def test_a_booking_is_told_of_by_feed_text_and_email(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        visit = book(work, clinic)
        assert feed(work, clinic.amelia.patient_id) == [
            ("New appointment booked", "Botox, forehead and glabella on Thu, Nov 26 at 10:00 AM", True)
        ]
        [text], [mail] = waiting(work, "sms"), waiting(work, "email")
        assert text.recipient == PHONE
        assert "Thu, Nov 26 at 10:00 AM" in (text.text or "")
        assert mail.recipient == EMAIL
        assert mail.subject == "Your visit on Thursday, November 26 at 10:00 AM"
        for said in (text.text, mail.text, mail.html):
            assert f"/appointments/{visit.id}" in (said or "")
        [event] = IcsCalendarStream.calendar_from_ics(mail.calendar or "").events
        assert (event.uid, event.summary) == (str(visit.id), "Visit at Lumière Aesthetics")
        assert text.calendar is None
        assert (mail.unsubscribe, mail.expires_at) == (None, visit.starts_at)
        assert notices(work) == []


@pytest.mark.promise("P31", "P69")
def test_the_forms_of_a_booking_are_lines_of_the_feed_and_one_message(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        for name in ("Neurotoxin Treatment Consent", "Photo Release", "Financial Policy"):
            clinic.template(work, name)
        book(work, clinic)
        titles = [title for title, _body, _unread in feed(work, clinic.amelia.patient_id)]
        assert titles == ["New form to complete"] * 3 + ["New appointment booked"]
        [text], [mail] = waiting(work, "sms"), waiting(work, "email")
        for said in (text.text, mail.text):
            assert "You have 3 forms to complete before Thursday." in (said or "")
        assert not [word for word in HEALTH if word in everything_outside(work)]


def test_forms_asked_for_one_after_the_other_are_one_message(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    forms: list[UUID] = []
    for name in ("Photo Release", "Financial Policy"):
        with open_as(SYSTEM) as work:
            if not forms:
                reachable(work, clinic.amelia)
            forms.append(paperwork.assign(work, clinic.amelia.patient_id, clinic.template(work, name)))
        clock.advance(seconds=10)
    with open_as(SYSTEM) as work:
        assert to(work, EMAIL) == ["You have 2 forms to complete"]
        assert waiting(work)[0].due_at == clock.now() + timedelta(seconds=10), "the first one set the time"
        assert waiting(work, "email")[0].unsubscribe
    sign_typed(open_as, clinic.amelia, forms[0])
    with open_as(SYSTEM) as work:
        assert to(work, EMAIL) == ["You have 1 form to complete"]
    sign_typed(open_as, clinic.amelia, forms[1])
    with open_as(SYSTEM) as work:
        assert waiting(work) == [], "nothing is left to ask for"


def test_a_form_asked_for_just_before_a_booking_is_not_forgotten(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        extra = clinic.template(work, "Photo Release")
        paperwork.assign(work, clinic.amelia.patient_id, extra)
        clinic.template(work, "Financial Policy")
        book(work, clinic)
        subjects = to(work, EMAIL)
        assert sorted(subjects) == [
            "You have 2 forms to complete before Thursday",
            "Your visit on Thursday, November 26 at 10:00 AM",
        ]


@pytest.mark.parametrize(
    ("change", "reached"),
    [
        ({}, {PHONE, EMAIL}),
        ({"wants_sms": False}, {EMAIL}),
        ({"wants_email": False}, {PHONE}),
        ({"do_not_sms": True}, {EMAIL}),
        ({"do_not_email": True}, {PHONE}),
        ({"wants_sms": False, "do_not_email": True}, set()),
    ],
)
def test_preferences_and_do_not_disturb_hold(
    clinic: TestClinic, open_as: OpenAs, change: dict[str, bool], reached: set[str]
) -> None:
    with open_as(SYSTEM) as work:
        patient = reachable(work, clinic.amelia)
        for name, value in change.items():
            setattr(patient, name, value)
        work.db.flush()
        book(work, clinic)
        assert {row.recipient for row in waiting(work)} == reached
        assert len(feed(work, patient.id)) == 1, "the feed is told in any case"


@pytest.mark.parametrize("field", ["blocked_at", "retired_at"])
def test_a_number_that_is_blocked_or_out_of_use_gets_nothing(clinic: TestClinic, open_as: OpenAs, field: str) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        phone = work.db.exec(select(Contact).where(Contact.value == PHONE)).one()
        setattr(phone, field, work.now())
        work.db.flush()
        book(work, clinic)
        assert {row.recipient for row in waiting(work)} == {EMAIL}


@pytest.mark.parametrize("field", ["status", "deceased_at"])
def test_nobody_writes_to_the_inactive_and_the_deceased(clinic: TestClinic, open_as: OpenAs, field: str) -> None:
    with open_as(SYSTEM) as work:
        patient = reachable(work, clinic.amelia)
        visit = book(work, clinic)
        sent(work)
        setattr(patient, field, PatientStatus.INACTIVE if field == "status" else work.now())
        work.db.flush()
        appointments.reschedule(work, visit.id, visit.starts_at + timedelta(days=1), outside_hours=True)
        assert waiting(work) == []


def test_a_minors_messages_go_to_the_guardian(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.child, "mateo@example.com")
        reachable(work, clinic.guardian, "rosa@example.com")
        book(work, clinic, clinic.child)
        assert {row.recipient for row in waiting(work)} == {"rosa@example.com"}
        [mail] = waiting(work)
        assert mail.subject == "Mateo’s visit on Thursday, November 26 at 10:00 AM"
        assert (mail.text or "").startswith("Hello Rosa,")


def test_what_she_did_herself_is_read_and_the_practice_is_told(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        visit = book(work, clinic)
        sent(work)
    with open_as(clinic.amelia) as work:
        appointments.confirm(work, visit.id)
        appointments.cancel(work, visit.id, "The cost", "Money is short")
        appointments.undo_cancel(work, visit.id)
    with open_as(SYSTEM) as work:
        own = feed(work, clinic.amelia.patient_id)[1:]
        assert [(title, unread) for title, _body, unread in own] == [
            ("Your appointment is cancelled", False),
            ("Your appointment stands again", False),
        ]
        told = notices(work)
        assert [kind for kind, _body in told] == [
            "appointment.confirmed",
            "appointment.cancelled",
            "appointment.restored",
        ]
        assert "The cost" in told[1][1]
        assert to(work, DESK) == [
            "Appointment confirmed: Amelia H., Thu, Nov 26 at 10:00 AM",
            "Appointment cancelled: Amelia H., Thu, Nov 26 at 10:00 AM",
            "Cancellation taken back: Amelia H., Thu, Nov 26 at 10:00 AM",
        ]
        outside = " ".join(f"{row.text} {row.html}" for row in waiting(work))
        assert not [word for word in (*HEALTH, "Hart", "The cost", "Money") if word in outside]
        assert "/staff/clients" in outside
        assert {row.recipient for row in waiting(work)} == {DESK}, "a cancellation that was undone is not written of"


def test_the_practice_reads_what_a_move_was_from_and_to(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit = book(work, clinic)
        sent(work)
    with open_as(clinic.amelia) as work:
        moved = work.get(Appointment, visit.id)
        before, moved.starts_at = moved.starts_at, moved.starts_at + timedelta(days=1)
        notify.visit_moved(work, moved, before)
        assert to(work, DESK) == ["Appointment moved: Amelia H., Thu, Nov 26 at 10:00 AM → Fri, Nov 27 at 10:00 AM"]
        assert notices(work)[-1][1].endswith("Thu, Nov 26 at 10:00 AM → Fri, Nov 27 at 10:00 AM")


def test_staff_are_not_told_what_they_did(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit = book(work, clinic)
        appointments.confirm(work, visit.id)
        appointments.cancel(work, visit.id, "The cost")
        assert notices(work) == []
        assert to(work, DESK) == []
        assert feed(work, clinic.amelia.patient_id)[-1][2], "but the patient has not read it"


@pytest.mark.parametrize(
    ("recipients", "reached"),
    [
        ({}, {DESK}),
        ({"appointment.confirmed": ["a@x.example", "b@x.example", "a@x.example"]}, {"a@x.example", "b@x.example"}),
        ({"appointment.confirmed": []}, set()),
        ({"appointment.cancelled": ["c@x.example"]}, {DESK}),
    ],
)
def test_the_practice_chooses_who_is_told(
    clinic: TestClinic, open_as: OpenAs, recipients: dict[str, list[str]], reached: set[str]
) -> None:
    with open_as(SYSTEM) as work:
        work.get(Practice, clinic.practice_id).recipients = recipients
        visit = book(work, clinic)
    with open_as(clinic.amelia) as work:
        appointments.confirm(work, visit.id)
        assert {row.recipient for row in waiting(work)} == reached
        assert len(notices(work)) == 1


def test_a_move_takes_back_what_has_not_gone_out(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        visit = book(work, clinic)
        appointments.reschedule(work, visit.id, visit.starts_at + timedelta(days=1, hours=2), outside_hours=True)
        assert to(work, EMAIL) == ["New time for your visit: Friday, November 27 at 12:00 PM"]
        [mail] = waiting(work, "email")
        assert "It was Thursday, November 26 at 10:00 AM before." in (mail.text or "")
        [event] = IcsCalendarStream.calendar_from_ics(mail.calendar or "").events
        assert (event.uid, event.sequence) == (str(visit.id), 1)
        withdrawn = work.db.exec(select(OutboxMessage).where(OutboxMessage.status == OutboxStatus.WITHDRAWN)).all()
        assert len(withdrawn) == 2


def test_a_cancellation_is_written_of_when_it_is_settled(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        work.get(AppointmentType, clinic.type_id).late_fee_cents = 5000
        visit = book(work, clinic, days=0.5)
        sent(work)
    with open_as(clinic.amelia) as work:
        appointments.cancel(work, visit.id, "The cost")
        assert to(work, EMAIL) == [], "she may still undo it"
    clock.advance(minutes=6)
    with open_as(SYSTEM) as work:
        assert appointments.settle(work, visit.id)
        assert not appointments.settle(work, visit.id)
        [mail], [text] = [row for row in waiting(work, "email") if row.recipient == EMAIL], waiting(work, "sms")
        assert "late cancellation fee of $50.00" in (mail.text or "")
        assert "cancelled, as you asked" in (mail.text or "")
        assert "is cancelled" in (text.text or "")
        calendar = IcsCalendarStream.calendar_from_ics(mail.calendar or "")
        assert (calendar.method, calendar.events[0].status.value) == ("CANCEL", "CANCELLED")
        assert feed(work, clinic.amelia.patient_id)[-1][:2] == (
            "Invoice 1001 is unpaid",
            "$50.00 for Late cancellation",
        )
        assert len([row for row in waiting(work, "email") if "nvoice" in (row.subject or "")]) == 0, (
            "one message is enough"
        )


def test_what_a_cancellation_kept_back_goes_out_when_it_is_undone(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        visit = book(work, clinic)
    with open_as(clinic.amelia) as work:
        appointments.cancel(work, visit.id, "The cost")
        assert to(work, EMAIL) == []
        appointments.undo_cancel(work, visit.id)
        assert to(work, EMAIL) == ["Your visit on Thursday, November 26 at 10:00 AM"]


def test_a_practice_that_cancels_says_that_it_did(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        visit = book(work, clinic)
        sent(work)
        appointments.cancel(work, visit.id, "The cost")
    clock.advance(minutes=6)
    with open_as(SYSTEM) as work:
        appointments.settle(work, visit.id)
        assert "We had to cancel your visit" in (waiting(work, "email")[0].text or "")


def test_a_client_who_called_to_cancel_late_is_told_the_fee_and_no_apology(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        visit = book(work, clinic)
        work.get(AppointmentType, clinic.type_id).late_fee_cents = 5000
        sent(work)
        clock.at = visit.starts_at - timedelta(hours=3)
        appointments.cancel(work, visit.id, "The cost", charge=True)
    clock.advance(minutes=6)
    with open_as(SYSTEM) as work:
        appointments.settle(work, visit.id)
        told = next(mail.text or "" for mail in waiting(work, "email") if "cancelled" in (mail.text or ""))
    assert "Your visit at Lumière Aesthetics is cancelled." in told
    assert "A late cancellation fee of $50.00 applies." in told
    assert "sorry" not in told


def test_a_reset_form_is_asked_for_again(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        form_id = paperwork.assign(work, clinic.amelia.patient_id, clinic.template(work))
        sent(work)
        fresh = paperwork.reset(work, form_id, "Wrong date")
        assert feed(work, clinic.amelia.patient_id)[-1] == ("A form was reset", "Neurotoxin Treatment Consent", True)
        assert to(work, EMAIL) == ["Please complete a form again"]
        assert f"/consent/{fresh}" in (waiting(work, "email")[0].text or "")
        assert not [word for word in (*HEALTH, "Wrong date") if word in everything_outside(work)]


def test_a_witness_makes_it_complete_and_the_patient_hears_of_it(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        form_id = paperwork.assign(work, clinic.amelia.patient_id, clinic.template(work))
    sign_typed(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        assert feed(work, clinic.amelia.patient_id)[-1] == ("Form signed", "Neurotoxin Treatment Consent", False)
        assert waiting(work) == [], "her own signature is no news to her"
        notify.form_signed(work, work.get(AssignedForm, form_id), "Neurotoxin Treatment Consent")
        assert feed(work, clinic.amelia.patient_id)[-1][2]
        assert to(work, EMAIL) == ["Your signed form is ready"]


@pytest.mark.promise("P68")
def test_invoices_and_instructions_are_told_of(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        invoice = invoices.issue(work, clinic.amelia.patient_id, "Botox", [invoices.Line("Botox", 18500)])
        notify.invoice_issued(work, invoice)
        visit = book(work, clinic)
        notify.instructions_ready(work, visit, "/treatment-instructions")
        lines = feed(work, clinic.amelia.patient_id)
        assert lines[0][:2] == ("Invoice 1001 is unpaid", "$185.00 for Botox")
        assert lines[-1][:2] == (
            "New treatment instructions available",
            "Instructions for Botox, forehead and glabella",
        )
        subjects = to(work, EMAIL)
        assert subjects[0] == "Invoice 1001 from Lumière Aesthetics"
        assert subjects[-1] == "Instructions for your visit on Thursday, November 26"
        assert not [word for word in HEALTH if word in everything_outside(work)]


def test_everything_concerned_is_marked_as_changed(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit = book(work, clinic)
        assert "notifications" in work.changes[clinic.amelia.patient_id]
    with open_as(clinic.amelia) as work:
        appointments.confirm(work, visit.id)
        assert work.changes[None] == {"practice", "schedule"}


def test_every_kind_has_its_words() -> None:
    assert set(TITLES) == set(Kind)
    assert set(PRACTICE_TITLES) == set(PracticeKind)


def test_a_link_stops_emails_once_and_keeps_the_proof(clinic: TestClinic, open_as: OpenAs) -> None:
    from portal.models import CommunicationConsent

    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
        patient_id = clinic.amelia.patient_id
        one, other = unsubscribe.token_for(patient_id), unsubscribe.token_for(patient_id)
        assert one != other
        assert patient_id.hex not in one
        unsubscribe.stop(work, one)
        unsubscribe.stop(work, other)
        proof = work.db.exec(select(CommunicationConsent)).all()
        assert [(row.channel, row.granted, row.source) for row in proof] == [(Channel.EMAIL, False, "unsubscribe link")]
        patient = work.db.exec(select(Patient).where(col(Patient.id) == patient_id)).one()
        assert (patient.wants_email, patient.wants_sms) == (False, True)


def test_a_clinic_in_another_zone_is_spoken_of_by_its_own_clock(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        work.get(Clinic, clinic.clinic_id).time_zone = "Asia/Tokyo"  # the practice is in Los Angeles, a day behind
        reachable(work, clinic.amelia)
        clinic.template(work)
        book(work, clinic, days=0.25)  # in seven hours: 4:00 PM in Los Angeles, 9:00 AM the next day in Tokyo
        booked = to(work, PHONE)[0]
        assert "Tue, Nov 24 at 9:00 AM" in booked
        assert "You have 1 form to complete before 9:00 AM today." in booked, "it is the same day there already"
    with open_as(clinic.amelia, write=False) as work:
        page = tasks(work)
        assert page.headline == "form to complete before Tuesday, November 24"
        assert page.open[0].meta.startswith("For Botox on Tue, Nov 24.")


def test_a_message_that_a_vendor_may_have_is_not_written_anew(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia, sms=False)
        paperwork.assign(work, clinic.amelia.patient_id, clinic.template(work, "Photo Release"))
        [mail] = waiting(work)
        mail.handed_at = clock.now()  # no answer came; it waits to be asked about
    clock.advance(minutes=1)
    with open_as(SYSTEM) as work:
        paperwork.assign(work, clinic.amelia.patient_id, clinic.template(work, "Financial Policy"))
        first, second = waiting(work)
        assert (first.id, first.subject) == (mail.id, "You have 1 form to complete")
        assert second.subject == "You have 2 forms to complete"
