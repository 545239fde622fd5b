"""Do Not SMS and Do Not Email: switched by staff and by systems, with their history, heeded by what is sent."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.access import Role
from portal.errors import Denied, Invalid, NotFound
from portal.gateways import gateways
from portal.gateways.delivery import Delivery
from portal.ids import uuid7
from portal.jobs import outbox
from portal.mails import FormsToCompleteMail
from portal.models import AuditEvent, Channel, CommunicationConsent, Contact, OutboxMessage, OutboxStatus, Patient
from portal.models import db as database
from portal.queries.communication import history, wishes
from portal.services import addressing, communication, profile
from portal.services.addressing import Terms
from portal.work import SYSTEM, Actor, Work
from tests.support.clinic import OpenAs, TestClinic
from tests.support.team import acting, hired


@pytest.fixture
def desk(clinic: TestClinic, open_as: OpenAs) -> Actor:
    """Marisol of the front desk; Amelia wants texts and emails."""
    with open_as(SYSTEM) as work:
        patient = work.get(Patient, clinic.amelia.patient_id)
        patient.wants_sms = patient.wants_email = True
        work.add(patient)
        work.add(
            Contact(
                patient_id=patient.id, channel=Channel.EMAIL, value="amelia.hart@example.com", created_at=work.now()
            )
        )
    return hired(open_as, clinic, Role.FRONT_DESK, "Marisol", "Vega")


def amelia(work: Work, clinic: TestClinic) -> Patient:
    return work.get(Patient, clinic.amelia.patient_id)


def waiting(work: Work, clinic: TestClinic) -> dict[str, str]:
    """Write something to Amelia; how her messages stand, by channel."""
    addressing.write(
        work,
        work.practice(),
        amelia(work, clinic).id,
        f"forms:{uuid7()}",
        lambda reader, practice: FormsToCompleteMail(reader.first_name, practice, "https://x.example", 1).letter(),
        Terms(),
    )
    return statuses(work)


def statuses(work: Work) -> dict[str, str]:
    work.db.flush()
    return dict(work.db.exec(select(OutboxMessage.channel, OutboxMessage.status)).all())


def test_staff_switch_and_the_exact_words_are_kept(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    with open_as(desk) as work:
        assert communication.switch(work, amelia(work, clinic).id, "phone", True, "by phone")
        row = work.db.exec(select(CommunicationConsent)).one()
        assert (row.channel, row.granted, row.source, row.by_whom) == (Channel.PHONE, False, "staff", "Marisol Vega")
        assert row.wording == (
            "The client said by phone: no more text messages, not about appointments and follow-ups either."
        )
        assert amelia(work, clinic).do_not_sms
        assert not amelia(work, clinic).do_not_email
        texts, emails = wishes(work, amelia(work, clinic).id)
        assert (texts.name, texts.on, texts.note[:19]) == ("Do Not SMS", True, "set at the practice")
        assert not emails.on
        actions = work.db.exec(select(AuditEvent.action)).all()
        assert "communication.stopped" in actions


def test_the_history_is_added_to_and_never_changed(
    clinic: TestClinic, desk: Actor, open_as: OpenAs, clock: FixedClock
) -> None:
    for on, told in ((True, "in person"), (False, "in writing"), (True, "by phone")):
        clock.advance(minutes=1)
        with open_as(desk) as work:
            assert communication.switch(work, amelia(work, clinic).id, "email", on, told)
    with open_as(desk, write=False) as work:
        lines = history(work, amelia(work, clinic).id)
        assert [line.what for line in lines] == ["No to emails", "Yes to emails", "No to emails"]
        assert lines[1].wording == "The client said in writing: send me emails about my visits and forms again."
        assert all("Marisol Vega" in line.where for line in lines)


def test_two_who_switch_at_once_write_one_row(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    elena = hired(open_as, clinic, Role.ADMIN, "Elena", "Marsh")
    with open_as(desk) as work:
        assert communication.switch(work, amelia(work, clinic).id, "phone", True, "by phone")
    with open_as(elena) as work:
        assert not communication.switch(work, amelia(work, clinic).id, "phone", True, "in person")
        assert len(work.db.exec(select(CommunicationConsent)).all()) == 1


def test_another_system_switches_in_its_own_words(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        communication.set_do_not(
            work, amelia(work, clinic).id, Channel.PHONE, True, source="booking", wording="No texts, please"
        )
    with open_as(desk, write=False) as work:
        assert wishes(work, amelia(work, clinic).id)[0].note.startswith("set at online booking, ")
        assert history(work, amelia(work, clinic).id)[0].where == "At online booking"
        assert history(work, amelia(work, clinic).id)[0].wording == "No texts, please"


def test_off_means_that_messages_go_again(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    with open_as(desk) as work:
        patient = amelia(work, clinic)
        patient.wants_sms = False  # never asked, as after an import
        work.add(patient)
        assert wishes(work, patient.id)[0].on
        assert wishes(work, patient.id)[0].note == "no agreement on file"
        assert communication.switch(work, patient.id, "phone", False, "in person")
        assert not wishes(work, patient.id)[0].on
        assert waiting(work, clinic)["sms"] is OutboxStatus.PENDING


def test_what_waits_is_held_back_and_a_code_goes(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    with open_as(desk) as work:
        assert set(waiting(work, clinic)) == {"sms", "email"}
        now = work.now()
        code = OutboxMessage(
            key="code", channel="sms", recipient="+15035550187", secret=True, due_at=now, created_at=now
        )
        work.add(code)
        communication.switch(work, amelia(work, clinic).id, "phone", True, "by phone")
        rows = {row.key.partition(":")[0] + row.channel: row for row in work.db.exec(select(OutboxMessage)).all()}
        assert rows["formssms"].status is OutboxStatus.WITHDRAWN
        assert rows["formsemail"].status is OutboxStatus.PENDING
        assert rows["codesms"].status is OutboxStatus.PENDING


@pytest.mark.parametrize("role", [Role.PROVIDER])
def test_who_may_not_cannot(clinic: TestClinic, desk: Actor, open_as: OpenAs, role: Role) -> None:
    client = clinic.amelia.patient_id
    assert client
    for actor in (acting(role), clinic.amelia):
        with open_as(actor) as work, pytest.raises(Denied):
            communication.switch(work, client, "phone", True, "by phone")
        with open_as(actor) as work, pytest.raises(Denied):
            history(work, client)


def test_nothing_is_switched_without_how_and_for_nobody(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    with open_as(desk) as work:
        with pytest.raises(Invalid) as refused:
            communication.switch(work, amelia(work, clinic).id, "phone", True, "")
        assert set(refused.value.fields) == {"told"}
        with pytest.raises(NotFound):
            communication.switch(work, uuid7(), "phone", True, "by phone")
        assert not work.db.exec(select(CommunicationConsent)).all()


def test_a_carriers_block_is_said(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    with open_as(desk) as work:
        phone = work.db.exec(select(Contact).where(Contact.value == "+15035550187")).one()
        phone.blocked_at = work.now()
        work.add(phone)
        assert "START" in wishes(work, amelia(work, clinic).id)[0].blocked


def test_a_message_that_waits_for_a_retry_asks_again(
    clinic: TestClinic, desk: Actor, open_as: OpenAs, clock: FixedClock, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wish was said in another way than through the switch, between two tries."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    sent: list[str] = []

    class Failing:
        def send(self, to: str, _text: str, _key: str) -> Delivery:
            sent.append(to)
            raise ConnectionError

    vendors = replace(gateways(), sms=Failing(), email=None)
    with open_as(SYSTEM) as work:
        waiting(work, clinic)
    outbox.deliver(clock, vendors)
    assert sent == ["+15035550187"]
    with open_as(SYSTEM) as work:
        patient = amelia(work, clinic)
        patient.do_not_sms = True
        work.add(patient)
    clock.advance(hours=1)
    outbox.deliver(clock, vendors)
    assert sent == ["+15035550187"], "it was not tried again"
    with open_as(SYSTEM, write=False) as work:
        text = work.db.exec(select(OutboxMessage).where(col(OutboxMessage.channel) == "sms")).one()
        assert (text.status, text.last_error) == (
            OutboxStatus.WITHDRAWN,
            "such messages are not wanted any more",
        )


def test_the_persons_own_no_holds_back_as_well(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        waiting(work, clinic)
    with open_as(clinic.amelia) as work:
        patient = amelia(work, clinic)
        typed = {"phone": "(503) 555-0187", "email": "amelia.hart@example.com", "wants_email": "on", "language": "en"}
        profile.save(work, {**typed, "clinic_id": str(patient.primary_clinic_id)}, patient.version)
        assert statuses(work) == {"sms": OutboxStatus.WITHDRAWN, "email": OutboxStatus.PENDING}
