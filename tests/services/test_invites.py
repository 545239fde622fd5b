"""The emailed way in."""

import re

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.errors import Conflict, Invalid
from portal.models import Channel, Contact, Patient, PatientStatus
from portal.services import invites, signing_in
from portal.work import SYSTEM, Actor
from tests.support import rows
from tests.support.getting_in import OTHER_VISITOR, VISITOR, OpenAs, messages, redeem

BORN = "03/14/1988"


@pytest.fixture
def amelia(open_as: OpenAs) -> Patient:
    with open_as(SYSTEM) as work:
        return rows.patient(work, rows.practice(work), "", "amelia@example.com")


def invited(open_as: OpenAs, patient: Patient) -> str:
    """Invite, and return the link's token from the email."""
    with open_as(SYSTEM) as work:
        invites.create(work, patient.id)
    with open_as(SYSTEM) as work:
        message = messages(work)[0]
        assert message.recipient == "amelia@example.com"
        return re.findall(r"/invite/([\w-]+)", message.text or "")[0]


def enter(open_as: OpenAs, token: str, typed: str, visitor: Actor = VISITOR) -> signing_in.Outcome:
    with open_as(visitor) as work:
        return invites.redeem(work, token, typed)


def test_it_works_once_with_the_date_of_birth(open_as: OpenAs, amelia: Patient) -> None:
    token = invited(open_as, amelia)
    assert enter(open_as, token, "03/15/1988").wrong
    with pytest.raises(Invalid):
        enter(open_as, token, "tomorrow")
    outcome = enter(open_as, token, BORN)
    patient_id, contact_id, _ = redeem(open_as, outcome.ticket)
    assert patient_id == amelia.id
    with open_as(SYSTEM) as work:
        assert work.get(Contact, contact_id).verified_at, "whoever had the link reads the mailbox"
        assert work.get(Patient, amelia.id).portal_accepted_at
        assert not invites.is_open(work, token)
    assert enter(open_as, token, BORN, OTHER_VISITOR).over


def test_it_lives_seven_days_and_a_newer_one_ends_it(open_as: OpenAs, amelia: Patient, clock: FixedClock) -> None:
    first = invited(open_as, amelia)
    clock.advance(hours=1)
    second = invited(open_as, amelia)
    assert enter(open_as, first, BORN).over
    clock.advance(days=7)
    assert enter(open_as, second, BORN).over


def test_five_wrong_dates_end_it(open_as: OpenAs, amelia: Patient) -> None:
    token = invited(open_as, amelia)
    assert [enter(open_as, token, "01/01/1990").over for _ in range(5)] == [False] * 4 + [True]
    assert enter(open_as, token, BORN).over


def test_a_changed_email_ends_it(open_as: OpenAs, amelia: Patient) -> None:
    token = invited(open_as, amelia)
    with open_as(SYSTEM) as work:
        contact = work.db.exec(select(Contact).where(Contact.channel == Channel.EMAIL)).one()
        contact.retired_at = work.now()
        work.add(contact)
    outcome = enter(open_as, token, BORN)
    assert not outcome.ticket
    assert outcome.over


def test_who_cannot_be_invited(open_as: OpenAs, amelia: Patient) -> None:
    with open_as(SYSTEM) as work:
        practice_id = amelia.practice_id
        nobody = work.add(
            Patient(
                practice_id=practice_id,
                first_name="No",
                last_name="Mail",
                date_of_birth=amelia.date_of_birth,
                created_at=work.now(),
            )
        )
        gone = work.get(Patient, amelia.id)
        gone.status = PatientStatus.INACTIVE
        work.add(gone)
    for patient, sentence in ((nobody, "No email address"), (amelia, "inactive")):
        with pytest.raises(Conflict, match=sentence), open_as(SYSTEM) as work:
            invites.create(work, patient.id)


def test_nonsense_is_no_link(open_as: OpenAs, amelia: Patient) -> None:
    assert enter(open_as, "nonsense", BORN).over
    assert enter(open_as, "x" * 5_000, BORN).over
