"""Photographs in a questionnaire: added, seen and taken away by the person who fills it.

The picture itself was made anew and put into storage before; here are the rows that say whose it is.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, func, select

from portal.domain.questionnaire import Item
from portal.errors import Conflict, NotFound
from portal.models import FormPhoto
from portal.services import filling
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture in storage: its hash, its type, its size in bytes and in pixels."""

    sha256: str
    media_type: str
    size: int
    width: int
    height: int


def expected(work: Work, form_id: UUID, link_id: str) -> Item:
    """The question that one more photograph may be added to now; the form is locked.

    Raises `NotFound` for a stranger's form and for a question that wants none, `Conflict` when the form is submitted or
    withdrawn or there are enough, `Denied` when someone else fills it.
    """
    item = filling.photo_question(work, form_id, link_id)
    there = work.db.exec(
        select(func.count())
        .select_from(FormPhoto)
        .where(FormPhoto.form_id == form_id, FormPhoto.link_id == link_id, col(FormPhoto.removed_at).is_(None))
    ).one()
    if there >= item.photos:
        several = f"are {item.photos} photographs" if item.photos > 1 else "is a photograph"
        raise Conflict(f"There {several} already. Remove one first.")
    return item


def add(work: Work, form_id: UUID, link_id: str, picture: Stored) -> UUID:
    """Put a stored picture into the answer to a question; its id. Raises as `expected`."""
    expected(work, form_id, link_id)
    photo = FormPhoto(
        patient_id=work.patient_id,
        form_id=form_id,
        link_id=link_id,
        sha256=picture.sha256,
        media_type=picture.media_type,
        size=picture.size,
        width=picture.width,
        height=picture.height,
        uploaded_at=work.now(),
    )
    work.add(photo)
    work.audit("photo.added", photo, size=picture.size)
    return photo.id


def remove(work: Work, photo_id: UUID) -> None:
    """Take a photograph out of an answer. `NotFound` for a stranger's; `Conflict` once the form is submitted."""
    photo = work.own(FormPhoto, photo_id)
    if photo.removed_at is not None:
        raise NotFound
    filling.photo_question(work, photo.form_id, photo.link_id)
    photo.removed_at = work.now()
    work.audit("photo.removed", photo)


def seen(work: Work, photo_id: UUID) -> Stored:
    """A photograph of the signed-in patient. `NotFound` for a stranger's and for one that was removed."""
    photo = work.db.exec(
        select(FormPhoto).where(
            FormPhoto.id == photo_id, FormPhoto.patient_id == work.patient_id, col(FormPhoto.removed_at).is_(None)
        )
    ).first()
    if photo is None:
        raise NotFound
    return Stored(photo.sha256, photo.media_type, photo.size, photo.width, photo.height)
