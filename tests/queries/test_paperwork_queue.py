"""The paperwork queue: what stands in which tab, whom it finds, page by page; statements do not grow."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert

from portal.clock import FixedClock
from portal.domain.access import ROLES, Privilege, Role
from portal.domain.paperwork import FormKind, FormStatus
from portal.errors import Denied
from portal.ids import uuid7
from portal.models import AssignedForm, Clinic, FormTemplate, Patient, PatientStatus, TemplateVersion
from portal.queries.paperwork_queue import PAGE, QueueCounts, Sort, View, counts, page
from portal.services import paperwork, templates
from portal.services.search import index
from portal.work import NOBODY, SYSTEM, Actor, Work
from tests.queries.counting import counted
from tests.services.signed import asked, sign_drawn
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import QUESTIONS

DESK = Actor(kind="staff", role="front_desk", privileges=ROLES[Role.FRONT_DESK])


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """Amelia Hart, Rosa and Mateo Delgado, findable."""
    with open_as(SYSTEM) as work:
        made = furnish(work)
        for who in (made.amelia, made.rosa, made.child):
            index(work, work.get(Patient, who.patient_id))
    return made


def seen(open_as: OpenAs, view: View, **asked_for: Any) -> list[str]:
    with open_as(DESK, write=False) as work:
        return [f"{row.client}: {row.form}" for row in page(work, view, **asked_for).rows]


def questionnaire(work: Work, clinic: TestClinic, who: Actor, name: str = "About your health") -> UUID:
    template = templates.create(work, clinic.practice_id, name, FormKind.QUESTIONNAIRE)
    templates.publish(work, template, "Tell us how you are.", questions=QUESTIONS)
    assert who.patient_id
    return paperwork.assign(work, who.patient_id, template)


def test_each_form_stands_in_its_tab(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    signed = asked(open_as, clinic, name="Peel", valid_months=12)
    witness = asked(open_as, clinic, clinic.rosa, name="Filler", needs_witness=True)
    asked(open_as, clinic, name="Laser")
    with open_as(SYSTEM) as work:
        questionnaire(work, clinic, clinic.rosa)
    sign_drawn(open_as, clinic.amelia, signed)
    sign_drawn(open_as, clinic.rosa, witness)
    assert seen(open_as, View.WITNESS) == ["Rosa Delgado: Filler"]
    assert seen(open_as, View.UNSIGNED) == ["Amelia Hart: Laser"]
    assert seen(open_as, View.UNFILLED) == ["Rosa Delgado: About your health"]
    assert seen(open_as, View.SIGNED) == ["Amelia Hart: Peel"]
    assert seen(open_as, View.OVERDUE) == seen(open_as, View.EXPIRING) == seen(open_as, View.FILLED) == []
    with open_as(DESK, write=False) as work:
        assert counts(work) == QueueCounts(witness=1, unsigned=1, unfilled=1)
        row = page(work, View.WITNESS).rows[0]
        assert (row.status, row.kind, row.late) == ("Witness Signature Required", "Consent", False)
        assert row.since.startswith("Today, ")
        assert row.visit.count(",") == 1
    clock.advance(days=350)
    assert seen(open_as, View.EXPIRING) == ["Amelia Hart: Peel"]
    assert seen(open_as, View.OVERDUE) == ["Rosa Delgado: Filler", "Amelia Hart: Laser"]
    with open_as(DESK, write=False) as work:
        assert counts(work) == QueueCounts(witness=1, overdue=2, unsigned=1, unfilled=1, expiring=1)
        assert page(work, View.EXPIRING).rows[0].expiry == "Expiring soon"
        assert page(work, View.OVERDUE).rows[0].late


def test_clients_and_forms_are_found(clinic: TestClinic, open_as: OpenAs) -> None:
    asked(open_as, clinic, name="Laser 100% Hair")
    asked(open_as, clinic, clinic.rosa, name="Peel")
    assert seen(open_as, View.UNSIGNED, typed="delg") == ["Rosa Delgado: Peel"]
    assert seen(open_as, View.UNSIGNED, typed="rosa delgado") == ["Rosa Delgado: Peel"]
    assert seen(open_as, View.UNSIGNED, typed="hair") == ["Amelia Hart: Laser 100% Hair"]
    assert seen(open_as, View.UNSIGNED, typed="100%") == ["Amelia Hart: Laser 100% Hair"]
    assert seen(open_as, View.UNSIGNED, typed="03/14/1988") == ["Amelia Hart: Laser 100% Hair"]
    for nobody in ("%", "_", "'; --", "\x01", "hart rosa"):
        assert [line for line in seen(open_as, View.UNSIGNED, typed=nobody) if "100%" not in line] == []


def test_a_clinic_sees_its_own(clinic: TestClinic, open_as: OpenAs) -> None:
    asked(open_as, clinic, name="Laser")
    with open_as(SYSTEM) as work:
        other = work.add(
            Clinic(
                practice_id=clinic.practice_id, name="Eastside", street="1 Oak", city="Portland", state="OR",
                postal_code="97214", phone="+15035550100", time_zone="America/Los_Angeles",
            )
        )  # fmt: skip
        work.get(Patient, clinic.rosa.patient_id).primary_clinic_id = other.id
        questionnaire(work, clinic, clinic.rosa)
    assert seen(open_as, View.UNSIGNED, clinic_id=clinic.clinic_id) == ["Amelia Hart: Laser"]
    assert seen(open_as, View.UNFILLED, clinic_id=clinic.clinic_id) == []
    assert seen(open_as, View.UNFILLED, clinic_id=other.id) == ["Rosa Delgado: About your health"]
    with open_as(DESK, write=False) as work:
        assert counts(work, other.id) == QueueCounts(unfilled=1)


def test_who_is_gone_waits_for_nobody(clinic: TestClinic, open_as: OpenAs) -> None:
    asked(open_as, clinic, name="Laser")
    with open_as(SYSTEM) as work:
        work.get(Patient, clinic.amelia.patient_id).status = PatientStatus.INACTIVE
    assert seen(open_as, View.UNSIGNED) == []
    with open_as(DESK, write=False) as work:
        assert counts(work) == QueueCounts()


def crowd(work: Work, clinic: TestClinic, number: int) -> None:
    """Forms of many kinds and days, some due on none."""
    template = work.add(FormTemplate(practice_id=clinic.practice_id, name="Crowd", kind=FormKind.CONSENT))
    version = work.add(TemplateVersion(template_id=template.id, number=1, text="Text", published_at=work.now()))
    people = [clinic.amelia.patient_id, clinic.rosa.patient_id, clinic.child.patient_id]
    now = work.now()
    made = [
        AssignedForm(
            id=uuid7(),
            patient_id=people[n % 3],  # type: ignore[arg-type]
            version_id=version.id,
            kind=FormKind.CONSENT,
            status=(FormStatus.OPEN, FormStatus.DONE)[n % 2],
            assigned_at=now - timedelta(days=n % 50),
            due_at=None if n % 5 == 0 else now + timedelta(hours=n % 90 - 30),
            done_at=now - timedelta(hours=n % 70) if n % 2 else None,
            valid_until=now + timedelta(days=n % 400 - 30) if n % 2 else None,
        ).model_dump()
        for n in range(number)
    ]
    work.db.execute(insert(AssignedForm), made)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("view", [View.UNSIGNED, View.SIGNED, View.OVERDUE])
def test_pages_follow_one_another_and_miss_nobody(clinic: TestClinic, open_as: OpenAs, view: View, sort: Sort) -> None:
    with open_as(SYSTEM) as work:
        crowd(work, clinic, 8 * PAGE + 10)
    found: list[str] = []
    with open_as(DESK, write=False) as work:
        whole = [row.form_id for row in page(work, view, sort=sort, most=1000).rows]
        key = ""
        while True:
            part = page(work, view, sort=sort, after=key)
            found += [row.form_id for row in part.rows]
            key = part.next
            if not key:
                break
    assert len(whole) > PAGE
    assert found == whole


@pytest.mark.parametrize("key", ["x", "bnVsbA==", "W10=", "WyJhIl0=", "eyJhIjoxfQ==", "WzEsMl0="])
def test_a_key_that_is_none_begins_at_the_start(clinic: TestClinic, open_as: OpenAs, key: str) -> None:
    asked(open_as, clinic, name="Laser")
    assert seen(open_as, View.UNSIGNED, after=key) == ["Amelia Hart: Laser"]


@pytest.mark.parametrize("view", View)
def test_as_many_statements_for_ten_thousand_forms(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, view: View
) -> None:
    numbers = []
    for more in (300, 9_700):
        with open_as(SYSTEM) as work:
            crowd(work, clinic, more)
        with open_as(DESK, write=False) as work, counted(engine) as statements:
            page(work, view, typed="delgado", clinic_id=clinic.clinic_id)
            counts(work)
            numbers.append(len(statements))
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 13


def test_only_those_who_may(clinic: TestClinic, open_as: OpenAs) -> None:
    without = ROLES[Role.ADMIN] - {Privilege.PAPERWORK_VIEW}
    for actor in (NOBODY, clinic.amelia, Actor(kind="staff", privileges=without), Actor(kind="locked")):
        with open_as(actor, write=False) as work:
            with pytest.raises(Denied):
                page(work, View.WITNESS)
            with pytest.raises(Denied):
                counts(work)
