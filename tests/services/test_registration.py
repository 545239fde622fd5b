"""New Client Registration: everything asked at once, nothing made or revealed before the code."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import func, select

from portal.domain.registration import TEXT_WORDING
from portal.errors import Invalid
from portal.models import (
    AuditEvent,
    Channel,
    Clinic,
    CommunicationConsent,
    Contact,
    Guardian,
    Patient,
    PatientStatus,
    Practice,
    PracticeNotice,
)
from portal.services import passcodes, referrals, registration
from portal.work import SYSTEM
from tests.support import rows
from tests.support.getting_in import VISITOR, OpenAs, enter, messages, newest_code, redeem, robot_check

PHONE, EMAIL = "+14155552671", "inès@exämple.com"


@pytest.fixture
def practice(open_as: OpenAs) -> Practice:
    with open_as(SYSTEM) as work:
        made = rows.practice(work, privacy_version="2026-01", terms_version="2026-02")
        rows.clinic(work, made)
    return made


def filled(open_as: OpenAs, **changes: Any) -> dict[str, Any]:
    with open_as(SYSTEM) as work:
        clinic = work.db.exec(select(Clinic.id)).first()
    return {
        "first_name": "Inès",
        "last_name": "O'Brien",
        "date_of_birth": "03/14/1988",
        "phone": "415-555-2671",
        "email": "Inès@Exämple.com",
        "clinic_id": str(clinic),
        "text_me": "on",
        "privacy": "on",
        "terms": "on",
        **changes,
    }


def submit(open_as: OpenAs, **changes: Any) -> passcodes.Sent:
    form = filled(open_as, **changes)
    with open_as(VISITOR) as work:
        return registration.submit(work, form, robot_check())


def finish(open_as: OpenAs, sent: passcodes.Sent, to: str = "") -> Any:
    with open_as(SYSTEM) as work:
        code = newest_code(work, to)
    return enter(open_as, sent.challenge_id, code)


def count(open_as: OpenAs, table: Any) -> int:
    with open_as(SYSTEM) as work:
        return work.db.exec(select(func.count()).select_from(table)).one()


def test_p7_registered_and_in_at_once(open_as: OpenAs, practice: Practice) -> None:
    with open_as(SYSTEM) as work:
        social = referrals.add(work, {"name": "Social media"})
        insta = referrals.add(work, {"name": "Instagram"}, social)
    sent = submit(open_as, referral_source=str(social), referral_sub=str(insta), referral_detail="left over")
    assert count(open_as, Patient) == 0, "nothing is made before the code"
    patient_id, contact_id, guardian_id = redeem(open_as, finish(open_as, sent, PHONE).ticket)
    with open_as(SYSTEM) as work:
        patient = work.get(Patient, patient_id)
        assert (patient.first_name, patient.source, patient.wants_sms, patient.wants_email) == (
            "Inès",
            "sign-up",
            True,
            False,
        )
        assert (patient.referral_source_id, patient.referral_source, patient.referral_detail) == (
            insta,
            "Social media",
            "",
        )
        contacts = {row.channel: row for row in work.db.exec(select(Contact)).all()}
        assert (contacts[Channel.PHONE].value, contacts[Channel.EMAIL].value) == (PHONE, EMAIL)
        assert contacts[Channel.PHONE].id == contact_id
        assert contacts[Channel.PHONE].verified_at
        assert contacts[Channel.EMAIL].verified_at is None
        proof = work.db.exec(select(CommunicationConsent)).one()
        assert (proof.wording, proof.granted, proof.source, proof.address) == (
            TEXT_WORDING,
            True,
            "sign-up",
            "192.0.2.7",
        )
        made = work.db.exec(select(AuditEvent).where(AuditEvent.action == "patient.registered")).one()
        assert made.detail == {"privacy": "2026-01", "terms": "2026-02"}
    assert guardian_id is None


def test_all_problems_are_told_at_once(open_as: OpenAs, practice: Practice) -> None:
    with pytest.raises(Invalid) as refused, open_as(VISITOR) as work:
        registration.submit(work, {"email": "amelia.hart@example", "clinic_id": "nowhere", "state": "Oregon"}, "")
    assert refused.value.fields.keys() == {
        *("first_name", "last_name", "date_of_birth", "phone", "email", "clinic_id"),
        *("privacy", "terms", "captcha", "state"),
    }
    assert refused.value.fields["email"] == "Add the ending of your email address, such as .com"


def test_a_known_contact_and_birth_date_signs_in_and_makes_no_duplicate(open_as: OpenAs, practice: Practice) -> None:
    with open_as(SYSTEM) as work:
        known = rows.patient(work, practice, PHONE, date_of_birth=date(1988, 3, 14))
    sent = submit(open_as, first_name="Ines")
    assert sent.masked == "the number ending in 2671", "the same words as for anybody"
    assert redeem(open_as, finish(open_as, sent).ticket)[0] == known.id
    assert count(open_as, Patient) == 1
    with open_as(SYSTEM) as work:
        assert work.get(Patient, known.id).first_name == "Amelia", "what was typed changes nothing in the record"


def test_the_same_contact_with_another_birth_date_is_another_person(open_as: OpenAs, practice: Practice) -> None:
    with open_as(SYSTEM) as work:
        known = rows.patient(work, practice, PHONE, date_of_birth=date(1960, 1, 1))
    assert redeem(open_as, finish(open_as, submit(open_as)).ticket)[0] != known.id
    assert count(open_as, Patient) == 2


def test_somebody_elses_email_proves_nothing(open_as: OpenAs, practice: Practice) -> None:
    with open_as(SYSTEM) as work:
        victim = rows.patient(work, practice, "", EMAIL, date_of_birth=date(1988, 3, 14))
    assert redeem(open_as, finish(open_as, submit(open_as), PHONE).ticket)[0] != victim.id


def test_the_deceased_and_inactive_are_neither_doubled_nor_let_in(open_as: OpenAs, practice: Practice) -> None:
    with open_as(SYSTEM) as work:
        rows.patient(work, practice, PHONE, date_of_birth=date(1988, 3, 14), status=PatientStatus.INACTIVE)
    outcome = finish(open_as, submit(open_as))
    assert (outcome.ticket, outcome.over) == ("", True)
    assert "front desk" in outcome.wrong
    assert count(open_as, Patient) == 1


def test_under_18_a_guardian_registers(open_as: OpenAs, practice: Practice) -> None:
    with pytest.raises(Invalid) as refused:
        submit(open_as, date_of_birth="06/01/2014")
    assert refused.value.fields.keys() == {"guardian_name", "guardian_relationship"}
    sent = submit(open_as, date_of_birth="06/01/2014", guardian_name="Dana Hart", guardian_relationship="parent")
    patient_id, _, guardian_id = redeem(open_as, finish(open_as, sent).ticket)
    with open_as(SYSTEM) as work:
        guardian = work.get(Guardian, guardian_id)
        assert (guardian.patient_id, guardian.name, guardian.relationship) == (patient_id, "Dana Hart", "Parent")


def test_another_way_goes_to_the_email_that_was_given(open_as: OpenAs, practice: Practice) -> None:
    first = submit(open_as)
    with open_as(VISITOR) as work:
        sent = passcodes.try_another_way(work, first.challenge_id)
        assert messages(work)[0].recipient == EMAIL
    _, contact_id, _ = redeem(open_as, finish(open_as, sent, EMAIL).ticket)
    with open_as(SYSTEM) as work:
        assert work.get(Contact, contact_id).value == EMAIL


def test_what_was_typed_waits_encrypted_and_is_gone_afterwards(
    open_as: OpenAs, practice: Practice, engine: Any
) -> None:
    sent = submit(open_as)
    with engine.connect() as connection:
        raw = bytes(connection.exec_driver_sql("select draft from passcode_challenge").scalar_one())
        assert b"O'Brien" not in raw
    finish(open_as, sent)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select draft from passcode_challenge").scalar_one() is None


def test_whoever_may_be_here_already_is_told_to_the_practice_and_to_nobody_else(
    open_as: OpenAs, practice: Practice
) -> None:
    first, *_ = redeem(open_as, finish(open_as, submit(open_as), PHONE).ticket)
    assert count(open_as, PracticeNotice) == 0
    changed = {"phone": "415-555-2672", "email": "ines@example.com"}
    outcome = finish(open_as, submit(open_as, **changed), "+14155552672")
    second, *_ = redeem(open_as, outcome.ticket)
    assert second != first, "another contact: another record, as for anybody"
    with open_as(SYSTEM) as work:
        notice = work.db.exec(select(PracticeNotice)).one()
        assert (notice.kind, notice.patient_id) == ("client.duplicate", second)
        assert "Same name and date of birth" in notice.body
        assert str(first) not in notice.body
