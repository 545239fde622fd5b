"""The notes about a client, newest first, for staff alone."""

from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, select

from portal import dates
from portal.domain.access import Privilege
from portal.models import Note, NoteDraft, Staff
from portal.models.db import columns
from portal.work import Work

MOST = 200


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note. `changed` is the stamp that goes back with a change; a removed one has no text."""

    id: str
    who: str
    when: str
    text: str
    changed: str
    edited: str
    removed: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """The tab. `drafts` are this person's own, by the note that they change ("" for a new one): the words and their
    revision."""

    rows: list[NoteRow]
    more: bool
    drafts: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])


def notes(work: Work, client_id: UUID) -> Notes:
    """The latest notes; two statements and the practice. `Denied` for who may not read them."""
    work.require(Privilege.NOTES_VIEW)
    practice, now = work.practice(), work.now()
    zone = ZoneInfo(practice.time_zone)
    rows = work.rows(_NOTES, client=client_id, most=MOST + 1).all()
    drafts = work.db.exec(
        select(NoteDraft).where(NoteDraft.patient_id == client_id, NoteDraft.staff_id == work.actor.staff_id)
    ).all()
    return Notes(
        rows=[
            NoteRow(
                id=str(row.id),
                who=f"{row.first_name} {row.last_name}" + (f", {row.credentials}" if row.credentials else ""),
                when=dates.moment(row.created_at, now, zone, practice.locale),
                text="" if row.removed_at else row.text,
                changed=row.changed_at.isoformat() if row.changed_at else "",
                edited=f"Edited {dates.moment(row.changed_at, now, zone, practice.locale)}" if row.changed_at else "",
                removed=f"Removed {dates.moment(row.removed_at, now, zone, practice.locale)}" if row.removed_at else "",
                mine=row.staff_id == work.actor.staff_id,
            )
            for row in rows[:MOST]
        ],
        more=len(rows) > MOST,
        drafts={draft.about: (draft.text, draft.revision) for draft in drafts},
    )


_NOTES = (
    columns(
        Note.id,
        Note.staff_id,
        Note.text,
        Note.created_at,
        Note.changed_at,
        Note.removed_at,
        Staff.first_name,
        Staff.last_name,
        Staff.credentials,
    )
    .join(Staff, col(Staff.id) == Note.staff_id)
    .where(Note.patient_id == bindparam("client"))
    .order_by(col(Note.created_at).desc(), col(Note.id).desc())
    .limit(bindparam("most"))
)
