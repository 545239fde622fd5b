"""Two records that are one person's become one: nothing is lost or changed, and nobody is locked out."""

import json
import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, col, func, select

from portal.clock import FixedClock
from portal.domain.access import ROLES, Privilege, Role
from portal.errors import Conflict, Denied, NotFound
from portal.imports.matching import clients_here
from portal.jobs import audit_chain
from portal.models import (
    Allergy,
    Appointment,
    AuditEvent,
    CalendarFeed,
    Channel,
    ClientDraft,
    Contact,
    Guardian,
    Invite,
    LoyaltyAccount,
    LoyaltyProgram,
    Merge,
    Note,
    NoteDraft,
    OutboxMessage,
    PasscodeChallenge,
    Patient,
    PatientStatus,
    Purpose,
    Session,
)
from portal.queries.client_list import page
from portal.queries.client_panel import kept_id
from portal.queries.merged import records_of
from portal.security.sessions import open_session, session_hash
from portal.services import invoices, merging, search
from portal.services.household import local_day, reached_by
from portal.services.invoices import Line
from portal.services.merge_rows import APART, MOVED
from portal.work import NOBODY, SYSTEM, Actor, Work, open_work
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.team import acting

MANAGER = acting(Role.ADMIN)
BORN = date(1988, 3, 14)
OTHER_PHONE, EMAIL = "+15035550199", "amelia@example.com"


class Twice:
    """Amelia Hart, and a second record of hers with a phone of its own, an email, and everything that hangs on one."""

    def __init__(self, work: Work) -> None:
        self.clinic: TestClinic = furnish(work)
        assert self.clinic.amelia.patient_id is not None
        self.kept: UUID = self.clinic.amelia.patient_id
        now = work.now()
        gone = work.add(
            Patient(
                practice_id=self.clinic.practice_id,
                first_name="Amelia",
                last_name="Hart-Lund",
                date_of_birth=BORN,
                street="9 Alder Street",
                city="Portland",
                do_not_email=True,
                external_id="old-7",
                created_at=now - timedelta(days=400),
                portal_accepted_at=now - timedelta(days=300),
            )
        )
        self.gone: UUID = gone.id
        self.phone = work.add(Contact(patient_id=gone.id, channel=Channel.PHONE, value=OTHER_PHONE, created_at=now)).id
        work.add(Contact(patient_id=gone.id, channel=Channel.EMAIL, value=EMAIL, verified_at=now, created_at=now))
        self.actor = Actor(kind="patient", patient_id=gone.id, contact_id=self.phone, label="Amelia Hart-Lund")
        self.visit = self.clinic.visit(work, self.actor)
        search.index_many(work, work.db.exec(select(Patient)).all())

    def merge(self, work: Work, *taken: str) -> merging.Merged:
        seen = (work.get(Patient, self.kept).version, work.get(Patient, self.gone).version)
        return merging.merge(work, self.kept, self.gone, taken, seen)


@pytest.fixture
def twice(open_as: OpenAs) -> Twice:
    with open_as(SYSTEM) as work:
        return Twice(work)


def test_every_column_that_names_a_patient_moves_or_says_why_not() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("patient_id") or any(key.target_fullname == "patient.id" for key in column.foreign_keys)
    }
    moved = {f"{table.__tablename__}.patient_id" for table in MOVED}
    assert moved & APART.keys() == set()
    assert named == moved | APART.keys(), (
        "a table was added: say in portal/services/merge_rows.py what a merge does with it"
    )


def test_everything_comes_along_and_the_record_leads_on(twice: Twice, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        invoices.issue(work, twice.gone, "Facial", [Line("Facial", 12_500)])
        work.add(Allergy(patient_id=twice.gone, substance="Latex", recorded_at=work.now()))
        work.add(
            Note(patient_id=twice.gone, staff_id=twice.clinic.provider_id, text="Likes tea", created_at=work.now())
        )
        feed = CalendarFeed(patient_id=twice.gone, token_hash="f" * 64, created_at=work.now())
        feed_id = work.add(feed).id
    with open_as(MANAGER) as work:
        done = twice.merge(work)
    assert done.moved["appointment"] == done.moved["invoice"] == done.moved["allergy"] == done.moved["note"] == 1
    with open_as(MANAGER, write=False) as work:
        for table in (*MOVED, LoyaltyAccount):
            left = work.db.exec(select(func.count()).select_from(table).where(table.patient_id == twice.gone)).one()
            assert left == 0, table.__tablename__
        assert work.get(Appointment, twice.visit).patient_id == twice.kept
        assert work.get(CalendarFeed, feed_id).revoked_at is None, "whoever reads the calendar goes on reading it"
        kept, gone = work.get(Patient, twice.kept), work.get(Patient, twice.gone)
        assert (gone.merged_into_id, gone.status) == (twice.kept, PatientStatus.INACTIVE)
        assert (kept.last_name, kept.street, kept.external_id) == ("Hart", "9 Alder Street", "old-7")
        assert kept.do_not_email, "an opt-out of either is one"
        assert kept.portal_accepted_at == work.now() - timedelta(days=300)
        assert kept_id(work, twice.gone) == twice.kept
        assert records_of(work, twice.kept) == [twice.kept, twice.gone]
        assert [line.name for line in page(work, "hart").lines] == ["Amelia Hart"]
        assert [line.name for line in page(work, EMAIL).lines] == ["Amelia Hart"]
        row = work.db.exec(select(Merge)).one()
        assert json.loads(row.differed)["name"]["last_name"] == "Hart-Lund", "what it said otherwise is not lost"


def test_what_was_chosen_stays_and_the_other_contact_is_told(twice: Twice, open_as: OpenAs) -> None:
    with open_as(MANAGER) as work:
        twice.merge(work, "name", "phone")
    with open_as(SYSTEM, write=False) as work:
        kept = work.get(Patient, twice.kept)
        assert (kept.first_name, kept.last_name) == ("Amelia", "Hart-Lund")
        current = select(Contact.value).where(Contact.patient_id == twice.kept, col(Contact.retired_at).is_(None))
        assert set(work.db.exec(current)) == {OTHER_PHONE, EMAIL}
        told = work.db.exec(select(OutboxMessage).where(col(OutboxMessage.key).startswith("contact-changed"))).one()
        assert told.recipient == "+15035550187"
        today = local_day(work, work.practice())
        for channel, value in ((Channel.PHONE, OTHER_PHONE), (Channel.EMAIL, EMAIL)):
            assert [person.patient_id for person in reached_by(work, channel, value, today)] == [twice.kept]
        assert reached_by(work, Channel.PHONE, "+15035550187", today) == []


def test_whoever_is_signed_in_is_signed_out_and_gets_in_again(twice: Twice, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(twice.actor) as work:
        token = open_session(work, twice.gone, twice.phone)
        under_way = work.add(
            PasscodeChallenge(
                purpose=Purpose.LOGIN,
                browser_hash="b" * 64,
                contact_hash="c" * 64,
                typed_channel=Channel.PHONE,
                sent_channel=Channel.PHONE,
                ticket_patient_id=twice.gone,
                ticket_expires_at=work.now() + timedelta(minutes=1),
                created_at=work.now(),
                expires_at=work.now() + timedelta(minutes=10),
            )
        ).id
    with open_as(MANAGER) as work:
        twice.merge(work, "phone")
        assert work.changes[twice.gone] >= {"session", "record"}, "an open page hears of it"
    with open_as(SYSTEM, write=False) as work:
        session = work.db.exec(select(Session).where(Session.token_hash == session_hash(token))).one()
        assert (session.ended_by, session.patient_id) == ("merged", twice.kept)
        challenge = work.get(PasscodeChallenge, under_way)
        assert challenge.closed_at == challenge.ticket_expires_at == work.now()
        kept_session = work.db.exec(select(Session).where(Session.id == twice.clinic.amelia.session_id)).one()
        assert kept_session.ended_at is None, "the record that stays is not signed out"


def test_the_same_contact_on_both_is_one_and_what_was_proved_stays_proved(twice: Twice, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        ours = work.add(Contact(patient_id=twice.kept, channel=Channel.EMAIL, value=EMAIL, created_at=work.now())).id
        theirs = work.db.exec(select(Contact).where(Contact.patient_id == twice.gone, Contact.value == EMAIL)).one().id
        for number, contact in enumerate((ours, theirs)):
            expires = work.now() + timedelta(days=7)
            work.add(
                Invite(
                    patient_id=twice.kept if contact == ours else twice.gone,
                    token_hash=f"{number}" * 64,
                    created_at=work.now(),
                    expires_at=expires,
                    contact_id=contact,
                )
            )
    with open_as(MANAGER) as work:
        twice.merge(work)
    with open_as(SYSTEM, write=False) as work:
        rows = work.db.exec(select(Contact).where(Contact.value == EMAIL)).all()
        assert [row.id for row in rows if row.retired_at is None] == [ours]
        assert work.get(Contact, ours).verified_at is not None
        invites = work.db.exec(select(Invite)).all()
        assert {(one.patient_id, one.contact_id) for one in invites} == {(twice.kept, ours)}
        assert all(one.expires_at > work.now() for one in invites), "both links lead to the record that stays"
        told = select(OutboxMessage.recipient).where(col(OutboxMessage.key).startswith("contact-changed"))
        assert work.db.exec(told).all() == [OTHER_PHONE], "the email stayed as it was and is told nothing"


def test_what_there_can_be_but_one_of(twice: Twice, open_as: OpenAs) -> None:
    provider = twice.clinic.provider_id
    with open_as(SYSTEM) as work:
        now = work.now()
        for whose, program, number in (
            (twice.kept, LoyaltyProgram.ALLE, "1"),
            (twice.gone, LoyaltyProgram.ALLE, "2"),
            (twice.gone, LoyaltyProgram.ASPIRE, "3"),
        ):
            work.add(LoyaltyAccount(patient_id=whose, program=program, member_number=number, changed_at=now))
        for whose, words in ((twice.kept, "Called"), (twice.gone, "Called back")):
            work.add(NoteDraft(staff_id=provider, patient_id=whose, text=words, kept_at=now))
            work.add(ClientDraft(staff_id=provider, patient_id=whose, base="{}", typed="{}", kept_at=now))
            work.add(Allergy(patient_id=whose, substance="Latex", recorded_at=now))
        work.get(Patient, twice.kept).no_allergies_at = now
    with open_as(MANAGER) as work:
        twice.merge(work)
    with open_as(SYSTEM, write=False) as work:
        mine = work.db.exec(select(LoyaltyAccount).where(LoyaltyAccount.patient_id == twice.kept)).all()
        assert {(row.program, row.member_number) for row in mine} == {("alle", "1"), ("aspire", "3")}
        assert [row.text for row in work.db.exec(select(NoteDraft))] == ["Called\n\nCalled back"]
        assert [row.patient_id for row in work.db.exec(select(ClientDraft))] == [twice.kept]
        current = select(Allergy.patient_id).where(col(Allergy.ended_at).is_(None))
        assert work.db.exec(current).all() == [twice.kept]
        assert work.get(Patient, twice.kept).no_allergies_at is None


def test_one_guardian_named_in_both_is_one(twice: Twice, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        for whose, value in ((twice.kept, "+15035550188"), (twice.gone, "+15035550189")):
            guardian = work.add(Guardian(patient_id=whose, name="Daniel Hart", relationship="father"))
            for channel, reach in ((Channel.PHONE, value), (Channel.EMAIL, "daniel@example.com")):
                work.add(
                    Contact(
                        patient_id=whose, guardian_id=guardian.id, channel=channel, value=reach, created_at=work.now()
                    )
                )
    with open_as(MANAGER) as work:
        twice.merge(work)
    with open_as(SYSTEM, write=False) as work:
        guardian = work.db.exec(select(Guardian).where(Guardian.name == "Daniel Hart")).one()
        assert guardian.patient_id == twice.kept
        current = select(Contact.value).where(
            col(Contact.guardian_id) == guardian.id, col(Contact.retired_at).is_(None)
        )
        assert set(work.db.exec(current)) == {"+15035550188", "daniel@example.com"}


def test_the_log_of_both_is_left_as_it_is_and_stays_sealed(
    twice: Twice, open_as: OpenAs, clock: FixedClock, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.models import db as database

    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_as(SYSTEM) as work:
        work.audit("profile.changed", patient_id=twice.gone, fields=["city"])
    clock.advance(seconds=10)
    while audit_chain.seal(clock):
        pass
    with open_as(MANAGER) as work:
        twice.merge(work)
    clock.advance(seconds=10)
    while audit_chain.seal(clock):
        pass
    with open_as(SYSTEM, write=False) as work:
        assert list(audit_chain.broken(work)) == []
        of_gone = select(AuditEvent.action).where(AuditEvent.patient_id == twice.gone)
        assert {"profile.changed", "client.merged_into", "session.all_ended"} <= set(work.db.exec(of_gone))


def test_a_record_that_others_went_into_earlier_takes_them_along(twice: Twice, open_as: OpenAs) -> None:
    rosa = twice.clinic.rosa.patient_id
    assert rosa is not None
    with open_as(MANAGER) as work:
        twice.merge(work)
    with open_as(MANAGER) as work:
        versions = (work.get(Patient, rosa).version, work.get(Patient, twice.kept).version)
        merging.merge(work, rosa, twice.kept, (), versions)
    with open_as(MANAGER, write=False) as work:
        assert kept_id(work, twice.gone) == kept_id(work, twice.kept) == rosa
        assert set(records_of(work, rosa)) == {rosa, twice.kept, twice.gone}


def test_refused(twice: Twice, open_as: OpenAs) -> None:
    rosa = twice.clinic.rosa.patient_id
    assert rosa is not None
    with open_as(MANAGER) as work, pytest.raises(Conflict, match="same record"):
        merging.merge(work, twice.kept, twice.kept, (), (1, 1))
    with open_as(MANAGER) as work, pytest.raises(NotFound):
        merging.merge(work, twice.kept, twice.clinic.clinic_id, (), (1, 1))
    with open_as(MANAGER) as work, pytest.raises(Conflict, match="changed meanwhile"):
        merging.merge(work, twice.kept, twice.gone, (), (1, 2))
    with open_as(SYSTEM) as work:
        work.get(Patient, rosa).deceased_at = work.now()
    with open_as(MANAGER) as work, pytest.raises(Conflict, match="deceased"):
        merging.merge(work, twice.kept, rosa, (), (1, 1))
    with open_as(MANAGER) as work:
        twice.merge(work)
    for pair in ((twice.kept, twice.gone), (twice.gone, twice.kept)):
        with open_as(MANAGER) as work, pytest.raises(Conflict, match="went into another"):
            merging.merge(work, *pair, (), (2, 2))


def test_only_those_who_may(twice: Twice, open_as: OpenAs) -> None:
    without = ROLES[Role.ADMIN] - {Privilege.CLIENTS_MERGE}
    for actor in (NOBODY, twice.clinic.amelia, Actor(kind="staff", privileges=without)):
        with open_as(actor) as work, pytest.raises(Denied):
            merging.merge(work, twice.kept, twice.gone, (), (1, 1))


def test_two_merges_at_once_and_one_is_told(twice: Twice, engine: Engine, clock: FixedClock) -> None:
    """Each of two people lets the other's record go into theirs: one of them wins, wholly."""
    start, outcomes = threading.Barrier(2), []

    def one(kept: UUID, gone: UUID) -> None:
        start.wait()
        try:
            with open_work(MANAGER, engine=engine, clock=clock) as work:
                merging.merge(work, kept, gone, (), (1, 1))
            outcomes.append("merged")
        except Conflict:
            outcomes.append("told")

    pairs = ((twice.kept, twice.gone), (twice.gone, twice.kept))
    threads = [threading.Thread(target=one, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["merged", "told"]
    with open_work(SYSTEM, engine=engine, clock=clock, write=False) as work:
        rows = [work.get(Patient, one) for one in (twice.kept, twice.gone)]
        assert sorted(row.merged_into_id is None for row in rows) == [False, True]
        assert work.db.exec(select(func.count()).select_from(Merge)).one() == 1


def test_what_is_written_for_the_record_that_went_comes_after(twice: Twice, open_as: OpenAs) -> None:
    with open_as(MANAGER) as work:
        twice.merge(work)
    with open_as(SYSTEM) as work:
        late = twice.clinic.visit(work, twice.actor)
        assert merging.gather(work) == 1
        assert work.get(Appointment, late).patient_id == twice.kept
        assert merging.gather(work) == 0


def test_an_import_under_the_id_of_the_record_that_went_reaches_the_one_that_stays(
    twice: Twice, open_as: OpenAs
) -> None:
    with open_as(SYSTEM) as work:
        work.get(Patient, twice.kept).external_id = "new-1"
    with open_as(MANAGER) as work:
        twice.merge(work)
    with open_as(SYSTEM, write=False) as work:
        assert work.get(Patient, twice.gone).external_id == "old-7"
        found = clients_here(work, ["old-7", "new-1", "nobody"])
        assert {one: patient.id for one, patient in found.items()} == {"old-7": twice.kept, "new-1": twice.kept}


def test_half_a_merge_is_none(twice: Twice, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: object) -> dict[str, int]:
        raise ConnectionError("the power went")

    monkeypatch.setattr(merging, "move", cut)
    with pytest.raises(ConnectionError), open_as(MANAGER) as work:
        twice.merge(work, "phone")
    with open_as(SYSTEM, write=False) as work:
        assert work.get(Patient, twice.gone).merged_into_id is None
        assert work.get(Contact, twice.phone).retired_at is None
        assert work.db.exec(select(Merge)).all() == []
