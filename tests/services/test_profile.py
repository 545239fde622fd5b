"""My Profile: saving, proving a new contact, devices."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.passcodes import Refusal
from portal.errors import Conflict, Invalid, NotFound, TooMany
from portal.models import AuditEvent, Channel, CommunicationConsent, Contact, Guardian, OutboxMessage, Patient
from portal.queries import profile as queries
from portal.security.sessions import open_session
from portal.services import devices
from portal.services import profile as service
from portal.work import SYSTEM, Actor
from tests.support import rows
from tests.support.getting_in import BROWSER, OpenAs, ask, messages, newest_code

PHONE, EMAIL, NEW = "+15035550187", "amelia@example.com", "(971) 555-0201"


@pytest.fixture
def amelia(open_as: OpenAs) -> Patient:
    with open_as(SYSTEM) as work:
        practice = rows.practice(work)
        made = rows.patient(work, practice, PHONE, EMAIL, wants_sms=True, do_not_sms=True)
        for contact in work.db.exec(select(Contact)).all():
            contact.verified_at = work.now()
            work.add(contact)
        rows.patient(work, practice, "+15035550100", first_name="Somebody", last_name="Else")
    return made


@pytest.fixture
def me(amelia: Patient) -> Actor:
    return rows.acting(amelia, browser=BROWSER)


def filled(**changes: Any) -> dict[str, Any]:
    form = {
        "phone": "(503) 555-0187",
        "email": EMAIL,
        "language": "en",
        "clinic_id": "",
        "street": "1 New Street",
        "state": "or",
    }
    return {name: value for name, value in (form | changes).items() if value is not None}


def save(open_as: OpenAs, me: Actor, version: int = 1, **changes: Any) -> service.Saved:
    with open_as(me) as work:
        return service.save(work, filled(**changes), version)


def prove(open_as: OpenAs, me: Actor, channel: str, typed: str) -> Any:
    with open_as(me) as work:
        sent = service.request_contact_code(work, channel, typed)
    with open_as(SYSTEM) as work:
        code = newest_code(work)
    with open_as(me) as work:
        return service.confirm_contact(work, sent.challenge_id, code)


def test_the_page_shows_what_is_on_file(open_as: OpenAs, me: Actor) -> None:
    with open_as(me) as work:
        row = queries.profile(work)
    assert (row.name, row.initials, row.born, row.phone, row.email) == (
        "Amelia Hart",
        "AH",
        "March 14, 1988",
        "(503) 555-0187",
        EMAIL,
    )
    assert not row.wants_sms, "Do Not SMS stands above the wish"


def test_saving_keeps_what_changed_and_says_so(open_as: OpenAs, me: Actor) -> None:
    saved = save(open_as, me, emergency_phone="503 555 0119", wants_email="on")
    assert (saved.version, saved.to_prove) == (2, ())
    with open_as(me) as work:
        row = queries.profile(work)
        event = work.db.exec(select(AuditEvent).where(AuditEvent.action == "profile.changed")).one()
    assert (row.street, row.state, row.emergency_phone, row.wants_email) == (
        "1 New Street",
        "OR",
        "(503) 555-0119",
        True,
    )
    assert event.detail == {"fields": ["emergency_phone", "state", "street", "wants_email"]}


def test_two_editors_do_not_overwrite_each_other(open_as: OpenAs, me: Actor) -> None:
    save(open_as, me)
    with pytest.raises(Conflict, match="changed somewhere else"):
        save(open_as, me, street="2 Other Street")


def test_a_wish_for_texts_is_kept_with_its_wording_and_lifts_do_not_sms(open_as: OpenAs, me: Actor) -> None:
    save(open_as, me, wants_sms=True)
    save(open_as, me, version=2)
    with open_as(me) as work:
        proofs = work.db.exec(select(CommunicationConsent).order_by(col(CommunicationConsent.id))).all()
        patient = work.get(Patient, work.patient_id)
    assert [(proof.granted, proof.source) for proof in proofs] == [(True, "profile"), (False, "profile")]
    assert all("texts" in proof.wording.lower() or "text messages" in proof.wording.lower() for proof in proofs)
    assert (patient.wants_sms, patient.do_not_sms) == (False, False)


def test_problems_stand_beside_their_fields(open_as: OpenAs, me: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        save(open_as, me, phone="12", email="x", state="Oregon", language="xx", postal_code="9")
    assert refused.value.fields.keys() == {"phone", "email", "state", "language", "postal_code"}
    with pytest.raises(Invalid, match="marked") as refused:
        save(open_as, me, phone="", email="")
    assert "Keep a phone number or an email address" in refused.value.fields["phone"]


def test_p14_a_new_phone_is_the_login_once_its_code_is_entered(open_as: OpenAs, me: Actor) -> None:
    assert save(open_as, me, phone=NEW).to_prove == ("phone",)
    with open_as(me) as work:
        assert queries.profile(work).phone == "(503) 555-0187", "not before the code"
    assert not prove(open_as, me, "phone", NEW).wrong
    with open_as(me) as work:
        assert queries.profile(work).phone == NEW
        assert work.db.exec(select(Contact.value).where(col(Contact.retired_at).is_not(None))).all() == [PHONE]
        told = messages(work)[0]
    assert (told.recipient, "0201" in (told.text or "")) == (PHONE, False)
    ask(open_as, "phone", PHONE)
    with open_as(SYSTEM) as work:
        assert messages(work)[0].id == told.id, "the old one reaches nobody"
    ask(open_as, "phone", NEW)
    with open_as(SYSTEM) as work:
        assert messages(work)[0].recipient == "+19715550201"


def test_a_wrong_code_changes_nothing_and_counts(open_as: OpenAs, me: Actor) -> None:
    with open_as(me) as work:
        sent = service.request_contact_code(work, "phone", NEW)
        code = newest_code(work)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for number in range(5):
        with open_as(me) as work:
            answer = service.confirm_contact(work, sent.challenge_id, wrong).wrong
        assert answer == (Refusal.SPENT if number == 4 else Refusal.WRONG)
    with open_as(me) as work:
        assert service.confirm_contact(work, sent.challenge_id, code).wrong == Refusal.SPENT
        assert queries.profile(work).phone == "(503) 555-0187"


def test_somebody_elses_challenge_is_of_no_use(open_as: OpenAs, me: Actor, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        other = work.db.exec(select(Patient).where(Patient.first_name == "Somebody")).one()
    with open_as(rows.acting(other, browser=BROWSER)) as work:
        sent = service.request_contact_code(work, "phone", NEW)
        code = newest_code(work)
    with pytest.raises(NotFound), open_as(me) as work:
        service.confirm_contact(work, sent.challenge_id, code)


def test_codes_to_a_new_contact_are_limited_too(open_as: OpenAs, me: Actor, clock: FixedClock) -> None:
    for _ in range(5):
        with open_as(me) as work:
            service.request_contact_code(work, "phone", NEW)
        clock.advance(minutes=1)
    with pytest.raises(TooMany), open_as(me) as work:
        service.request_contact_code(work, "phone", NEW)


def test_a_contact_can_go_while_a_proved_one_stays(open_as: OpenAs, me: Actor) -> None:
    save(open_as, me, phone="")
    with open_as(me) as work:
        assert queries.profile(work).phone == ""
        assert service.current_contacts(work).keys() == {Channel.EMAIL}
        assert messages(work)[0].recipient == PHONE


def test_a_guardian_changes_their_own_contact(open_as: OpenAs, amelia: Patient) -> None:
    with open_as(SYSTEM) as work:
        child = rows.patient(work, work.practice(), first_name="Noa", date_of_birth=date(2014, 6, 1))
        parent = work.add(Guardian(patient_id=child.id, name="Dana Hart", relationship="Parent"))
        rows.contact(work, child, Channel.PHONE, "+15035550111", parent)
    guardian = rows.acting(child, kind="guardian", guardian_id=parent.id, browser=BROWSER)
    assert not prove(open_as, guardian, "phone", NEW).wrong
    with open_as(guardian) as work:
        row = queries.profile(work)
        assert (row.name, row.guardian, row.phone) == ("Noa Hart", "Dana Hart, Parent", NEW)
        assert service.current_contacts(work)[Channel.PHONE].guardian_id == parent.id


def test_devices_are_the_persons_own(open_as: OpenAs, me: Actor, amelia: Patient, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        other = work.db.exec(select(Patient).where(Patient.first_name == "Somebody")).one()
    phone = rows.acting(amelia, browser=BROWSER, device="Mozilla/5.0 (iPhone) Safari/604.1")
    for actor in (me, phone, rows.acting(other)):
        with open_as(actor) as work:
            open_session(work, work.patient_id)
    with open_as(me) as work:
        listed = queries.devices(work)
        assert {device.name for device in listed} == {"A browser", "Safari on iPhone"}
    with open_as(rows.acting(other)) as work, pytest.raises(NotFound):
        devices.sign_out(work, UUID(listed[0].id))
    with open_as(me) as work:
        devices.sign_out(work, UUID(next(device.id for device in listed if device.handheld)))
        assert [device.name for device in queries.devices(work)] == ["A browser"]
        assert devices.sign_out_everywhere(work) == 1
        assert queries.devices(work) == []
    with open_as(rows.acting(other)) as work:
        assert len(queries.devices(work)) == 1


def test_a_message_carries_nothing_in_clear(open_as: OpenAs, me: Actor, engine: Any) -> None:
    prove(open_as, me, "phone", NEW)
    with engine.connect() as connection:
        for row in connection.exec_driver_sql(f"select recipient, text from {OutboxMessage.__tablename__}"):
            assert b"9715550201" not in bytes(row[0])
            assert b"code" not in bytes(row[1])
