"""Several people behind one contact."""

from datetime import date

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.passcodes import Refusal
from portal.errors import Invalid
from portal.models import Channel, Contact, Guardian, Patient
from portal.services import passcodes, signing_in
from portal.work import SYSTEM
from tests.support import rows
from tests.support.getting_in import VISITOR, OpenAs, ask, enter, messages, newest_code, redeem

PHONE = "+15035550143"


@pytest.fixture
def household(open_as: OpenAs) -> tuple[Patient, Patient]:
    with open_as(SYSTEM) as work:
        practice = rows.practice(work)
        rosa = rows.patient(
            work,
            practice,
            PHONE,
            "rosa@example.com",
            first_name="Rosa",
            last_name="Delgado",
            date_of_birth=date(1979, 5, 22),
        )
        mateo = rows.patient(
            work,
            practice,
            PHONE,
            "mateo@example.com",
            first_name="Mateo",
            last_name="Delgado",
            date_of_birth=date(1976, 11, 8),
        )
    return rosa, mateo


def chosen(open_as: OpenAs) -> tuple[passcodes.Sent, signing_in.Outcome]:
    sent = ask(open_as, "phone", PHONE)
    with open_as(SYSTEM) as work:
        code = newest_code(work)
    return sent, enter(open_as, sent.challenge_id, code)


def born(open_as: OpenAs, sent: passcodes.Sent, who: Patient, typed: str) -> signing_in.Outcome:
    with open_as(VISITOR) as work:
        return signing_in.confirm_birth_date(work, sent.challenge_id, who.id, typed)


def test_p16_each_reaches_only_their_own_record(open_as: OpenAs, household: tuple[Patient, Patient]) -> None:
    _rosa, mateo = household
    sent, outcome = chosen(open_as)
    assert not outcome.ticket
    assert {person.name for person in outcome.people} == {"Rosa D.", "Mateo D."}
    assert born(open_as, sent, mateo, "05/22/1979").wrong
    with pytest.raises(Invalid, match="four digits"):
        born(open_as, sent, mateo, "11/08/76")
    assert redeem(open_as, born(open_as, sent, mateo, "11/08/1976").ticket)[0] == mateo.id


def test_five_wrong_dates_end_a_log_in_and_three_rounds_need_the_front_desk(
    open_as: OpenAs, household: tuple[Patient, Patient], clock: FixedClock
) -> None:
    rosa, _ = household
    for number in range(3):
        sent, outcome = chosen(open_as)
        assert outcome.people
        answers = [born(open_as, sent, rosa, "01/01/1980") for _ in range(5)]
        assert [answer.over for answer in answers] == [False] * 4 + [True]
        assert born(open_as, sent, rosa, "05/22/1979").wrong == Refusal.GONE
        assert ("front desk" in answers[-1].wrong) is (number == 2)
        clock.advance(minutes=4)
    _, outcome = chosen(open_as)
    assert (outcome.people, outcome.over) == ((), True)
    assert "front desk" in outcome.wrong
    clock.advance(days=1)
    _, outcome = chosen(open_as)
    assert outcome.people, "a new day starts afresh"


def test_a_date_of_birth_needs_the_code_first(open_as: OpenAs, household: tuple[Patient, Patient]) -> None:
    sent = ask(open_as, "phone", PHONE)
    assert born(open_as, sent, household[0], "05/22/1979").wrong == Refusal.GONE


def test_another_way_writes_to_each_and_opens_only_their_own(
    open_as: OpenAs, household: tuple[Patient, Patient], clock: FixedClock
) -> None:
    _rosa, mateo = household
    first = ask(open_as, "phone", PHONE)
    with open_as(VISITOR) as work:
        sent = passcodes.try_another_way(work, first.challenge_id)
        to = {message.recipient for message in messages(work)[:2]}
        code = newest_code(work, "mateo@example.com")
    assert to == {"rosa@example.com", "mateo@example.com"}
    outcome = enter(open_as, sent.challenge_id, code)
    assert redeem(open_as, outcome.ticket)[0] == mateo.id, "Mateo's mailbox opens Mateo's record, and needs no choice"


def test_a_parent_who_is_a_patient_too_chooses(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        practice = rows.practice(work)
        rows.patient(work, practice, PHONE, first_name="Dana", date_of_birth=date(1985, 1, 2))
        child = rows.patient(work, practice, first_name="Noa", date_of_birth=date(2014, 6, 1))
        parent = work.add(Guardian(patient_id=child.id, name="Dana Hart", relationship="Parent"))
        rows.contact(work, child, Channel.PHONE, PHONE, parent)
    sent, outcome = chosen(open_as)
    assert [person.name for person in outcome.people] == ["Dana H.", "Noa H."]
    patient_id, _, guardian_id = redeem(open_as, born(open_as, sent, child, "06/01/2014").ticket)
    assert (patient_id, guardian_id) == (child.id, parent.id)


def test_an_unproved_contact_of_a_registration_does_not_stand_beside_a_proved_one(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        practice = rows.practice(work)
        amelia = rows.patient(work, practice, "", "amelia@example.com")
        rows.patient(work, practice, "", "amelia@example.com", first_name="Eve", source="sign-up")
    sent = ask(open_as, "email", "amelia@example.com")
    with open_as(SYSTEM) as work:
        code = newest_code(work)
    assert redeem(open_as, enter(open_as, sent.challenge_id, code).ticket)[0] == amelia.id
    with open_as(SYSTEM) as work:
        eves = work.db.exec(select(Contact).where(Contact.patient_id != amelia.id)).one()
        assert eves.verified_at is None
