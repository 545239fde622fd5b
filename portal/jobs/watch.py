"""Keeps the gauges of every worker at what the database says: any of them may be asked for the metrics."""

from sqlmodel import col, func, select

from portal.metrics import JOB_LAST_SUCCESS, OUTBOX_OLDEST, OUTBOX_WAITING
from portal.models import ON_ITS_WAY, JobRun, OutboxMessage, Priority
from portal.work import SYSTEM, open_work


def look() -> int:
    """Set the gauges; there is never more to do at once."""
    with open_work(SYSTEM, write=False) as work:
        now = work.now()
        for run in work.db.exec(select(JobRun)).all():
            if run.last_finished_at is not None:
                JOB_LAST_SUCCESS.labels(job=run.name).set(run.last_finished_at.timestamp())
        due = (
            select(OutboxMessage.priority, func.count(), func.min(OutboxMessage.due_at))
            .where(col(OutboxMessage.status).in_(ON_ITS_WAY), OutboxMessage.due_at <= now)
            .group_by(col(OutboxMessage.priority))
        )
        waiting = {rank: (count, oldest) for rank, count, oldest in work.db.exec(due).all()}
        for rank in Priority:
            count, oldest = waiting.get(rank, (0, now))
            OUTBOX_WAITING.labels(rank=rank.name.lower()).set(count)
            OUTBOX_OLDEST.labels(rank=rank.name.lower()).set((now - oldest).total_seconds())
    return 0
