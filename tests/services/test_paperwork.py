"""Asking for forms: once, when none counts, and taking them back."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.documents.markdown import TemplateError
from portal.domain.paperwork import FormStatus
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import (
    Appointment,
    AssignedForm,
    AuditEvent,
    FormEvent,
    Notification,
    OutboxMessage,
    Patient,
    PatientStatus,
    Signature,
    TemplateVersion,
)
from portal.services import paperwork, signing, templates, visit_forms
from portal.services.signing import Act
from portal.work import SYSTEM
from tests.services.signed import sign_typed
from tests.support.clinic import OpenAs, TestClinic


def test_a_form_is_asked_for_with_its_trace(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        template = clinic.template(work)
        visit = clinic.visit(work, clinic.amelia)
        form_id = paperwork.assign(work, clinic.amelia.patient_id, template, visit)
    with open_as(SYSTEM) as work:
        form = work.get(AssignedForm, form_id)
        assert (form.status, form.appointment_id) == (FormStatus.OPEN, visit)
        assert form.due_at == work.now() + timedelta(days=3)
        told = work.db.exec(select(Notification)).one()
        assert told.title == "New form to complete"
        assert told.href == f"/consent/{form_id}"
        assert work.db.exec(select(FormEvent.what)).all() == ["assigned"]
        assert "form.assigned" in work.db.exec(select(AuditEvent.action)).all()
        for message in work.db.exec(select(OutboxMessage)):
            assert "Neurotoxin" not in f"{message.subject} {message.text} {message.html}"


def test_what_waits_already_is_not_asked_for_again(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        template = clinic.template(work)
        first = paperwork.assign(work, clinic.amelia.patient_id, template)
        assert paperwork.assign(work, clinic.amelia.patient_id, template) == first
        assert paperwork.assign(work, clinic.rosa.patient_id, template) != first


def test_two_desks_at_once_ask_once(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        template = clinic.template(work)
    start = threading.Barrier(2)
    ids: list[UUID] = []

    def ask() -> None:
        start.wait()
        with open_as(SYSTEM) as work:
            ids.append(paperwork.assign(work, clinic.amelia.patient_id, template))

    desks = [threading.Thread(target=ask) for _ in range(2)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_booking_asks_for_the_services_forms_unless_one_counts(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        yearly = clinic.template(work, "Neurotoxin Treatment Consent", valid_months=12)
        each_time = clinic.template(work, "Photo Release", per_visit=True)
        templates.create(work, clinic.practice_id, "Never published")
        visit = clinic.visit(work, clinic.amelia)
        asked = paperwork.assign_for_appointment(work, visit)
        assert len(asked) == 2
        assert paperwork.assign_for_appointment(work, visit) == asked
    for form_id in asked:
        sign_typed(open_as, clinic.amelia, form_id)
    clock.advance(days=60)
    with open_as(SYSTEM) as work:
        again = paperwork.assign_for_appointment(work, clinic.visit(work, clinic.amelia))
        assert _templates(work, again) == [each_time]
    clock.advance(days=400)
    with open_as(SYSTEM) as work:
        later = paperwork.assign_for_appointment(work, clinic.visit(work, clinic.amelia))
        assert _templates(work, later) == sorted([yearly, each_time])


def test_a_template_without_a_text_does_not_stop_a_booking(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        empty = templates.create(work, clinic.practice_id, "Draft")
        templates.ask_for(work, clinic.service_id, empty)
        templates.ask_for(work, clinic.service_id, empty)
        assert paperwork.assign_for_appointment(work, clinic.visit(work, clinic.amelia)) == []
        with pytest.raises(Conflict):
            paperwork.assign(work, clinic.amelia.patient_id, empty)


def test_nothing_is_asked_of_an_inactive_record_or_for_a_strangers_visit(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        template, visit = clinic.template(work), clinic.visit(work, clinic.rosa)
        with pytest.raises(NotFound):
            paperwork.assign(work, clinic.amelia.patient_id, template, visit)
        work.get(Patient, clinic.amelia.patient_id).status = PatientStatus.INACTIVE
        with pytest.raises(Conflict):
            paperwork.assign(work, clinic.amelia.patient_id, template)


def test_a_reset_keeps_the_old_form_and_asks_for_a_fresh_one(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        form_id = paperwork.assign(work, clinic.amelia.patient_id, clinic.template(work))
    sign_typed(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        with pytest.raises(Invalid):
            paperwork.reset(work, form_id, "  ")
        fresh = paperwork.reset(work, form_id, "Wrong date of the visit")
        old, new = work.get(AssignedForm, form_id), work.get(AssignedForm, fresh)
        assert (old.status, old.void_reason, new.status) == (
            FormStatus.VOID,
            "Wrong date of the visit",
            FormStatus.OPEN,
        )
        assert old.frozen_html is not None
        assert work.db.exec(select(Signature).where(Signature.form_id == form_id)).one().typed_name == "Amelia Hart"
        with pytest.raises(Conflict):
            paperwork.reset(work, form_id, "Again")
    with open_as(clinic.amelia) as work, pytest.raises(Conflict):
        signing.sign(work, form_id, Act("0" * 64, intent=True, typed_name="Amelia Hart"))
    with open_as(clinic.amelia) as work, pytest.raises(Denied):
        paperwork.reset(work, fresh, "I would rather not")


def test_a_version_never_moves_under_a_form(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        template = clinic.template(work)
        form_id = paperwork.assign(work, clinic.amelia.patient_id, template)
        before = work.get(AssignedForm, form_id).version_id
        after = templates.publish(work, template, "## New\n\n{{ patient }}", valid_months=6)
        assert before != after
        assert work.get(TemplateVersion, after).number == 2
        assert work.get(AssignedForm, form_id).version_id == before


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("{{ colour }}", {}),
        ("{% for x in y %}{% endfor %}", {}),
        ("   ", {}),
        ("Text", {"initials": ["Risks", " Risks "]}),
        ("Text", {"initials": [""]}),
        ("Text", {"valid_months": -1}),
        ("Text", {"valid_months": 1000}),
    ],
)
def test_what_cannot_be_kept_is_not_published(
    clinic: TestClinic, open_as: OpenAs, text: str, rules: dict[str, object]
) -> None:
    with open_as(SYSTEM) as work:
        template = templates.create(work, clinic.practice_id, "Consent")
        with pytest.raises((Invalid, TemplateError)):
            templates.publish(work, template, text, **rules)
        assert templates.latest(work, template) is None


def test_a_form_has_a_name(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work, pytest.raises(Invalid):
        templates.create(work, clinic.practice_id, " ")


def _templates(work, form_ids: list[UUID]) -> list[UUID]:
    versions = [work.get(AssignedForm, form_id).version_id for form_id in form_ids]
    return sorted(work.get(TemplateVersion, version).template_id for version in versions)


@pytest.mark.parametrize("act", ["reset", "assign"])
def test_a_visit_that_is_changed_meanwhile_is_waited_for(clinic: TestClinic, open_as: OpenAs, act: str) -> None:
    with open_as(SYSTEM) as work:
        patient_id, visit_id = clinic.amelia.patient_id, clinic.visit(work, clinic.amelia)
        form_id = paperwork.assign(work, patient_id, clinic.template(work), visit_id)
        other = clinic.template(work, "Chemical Peel Consent")

    def by_staff() -> UUID:
        with open_as(SYSTEM) as work:
            if act == "reset":
                return paperwork.reset(work, form_id, "Wrong date")
            return paperwork.assign(work, patient_id, other, visit_id)

    with ThreadPoolExecutor(1) as pool:
        with open_as(SYSTEM) as work:
            visit = work.db.exec(select(Appointment).where(Appointment.id == visit_id).with_for_update()).one()
            asking = pool.submit(by_staff)
            wait([asking], timeout=0.5)  # it waits for the visit, and holds nothing meanwhile
            visit_forms.follow(work, visit, visit.starts_at)
        assert asking.result()
