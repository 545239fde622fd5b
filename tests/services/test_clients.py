"""The front desk helps somebody who cannot get in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.access import ROLES
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.ids import uuid7
from portal.models import (
    AuditEvent,
    Channel,
    Contact,
    Guardian,
    Invite,
    OutboxMessage,
    Patient,
    PatientStatus,
    Practice,
    Role,
    Session,
    Staff,
)
from portal.queries import clients as look_up
from portal.queries import form_book
from portal.security.sessions import open_session
from portal.services import clients, invites
from portal.services.household import reached_by
from portal.work import Actor, Work

Open = Callable[..., AbstractContextManager[Work]]
OLD, NEW = "+15035550187", "(971) 555-0199"


@dataclass(frozen=True)
class Desk:
    """A practice with one client, and Marisol at its front desk."""

    actor: Actor
    practice: UUID
    amelia: UUID


@pytest.fixture
def desk(open_as: Open) -> Desk:
    with open_as() as work:
        practice = work.add(
            Practice(name="Lumière", wordmark="Lumière", phone="+15035550142", email="hello@lumiere.example")
        )
        marisol = work.add(
            Staff(
                practice_id=practice.id,
                first_name="Marisol",
                last_name="Vega",
                email="marisol.vega@lumiere.example",
                role=Role.FRONT_DESK,
            )
        )
        amelia = _client(work, practice.id, "Amelia", "Hart", date(1988, 3, 14))
        for channel, value in ((Channel.PHONE, OLD), (Channel.EMAIL, "amelia.hart@example.com")):
            work.add(Contact(patient_id=amelia, channel=channel, value=value, created_at=work.now()))
        actor = Actor(
            kind="staff", staff_id=marisol.id, role="front_desk", label="Marisol Vega",
            privileges=ROLES[Role.FRONT_DESK],
        )  # fmt: skip
        return Desk(actor, practice.id, amelia)


def _client(work: Work, practice: UUID, first: str, last: str, born: date, **more: object) -> UUID:
    patient = Patient(
        practice_id=practice,
        first_name=first,
        last_name=last,
        date_of_birth=born,
        created_at=work.now(),
        **more,  # type: ignore[arg-type]
    )
    return work.add(patient).id


def test_the_new_contact_logs_in_and_the_old_one_does_not(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work:
        done = clients.set_contact(work, desk.amelia, Channel.PHONE, NEW)
        assert (done.value, done.told_old) == (NEW, True)
        today = date(2026, 11, 23)
        assert [person.patient_id for person in reached_by(work, Channel.PHONE, "+19715550199", today)] == [desk.amelia]
        assert not reached_by(work, Channel.PHONE, OLD, today)
        assert reached_by(work, Channel.EMAIL, "amelia.hart@example.com", today)


def test_the_old_contact_is_told_and_never_learns_the_new_one(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work:
        clients.set_contact(work, desk.amelia, Channel.PHONE, NEW)
    with open_as(desk.actor) as work:
        message = work.db.exec(select(OutboxMessage)).one()
        assert (message.channel, message.recipient, message.patient_id) == ("sms", OLD, desk.amelia)
        assert "was changed" in (message.text or "")
        assert "0199" not in f"{message.text}{message.html}"


def test_it_is_audited_as_the_person_who_did_it_without_the_contact(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work:
        clients.set_contact(work, desk.amelia, Channel.EMAIL, "New.Address@Example.com")
        event = work.db.exec(select(AuditEvent).where(AuditEvent.action == "contact.corrected")).one()
        assert (event.actor_id, event.actor_label) == (desk.actor.staff_id, "Marisol Vega")
        assert event.patient_id == desk.amelia
        assert event.detail == {"channel": "email"}


def test_open_log_ins_and_invitations_end(desk: Desk, open_as: Open, clock: FixedClock) -> None:
    with open_as(desk.actor) as work:
        open_session(work, desk.amelia)
        open_session(work, desk.amelia)
        invites.create(work, desk.amelia)
    with open_as(desk.actor) as work:
        assert clients.set_contact(work, desk.amelia, Channel.EMAIL, "new@example.com").signed_out == 2
    with open_as(desk.actor) as work:
        assert all(session.ended_by == "staff" for session in work.db.exec(select(Session)))
        assert work.db.exec(select(Invite)).one().expires_at == clock.now()
        assert clients.sign_out(work, desk.amelia) == 0


def test_signing_out_ends_every_device(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work:
        open_session(work, desk.amelia)
        assert clients.sign_out(work, desk.amelia) == 1
        with pytest.raises(NotFound):
            clients.sign_out(work, uuid7())


@pytest.mark.parametrize(
    ("channel", "typed", "sentence"),
    [(Channel.PHONE, "12", "too short"), (Channel.EMAIL, "amelia", "has an @"), (Channel.PHONE, "", "Add your")],
)
def test_what_is_no_contact_changes_nothing(
    desk: Desk, open_as: Open, channel: Channel, typed: str, sentence: str
) -> None:
    with open_as(desk.actor) as work:
        with pytest.raises(Invalid, match=sentence):
            clients.set_contact(work, desk.amelia, channel, typed)
        assert len(work.db.exec(select(Contact).where(col(Contact.retired_at).is_(None))).all()) == 2


def test_the_same_contact_again_is_said_to_be_there(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work, pytest.raises(Conflict, match="on file already"):
        clients.set_contact(work, desk.amelia, Channel.PHONE, "503.555.0187")


def test_a_minors_contact_is_the_guardians(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work:
        theo = _client(work, desk.practice, "Theo", "Hart", date(2015, 1, 1))
        with pytest.raises(Conflict, match="no guardian"):
            clients.set_contact(work, theo, Channel.EMAIL, "esther@example.com")
        esther = work.add(Guardian(patient_id=theo, name="Esther Hart", relationship="Mother"))
        assert not clients.set_contact(work, theo, Channel.EMAIL, "esther@example.com").told_old
        contact = work.db.exec(select(Contact).where(Contact.patient_id == theo)).one()
        assert contact.guardian_id == esther.id
        assert [row.whose for row in look_up.contacts(work, theo)] == ["Esther Hart, mother"]
        work.add(Guardian(patient_id=theo, name="Daniel Hart", relationship="Father"))
        with pytest.raises(Conflict, match="more than one guardian"):
            clients.set_contact(work, theo, Channel.EMAIL, "daniel@example.com")


def test_of_several_guardians_the_one_who_is_meant(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work:
        theo = _client(work, desk.practice, "Theo", "Hart", date(2015, 1, 1))
        esther, daniel = (
            work.add(Guardian(patient_id=theo, name=name, relationship="Parent")).id for name in ("Esther", "Daniel")
        )
        clients.set_contact(work, theo, Channel.EMAIL, "esther@example.com", esther)
        clients.set_contact(work, theo, Channel.EMAIL, "daniel@example.com", daniel)
        assert clients.set_contact(work, theo, Channel.EMAIL, "d.hart@example.com", daniel).told_old
        reached = {(row.value, row.guardian_id) for row in look_up.contacts(work, theo)}
        assert reached == {("esther@example.com", str(esther)), ("d.hart@example.com", str(daniel))}
        for stranger in (uuid7(), theo):
            with pytest.raises(NotFound):
                clients.set_contact(work, theo, Channel.EMAIL, "mallory@example.com", stranger)
        other = _client(work, desk.practice, "Ada", "Hart", date(2016, 1, 1))
        with pytest.raises(NotFound):  # another client's guardian
            clients.set_contact(work, other, Channel.EMAIL, "mallory@example.com", esther)


def test_an_inactive_record_stays_as_it_is(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work:
        gone = _client(work, desk.practice, "Walter", "Brandt", date(1948, 9, 5), status=PatientStatus.INACTIVE)
        with pytest.raises(Conflict, match="inactive"):
            clients.set_contact(work, gone, Channel.PHONE, NEW)


@pytest.mark.parametrize("kind", ["nobody", "patient", "guardian"])
def test_nobody_else_may(desk: Desk, open_as: Open, kind: str) -> None:
    with open_as(Actor(kind=kind, patient_id=desk.amelia)) as work:
        for attempt in (
            lambda: clients.set_contact(work, desk.amelia, Channel.PHONE, NEW),
            lambda: clients.sign_out(work, desk.amelia),
            lambda: look_up.find(work, "Amelia"),
            lambda: look_up.contacts(work, desk.amelia),
            lambda: form_book.forms(work, patient_id=desk.amelia),
        ):
            with pytest.raises(Denied):
                attempt()


@pytest.mark.parametrize(
    "text",
    ["amelia", "HART", "hart am", "5550187", "(503) 555-0187", "0187", "amelia.hart@", "03/14/1988", "1988-03-14"],
)
def test_a_client_is_found_by_any_part(desk: Desk, open_as: Open, text: str) -> None:
    with open_as(desk.actor) as work:
        _client(work, desk.practice, "Rosa", "Delgado", date(1979, 5, 22))
        assert [row.name for row in look_up.find(work, text)] == ["Amelia Hart"]


@pytest.mark.parametrize("text", ["%", "_", "12", "zzz", "amelia delgado", "(503) 555-0188"])
def test_what_fits_nobody_finds_nobody(desk: Desk, open_as: Open, text: str) -> None:
    with open_as(desk.actor) as work:
        assert look_up.find(work, text) == []


def test_a_retired_contact_finds_nobody(desk: Desk, open_as: Open) -> None:
    with open_as(desk.actor) as work:
        clients.set_contact(work, desk.amelia, Channel.PHONE, NEW)
        assert look_up.find(work, "5550187") == []
        (phone, email) = look_up.contacts(work, desk.amelia)
        assert (phone.channel, phone.value, phone.proved, phone.login) == ("phone number", NEW, "", True)
        assert email.value == "amelia.hart@example.com"


def test_the_list_has_an_end(desk: Desk, open_as: Open, engine: Engine) -> None:
    with open_as(desk.actor) as work:
        for number in range(look_up.MOST + 5):
            _client(work, desk.practice, "Ana", f"Cole{number:02}", date(1990, 1, 1) + timedelta(days=number))
        assert len(look_up.find(work, "cole")) == look_up.MOST
