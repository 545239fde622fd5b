"""Whether the audit log's chain holds: each sealed row carries a hash over itself and the row before."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from portal.models import AuditEvent
from portal.work import Work

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a check has come: the last row looked at, and its hash as it is stored."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the chain that was checked: where it ended, what is wrong in it, whether it was the last."""

    mark: Mark
    wrong: list[str]
    last: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """How far the log is sealed: rows in the chain, the moment of the newest of them, rows that wait for their seal."""

    rows: int
    until: datetime | None
    waiting: int


def digest(row: Any) -> str:
    """SHA-256 over the row's whole content, its place and the hash before it."""
    content = [
        row.seq,
        row.prev_hash,
        str(row.id),
        row.at.isoformat(),
        row.actor_kind,
        str(row.actor_id),
        row.actor_label,
        str(row.session_id),
        row.action,
        row.subject_kind,
        str(row.subject_id),
        str(row.patient_id),
        row.address,
        row.detail,
        row.count,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def untouched(row: AuditEvent) -> bool:
    """Whether a row is as it was when it was sealed; one that still waits for its seal counts as such."""
    return row.seq is None or digest(row) == row.hash


def broken(work: Work) -> Iterator[str]:
    """A sentence for every place where the chain does not hold."""
    mark = Mark()
    for row in work.db.exec(_CHAIN.execution_options(yield_per=1000)):
        mark, wrong = _step(mark, row)
        yield from wrong


def check(work: Work, mark: Mark, most: int) -> Piece:
    """Check the `most` rows after a mark: a long chain is checked a piece at a time."""
    rows = work.db.exec(_CHAIN.where(col(AuditEvent.seq) > mark.seq).limit(most)).all()
    wrong: list[str] = []
    for row in rows:
        mark, found = _step(mark, row)
        wrong += found
        work.db.expunge(row)
    return Piece(mark, wrong, last=len(rows) < most)


def _step(mark: Mark, row: AuditEvent) -> tuple[Mark, list[str]]:
    wrong, expected = [], mark.seq + 1
    if row.seq != expected:
        wrong.append(f"Audit row {expected} is missing (row {row.seq} follows).")
    if row.prev_hash != mark.hash and row.seq == expected:
        wrong.append(f"Audit row {row.seq} does not follow the row before it.")
    if digest(row) != row.hash:
        wrong.append(f"Audit row {row.seq} was changed after it was sealed.")
    return Mark(row.seq or expected, row.hash or ""), wrong


def sealed(work: Work) -> Sealed:
    """How far the log is sealed; two statements along an index."""
    newest = work.db.exec(
        select(AuditEvent.seq, AuditEvent.at)
        .where(col(AuditEvent.seq).is_not(None))
        .order_by(col(AuditEvent.seq).desc())
        .limit(1)
    ).first()
    return Sealed((newest[0] or 0) if newest else 0, newest[1] if newest else None, unsealed(work))


def unsealed(work: Work) -> int:
    """How many rows still wait for their seal."""
    return work.db.exec(select(func.count()).select_from(AuditEvent).where(col(AuditEvent.seq).is_(None))).one()


_CHAIN = select(AuditEvent).where(col(AuditEvent.seq).is_not(None)).order_by(col(AuditEvent.seq))
