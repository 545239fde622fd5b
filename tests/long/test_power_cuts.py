"""Power cuts: what signs, seals and sends is killed again and again; nothing is half, lost, or there twice."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from portal.jobs import outbox
from portal.models import (
    AssignedForm,
    AuditEvent,
    FormEvent,
    FormStatus,
    OutboxMessage,
    OutboxStatus,
    Signature,
    StoredDocument,
)
from portal.models.db import make_engine
from portal.services import documents, paperwork
from portal.settings import settings
from portal.work import SYSTEM, Actor, open_work
from tests.support.clinic import furnish
from tests.support.databases import Databases
from tests.support.portal_server import ROOT

FORMS, MESSAGES, MOST_CUTS = 12, 120, 12

SIGN = """
import json, sys
from uuid import UUID
from portal.queries import forms
from portal.services import consent_text, documents, signing
from portal.work import Actor, open_work
from tests.support.clinic import PAD, STROKES
from tests.services.signed import drawn
who = {key: UUID(value) for key, value in json.loads(sys.argv[1]).items()}
documents.gateways()
print("ready", flush=True)
actor = Actor(kind="patient", label="Amelia Hart", **who)
for form_id in map(UUID, sys.argv[2:]):
    with open_work(actor, write=False) as work:
        form = forms.form(work, form_id)
        sha256 = consent_text.content(form).sha256
    if form.status.value == "open":
        with open_work(actor) as work:
            signing.opened(work, form_id)
            signing.viewed_to_end(work, form_id)
        with open_work(actor) as work:
            signing.sign(work, form_id, drawn(sha256))
    documents.seal_signed(form_id)
print("done")
"""

SEND = """
import os, sys
from pathlib import Path
from portal.gateways import gateways
from portal.gateways.delivery import Delivery
from portal.jobs import outbox
from dataclasses import replace
class ToFile:
    def send(self, to, text, key):
        with open(sys.argv[1], "a") as file:
            file.write(key + "\\n")
            file.flush()
            os.fsync(file.fileno())
        return Delivery(key)
through = replace(gateways(), sms=ToFile())
print("ready", flush=True)
while outbox.deliver(through=through):
    pass
print("done")
"""


@pytest.fixture
def address(databases: Databases):
    """A database of the test's own, by its address."""
    with databases.url() as url:
        yield url


def cut_power_until_done(run: Callable[[], "subprocess.Popen[str]"], longest: float) -> int:
    """Start it, kill it at a random moment of its work, and again, until it comes to its end; the number of cuts."""
    dice = random.Random(4711)
    for cuts in range(MOST_CUTS + 1):
        process = run()
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            process.wait(dice.uniform(0.02, longest) if cuts < MOST_CUTS else 120)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            continue
        assert process.returncode == 0
        assert process.stdout.read() == "done\n"  # the same buffer: both lines may have come at once
        return cuts
    raise AssertionError("it never came to its end")


def program(code: str, address: str, *words: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PORTAL_DATABASE_URL": address, "PORTAL_VAR": str(settings().var)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def waiting_forms(engine: Engine) -> tuple[Actor, list[str]]:
    with open_work(SYSTEM, engine=engine) as work:
        clinic = furnish(work)
        template, visit = clinic.template(work), clinic.visit(work, clinic.amelia)
        assert clinic.amelia.patient_id is not None
        asked = [paperwork.assign(work, clinic.amelia.patient_id, template, visit) for _ in range(FORMS)]
    return clinic.amelia, [str(form_id) for form_id in dict.fromkeys(asked)]


@pytest.mark.long
def test_signing_and_sealing_survive_power_cuts(address: str) -> None:
    engine = make_engine(address)
    amelia, form_ids = waiting_forms(engine)
    who = json.dumps(
        {
            "patient_id": str(amelia.patient_id),
            "session_id": str(amelia.session_id),
            "contact_id": str(amelia.contact_id),
        }
    )
    cuts = cut_power_until_done(lambda: program(SIGN, address, who, *form_ids), 1.5)
    assert cuts >= 1, "the power was never cut: raise the number of forms"
    with open_work(SYSTEM, engine=engine, write=False) as work:
        statuses = Counter(work.db.exec(select(AssignedForm.status)).all())
        assert statuses == {FormStatus.DONE: len(form_ids)}
        for table in (Signature, StoredDocument):
            per_form = work.db.exec(select(table.form_id, func.count()).group_by(col(table.form_id))).all()
            assert sorted(count for _form, count in per_form) == [1] * len(form_ids)
        signed = work.db.exec(select(func.count()).select_from(FormEvent).where(FormEvent.what == "signed")).one()
        audited = work.db.exec(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "form.signed")
        ).one()
        assert signed == audited == len(form_ids)
        assert list(documents.damaged(work)) == []
    engine.dispose()


@pytest.mark.long
def test_messages_survive_power_cuts(address: str, tmp_path: Path) -> None:
    engine = make_engine(address)
    with open_work(SYSTEM, engine=engine) as work:
        for number in range(MESSAGES):
            work.send(
                OutboxMessage(
                    key=f"reminder:{number}",
                    channel="sms",
                    recipient="+15035550187",
                    text="See you on Tuesday",
                    due_at=work.now(),
                    created_at=work.now(),
                )
            )
    sent = tmp_path / "sent"

    def run() -> "subprocess.Popen[str]":
        with open_work(SYSTEM, engine=engine) as work:  # what a killed runner had claimed is due again at once
            for row in work.db.exec(select(OutboxMessage).where(OutboxMessage.status == OutboxStatus.SENDING)).all():
                row.due_at = work.now()
        return program(SEND, address, str(sent))

    cuts = cut_power_until_done(run, 0.3)
    assert cuts >= 1, "the power was never cut: raise the number of messages"
    went_out = Counter(sent.read_text().split())
    assert set(went_out) == {f"reminder:{number}" for number in range(MESSAGES)}, "none is lost"
    twice = [key for key, times in went_out.items() if times > 1]
    in_hand = cuts * outbox.SENDERS
    assert len(twice) <= in_hand, "only what was in the vendor's hands when the power went may go out again"
    with open_work(SYSTEM, engine=engine, write=False) as work:
        assert set(work.db.exec(select(OutboxMessage.status)).all()) == {OutboxStatus.SENT}
    engine.dispose()
