"""One runner at a time for each job, by a row with a time limit: works the same on SQLite and PostgreSQL."""

from datetime import timedelta

from sqlalchemy import or_
from sqlmodel import col, update

from portal.clock import Clock
from portal.models import Lease
from portal.work import SYSTEM, open_work


def take(name: str, holder: str, seconds: float, clock: Clock) -> bool:
    """Take or renew the lease on `name` for so many seconds. False when another holder has it."""
    with open_work(SYSTEM, clock=clock) as work:
        now = work.now()
        mine = or_(col(Lease.holder) == holder, col(Lease.until) <= now)
        taken = work.db.exec(
            update(Lease)
            .where(col(Lease.name) == name, mine)
            .values(holder=holder, until=now + timedelta(seconds=seconds))
        )
        if taken.rowcount:
            return True
        work.hold(f"lease:{name}")
        if work.db.get(Lease, name) is not None:
            return False
        work.add(Lease(name=name, holder=holder, until=now + timedelta(seconds=seconds)))
        return True


def give_back(name: str, holder: str, clock: Clock) -> None:
    """Let go of a lease at once, so that another runner need not wait for it to lapse."""
    with open_work(SYSTEM, clock=clock) as work:
        work.db.exec(update(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder).values(until=work.now()))
