"""Seals the audit log: gives each row its place and a hash over itself and the row before.

A removed or changed row breaks the chain, and `python -m portal verify` says where. Rows are taken in the order of
their ids once they are a little old, so that a transaction still open elsewhere cannot slip in behind.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta

from sqlmodel import col, func, select

from portal.clock import Clock, SystemClock
from portal.models import AuditEvent
from portal.work import SYSTEM, Work, open_work

BATCH = 500
SETTLE = timedelta(seconds=2)
GENESIS = "0" * 64


def seal(clock: Clock | None = None) -> int:
    """Seal the rows that have settled; returns how many."""
    with open_work(SYSTEM, clock=clock or SystemClock()) as work:
        work.hold("audit-chain")
        last = work.db.exec(
            select(AuditEvent.seq, AuditEvent.hash)
            .where(col(AuditEvent.seq).is_not(None))
            .order_by(col(AuditEvent.seq).desc())
            .limit(1)
        ).first()
        seq, previous = (last[0] or 0, last[1] or GENESIS) if last else (0, GENESIS)
        rows = work.db.exec(
            select(AuditEvent)
            .where(col(AuditEvent.seq).is_(None), AuditEvent.at <= work.now() - SETTLE)
            .order_by(col(AuditEvent.id))
            .limit(BATCH)
        ).all()
        for row in rows:
            seq += 1
            row.seq, row.prev_hash = seq, previous
            row.hash = previous = digest(row)
        return len(rows)


def digest(row: AuditEvent) -> str:
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


def broken(work: Work) -> Iterator[str]:
    """A sentence for every place where the chain does not hold."""
    previous, expected = GENESIS, 1
    query = select(AuditEvent).where(col(AuditEvent.seq).is_not(None)).order_by(col(AuditEvent.seq))
    for row in work.db.exec(query.execution_options(yield_per=1000)):
        if row.seq != expected:
            yield f"Audit row {expected} is missing (row {row.seq} follows)."
        if row.prev_hash != previous and row.seq == expected:
            yield f"Audit row {row.seq} does not follow the row before it."
        if digest(row) != row.hash:
            yield f"Audit row {row.seq} was changed after it was sealed."
        previous, expected = row.hash or "", (row.seq or expected) + 1


def unsealed(work: Work) -> int:
    """How many rows still wait for their seal."""
    return work.db.exec(select(func.count()).select_from(AuditEvent).where(col(AuditEvent.seq).is_(None))).one()
