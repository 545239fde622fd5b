"""Whoever gets hold of the whole database and every log has none of the secrets in clear: not a loyalty log-in, not an
authenticator's secret, not a code, not a session, not a link."""

import base64
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyotp.totp import TOTP
from sqlalchemy import Engine, text
from sqlmodel import SQLModel, select

from portal.clock import FixedClock
from portal.domain.access import Role
from portal.gateways import gateways
from portal.gateways.delivery import Delivery
from portal.gateways.email import EmailMessage
from portal.jobs import outbox
from portal.models import OutboxMessage, OutboxStatus, Staff
from portal.models import db as database
from portal.security import sessions, staff_sessions
from portal.services import clients, invites, loyalty, passcodes, signing_in, staff_entering
from portal.work import SYSTEM
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.getting_in import VISITOR, code_in, robot_check
from tests.support.team import hired

NAOMI = "naomi.reyes@lumiere.example"
USERNAME, PASSWORD, NUMBER = "amelia-hart-88", "rose-water-1988", "AGR-4471-0923"


class Desk:
    """A vendor that takes everything, and remembers what it said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def send(self, *words: Any) -> Delivery:
        message = words[0]
        self.said.append(message.text if isinstance(message, EmailMessage) else str(words[1]))
        return Delivery("vendor")


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    with open_as(SYSTEM) as work:
        return furnish(work)


def journey(clinic: TestClinic, open_as: OpenAs, clock: FixedClock, desk: Desk) -> Iterator[str]:
    """A patient and a member of staff log in, a loyalty log-in is kept, shown and changed; every secret of it."""
    vendors = replace(gateways(), sms=desk, email=desk)

    def sent() -> None:
        outbox.deliver(clock, vendors)

    def code() -> str:
        with open_as(SYSTEM, write=False) as work:
            waiting = work.db.exec(select(OutboxMessage).where(OutboxMessage.status == OutboxStatus.PENDING)).all()
            return code_in(next(row for row in waiting if row.secret))

    assert clinic.amelia.patient_id
    with open_as(VISITOR) as work:
        challenge = passcodes.request(work, "phone", "(503) 555-0187", robot_check()).challenge_id
    yield (first := code())
    sent()
    with open_as(VISITOR) as work:
        yield (ticket := signing_in.verify(work, challenge, first).ticket)
    with open_as(VISITOR) as work:
        patient_id, contact_id, _ = signing_in.redeem_ticket(work, ticket)
        yield sessions.open_session(work, patient_id, contact_id)

    clock.advance(minutes=2)
    with open_as(VISITOR) as work:
        challenge = staff_entering.request(work, NAOMI, robot_check()).challenge_id
    yield (second := code())
    sent()
    with open_as(VISITOR) as work:
        asked = staff_entering.enter_code(work, challenge, second)
    yield asked.secret
    with open_as(VISITOR) as work:
        done = staff_entering.enrol(work, challenge, TOTP(asked.secret).at(clock.now()))
    yield done.ticket
    yield from done.codes
    with open_as(VISITOR) as work:
        staff = staff_entering.redeem_ticket(work, done.ticket)
        yield staff_sessions.open_session(work, staff, "totp")

    director = hired(open_as, clinic, Role.MEDICAL_DIRECTOR, "Adaeze", "Okonkwo")
    with open_as(director) as work:
        loyalty.enrol(
            work, clinic.amelia.patient_id, "alle", {"how": "login", "username": USERNAME, "password": PASSWORD}
        )
        loyalty.enrol(work, clinic.amelia.patient_id, "aspire", {"how": "number", "member_number": NUMBER})
        assert loyalty.reveal(work, clinic.amelia.patient_id, "alle").password == PASSWORD
        logging.getLogger("portal").warning("shown: %r", loyalty.reveal(work, clinic.amelia.patient_id, "alle"))
    yield from (USERNAME, PASSWORD, NUMBER)
    with open_as(director) as work:
        clients.set_contact(work, clinic.amelia.patient_id, clients.Channel.EMAIL, "amelia.hart@example.com")
        invites.create(work, clinic.amelia.patient_id)
    with open_as(SYSTEM, write=False) as work:
        link = next(row for row in work.db.exec(select(OutboxMessage)).all() if row.key.startswith("invite:"))
        yield (link.text or "").partition("/invite/")[2].split()[0]
    sent()


def everything(engine: Engine) -> bytes:
    """Every value of every table, and of SQLite the files themselves."""
    found: list[bytes] = []
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")):  # our own tables
                found += [
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in row
                ]
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        found += [part.read_bytes() for part in (path, path.with_name(f"{path.name}-wal"))]
    return b"\n".join(found)


def test_neither_the_database_nor_a_log_has_a_secret_in_clear(
    clinic: TestClinic,
    open_as: OpenAs,
    clock: FixedClock,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)
    caplog.set_level(logging.DEBUG)
    desk = Desk()
    secrets = [secret for secret in journey(clinic, open_as, clock, desk) if secret]
    assert len(secrets) > 20
    assert any(secrets[0] in said for said in desk.said), "the codes did go out"
    with open_as(SYSTEM, write=False) as work:
        assert work.db.exec(select(Staff).where(Staff.email == NAOMI)).one().totp_secret in secrets
    dump, logs = everything(engine), caplog.text.encode()
    assert b"Amelia" in dump
    for secret in secrets:
        for written in (
            secret.encode(),
            secret.encode().hex().encode(),
            base64.b64encode(secret.encode()).rstrip(b"="),
        ):
            if len(secret) > 6:  # six digits stand in any dump by chance, inside other numbers and ids
                assert written not in dump, f"{secret!r} stands in the database"
            assert written not in logs, f"{secret!r} stands in a log"


def test_codes_of_six_digits_stand_in_no_value_of_their_own(
    clinic: TestClinic,
    open_as: OpenAs,
    clock: FixedClock,
    engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Found as a word, with nothing of a number or an id around it."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    codes = [secret for secret in journey(clinic, open_as, clock, Desk()) if len(secret) == 6]
    assert len(codes) == 2
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(text(f"SELECT * FROM {table.name}")):  # our own tables
                for value in row:
                    if isinstance(value, str):
                        assert not any(re.search(rf"(?<![\w.-]){code}(?![\w.-])", value) for code in codes), table.name
