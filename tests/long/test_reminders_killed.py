"""A thousand reminders, and the runner killed in the middle, again and again: each goes out once, none is lost.

The runner is a process of its own with the portal's own jobs. The vendor is a server of its own that does what Twilio
does: it takes a text, may lose the answer to the killed caller, and can be asked for what it has. Emails go by SMTP to
a real server, which cannot be asked: of those, the ones in flight at a cut may be given up, and none goes twice.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine
from sqlmodel import col, func, select

from portal.jobs import outbox
from portal.models import Appointment, Notification, OutboxMessage, OutboxStatus, Practice
from portal.models import db as database
from portal.models.db import make_engine
from portal.settings import settings
from portal.work import SYSTEM, open_work
from tests.support import rows
from tests.support.clinic import furnish
from tests.support.databases import Databases
from tests.support.portal_server import ROOT
from tests.support.processes import free_port

VISITS, CUTS = 1000, 8

RUN = """
import sys
from portal.jobs import outbox, reminders
from portal.jobs.runner import Job, Runner
from datetime import timedelta
outbox.CLAIM = timedelta(seconds=1)
jobs = (Job("reminders", 1, reminders.send_due), Job("outbox", 1, outbox.deliver_others))
runner = Runner(jobs, lease_seconds=1)
runner.start()
print("ready", flush=True)
runner._keeper.join()
"""


class Vendor(ThreadingHTTPServer):
    """Takes texts as Twilio does, and remembers each."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.texts: list[dict[str, str]] = []
        self.asked = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Vendor

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        text = {"to": given["To"][0], "body": given["Body"][0], "status": "queued"}
        with self.server.lock:
            text["sid"] = f"SM{len(self.server.texts)}"
            text["date_created"] = format_datetime(datetime.now(UTC))
            self.server.texts.append(text)
        time.sleep(0.05)  # the answer is on its way while the caller may be killed
        self._answer(201, text)

    def do_GET(self) -> None:
        to = parse_qs(urlsplit(self.path).query)["To"][0]
        with self.server.lock:
            self.server.asked += 1
            found = [text for text in self.server.texts if text["to"] == to]
        self._answer(200, {"messages": found[::-1], "page_size": 50, "next_page_uri": None})

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            pass

    def log_message(self, *_: object) -> None:
        pass


class Mailbox:
    """A mail server's memory: the Message-ID of all it accepted."""

    def __init__(self) -> None:
        self.ids: list[str] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        content: bytes = envelope.content  # type: ignore[attr-defined]
        self.ids += [line.decode() for line in content.splitlines() if line.lower().startswith(b"message-id")]
        await asyncio.sleep(0.05)  # the answer is on its way while the caller may be killed
        return "250 OK"


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    server = Vendor()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


@pytest.fixture
def engine(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    with databases.url() as url:
        made = make_engine(url)
        monkeypatch.setattr(database, "engine", lambda: made)
        yield made
        made.dispose()


def furnished(engine: Engine) -> None:
    """A thousand people with a visit in less than three hours, who want texts and emails. It is never night."""
    with open_work(SYSTEM, engine=engine) as work:
        clinic = furnish(work)
        practice = work.get(Practice, clinic.practice_id)
        practice.sending_from = practice.sending_until = "00:00"
        practice.reminder_hours = [3]
        starts = work.now() + timedelta(hours=2, minutes=45)
        for number in range(VISITS):
            phone, email = f"+1503555{number:04d}", f"p{number}@example.com"
            patient = rows.patient(work, practice, phone, email, wants_sms=True, wants_email=True)
            visit = work.get(Appointment, clinic.visit(work, rows.acting(patient), starts))
            visit.booked_at = work.now() - timedelta(days=9)


def left(engine: Engine) -> int:
    """Reminders that are not decided on, and messages that have not gone out."""
    with open_work(SYSTEM, engine=engine, write=False) as work:
        told = work.db.exec(select(func.count()).select_from(Notification)).one()
        states = (OutboxStatus.PENDING, OutboxStatus.SENDING)
        open_ones = select(func.count()).select_from(OutboxMessage).where(col(OutboxMessage.status).in_(states))
        return VISITS - told + work.db.exec(open_ones).one()


def _after(seconds: float) -> Callable[[], bool]:
    """True once so much time has passed since it was asked first."""
    ends: list[float] = []

    def over() -> bool:
        ends.append(time.monotonic() + seconds)
        return time.monotonic() >= ends[0]

    return over


@pytest.mark.long
@pytest.mark.timeout(600)
def test_each_of_a_thousand_reminders_goes_out_once(
    engine: Engine, vendor: Vendor, mailbox: tuple[Mailbox, int]
) -> None:
    furnished(engine)
    box, port = mailbox
    environment = {
        **os.environ,
        "PORTAL_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "PORTAL_VAR": str(settings().var),
        "PORTAL_SMS": "twilio",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "a-token",
        "TWILIO_FROM_NUMBER": "+12015550123",
        "TWILIO_API_URL": vendor.url,
        "PORTAL_EMAIL": "smtp",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_STARTTLS": "false",
    }

    def went_out() -> int:
        return len(vendor.texts) + len(box.ids)

    dice = random.Random(4711)
    # The first cuts fall into the deciding, the others into the sending; then it may come to its end.
    stops: list[Callable[[], bool]] = [_after(dice.uniform(1, 3)) for _ in range(2)]
    stops += [partial(lambda point: went_out() >= point, point) for point in sorted(dice.sample(range(20, 1900), CUTS))]
    for over in (*stops, lambda: went_out() > 2 * VISITS - 100 and not left(engine)):
        process = subprocess.Popen(
            [sys.executable, "-c", RUN],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        started = time.monotonic()
        while not over():
            time.sleep(0.02)
            assert time.monotonic() - started < 240, "it never came to its end"
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

    with open_work(SYSTEM, engine=engine, write=False) as work:
        keys = work.db.exec(select(Notification.key)).all()
        assert len(keys) == len(set(keys)) == VISITS
        states = Counter(work.db.exec(select(OutboxMessage.channel, OutboxMessage.status)).all())
    texts = Counter(text["body"] for text in vendor.texts)
    assert len(texts) == VISITS, "none is lost"
    assert set(texts.values()) == {1}, "none goes out twice"
    assert states["sms", OutboxStatus.SENT] == VISITS
    assert vendor.asked, "no text was in the vendor's hands at a cut: raise the number of cuts"

    uncertain = states["email", OutboxStatus.UNCERTAIN]
    assert states["email", OutboxStatus.SENT] + uncertain == VISITS
    assert uncertain <= len(stops) * outbox.SENDERS, "only what was in the server's hands at a cut"
    mails = Counter(box.ids)
    assert set(mails.values()) == {1}, "none goes out twice"
    assert VISITS - uncertain <= len(mails) <= VISITS
    gone = len(mails) + uncertain - VISITS
    print(f"{len(stops)} cuts; the vendor was asked for {vendor.asked} texts;", end=" ")
    print(f"{uncertain} emails that nobody can tell of, {gone} of which had gone out")
