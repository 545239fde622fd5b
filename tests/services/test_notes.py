"""Notes of staff: written, changed and removed by their own writer alone; encrypted, and of no word anywhere else."""

import pytest
from sqlalchemy import text
from sqlmodel import select

from portal.domain.access import Role
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import AuditEvent, Note, NoteDraft
from portal.queries.notes import notes
from portal.services import notes as service
from portal.work import Actor
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.staff import member

WORDS = "Prefers Naomi. <b>Afraid</b> of needles."


@pytest.fixture
def clinic(work) -> TestClinic:
    made = furnish(work)
    work.db.commit()
    return made


@pytest.fixture
def marisol(work, clinic: TestClinic) -> Actor:
    actor = member(work, Role.FRONT_DESK, "Marisol", "Vega")
    work.db.commit()
    return actor


@pytest.fixture
def adaeze(work, clinic: TestClinic) -> Actor:
    actor = member(work)
    work.db.commit()
    return actor


def test_written_changed_removed_and_what_is_left(
    clinic: TestClinic, marisol: Actor, adaeze: Actor, open_as: OpenAs, clock
) -> None:
    who = clinic.amelia.patient_id
    with open_as(marisol) as work:
        note_id = service.write_note(work, who, WORDS)
    clock.advance(minutes=5)
    with open_as(adaeze) as work:
        row = notes(work, who).rows[0]
        assert (row.text, row.who, row.mine, row.edited) == (WORDS, "Marisol Vega", False, "")
        for act in (
            lambda: service.change_note(work, who, note_id, "other words"),
            lambda: service.remove_note(work, who, note_id),
        ):
            with pytest.raises(Denied):
                act()
    with open_as(marisol) as work:
        service.change_note(work, who, note_id, "Prefers Naomi.")
        row = notes(work, who).rows[0]
        assert (row.text, row.mine) == ("Prefers Naomi.", True)
        assert row.edited
        with pytest.raises(Conflict):  # an older tab
            service.change_note(work, who, note_id, "overwritten", "")
        service.remove_note(work, who, note_id)
        row = notes(work, who).rows[0]
        assert row.text == ""
        assert row.removed
        with pytest.raises(Conflict):
            service.change_note(work, who, note_id, "again", row.changed)
    with open_as(adaeze) as work:
        told = work.db.exec(select(AuditEvent).where(AuditEvent.subject_kind == "note")).all()
    assert sorted(row.action for row in told) == ["note.changed", "note.removed", "note.written"]
    assert all(row.detail == {} for row in told)


def test_no_word_stands_in_clear(clinic: TestClinic, marisol: Actor, open_as: OpenAs) -> None:
    with open_as(marisol) as work:
        service.write_note(work, clinic.amelia.patient_id, WORDS)
        service.keep_draft(work, clinic.amelia.patient_id, "", WORDS)
    with open_as(marisol) as work:
        for table in ("note", "note_draft", "audit_event", "live_change"):
            for row in work.db.connection().execute(text(f"SELECT * FROM {table}")):
                assert b"needles" not in b"".join(bytes(cell) for cell in row if isinstance(cell, bytes | memoryview))
                assert "needles" not in str([cell for cell in row if not isinstance(cell, bytes | memoryview)])


def test_the_newest_stands_first(clinic: TestClinic, marisol: Actor, open_as: OpenAs, clock) -> None:
    with open_as(marisol) as work:
        for words in ("one", "two"):
            service.write_note(work, clinic.amelia.patient_id, words)
            clock.advance(minutes=1)
        assert [row.text for row in notes(work, clinic.amelia.patient_id).rows] == ["two", "one"]
        assert notes(work, clinic.rosa.patient_id).rows == []


@pytest.mark.parametrize("words", ["", "  \n ", "x" * (service.LONGEST + 1), "a\x00b", "a\ud800b"])
def test_what_is_no_note(words: str, clinic: TestClinic, marisol: Actor, open_as: OpenAs) -> None:
    with open_as(marisol) as work:
        with pytest.raises(Invalid) as refused:
            service.write_note(work, clinic.amelia.patient_id, words)
        assert set(refused.value.fields) == {"text"}
        assert work.db.exec(select(Note)).all() == []


def test_a_draft_is_its_writer_s_own_and_goes_with_the_note(
    clinic: TestClinic, marisol: Actor, adaeze: Actor, open_as: OpenAs
) -> None:
    who = clinic.amelia.patient_id
    with open_as(marisol) as work:
        assert service.keep_draft(work, who, "", "Prefers") == 1
        assert service.keep_draft(work, who, "", "Prefers N") == 2
        assert notes(work, who).drafts == {"": ("Prefers N", 2)}
    with open_as(adaeze) as work:
        assert notes(work, who).drafts == {}
    with open_as(marisol) as work:
        assert notes(work, clinic.rosa.patient_id).drafts == {}
        service.write_note(work, who, "Prefers Naomi.")
        assert notes(work, who).drafts == {}
        service.keep_draft(work, who, "", "more")
        assert service.keep_draft(work, who, "", " ") == 2
        assert work.db.exec(select(NoteDraft)).all() == []


def test_patients_and_strangers_are_refused(clinic: TestClinic, marisol: Actor, open_as: OpenAs) -> None:
    who = clinic.amelia.patient_id
    with open_as(marisol) as work:
        note_id = service.write_note(work, who, WORDS)
        with pytest.raises(NotFound):
            service.change_note(work, clinic.rosa.patient_id, note_id, "elsewhere")
    locked = Actor(kind="locked", staff_id=marisol.staff_id)
    for actor in (clinic.amelia, clinic.guardian, locked, Actor()):
        with open_as(actor) as work:
            for act in (
                lambda w: notes(w, who),
                lambda w: service.write_note(w, who, "x"),
                lambda w: service.change_note(w, who, note_id, "x"),
                lambda w: service.remove_note(w, who, note_id),
                lambda w: service.keep_draft(w, who, "", "x"),
            ):
                with pytest.raises(Denied):
                    act(work)
