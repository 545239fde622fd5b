"""Staff help a client into the portal: a link by email, a corrected contact, everybody logged out."""

import pytest
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.access import Role
from portal.errors import Denied, Invalid, TooMany
from portal.models import AuditEvent, Channel, Contact, Invite, Notification, OutboxMessage, Patient, Session
from portal.queries.portal_access import access, ways_in
from portal.services import portal_access
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic
from tests.support.team import acting, hired


@pytest.fixture
def desk(clinic: TestClinic, open_as: OpenAs) -> Actor:
    """Marisol of the front desk; Amelia has an email address."""
    with open_as(SYSTEM) as work:
        assert clinic.amelia.patient_id
        work.add(
            Contact(
                patient_id=clinic.amelia.patient_id,
                channel=Channel.EMAIL,
                value="amelia.hart@example.com",
                created_at=work.now(),
            )
        )
    return hired(open_as, clinic, Role.FRONT_DESK, "Marisol", "Vega")


def test_a_second_link_ends_the_first_and_is_not_sent_at_once(
    clinic: TestClinic, desk: Actor, open_as: OpenAs, clock: FixedClock
) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        assert access(work, amelia).status == "Not invited"
        portal_access.send_link(work, amelia)
        row = access(work, amelia)
        assert row.status == "Invited"
        assert "by email to amelia.hart@example.com" in row.invited
    with open_as(desk) as work, pytest.raises(TooMany):
        portal_access.send_link(work, amelia)
    clock.advance(minutes=2)
    with open_as(desk) as work:
        portal_access.send_link(work, amelia)
        ends = work.db.exec(select(Invite.expires_at).order_by(col(Invite.created_at))).all()
        assert ends[0] <= work.now() < ends[1]


def test_a_day_has_so_many_links(clinic: TestClinic, desk: Actor, open_as: OpenAs, clock: FixedClock) -> None:
    for _ in range(portal_access.MOST):
        with open_as(desk) as work:
            portal_access.send_link(work, clinic.amelia.patient_id)  # pyright: ignore[reportArgumentType]
        clock.advance(minutes=5)
    with open_as(desk) as work, pytest.raises(TooMany) as refused:
        portal_access.send_link(work, clinic.amelia.patient_id)  # pyright: ignore[reportArgumentType]
    assert "hours" in refused.value.sentence


def test_everybody_is_logged_out_and_told(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        assert access(work, amelia).signed_in == 1
        assert portal_access.sign_out_everywhere(work, amelia) == 1
    with open_as(desk) as work:
        assert access(work, amelia).signed_in == 0
        letter = work.db.exec(select(OutboxMessage)).one()
        assert (letter.channel, letter.recipient) == ("email", "amelia.hart@example.com")
        assert "all devices" in (letter.text or "")
        assert work.db.exec(select(Notification.body)).all() == ["We logged you out on all devices."]
        ended = work.db.exec(select(Session.ended_by).where(Session.patient_id == amelia)).all()
        assert ended == ["staff"]
        assert portal_access.sign_out_everywhere(work, amelia) == 0
        assert len(work.db.exec(select(OutboxMessage)).all()) == 1, "nobody is told of nothing"


def test_a_childs_guardian_is_told(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    child = clinic.child.patient_id
    assert child
    with open_as(SYSTEM) as work:
        own = work.db.exec(select(Contact).where(Contact.patient_id == child)).one()
        own.guardian_id = clinic.guardian.guardian_id
        work.add(own)
    with open_as(desk) as work:
        portal_access.sign_out_everywhere(work, child)
        letter = work.db.exec(select(OutboxMessage)).one()
        assert letter.recipient == "+15035550144"
        assert letter.channel == "sms"


def test_a_corrected_contact_is_told_of_in_the_feed_too(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        assert [row.value for row in ways_in(work, amelia)] == ["(503) 555-0187", "amelia.hart@example.com"]
        portal_access.correct(work, amelia, "phone", "971 555 0199")
        assert ways_in(work, amelia)[0].value == "(971) 555-0199"
        assert "phone number you log in with" in work.db.exec(select(Notification.body)).one()
        with pytest.raises(Invalid):
            portal_access.correct(work, amelia, "email", "nowhere")
        actions = set(work.db.exec(select(AuditEvent.action)).all())
        assert {"contact.corrected", "session.all_ended"} <= actions


def test_accepted_is_said_with_the_last_log_in(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        patient = work.get(Patient, amelia)
        patient.portal_accepted_at = work.now()
        work.add(patient)
        row = access(work, amelia)
        assert row.status == "Accepted"
        assert row.accepted.startswith("Invite accepted today, ")
        assert row.last_log_in.startswith("Last log in today, ")


def test_who_may_not_cannot(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    for actor in (acting(Role.PROVIDER), clinic.amelia, clinic.rosa):
        for act in (portal_access.send_link, portal_access.sign_out_everywhere, ways_in):
            with open_as(actor) as work, pytest.raises(Denied):
                act(work, amelia)
        with open_as(actor) as work, pytest.raises(Denied):
            portal_access.correct(work, amelia, "phone", "971 555 0199")
