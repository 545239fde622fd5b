"""The other side: services called on a server's database from the test's own process, as a job or the staff would."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Engine

from portal.models import Notification
from portal.models.db import make_engine
from portal.settings import Settings
from portal.work import SYSTEM, Actor, Work, open_work
from tests.support.portal_server import PortalServer


@lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    return make_engine(url)


@contextmanager
def acting(server: PortalServer, actor: Actor = SYSTEM) -> Iterator[Work]:
    """A unit of work on the database of a running portal, committed when the block ends."""
    url = Settings(PORTAL_VAR=server.var, PORTAL_DATABASE_URL=server.database_url).database  # type: ignore[call-arg]
    with open_work(actor, engine=_engine(url)) as work:
        yield work


def tell(server: PortalServer, patient_id: str | UUID, title: str) -> None:
    """Put a line into a patient's feed, as a service does."""
    with acting(server) as work:
        patient = UUID(str(patient_id))
        work.add(Notification(patient_id=patient, kind="test", title=title, created_at=work.now()))
        work.changed(patient, "notifications")
