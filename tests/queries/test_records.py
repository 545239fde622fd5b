"""What is read of the audit log: a client's activity, the search of the practice, and who opened a record."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

import portal
from portal.domain.access import Role
from portal.domain.audit import Kind
from portal.errors import Denied, NotFound
from portal.jobs import audit_chain as sealing
from portal.models import Appointment, AppointmentStatus, AuditEvent, OutboxMessage, OutboxStatus, Patient
from portal.models import db as database
from portal.queries import activity, audit_chain, audit_search, opened_record
from portal.queries.audit_search import Asked
from portal.work import SYSTEM, Actor
from tests.queries.counting import counted
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.staff import member


@pytest.fixture
def clinic(work) -> TestClinic:
    made = furnish(work)
    work.db.commit()
    return made


@pytest.fixture
def adaeze(work, clinic: TestClinic) -> Actor:
    actor = member(work)
    work.db.commit()
    return actor


@pytest.fixture
def marisol(work, clinic: TestClinic) -> Actor:
    actor = member(work, Role.FRONT_DESK, "Marisol", "Vega")
    work.db.commit()
    return actor


def note(open_as: OpenAs, who: Actor, action: str, patient_id: UUID | None, **detail: object) -> None:
    with open_as(who) as work:
        work.audit(action, patient_id=patient_id, **detail)


def words(open_as: OpenAs, who: Actor, client_id: UUID) -> list[str]:
    with open_as(who) as work:
        return [row.words for row in activity.page(work, client_id).rows]


# What happened with a client.


def test_activity_says_who_did_what_newest_first(clinic: TestClinic, marisol: Actor, open_as: OpenAs, clock) -> None:
    amelia = clinic.amelia
    with open_as(SYSTEM) as work:
        visit = clinic.visit(work, amelia, work.now() - timedelta(days=2))
        row = work.get(Appointment, visit)
        row.status, row.title = AppointmentStatus.COMPLETED, "Botox"
        work.audit("appointment.booked", row)
        work.add(
            OutboxMessage(
                key="reminder:x:y:72", channel="sms", patient_id=amelia.patient_id, status=OutboxStatus.SENT,
                due_at=work.now(), created_at=work.now(), sent_at=work.now() + timedelta(minutes=2),
            )
        )  # fmt: skip
    clock.advance(minutes=10)
    note(open_as, marisol, "client.viewed", amelia.patient_id)
    note(open_as, amelia, "profile.changed", amelia.patient_id, fields=["street"])
    note(open_as, amelia, "session.opened", amelia.patient_id)  # says nothing that another line does not
    note(open_as, clinic.rosa, "profile.changed", clinic.rosa.patient_id)
    with open_as(marisol) as work:
        found = activity.page(work, amelia.patient_id)
    assert [(row.words, row.who) for row in found.rows] == [
        ("Changed the profile", "Amelia Hart"),
        ("Opened the profile", "Marisol Vega"),
        ("Text sent: a visit reminder", "The portal"),
        ("Booked Botox", "System"),
        ("Visit: Botox", ""),
    ]
    assert [row.heading for row in found.rows] == [True, False, False, False, True]
    assert found.rows[1].origin == marisol.address
    assert found.next == ""


def test_activity_pages_by_key_and_misses_nothing(clinic: TestClinic, marisol: Actor, open_as: OpenAs, clock) -> None:
    for number in range(activity.PAGE * 2 + 5):
        note(open_as, marisol, "client.viewed", clinic.amelia.patient_id, number=number)
        if number % 3:
            clock.advance(minutes=20)  # some at the very same moment
    seen, after = [], ""
    with open_as(marisol) as work:
        while True:
            found = activity.page(work, clinic.amelia.patient_id, after)
            seen += [row.id for row in found.rows]
            after = found.next
            if not after:
                break
        assert len(seen) == len(set(seen)) == activity.PAGE * 2 + 5
        for wrong in ("x", "e30=", "bnVsbA==", "WzEsMl0="):
            assert activity.page(work, clinic.amelia.patient_id, wrong).rows[0].id == seen[0]


def test_what_was_done_with_a_record_that_went_belongs_to_the_one_that_stays(
    clinic: TestClinic, marisol: Actor, open_as: OpenAs
) -> None:
    note(open_as, marisol, "client.viewed", clinic.rosa.patient_id)
    with open_as(SYSTEM) as work:
        work.get(Patient, clinic.rosa.patient_id).merged_into_id = clinic.amelia.patient_id
    assert words(open_as, marisol, clinic.amelia.patient_id) == ["Opened the profile"]
    with open_as(clinic.amelia) as work:
        assert opened_record.opened(work).days[0].rows[0].who == "Marisol Vega"


def test_activity_is_for_who_may_see_clients(clinic: TestClinic, marisol: Actor, open_as: OpenAs) -> None:
    for actor in (clinic.amelia, Actor(), Actor(kind="locked", staff_id=marisol.staff_id)):
        with open_as(actor) as work, pytest.raises(Denied):
            activity.page(work, clinic.amelia.patient_id)
    with open_as(marisol) as work, pytest.raises(NotFound):
        activity.page(work, clinic.practice_id)


# The search.


def test_the_log_is_found_by_client_staff_kind_and_day(
    clinic: TestClinic, adaeze: Actor, marisol: Actor, open_as: OpenAs, clock
) -> None:
    note(open_as, marisol, "client.viewed", clinic.amelia.patient_id)
    note(open_as, marisol, "profile.changed", clinic.rosa.patient_id, fields=["street"])
    clock.advance(days=2)
    note(open_as, adaeze, "client.viewed", clinic.rosa.patient_id)
    today = clock.now().date()

    def found(**asked: object) -> list[tuple[str, str]]:
        with open_as(adaeze) as work:
            return [(row.who, row.words) for row in audit_search.page(work, Asked(**asked)).rows]  # type: ignore[arg-type]

    first, second, third = (
        ("Marisol Vega", "Opened the profile"),
        ("Marisol Vega", "Changed the profile"),
        ("Adaeze Okonkwo", "Opened the profile"),
    )
    assert found() == [third, second, first]
    assert found(client_id=clinic.amelia.patient_id) == [first]
    assert found(client_id=clinic.rosa.patient_id, kind=Kind.OPENED) == [third]
    assert found(staff_id=marisol.staff_id) == [second, first]
    assert found(kind=Kind.OPENED) == [third, first]
    assert found(kind=Kind.OPENED, staff_id=marisol.staff_id) == [first]
    assert found(kind=Kind.MONEY) == []
    assert found(since=today) == [third]
    assert found(until=today - timedelta(days=1)) == [second, first]
    assert found(since=today - timedelta(days=2), until=today - timedelta(days=2)) == [second, first]
    assert found(until=date(2020, 1, 1)) == []


def test_a_row_says_everything_that_is_asked_of_it(clinic: TestClinic, adaeze: Actor, open_as: OpenAs) -> None:
    note(open_as, adaeze, "profile.changed", clinic.amelia.patient_id, fields=["street", "city"])
    with open_as(adaeze) as work:
        row = audit_search.page(work, Asked()).rows[0]
    assert (row.who, row.role, row.client, row.detail, row.origin) == (
        "Adaeze Okonkwo", "Medical Director", "Amelia Hart", "street, city", adaeze.address,
    )  # fmt: skip
    assert not row.sealed
    assert not row.altered


@pytest.mark.parametrize("asked", [Asked(), Asked(kind=Kind.OPENED)])
def test_the_log_is_paged_by_key(asked: Asked, clinic: TestClinic, adaeze: Actor, open_as: OpenAs, clock) -> None:
    for number in range(audit_search.PAGE * 2 + 3):
        note(open_as, adaeze, "client.viewed" if number % 2 else "notes.viewed", clinic.amelia.patient_id)
        clock.advance(seconds=number % 2)
    with open_as(adaeze) as work:
        first = audit_search.page(work, asked)
        second = audit_search.page(work, asked, first.next)
        third = audit_search.page(work, asked, second.next)
    pages = [row.id for found in (first, second, third) for row in found.rows]
    assert len(pages) == len(set(pages)) == audit_search.PAGE * 2 + 3
    assert third.next == ""


def test_a_page_costs_the_same_however_long_the_log(
    clinic: TestClinic, adaeze: Actor, open_as: OpenAs, engine: Engine
) -> None:
    costs = []
    for _ in range(2):
        for _ in range(60):
            note(open_as, adaeze, "client.viewed", clinic.amelia.patient_id)
        with open_as(adaeze) as work, counted(engine) as asked:
            audit_search.page(work, Asked())
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 5


def test_searching_is_for_who_may(clinic: TestClinic, marisol: Actor, open_as: OpenAs) -> None:
    for actor in (marisol, clinic.amelia, Actor()):
        with open_as(actor) as work:
            for ask in (
                lambda w: audit_search.page(w, Asked()),
                audit_search.state_of_chain,
                audit_search.staff_choices,
                lambda w: audit_search.find_clients(w, "hart"),
                lambda w: audit_search.client_name(w, clinic.amelia.patient_id),
                lambda w: audit_search.check_chain(w, 0, "", 10),
            ):
                with pytest.raises(Denied):
                    ask(work)


def test_a_row_that_was_changed_shows_and_so_does_the_chain(
    clinic: TestClinic, adaeze: Actor, open_as: OpenAs, clock, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)
    for _ in range(25):
        note(open_as, adaeze, "client.viewed", clinic.amelia.patient_id)
    clock.advance(seconds=5)
    assert sealing.seal(clock) >= 25

    def checked() -> list[str]:
        wrong, mark, last = [], audit_chain.Mark(), False
        with open_as(adaeze) as work:
            while not last:
                piece = audit_search.check_chain(work, mark.seq, mark.hash, 10)
                mark, last = piece.mark, piece.last
                wrong += piece.wrong
        return wrong

    assert checked() == []
    with open_as(SYSTEM) as work:
        work.db.execute(text("UPDATE audit_event SET actor_label = 'Nobody' WHERE seq = 20"))
    assert checked() == ["Audit row 20 was changed after it was sealed."]
    with open_as(adaeze) as work:
        assert [row.altered for row in audit_search.page(work, Asked()).rows].count(True) == 1
    with open_as(SYSTEM) as work:
        work.db.execute(text("DELETE FROM audit_event WHERE seq = 11"))  # where one piece ends and the next begins
    assert checked()[0] == "Audit row 11 is missing (row 12 follows)."


# Who opened the record.


def test_a_patient_sees_who_opened_the_record_by_day(
    clinic: TestClinic, adaeze: Actor, marisol: Actor, open_as: OpenAs, clock
) -> None:
    amelia = clinic.amelia.patient_id
    note(open_as, marisol, "client.viewed", amelia)
    clock.advance(minutes=30)
    for action in ("document.downloaded", "notes.viewed"):
        note(open_as, marisol, action, amelia)
    note(open_as, adaeze, "allergies.viewed", amelia)
    clock.advance(days=1)
    note(open_as, adaeze, "client.viewed", amelia)
    note(open_as, clinic.amelia, "consent.viewed", amelia)  # her own
    note(open_as, SYSTEM, "form.assigned", amelia)  # what runs by itself
    note(open_as, adaeze, "client.viewed", clinic.rosa.patient_id)  # another's
    with open_as(clinic.amelia) as work:
        found = opened_record.opened(work)
    assert [[(row.who, row.role, row.what) for row in day.rows] for day in found.days] == [
        [("Adaeze Okonkwo", "Medical Director", "Profile")],
        [("Adaeze Okonkwo", "Medical Director", "Medical"), ("Marisol Vega", "Front Desk", "Profile, Documents")],
    ]
    assert " to " in found.days[1].rows[1].times
    assert not found.more


def test_a_guardian_s_openings_are_told_to_the_child_and_not_to_the_guardian(
    clinic: TestClinic, marisol: Actor, open_as: OpenAs
) -> None:
    note(open_as, clinic.guardian, "consent.viewed", clinic.child.patient_id)
    note(open_as, marisol, "client.viewed", clinic.child.patient_id)
    with open_as(clinic.child) as work:  # of age meanwhile
        assert {(row.who, row.role) for row in opened_record.opened(work).days[0].rows} == {
            ("Rosa Delgado", "Guardian"), ("Marisol Vega", "Front Desk"),
        }  # fmt: skip
    with open_as(clinic.guardian) as work:
        assert [row.who for row in opened_record.opened(work).days[0].rows] == ["Marisol Vega"]


def test_the_operator_s_looking_counts_and_long_lists_go_on(
    clinic: TestClinic, marisol: Actor, open_as: OpenAs, clock
) -> None:
    operator = Actor(kind="system", label="Operator ana")
    note(open_as, operator, "client.contacts_viewed", clinic.amelia.patient_id)
    with open_as(clinic.amelia) as work:
        assert opened_record.opened(work).days[0].rows[0].who == "Operator ana"
    with open_as(SYSTEM) as work:
        for number in range(opened_record.PAGE + 1):
            at = work.now() - timedelta(hours=number)
            work.db.add(
                AuditEvent(
                    at=at, actor_kind="staff", actor_id=marisol.staff_id, action="client.viewed",
                    patient_id=clinic.amelia.patient_id,
                )
            )  # fmt: skip
    with open_as(clinic.amelia) as work:
        assert opened_record.opened(work).more
        assert not opened_record.opened(work, opened_record.PAGE * 2).more
        assert opened_record.opened(work, 10**9).days  # whatever is asked, it is bounded


def test_staff_and_strangers_do_not_read_it(clinic: TestClinic, marisol: Actor, open_as: OpenAs) -> None:
    for actor in (marisol, Actor(), SYSTEM):
        with open_as(actor) as work, pytest.raises(NotFound):
            opened_record.opened(work)


def test_the_log_cannot_be_edited_from_the_app() -> None:
    """No use case but the seal writes to a row of the log."""
    root = Path(portal.__file__).parent
    writing = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(f"{verb}(AuditEvent" in path.read_text(encoding="utf-8") for verb in ("update", "delete"))
    ]
    assert writing == []
