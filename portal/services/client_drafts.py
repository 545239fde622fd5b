"""What staff typed into a client's form and did not save yet: kept for each of them, encrypted, until they save it or
say that it may go. It outlives the page, the lock of the screen and the server."""

import json
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlmodel import select

from portal.domain.access import Privilege
from portal.domain.client_record import LABELS
from portal.errors import NotFound
from portal.models import ClientDraft, Patient
from portal.work import Work

LONGEST = 500  # characters of one field


def keep(work: Work, client_id: UUID, typed: Mapping[str, object], base: Mapping[str, str]) -> None:
    """Keep what differs from `base`, the fields of the form as they were read; what was typed into others stays.
    Nothing typed is no draft."""
    work.require(Privilege.CLIENTS_EDIT)
    kept = _mine(work, client_id)
    words = {name: value[:LONGEST] for name, value in typed.items() if name in LABELS and isinstance(value, str)}
    mine = {name: value for name, value in words.items() if name in base and value != base[name]}
    before: dict[str, str] = json.loads(kept.base) if kept else {}
    others = {name: value for name, value in _typed(kept).items() if name not in base}
    if not mine and not others:
        if kept is not None:
            work.db.delete(kept)
        return
    if kept is None:
        if work.actor.staff_id is None or work.db.get(Patient, client_id) is None:
            raise NotFound
        kept = ClientDraft(
            staff_id=work.actor.staff_id, patient_id=client_id, base="{}", typed="{}", kept_at=work.now()
        )
    kept.typed = json.dumps(others | mine)
    kept.base = json.dumps({name: before.get(name, "") for name in others} | {name: base[name] for name in mine})
    kept.kept_at = work.now()
    work.db.add(kept)


def drop(work: Work, client_id: UUID, fields: Collection[str] | None = None) -> None:
    """The draft may go: all of it, or what was typed into some fields."""
    work.require(Privilege.CLIENTS_EDIT)
    kept = _mine(work, client_id)
    if kept is None:
        return
    left = {} if fields is None else {name: words for name, words in _typed(kept).items() if name not in fields}
    if left:
        base: dict[str, str] = json.loads(kept.base)
        kept.typed, kept.base = json.dumps(left), json.dumps({name: base.get(name, "") for name in left})
        work.db.add(kept)
    else:
        work.db.delete(kept)


def _typed(kept: ClientDraft | None) -> dict[str, str]:
    return json.loads(kept.typed) if kept else {}


def _mine(work: Work, client_id: UUID) -> ClientDraft | None:
    return work.db.exec(
        select(ClientDraft)
        .where(ClientDraft.patient_id == client_id, ClientDraft.staff_id == work.actor.staff_id)
        .with_for_update()
    ).first()
