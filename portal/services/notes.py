"""Notes about a client, for staff alone. No word of them reaches the audit log, a message or a patient's page."""

import unicodedata
from uuid import UUID

from sqlmodel import col, select

from portal.domain.access import Privilege
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import Note, NoteDraft, Patient
from portal.work import Work

LONGEST = 4_000  # characters
OTHERS = "Only who wrote a note can change it."
REMOVED = "This note was removed meanwhile. Your words are still in the field."
CHANGED = "This note was changed meanwhile. Your words are still in the field."


def write_note(work: Work, client_id: UUID, text: str) -> UUID:
    """Write a note. `Invalid` where nothing is in it or too much."""
    work.require(Privilege.NOTES_WRITE)
    words = _read(text)
    client = work.db.exec(
        select(Patient.id).where(Patient.id == client_id, col(Patient.merged_into_id).is_(None))
    ).first()
    if client is None or work.actor.staff_id is None:
        raise NotFound
    note = work.add(Note(patient_id=client, staff_id=work.actor.staff_id, text=words, created_at=work.now()))
    drop_draft(work, client, "")
    _done(work, "note.written", note)
    return note.id


def change_note(work: Work, client_id: UUID, note_id: UUID, text: str, changed: str = "") -> None:
    """Change one's own note. `changed` is the moment of its last change as it was read, ISO 8601, empty for never.

    `Denied` for another's, `Conflict` when it was removed, or changed in another tab, meanwhile.
    """
    work.require(Privilege.NOTES_WRITE)
    words, note = _read(text), _own(work, client_id, note_id)
    if stamp(note) != changed:
        raise Conflict(CHANGED)
    drop_draft(work, client_id, str(note_id))
    if note.text == words:
        return
    note.text, note.changed_at = words, work.now()
    work.db.add(note)
    _done(work, "note.changed", note)


def remove_note(work: Work, client_id: UUID, note_id: UUID) -> None:
    """Take one's own note out of the list: it stays in the database, marked, with its place in the list."""
    work.require(Privilege.NOTES_WRITE)
    note = _own(work, client_id, note_id)
    note.removed_at = work.now()
    work.db.add(note)
    drop_draft(work, client_id, str(note_id))
    _done(work, "note.removed", note)


def keep_draft(work: Work, client_id: UUID, about: str, text: str) -> int:
    """Keep what is being written; returns its revision. `about` is the note that is changed, "" for a new one.

    Words that are gone are a draft that is gone. Beyond the longest note, the rest is cut: saving says so in words.
    """
    work.require(Privilege.NOTES_WRITE)
    staff_id = work.actor.staff_id
    work.hold(f"note-draft:{staff_id}:{client_id}:{about}")
    if staff_id is None or work.db.get(Patient, client_id) is None:
        raise NotFound
    draft = _draft(work, client_id, about)
    if not text.strip():
        if draft is not None:
            work.db.delete(draft)
        return draft.revision + 1 if draft else 1
    if draft is None:
        draft = NoteDraft(staff_id=staff_id, patient_id=client_id, about=about, text="", revision=0, kept_at=work.now())
    draft.text, draft.revision, draft.kept_at = text[: 2 * LONGEST], draft.revision + 1, work.now()
    work.add(draft)
    return draft.revision


def drop_draft(work: Work, client_id: UUID, about: str) -> None:
    """What was being written is not wanted any more, or is a note now."""
    work.require(Privilege.NOTES_WRITE)
    draft = _draft(work, client_id, about)
    if draft is not None:
        work.db.delete(draft)


def _draft(work: Work, client_id: UUID, about: str) -> NoteDraft | None:
    return work.db.exec(
        select(NoteDraft).where(
            NoteDraft.staff_id == work.actor.staff_id, NoteDraft.patient_id == client_id, NoteDraft.about == about
        )
    ).first()


def stamp(note: Note) -> str:
    """The moment of the last change in the words that go to the screen and come back."""
    return note.changed_at.isoformat() if note.changed_at else ""


def _read(text: str) -> str:
    words = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if not words:
        raise Invalid({"text": "Write the note first."})
    if len(words) > LONGEST:
        raise Invalid({"text": f"Keep a note to {LONGEST:,} characters; this one has {len(words):,}."})
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in words):
        raise Invalid({"text": "Please leave out characters that cannot be printed."})
    return words


def _own(work: Work, client_id: UUID, note_id: UUID) -> Note:
    note = work.db.exec(
        select(Note).where(Note.id == note_id, Note.patient_id == client_id).with_for_update(key_share=True)
    ).first()
    if note is None:
        raise NotFound
    if note.staff_id != work.actor.staff_id:
        raise Denied(OTHERS)
    if note.removed_at is not None:
        raise Conflict(REMOVED)
    return note


def _done(work: Work, action: str, note: Note) -> None:
    work.audit(action, note)
    work.changed(note.patient_id, "record")
