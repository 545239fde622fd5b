"""Two records that are one person's become one.

The record that stays keeps its id; everything of the other one comes along, and the other one points to it. Whoever is
signed in to the one that goes is signed out; the next log-in reaches the one that stays. Nothing is deleted, nothing
that was signed or sealed changes, and the log of both is left as it is.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select, update

from portal.domain.access import Privilege
from portal.domain.merging import CHOICES, differs, is_empty, values_of
from portal.errors import Conflict, NotFound
from portal.models import Channel, Merge, Patient, PatientStatus
from portal.security.sessions import end_all_sessions
from portal.services import merge_conflicts, merge_forms, search
from portal.services.merge_rows import move
from portal.work import Work

ITSELF = "That is the same record. Choose another client."
GONE = "One of the two records went into another one meanwhile. Open the client again."
CHANGED = "One of the two records was changed meanwhile. Look at them again, then merge."
DECEASED = "Only one of the two is recorded as deceased. Make sure that it is one person, and sort that out first."
STRAGGLERS = timedelta(hours=1)  # after a merge; no transaction is open for so long


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it: the record that stays, and how many rows came along, by table."""

    kept_id: UUID
    moved: dict[str, int]


def merge(work: Work, kept_id: UUID, gone_id: UUID, taken: Collection[str], seen: tuple[int, int]) -> Merged:
    """Let the record `gone_id` go into `kept_id`. `taken` are the choices (`domain.merging`) whose value is that of the
    record that goes; what the other one does not know is taken by itself.

    `seen` are the versions of both records as the person looked at them: `Conflict` when one was changed since, went
    into another one, or is the same. `NotFound` for what is no client, `Denied` for who may not merge.
    """
    work.require(Privilege.CLIENTS_MERGE)
    if kept_id == gone_id:
        raise Conflict(ITSELF)
    practice = work.practice()
    work.hold("merge")
    kept, gone = _both(work, kept_id, gone_id)
    if (kept.version, gone.version) != seen:
        raise Conflict(CHANGED)
    told = {name: values_of(gone, name) for name in CHOICES if differs(values_of(kept, name), values_of(gone, name))}
    chosen = set(taken) & CHOICES.keys()
    merge_conflicts.contacts(work, practice, kept, gone, {Channel(one) for one in chosen & set(Channel)})
    _take(kept, gone, chosen)
    merge_conflicts.outside_ids(work, kept, gone)
    merge_conflicts.guardians(work, practice, kept, gone)
    merge_conflicts.allergies(work, kept, gone)
    merge_conflicts.drafts(work, kept.id, gone.id)
    merge_conflicts.log_ins(work, gone.id)
    end_all_sessions(work, gone.id, "merged")
    work.db.flush()
    moved = move(work, gone.id, kept.id)
    merge_forms.once(work, kept.id)
    if programs := merge_conflicts.loyalty(work, kept.id, gone.id):
        moved["loyalty_account"] = programs
    work.db.exec(update(Patient).where(col(Patient.merged_into_id) == gone.id).values(merged_into_id=kept.id))
    search.index(work, kept)
    search.index(work, gone)
    row = work.add(
        Merge(
            kept_id=kept.id,
            gone_id=gone.id,
            staff_id=work.actor.staff_id,
            at=work.now(),
            moved=moved,
            differed=json.dumps(told, default=str),
        )
    )
    detail = {"kept": str(kept.id), "gone": str(gone.id)}
    work.audit("client.merged", row, patient_id=kept.id, moved=moved, taken=sorted(chosen), **detail)
    work.audit("client.merged_into", row, patient_id=gone.id, **detail)
    work.changed(kept.id, "record", "visits", "forms", "invoices", "notifications")
    work.changed(gone.id, "record")
    work.changed(None, "practice")
    return Merged(kept.id, moved)


def gather(work: Work) -> int:
    """Bring along what was written for a record in the very moment in which it went, by somebody who had not heard of
    it yet; how many rows."""
    since = work.now() - STRAGGLERS
    recent = work.db.exec(select(Merge.gone_id).where(Merge.at > since)).all()
    found = 0
    for gone in work.db.exec(select(Patient).where(col(Patient.id).in_(recent))).all() if recent else ():
        if gone.merged_into_id is not None and (moved := move(work, gone.id, gone.merged_into_id)):
            found += sum(moved.values())
            work.audit("client.merge_gathered", patient_id=gone.merged_into_id, gone=str(gone.id), moved=moved)
    return found


def _both(work: Work, kept_id: UUID, gone_id: UUID) -> tuple[Patient, Patient]:
    """Both records, locked against everybody: whoever is writing for one of them is waited for, a row that points to it
    too."""
    ids = (kept_id, gone_id)
    query = select(Patient).where(col(Patient.id).in_(ids)).order_by(col(Patient.id)).with_for_update()
    rows = {row.id: row for row in work.db.exec(query.execution_options(populate_existing=True)).all()}
    if len(rows) != len(ids):
        raise NotFound("There is no such client.")
    kept, gone = rows[kept_id], rows[gone_id]
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        raise Conflict(GONE)
    if (kept.deceased_at is None) != (gone.deceased_at is None):
        raise Conflict(DECEASED)
    return kept, gone


def _take(kept: Patient, gone: Patient, chosen: Collection[str]) -> None:
    """The record that stays, with what was chosen of the other one, and what it did not know itself."""
    for name in CHOICES:
        ours, theirs = values_of(kept, name), values_of(gone, name)
        if theirs and not is_empty(theirs) and (name in chosen or is_empty(ours)):
            for column, value in theirs.items():
                setattr(kept, column, value)
    kept.do_not_sms |= gone.do_not_sms  # an opt-out of either is one
    kept.do_not_email |= gone.do_not_email
    accepted = [at for at in (kept.portal_accepted_at, gone.portal_accepted_at) if at is not None]
    kept.portal_accepted_at = min(accepted, default=None)
    kept.created_at = min(kept.created_at, gone.created_at)
    if gone.status is PatientStatus.ACTIVE:
        kept.status = PatientStatus.ACTIVE
    gone.status, gone.merged_into_id = PatientStatus.INACTIVE, kept.id
    kept.version += 1
    gone.version += 1
