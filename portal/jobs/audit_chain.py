"""Seals the audit log: gives each row its place and a hash over itself and the row before.

A removed or changed row breaks the chain (`queries/audit_chain`); `python -m portal verify` and the page of the audit
log say where. Rows are taken in the order of their ids once they are a little old, so that a transaction still open
elsewhere cannot slip in behind.
"""

from datetime import timedelta

from sqlmodel import col, select

from portal.clock import Clock, SystemClock
from portal.models import AuditEvent
from portal.queries.audit_chain import GENESIS, broken, digest, unsealed
from portal.work import SYSTEM, open_work

BATCH = 500
SETTLE = timedelta(seconds=2)


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


__all__ = ["broken", "digest", "seal", "unsealed"]
