"""Which rows go along when one record goes into another. Every column that names a patient is in one of the two tables
here; a test walks all tables, so that none that is added later can be forgotten."""

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from portal.models import (
    Allergy,
    Appointment,
    AssignedForm,
    CalendarFeed,
    ClientChange,
    CommunicationConsent,
    Contact,
    FormPhoto,
    Guardian,
    ImportedRow,
    Invite,
    Invoice,
    Note,
    NoteDraft,
    Notification,
    OutboxMessage,
    PracticeNotice,
    Session,
    StoredDocument,
)
from portal.work import Work

#: Rows that become those of the record that stays, as they are: documents and their seals, signatures and evidence hang
#: on them and are not touched. In the order in which others lock rows: visits, forms, photographs.
MOVED: tuple[Any, ...] = (
    Appointment,
    AssignedForm,
    FormPhoto,
    StoredDocument,
    Invoice,
    Allergy,
    Note,
    NoteDraft,
    ClientChange,
    CommunicationConsent,
    Guardian,
    Contact,
    Session,
    Invite,
    CalendarFeed,
    ImportedRow,
    OutboxMessage,
    Notification,
    PracticeNotice,
)
#: Columns that name a patient and are not simply moved, and why.
APART: dict[str, str] = {
    "audit_event.patient_id": "rows of the log never change: the history of both is found through the merge",
    "live_change.patient_id": "news of some minutes ago, for the pages that were open then",
    "merge.kept_id": "what went into what stays told as it was",
    "merge.gone_id": "what went into what stays told as it was",
    "patient.merged_into_id": "records that went into this one earlier are led on to the one that stays",
    "search_word.patient_id": "made anew from the record that stays",
    "passcode_challenge.patient_id": "a change of contact that is under way ends: it is asked for anew",
    "passcode_challenge.ticket_patient_id": "a log-in that is under way ends: the next reaches the record that stays",
    "loyalty_account.patient_id": "one for each program: what the record that stays has not is moved",
    "told_apart.one_id": "what was said of two records stays told as it was said",
    "told_apart.other_id": "what was said of two records stays told as it was said",
    "client_draft.patient_id": "an edit under way is of a record that is no more: it is dropped",
}


def move(work: Work, gone: UUID, kept: UUID) -> dict[str, int]:
    """Move every row that moves; how many by table, those alone of which there were any. Safe to run again."""
    moved: dict[str, int] = {}
    for table in MOVED:
        done = work.db.execute(update(table).where(col(table.patient_id) == gone).values(patient_id=kept))
        if done.rowcount:  # pyright: ignore[reportAttributeAccessIssue]  # of an UPDATE
            moved[table.__tablename__] = done.rowcount  # pyright: ignore[reportAttributeAccessIssue]
    return moved
