"""What other systems tell: the opt-out at online booking, STOP and START; taken once, with proof."""

from dataclasses import replace

import pytest
from sqlmodel import col, select

from portal.domain.inbound import Said, carrier_word
from portal.errors import Denied
from portal.models import (
    AuditEvent,
    Channel,
    CommunicationConsent,
    Contact,
    InboundEvent,
    Patient,
    PracticeNotice,
)
from portal.services import inbound
from portal.services.inbound import OptOut
from portal.work import Actor
from tests.support.clinic import OpenAs, TestClinic, furnish

BOOKING = Actor(kind="system", label="Online booking", address="192.0.2.10")
PHONE, EMAIL = "+15035550187", "amelia.hart@example.com"
BOTH = OptOut(id="evt-1", phone="(503) 555-0187", do_not_sms=True, do_not_email=True, wording="No messages, please.")


@pytest.fixture
def clinic(work) -> TestClinic:
    made = furnish(work)
    work.add(Contact(patient_id=made.amelia.patient_id, channel=Channel.EMAIL, value=EMAIL, created_at=work.now()))
    for person in (made.amelia, made.rosa):
        patient = work.get(Patient, person.patient_id)
        patient.wants_sms = patient.wants_email = True
    work.db.commit()
    return made


def tell(open_as: OpenAs, told: OptOut) -> str:
    with open_as(BOOKING) as work:
        return inbound.opt_out(work, told)


def text(open_as: OpenAs, message_id: str, number: str, said: Said) -> str:
    with open_as(BOOKING) as work:
        return inbound.carrier_said(work, message_id, number, said)


def flags(open_as: OpenAs, who: Actor) -> tuple[bool, bool]:
    with open_as(BOOKING) as work:
        patient = work.get(Patient, who.patient_id)
        return patient.do_not_sms, patient.do_not_email


def test_both_are_switched_on_with_proof(clinic: TestClinic, open_as: OpenAs) -> None:
    assert tell(open_as, BOTH) == inbound.DONE
    assert flags(open_as, clinic.amelia) == (True, True)
    assert flags(open_as, clinic.rosa) == (False, False)
    with open_as(BOOKING) as work:
        proof = work.db.exec(select(CommunicationConsent)).all()
        event = work.db.exec(select(InboundEvent)).one()
    assert {(row.channel, row.granted, row.source, row.wording, row.address) for row in proof} == {
        (channel, False, "booking", "No messages, please.", "192.0.2.10") for channel in Channel
    }
    assert (event.provider, event.external_id, event.outcome) == ("booking", "evt-1", inbound.DONE)


def test_the_same_message_is_taken_once(clinic: TestClinic, open_as: OpenAs) -> None:
    tell(open_as, BOTH)
    assert tell(open_as, replace(BOTH, id="evt-2", do_not_sms=False, do_not_email=None)) == inbound.DONE
    assert tell(open_as, BOTH) == inbound.AGAIN  # an older one, played again
    assert flags(open_as, clinic.amelia) == (False, True)
    with open_as(BOOKING) as work:
        assert len(work.db.exec(select(InboundEvent)).all()) == 2


def test_what_was_so_already_writes_no_second_proof(clinic: TestClinic, open_as: OpenAs) -> None:
    tell(open_as, BOTH)
    assert tell(open_as, replace(BOTH, id="evt-2")) == inbound.UNCHANGED
    with open_as(BOOKING) as work:
        assert len(work.db.exec(select(CommunicationConsent)).all()) == 2


def test_the_booking_system_s_id_is_learned_and_counts_first(clinic: TestClinic, open_as: OpenAs) -> None:
    tell(open_as, replace(BOTH, booking_client_id="B-77"))
    by_id = OptOut(id="evt-2", booking_client_id="B-77", phone="+15035550143", do_not_sms=False)  # a phone of Rosa's
    assert tell(open_as, by_id) == inbound.DONE
    assert flags(open_as, clinic.amelia) == (False, True)
    assert flags(open_as, clinic.rosa) == (False, False)


def test_a_record_that_was_merged_leads_to_the_one_that_stays(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(BOOKING) as work:
        work.get(Patient, clinic.rosa.patient_id).booking_client_id = "B-9"
        work.get(Patient, clinic.rosa.patient_id).merged_into_id = clinic.amelia.patient_id
    assert tell(open_as, OptOut(id="evt-1", booking_client_id="B-9", do_not_email=True)) == inbound.DONE
    assert flags(open_as, clinic.amelia) == (False, True)


def test_a_stranger_is_kept_and_told_to_staff(clinic: TestClinic, open_as: OpenAs) -> None:
    for told in (
        OptOut(id="evt-1", phone="+15035550100", do_not_sms=True),
        OptOut(id="evt-2", email="nobody@example.com", do_not_email=False),
        OptOut(id="evt-3", phone="not a number", do_not_sms=True),
    ):
        assert tell(open_as, told) == inbound.UNMATCHED
    with open_as(BOOKING) as work:
        notices = work.db.exec(select(PracticeNotice).order_by(col(PracticeNotice.id))).all()
        assert [row.kind for row in notices] == ["opt-out.unmatched"] * 3
        assert notices[0].body == "No more text messages for +15035550100"
        assert work.db.exec(select(AuditEvent).where(AuditEvent.action == "opt-out.unmatched")).first() is not None


def test_a_shared_contact_stops_for_all_and_allows_for_none(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(BOOKING) as work:
        work.add(Contact(patient_id=clinic.rosa.patient_id, channel=Channel.EMAIL, value=EMAIL, created_at=work.now()))
    out = OptOut(id="evt-1", email=EMAIL.upper(), do_not_email=True)
    assert tell(open_as, out) == inbound.SHARED
    assert flags(open_as, clinic.amelia) == flags(open_as, clinic.rosa) == (False, True)
    assert tell(open_as, replace(out, id="evt-2", do_not_email=False)) == inbound.SHARED
    assert flags(open_as, clinic.amelia) == flags(open_as, clinic.rosa) == (False, True)
    assert (
        tell(open_as, replace(out, id="evt-3", phone=PHONE, do_not_email=False)) == inbound.DONE
    )  # both say who it is
    assert flags(open_as, clinic.amelia) == (False, False)
    assert flags(open_as, clinic.rosa) == (False, True)
    with open_as(BOOKING) as work:
        notice = work.db.exec(select(PracticeNotice)).first()
    assert notice is not None
    assert "Amelia Hart, Rosa Delgado" in notice.body


def test_stop_and_start_reach_everybody_with_the_number(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(BOOKING) as work:
        work.add(
            Contact(
                patient_id=clinic.child.patient_id, guardian_id=clinic.guardian.guardian_id, channel=Channel.PHONE,
                value=PHONE, created_at=work.now(),
            )
        )  # fmt: skip
    assert text(open_as, "SM1", PHONE, Said.STOP) == inbound.DONE
    assert flags(open_as, clinic.amelia) == flags(open_as, clinic.child) == (True, False)
    with open_as(BOOKING) as work:
        blocked = work.db.exec(select(Contact.blocked_at).where(Contact.value == PHONE)).all()
        assert all(at is not None for at in blocked)
    assert text(open_as, "SM2", PHONE, Said.START) == inbound.DONE
    assert flags(open_as, clinic.amelia) == (False, False)
    assert text(open_as, "SM1", PHONE, Said.STOP) == inbound.AGAIN
    assert flags(open_as, clinic.amelia) == (False, False)
    with open_as(BOOKING) as work:
        assert not [at for at in work.db.exec(select(Contact.blocked_at).where(Contact.value == PHONE)).all() if at]


def test_start_is_no_yes_of_who_never_said_no(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(BOOKING) as work:
        work.get(Patient, clinic.amelia.patient_id).wants_sms = False
    assert text(open_as, "SM1", PHONE, Said.START) == inbound.UNCHANGED
    with open_as(BOOKING) as work:
        assert not work.get(Patient, clinic.amelia.patient_id).wants_sms


def test_other_words_do_nothing(clinic: TestClinic, open_as: OpenAs) -> None:
    assert text(open_as, "SM1", PHONE, Said.HELP) == inbound.NOTHING
    assert text(open_as, "SM2", PHONE, Said.OTHER) == inbound.NOTHING
    assert text(open_as, "SM3", "", Said.STOP) == inbound.UNMATCHED
    assert text(open_as, "SM4", "+15035550100", Said.STOP) == inbound.UNMATCHED
    assert flags(open_as, clinic.amelia) == (False, False)


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("STOP", "", Said.STOP),
        (" stop. ", "", Said.STOP),
        ("StopAll", "", Said.STOP),
        ("please stop by at nine", "", Said.OTHER),
        ("don't stop", "", Said.OTHER),
        ("Unstop", "", Said.START),
        ("info", "", Said.HELP),
        ("basta", "STOP", Said.STOP),
        ("", "", Said.OTHER),
    ],
)
def test_the_words_of_a_carrier(words: str, kind: str, said: Said) -> None:
    assert carrier_word(words, kind) is said


def test_nobody_but_the_system_takes_them(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(clinic.amelia) as work, pytest.raises(Denied):
        inbound.opt_out(work, BOTH)
