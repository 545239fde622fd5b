"""The demo practice: rich enough that every screen looks alive, and the same wherever it is built."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.demo import loading, places
from portal.demo.people import AMELIA, CHILD, DECEASED
from portal.documents.markdown import fields_of, render_consent
from portal.domain.billing import InvoiceStatus
from portal.domain.paperwork import FormKind, FormStatus
from portal.domain.questionnaire import Schema
from portal.errors import Conflict
from portal.gateways import gateways
from portal.models import (
    Appointment,
    AppointmentStatus,
    AppointmentTick,
    AssignedForm,
    Channel,
    Clinic,
    FormTemplate,
    Invoice,
    Notification,
    OutboxMessage,
    OutboxStatus,
    Patient,
    PatientStatus,
    Practice,
    Service,
    Signature,
    SignerRole,
    Staff,
    StoredDocument,
    TemplateVersion,
)
from portal.queries import filling
from portal.queries.forms import MERGE_FIELDS
from portal.services import documents, forms_ahead
from portal.services.household import reached_by
from portal.work import SYSTEM, Work, open_work
from tests.support.databases import Databases

PACIFIC = ZoneInfo(places.ZONE)


@pytest.fixture(scope="module")
def practice(databases: Databases) -> Iterator[Engine]:
    """The demo practice, built once for this module on each engine; its documents are made as well."""
    with databases.engine() as engine:
        loading.load(engine=engine, clock=FixedClock())
        yield engine


@pytest.fixture
def shown(practice: Engine) -> Iterator[Work]:
    with open_work(SYSTEM, engine=practice, clock=FixedClock(), write=False) as work:
        yield work


def named(work: Work, name: str) -> Patient:
    first, last = name.rsplit(" ", 1)
    return work.db.exec(select(Patient).where(Patient.first_name == first, Patient.last_name == last)).one()


def test_it_is_as_large_as_promised(shown: Work) -> None:
    def count(table: type) -> int:
        return len(shown.db.exec(select(table)).all())

    assert (count(Patient), count(Clinic), count(Staff), count(FormTemplate)) == (40, 2, 6, 14)
    assert count(Appointment) > 100
    assert shown.db.exec(select(Practice.name)).one() == "Lumière Aesthetics"


def test_the_named_people_are_there(shown: Work) -> None:
    today = shown.now().astimezone(PACIFIC).date()

    def reached(channel: Channel, value: str) -> set[str]:
        return {person.name for person in reached_by(shown, channel, value, today)}

    assert reached(Channel.PHONE, "+15035550187") == {"Amelia H."}
    assert reached(Channel.EMAIL, "amelia.hart@example.com") == {"Amelia H."}
    assert reached(Channel.PHONE, "+15035550143") == {"Rosa D.", "Mateo D."}
    assert reached(Channel.PHONE, "+15035550133") == {"Esther L.", "Theo L."}
    assert reached(Channel.PHONE, "+19715550150") == set()
    assert named(shown, AMELIA).date_of_birth == date(1988, 3, 14)
    assert named(shown, DECEASED).status is PatientStatus.INACTIVE
    emails = set(shown.db.exec(select(Staff.email)).all())
    assert {f"{name}@lumiere.example" for name in ("marisol.vega", "naomi.reyes", "elena.marsh")} <= emails
    assert not any(shown.db.exec(select(Staff.totp_secret)).all()), "each sets up an authenticator at the first log-in"


def test_amelia_has_a_visit_in_three_days_and_open_paperwork(shown: Work) -> None:
    amelia = named(shown, AMELIA)
    starts = shown.db.exec(
        select(Appointment.starts_at)
        .where(Appointment.patient_id == amelia.id, col(Appointment.starts_at) > shown.now())
        .order_by(col(Appointment.starts_at))
    ).first()
    assert starts is not None
    assert starts.astimezone(PACIFIC).date() - shown.now().astimezone(PACIFIC).date() == timedelta(days=3)
    statuses = Counter(shown.db.exec(select(AssignedForm.status).where(AssignedForm.patient_id == amelia.id)).all())
    of_the_visit_she_cancelled = {FormStatus.VOID: 1}
    assert statuses == {FormStatus.OPEN: 2, FormStatus.WITNESS: 1, FormStatus.DONE: 7, **of_the_visit_she_cancelled}


def test_every_status_is_there(shown: Work) -> None:
    forms = shown.db.exec(select(AssignedForm)).all()
    assert {form.status for form in forms} == set(FormStatus)
    ends = [form.valid_until - shown.now() for form in forms if form.valid_until]
    assert any(left < timedelta(0) for left in ends)
    assert any(timedelta(0) < left < timedelta(days=30) for left in ends)
    methods = shown.db.exec(select(Signature.method)).all()
    assert set(methods) == {"drawn", "typed"}
    guardians = shown.db.exec(select(Signature).where(Signature.role == SignerRole.GUARDIAN)).all()
    assert [signature.relationship for signature in guardians] == ["Mother"]
    assert {form.patient_id for form in forms if form.id == guardians[0].form_id} == {named(shown, CHILD).id}


def test_amelia_has_begun_one_questionnaire_today_and_filled_two(shown: Work) -> None:
    amelia = named(shown, AMELIA)
    asked = select(AssignedForm.id).where(
        AssignedForm.patient_id == amelia.id, AssignedForm.kind == FormKind.QUESTIONNAIRE
    )
    found = {one.form.name: one for one in (filling.any_filling(shown, form) for form in shown.db.exec(asked).all())}
    begun = found.pop("Pre-Treatment Health Questionnaire")
    assert (begun.page_of_first_problem() + 1, len(begun.pages)) == (2, 4)
    assert begun.saved_at is not None
    assert begun.saved_at.astimezone(PACIFIC).date() == shown.now().astimezone(PACIFIC).date()
    assert [link_id for link_id in begun.problems if link_id in {"pregnant", "lately", "thinners"}] == ["thinners"]
    assert {name: one.filled for name, one in found.items()} == {
        "New Client Intake": True,
        "Skin Type and Sun Exposure": True,
    }
    assert found["New Client Intake"].sections[1].lines[0].answer == "Daniel Hart"


def test_every_questionnaire_has_words_for_whoever_hesitates(shown: Work) -> None:
    """What may be left out says so or is an answer of its own; nobody is asked for what is not needed."""
    for questions in shown.db.exec(select(TemplateVersion.questions)).all():
        if questions is None:
            continue
        schema = Schema.parse(questions)
        assert 2 <= len(schema.pages) <= 7
        for item in schema.questions():
            assert len(item.text) < 120
            assert not item.many or any(option.exclusive for option in item.options)


def test_what_is_signed_has_its_sealed_document(shown: Work, practice: Engine) -> None:
    assert documents.pending(engine=practice) == []
    stored = shown.db.exec(select(StoredDocument)).all()
    kinds = Counter(shown.get(AssignedForm, document.form_id).kind for document in stored)
    assert kinds[FormKind.CONSENT] == 12
    for document in stored[:3]:
        report = gateways().seal.check(gateways().storage.get(document.sha256))
        assert report.intact
        assert report.whole_file


def test_nobody_is_in_two_rooms_at_once(shown: Work) -> None:
    query = select(Appointment).order_by(col(Appointment.provider_id), col(Appointment.starts_at))
    visits = shown.db.exec(query).all()
    for earlier, later in pairwise(visits):
        assert earlier.provider_id != later.provider_id or earlier.ends_at <= later.starts_at


def test_the_book_holds_what_is_ahead_and_what_was_cancelled_is_free(shown: Work) -> None:
    ticks = Counter(shown.db.exec(select(AppointmentTick.appointment_id)).all())
    visits = shown.db.exec(select(Appointment)).all()
    assert {visit.status for visit in visits} >= set(AppointmentStatus) - {AppointmentStatus.CHECKED_IN}
    for visit in visits:
        minutes = (visit.ends_at - visit.starts_at) / timedelta(minutes=1) + visit.buffer_minutes
        assert ticks[visit.id] == (0 if visit.status is AppointmentStatus.CANCELLED else minutes / 5)
        assert (visit.settled_at is not None) == (visit.status is AppointmentStatus.CANCELLED)


def test_there_is_something_to_pay(shown: Work) -> None:
    invoice = shown.db.exec(select(Invoice).where(Invoice.patient_id == named(shown, AMELIA).id)).one()
    assert (invoice.number, invoice.title, invoice.total_cents, invoice.status) == (
        1047, "HydraFacial Deluxe", 18500, InvoiceStatus.UNPAID,
    )  # fmt: skip
    late = shown.db.exec(select(Invoice).where(Invoice.number == 1048)).one()
    assert shown.get(Appointment, late.appointment_id).late_fee_cents == late.total_cents == 5000


def test_nothing_waits_to_be_sent(shown: Work) -> None:
    statuses = Counter(shown.db.exec(select(OutboxMessage.status)).all())
    assert statuses[OutboxStatus.SENT] > 100
    assert not {OutboxStatus.PENDING, OutboxStatus.SENDING} & set(statuses)


def test_open_forms_of_visits_near_have_been_reminded_of(shown: Work) -> None:
    keys = shown.db.exec(select(Notification.key).where(col(Notification.key).startswith("forms-due:"))).all()
    assert keys
    assert forms_ahead.due_now(shown) == []


def test_nothing_has_happened_in_the_future(shown: Work) -> None:
    assert all(form.assigned_at <= shown.now() for form in shown.db.exec(select(AssignedForm)).all())
    assert all(signature.signed_at <= shown.now() for signature in shown.db.exec(select(Signature)).all())


def test_every_text_has_its_parts_and_fields(shown: Work) -> None:
    consents = [one.text for one in shown.db.exec(select(TemplateVersion)).all() if one.questions is None]
    assert len(consents) == 9
    for text in consents:
        assert fields_of(text) <= set(MERGE_FIELDS)
        html = render_consent(text, dict.fromkeys(MERGE_FIELDS, "word")).html
        assert html.count("<h2>") >= 6
        assert "questions" in html
    assert {"Neurotoxin", "Laser"} <= set(shown.db.exec(select(Service.category)).all())


@pytest.mark.parametrize(("day", "hour"), [(0, 0), (3, 9), (4, 23), (6, 16)])
def test_it_can_be_built_on_any_day_at_any_hour(
    sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch, day: int, hour: int
) -> None:
    monkeypatch.setattr(loading, "_seal", lambda engine: None)  # the documents are the other tests' business
    clock = FixedClock()
    clock.advance(days=day, hours=hour - 9)  # it stands at nine in the morning, Pacific time
    with sqlite_databases.engine() as engine:
        loading.load(engine=engine, clock=clock)
        with open_work(SYSTEM, engine=engine, clock=clock, write=False) as work:
            statuses = Counter(work.db.exec(select(AssignedForm.status)).all())
    assert statuses[FormStatus.DONE] == 17


def test_a_second_practice_is_refused(practice: Engine) -> None:
    assert loading.exists(engine=practice)
    with pytest.raises(Conflict, match="empty database only"):
        loading.load(engine=practice)


def test_production_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    real = loading.settings()
    monkeypatch.setattr(loading, "settings", lambda: real.model_copy(update={"env": "production"}))
    with pytest.raises(Conflict, match="not for production"):
        loading.load(engine=engine)
    assert not loading.exists(engine=engine)
