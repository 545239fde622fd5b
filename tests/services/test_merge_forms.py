"""What two records were both asked for, the one that they became is asked for once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from portal.domain.access import Role
from portal.domain.paperwork import FormStatus
from portal.models import AssignedForm, AuditEvent, FormAnswer, Patient
from portal.services import merging, paperwork, templates
from portal.services.merge_forms import REASON
from portal.work import SYSTEM, Actor, Work
from tests.support.clinic import OpenAs, TestClinic
from tests.support.team import acting

MANAGER = acting(Role.ADMIN)


@dataclass
class Asked:
    """One form, asked for in the record that stays and in the one that goes."""

    clinic: TestClinic
    open_as: OpenAs
    template: UUID

    @property
    def kept(self) -> UUID:
        """The record that stays."""
        return _id(self.clinic.amelia)

    @property
    def gone(self) -> UUID:
        """The record that goes."""
        return _id(self.clinic.rosa)

    def merge(self) -> None:
        """Let the two be one."""
        with self.open_as(MANAGER) as work:
            seen = work.get(Patient, self.kept).version, work.get(Patient, self.gone).version
            merging.merge(work, self.kept, self.gone, (), seen)

    def now(self) -> dict[UUID, FormStatus]:
        """The forms of the record that stays, in the order in which they were asked for."""
        with self.open_as(SYSTEM) as work:
            rows = work.db.exec(select(AssignedForm).order_by(col(AssignedForm.id))).all()
            assert {row.patient_id for row in rows} == {self.kept}
            assert {row.void_reason for row in rows if row.status is FormStatus.VOID} <= {REASON}
            return {row.id: row.status for row in rows}


def _id(who: Actor) -> UUID:
    assert who.patient_id is not None
    return who.patient_id


@pytest.fixture
def asked(clinic: TestClinic, open_as: OpenAs) -> Asked:
    with open_as(SYSTEM) as work:
        return Asked(clinic, open_as, clinic.template(work))


def ask(work: Work, who: UUID, asked: Asked, **more: Any) -> UUID:
    return paperwork.assign(work, who, asked.template, **more)


def test_two_copies_that_nobody_began_become_one_that_is_due_when_the_first_was(asked: Asked) -> None:
    with asked.open_as(SYSTEM) as work:
        visit = asked.clinic.visit(work, asked.clinic.rosa)
        due = work.now() + timedelta(days=10)
        ours, theirs = ask(work, asked.kept, asked, due_at=due), ask(work, asked.gone, asked, appointment_id=visit)
    asked.merge()
    assert asked.now() == {ours: FormStatus.OPEN, theirs: FormStatus.VOID}
    with asked.open_as(SYSTEM) as work:
        stays = work.get(AssignedForm, ours)
        assert (stays.appointment_id, stays.due_at) == (visit, work.now() + timedelta(days=3))
        logged = work.db.exec(select(AuditEvent).where(AuditEvent.action == "form.voided")).one()
        assert logged.subject_id == theirs


def test_the_newest_wording_stays(asked: Asked) -> None:
    with asked.open_as(SYSTEM) as work:
        ours = ask(work, asked.kept, asked)
        templates.publish(work, asked.template, "## 1. New words\n\nI agree.\n")
        theirs = ask(work, asked.gone, asked)
    asked.merge()
    assert asked.now() == {ours: FormStatus.VOID, theirs: FormStatus.OPEN}


@pytest.mark.parametrize("both", [False, True])
def test_what_somebody_began_stays(asked: Asked, both: bool) -> None:
    with asked.open_as(SYSTEM) as work:
        ours, theirs = ask(work, asked.kept, asked), ask(work, asked.gone, asked)
        for form in (ours, theirs) if both else (theirs,):
            work.add(FormAnswer(form_id=form, link_id="name", value='"A word"', saved_at=work.now()))
    asked.merge()
    assert asked.now() == {ours: FormStatus.OPEN if both else FormStatus.VOID, theirs: FormStatus.OPEN}


def test_what_waits_for_a_witness_stays(asked: Asked) -> None:
    with asked.open_as(SYSTEM) as work:
        ours, theirs = ask(work, asked.kept, asked), ask(work, asked.gone, asked)
        work.get(AssignedForm, ours).status = FormStatus.WITNESS
    asked.merge()
    assert asked.now() == {ours: FormStatus.WITNESS, theirs: FormStatus.VOID}


@pytest.mark.parametrize("valid_months", [0, 12])
def test_what_was_signed_in_the_other_record_covers_the_visit(asked: Asked, valid_months: int) -> None:
    with asked.open_as(SYSTEM) as work:
        visit = asked.clinic.visit(work, asked.clinic.rosa)
        ours, theirs = ask(work, asked.kept, asked), ask(work, asked.gone, asked, appointment_id=visit)
        signed = work.get(AssignedForm, ours)
        signed.status, signed.done_at = FormStatus.DONE, work.now()
        signed.valid_until = work.now() + timedelta(days=30 * valid_months) if valid_months else None
    asked.merge()
    assert asked.now() == {ours: FormStatus.DONE, theirs: FormStatus.VOID}


def test_a_signature_that_is_too_old_covers_nothing_and_by_hand_is_by_hand(asked: Asked) -> None:
    with asked.open_as(SYSTEM) as work:
        visit = asked.clinic.visit(work, asked.clinic.rosa)
        old = ask(work, asked.kept, asked)
        signed = work.get(AssignedForm, old)
        signed.status, signed.done_at = FormStatus.DONE, work.now()
        signed.valid_until = work.now() + timedelta(days=1)
        work.db.flush()
        by_hand, for_visit = ask(work, asked.kept, asked), ask(work, asked.gone, asked, appointment_id=visit)
    asked.merge()
    assert asked.now() == {old: FormStatus.DONE, by_hand: FormStatus.OPEN, for_visit: FormStatus.VOID}
    with asked.open_as(SYSTEM) as work:
        assert work.get(AssignedForm, by_hand).appointment_id == visit, "asked for once, and for that visit"


def test_what_every_visit_asks_for_is_asked_for_each(asked: Asked) -> None:
    with asked.open_as(SYSTEM) as work:
        templates.publish(work, asked.template, "## 1. Today\n\nI am well.\n", per_visit=True)
        forms = [
            ask(work, _id(who), asked, appointment_id=asked.clinic.visit(work, who, work.now() + timedelta(days=days)))
            for who, days in ((asked.clinic.amelia, 3), (asked.clinic.rosa, 5))
        ]
    asked.merge()
    assert asked.now() == dict.fromkeys(forms, FormStatus.OPEN)
