"""Takes away what has no more use: spent CAPTCHAs, old log-ins under way, bodies of messages that are over, photographs
that are part of no answer."""

from datetime import timedelta

from sqlmodel import col, delete, update

from portal.clock import Clock, SystemClock
from portal.gateways import gateways
from portal.models import ON_ITS_WAY, LiveChange, OutboxMessage, OutboxStatus, PasscodeChallenge, Session, SpentCaptcha
from portal.services import photos
from portal.work import SYSTEM, open_work

KEEP_CHALLENGES = timedelta(days=2)  # the daily limits count a day back
KEEP_CAPTCHAS = timedelta(minutes=30)
KEEP_BODIES = timedelta(days=90)  # that a message went out, when and to whom, is kept
KEEP_CHANGES = timedelta(minutes=10)  # open pages have heard of them within a second


def sweep(clock: Clock | None = None) -> int:
    """Remove what is past its use; returns the number of rows touched."""
    with open_work(SYSTEM, clock=clock or SystemClock()) as work:
        now = work.now()
        touched = work.db.exec(
            delete(PasscodeChallenge).where(col(PasscodeChallenge.created_at) < now - KEEP_CHALLENGES)
        ).rowcount
        touched += work.db.exec(delete(LiveChange).where(col(LiveChange.at) < now - KEEP_CHANGES)).rowcount
        touched += work.db.exec(delete(SpentCaptcha).where(col(SpentCaptcha.expires_at) < now - KEEP_CAPTCHAS)).rowcount
        touched += work.db.exec(
            update(Session)
            .where(col(Session.ended_at).is_(None), col(Session.expires_at) < now)
            .values(ended_at=now, ended_by="12 hours")
        ).rowcount
        touched += work.db.exec(
            update(OutboxMessage)
            .where(
                col(OutboxMessage.secret).is_(True),
                col(OutboxMessage.text).is_not(None),
                col(OutboxMessage.expires_at) < now,
            )
            .values(status=OutboxStatus.EXPIRED, text=None, html=None, subject=None, recipient=None)
        ).rowcount
        touched += work.db.exec(
            update(OutboxMessage)
            .where(
                col(OutboxMessage.status).not_in(ON_ITS_WAY),
                col(OutboxMessage.due_at) < now - KEEP_BODIES,
                col(OutboxMessage.text).is_not(None),
            )
            .values(subject=None, text=None, html=None, calendar=None, unsubscribe=None)
        ).rowcount
        return touched


def forget_photographs(clock: Clock | None = None) -> int:
    """Remove photographs that are part of no answer, rows and files; returns how many.

    The files go first, within the transaction: if it fails, their rows are still there and are swept again.
    """
    with open_work(SYSTEM, clock=clock or SystemClock()) as work:
        number, hashes = photos.forget(work)
        for sha256 in hashes:
            gateways().storage.remove(sha256)
        return number
