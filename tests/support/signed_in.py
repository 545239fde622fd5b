"""A signed-in browser without the sign-in: for tests of what comes after it."""

from playwright.sync_api import BrowserContext

from tests.support.portal_server import PortalServer

_OPEN = """
import sys
from sqlmodel import select
from portal.models import Contact, Guardian
from portal.security.sessions import open_session
from portal.work import open_work
with open_work() as work:
    contact = work.db.exec(select(Contact).where(Contact.value == sys.argv[1])).first()
    print(contact.patient_id, open_session(work, contact.patient_id, contact.id, contact.guardian_id))
"""


def sign_in(server: PortalServer, contact: str) -> tuple[str, str]:
    """Open a session for whoever has this contact (E.164 or email); returns the patient's id and the cookie's value."""
    patient_id, token = run(server, _OPEN, contact).split()
    return patient_id, token


_OPEN_STAFF = """
import sys
from sqlmodel import select
from portal.models import Staff
from portal.security.staff_sessions import open_session
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    print(open_session(work, work.db.exec(select(Staff).where(Staff.email == sys.argv[1])).one(), "totp"))
"""


def sign_in_staff(server: PortalServer, email: str) -> str:
    """Open a session for a member of staff who proved a second factor just now; returns the cookie's value."""
    return run(server, _OPEN_STAFF, email).strip()


def let_staff_in(context: BrowserContext, server: PortalServer, email: str) -> None:
    """Give a browser the session of a member of staff who proved a second factor just now."""
    context.add_cookies([{"name": "portal_staff", "value": sign_in_staff(server, email), "url": server.url}])


def run(server: PortalServer, program: str, *words: str) -> str:
    """Run a few lines of Python beside a server, on its database and with its keys; returns what they print."""
    return server.beside().run(program, *words)
