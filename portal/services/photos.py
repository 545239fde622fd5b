"""Photographs in a questionnaire: added, replaced, seen and taken away by the person who fills it, seen by staff.

A row says that a picture is about to be stored before it is, and it becomes part of the answer afterwards: whatever
breaks in between, nothing is ever in storage that no row names. What is no part of an answer any more goes in the end.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import and_, col, func, or_, select

from portal.domain.access import Privilege
from portal.domain.paperwork import FormStatus
from portal.domain.questionnaire import Item
from portal.errors import Conflict, NotFound
from portal.models import AssignedForm, FormPhoto, FormSubmission
from portal.models.db import columns
from portal.services import filling
from portal.work import Work

KEEP_REMOVED = timedelta(days=2)  # taken away, replaced, or never arrived
KEEP_WITHDRAWN = timedelta(days=90)  # of a form that was withdrawn before it was submitted
MOST_AT_ONCE = 100
_STORING = "photographs"  # nothing is announced while pictures are taken out of storage


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture in storage: its hash, its type, its size in bytes and in pixels."""

    sha256: str
    media_type: str
    size: int
    width: int
    height: int


def expected(work: Work, form_id: UUID, link_id: str, instead: UUID | None = None) -> Item:
    """The question that one more photograph may be added to now; the form is locked. With `instead`, that one goes.

    Raises `NotFound` for a stranger's form, for a question that wants none and when `instead` is not in its answer,
    `Conflict` when the form is submitted or withdrawn or there are enough, `Denied` when someone else fills it.
    """
    item = filling.photo_question(work, form_id, link_id)
    if instead is not None:
        _in_answer(work, form_id, link_id, instead)
        return item
    there = work.db.exec(
        select(func.count())
        .select_from(FormPhoto)
        .where(FormPhoto.form_id == form_id, FormPhoto.link_id == link_id, col(FormPhoto.removed_at).is_(None))
    ).one()
    if there >= item.photos:
        several = f"are {item.photos} photographs" if item.photos > 1 else "is a photograph"
        raise Conflict(f"There {several} already. Remove one first.")
    return item


def announce(work: Work, form_id: UUID, link_id: str, picture: Stored, instead: UUID | None = None) -> UUID:
    """Note a picture that is about to be stored; its id. It is part of no answer yet. Raises as `expected`."""
    expected(work, form_id, link_id, instead)
    work.hold(_STORING)
    now = work.now()
    photo = FormPhoto(
        patient_id=work.patient_id,
        form_id=form_id,
        link_id=link_id,
        sha256=picture.sha256,
        media_type=picture.media_type,
        size=picture.size,
        width=picture.width,
        height=picture.height,
        uploaded_at=now,
        removed_at=now,
    )
    return work.add(photo).id


def add(work: Work, photo_id: UUID, instead: UUID | None = None) -> None:
    """Put an announced picture, now in storage, into the answer; in the place of `instead`. Raises as `expected`."""
    form_id, link_id = _place(work, photo_id)
    expected(work, form_id, link_id, instead)
    if instead is not None:
        _take_out(work, _in_answer(work, form_id, link_id, instead))
    photo = work.own(FormPhoto, photo_id)
    photo.removed_at = None
    filling.worked_on(work, form_id)
    work.audit("photo.added", photo, size=photo.size)


def remove(work: Work, photo_id: UUID) -> None:
    """Take a photograph out of an answer. `NotFound` for a stranger's; `Conflict` once the form is submitted."""
    form_id, link_id = _place(work, photo_id)
    filling.photo_question(work, form_id, link_id)
    _take_out(work, _in_answer(work, form_id, link_id, photo_id))
    filling.worked_on(work, form_id)


def seen(work: Work, photo_id: UUID) -> Stored:
    """A photograph of the signed-in patient. `NotFound` for a stranger's and for one that was removed."""
    return _stored(work, FormPhoto.id == photo_id, FormPhoto.patient_id == work.patient_id)[1]


def seen_by_staff(work: Work, photo_id: UUID) -> tuple[UUID, Stored]:
    """A photograph, and whose it is, for staff who may read the answers it belongs to; `Denied` for others."""
    work.require(Privilege.PAPERWORK_VIEW)
    work.require(Privilege.MEDICAL_VIEW)
    return _stored(work, FormPhoto.id == photo_id)


def _stored(work: Work, *which: bool) -> tuple[UUID, Stored]:
    photo = work.db.exec(select(FormPhoto).where(*which, col(FormPhoto.removed_at).is_(None))).first()
    if photo is None:
        raise NotFound
    return photo.patient_id, Stored(photo.sha256, photo.media_type, photo.size, photo.width, photo.height)


def forget(work: Work) -> tuple[int, list[str]]:
    """Let go of what is part of no answer: the number of photographs, and the hashes that no other one has.

    Those go out of storage before this transaction ends: until then nothing new is announced. Never what a submitted
    form holds.
    """
    work.hold(_STORING)
    now = work.now()
    submitted = select(FormSubmission.id).where(FormSubmission.form_id == FormPhoto.form_id).exists()
    removed = col(FormPhoto.removed_at) < now - KEEP_REMOVED
    withdrawn = and_(
        AssignedForm.status == FormStatus.VOID, col(AssignedForm.voided_at) < now - KEEP_WITHDRAWN, ~submitted
    )
    gone = work.db.exec(
        select(FormPhoto)
        .join(AssignedForm, col(AssignedForm.id) == FormPhoto.form_id)
        .where(or_(removed, withdrawn))
        .order_by(col(FormPhoto.id))
        .limit(MOST_AT_ONCE)
    ).all()
    for photo in gone:
        work.audit("photo.forgotten", photo)
        work.db.delete(photo)
    work.db.flush()
    hashes = {photo.sha256 for photo in gone}
    used = work.db.exec(select(FormPhoto.sha256).where(col(FormPhoto.sha256).in_(hashes))).all() if hashes else []
    return len(gone), sorted(hashes - set(used))


def _place(work: Work, photo_id: UUID) -> tuple[UUID, str]:
    """The form and the question of one's own photograph. Nothing is locked: the form is first, everywhere."""
    row = work.db.execute(
        columns(FormPhoto.form_id, FormPhoto.link_id).where(
            FormPhoto.id == photo_id, FormPhoto.patient_id == work.patient_id
        )
    ).first()
    if row is None:
        raise NotFound
    return row.form_id, row.link_id


def _in_answer(work: Work, form_id: UUID, link_id: str, photo_id: UUID) -> FormPhoto:
    photo = work.own(FormPhoto, photo_id)
    if (photo.form_id, photo.link_id) != (form_id, link_id) or photo.removed_at is not None:
        raise NotFound
    return photo


def _take_out(work: Work, photo: FormPhoto) -> None:
    photo.removed_at = work.now()
    work.audit("photo.removed", photo)
