"""Loading the demo practice: one transaction for all that happened, then the documents of what was signed."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import col, select, update

from portal.clock import Clock, FixedClock, SystemClock
from portal.demo import news, panel, paper, people, places, questions, records, reminded, visits
from portal.demo.story import Story
from portal.errors import Conflict
from portal.gateways import make_certificate
from portal.gateways.errors import GatewayError
from portal.models import Notification, OutboxMessage, OutboxStatus, Practice
from portal.services import documents
from portal.settings import settings
from portal.work import Actor, Work, open_work

log = logging.getLogger("portal.demo")

THERE_ALREADY = "There is a practice here already: the demo practice is loaded into an empty database only."
IN_PRODUCTION = "The demo practice is not for production: its people are made up and anybody could log in as staff."
LOADER = Actor(kind="system", label="Demo")
OPENED_DAYS_AGO = 1500
DRAWN_AT_ONCE = 2


def exists(*, engine: Engine | None = None) -> bool:
    """Whether a practice is here already."""
    with open_work(LOADER, engine=engine, write=False) as work:
        return work.db.exec(select(Practice.id)).first() is not None


def load(*, engine: Engine | None = None, clock: Clock | None = None) -> None:
    """Build the demo practice around today. `Conflict` in production, and where a practice is here already."""
    if settings().production:
        raise Conflict(IN_PRODUCTION)
    now = (clock or SystemClock()).now()
    with open_work(LOADER, engine=engine, clock=FixedClock(now)) as work:
        work.hold("demo")
        if work.db.exec(select(Practice.id)).first() is not None:
            raise Conflict(THERE_ALREADY)
        _tell(work)
    make_certificate(settings(), places.NAME)
    _seal(engine)


def _tell(work: Work) -> None:
    before = replace(work, clock=FixedClock(work.now() - timedelta(days=OPENED_DAYS_AGO)))
    story = Story(work, places.build(before), {})
    story.clients |= people.build(before, story.places, story.today)
    panel.heard_of_us(before, story.clients)
    panel.of_amelia(story.by_staff("Marisol", story.now - timedelta(days=12)), story.clients[people.AMELIA])
    visits.until_now(story)
    places.ask(before, story.places)
    hers = visits.of_amelia(story)
    paper.of_amelia(story, hers)
    questions.of_amelia(story, hers)
    paper.of_others(story)
    questions.of_others(story)
    visits.ahead(story)
    places.ask(before, story.places, places.QUESTIONNAIRES)
    paper.invitations(story)
    records.of_staff(story)
    news.of_practice(story)
    reminded.today(story)
    _sent_long_ago(story)
    old = update(Notification).where(col(Notification.created_at) < story.now - timedelta(days=2))
    work.db.exec(old.values(read_at=story.now - timedelta(days=1)))


def _sent_long_ago(story: Story) -> None:
    """What these visits made the portal send reached its people at the time: the story begins with an empty outbox."""
    waiting = update(OutboxMessage).where(col(OutboxMessage.status) == OutboxStatus.PENDING)
    story.work.db.exec(waiting.values(status=OutboxStatus.SENT, sent_at=OutboxMessage.created_at, attempts=1))


def _seal(engine: Engine | None) -> None:
    """The documents, as of now: a seal bears the time it was made. What cannot be made is left to the job."""
    tried = set[UUID]()
    with ThreadPoolExecutor(DRAWN_AT_ONCE) as pool:
        while waiting := [form_id for form_id in documents.pending(engine=engine) if form_id not in tried]:
            tried.update(waiting)
            made = [pool.submit(documents.seal_signed, form_id, engine=engine) for form_id in waiting]
            for problem in filter(None, (one.exception() for one in made)):
                if not isinstance(problem, GatewayError):
                    raise problem
                log.warning("A document of the demo practice could not be made yet: %s", problem)
