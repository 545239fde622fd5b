"""One form as staff see it, what is in it for who may read it, and assigning several at once."""

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.access import ROLES, Privilege, Role
from portal.domain.paperwork import TREATS, FormStatus
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.ids import uuid7
from portal.models import AssignedForm, FormTemplate, Practice
from portal.services import form_detail, paperwork, witnessing
from portal.services.form_detail import NOT_YOURS
from portal.services.signing import Ink
from portal.services.witnessing import StaffAct
from portal.work import NOBODY, SYSTEM, Actor
from tests.services.signed import asked, sign_drawn
from tests.support.clinic import PAD, STROKES, OpenAs, TestClinic
from tests.support.questions import fill, submit, to_fill
from tests.support.team import acting, hired

DESK, PROVIDER, ADMIN = acting(Role.FRONT_DESK), acting(Role.PROVIDER), acting(Role.ADMIN)


def detail(open_as: OpenAs, who: Actor, form_id: UUID) -> form_detail.FormDetail:
    with open_as(who, write=False) as work:
        return form_detail.detail(work, form_id)


@pytest.mark.promise("P36")
def test_staff_witness_what_they_saw_and_see_it_complete(clinic: TestClinic, open_as: OpenAs) -> None:
    marisol = hired(open_as, clinic, Role.FRONT_DESK, "Marisol", "Vega")
    form_id = asked(open_as, clinic, needs_witness=True)
    assert not detail(open_as, marisol, form_id).can_witness, "the client signs first"
    sign_drawn(open_as, clinic.amelia, form_id)
    found = detail(open_as, marisol, form_id)
    assert (found.can_witness, found.why_not_witness, found.name, found.role) == (
        True, "", "Marisol Vega", "Front Desk"
    )  # fmt: skip
    assert "I saw Amelia Hart sign" in found.intent
    assert [line.name for line in found.signatures] == ["Amelia Hart"]
    assert found.signatures[0].ink
    with open_as(marisol) as work:
        witnessing.witness_by_staff(work, form_id, StaffAct(found.sha256, intent=True, ink=Ink(STROKES, *PAD)))
    done = detail(open_as, marisol, form_id)
    assert (done.status, done.can_witness) == ("Signed", False)
    assert [line.name for line in done.signatures] == ["Amelia Hart", "Marisol Vega"]


def test_who_gives_the_treatment_is_told_why_not(clinic: TestClinic, open_as: OpenAs) -> None:
    naomi = acting(Role.PROVIDER, clinic.provider_id, "Naomi Reyes")
    form_id = asked(open_as, clinic, needs_witness=True)
    sign_drawn(open_as, clinic.amelia, form_id)
    found = detail(open_as, naomi, form_id)
    assert (found.can_witness, found.why_not_witness) == (False, TREATS)
    with open_as(naomi) as work, pytest.raises(Denied, match="gives the treatment"):
        witnessing.witness_by_staff(work, form_id, StaffAct(found.sha256, intent=True, ink=Ink(STROKES, *PAD)))
    with open_as(SYSTEM) as work:
        work.get(Practice, clinic.practice_id).provider_may_witness = True
    assert detail(open_as, naomi, form_id).can_witness


def test_two_witnesses_at_once_are_one(clinic: TestClinic, open_as: OpenAs) -> None:
    team = [hired(open_as, clinic, Role.FRONT_DESK, first, "Vega") for first in ("Marisol", "Ines")]
    form_id = asked(open_as, clinic, needs_witness=True)
    sign_drawn(open_as, clinic.amelia, form_id)
    sha256 = detail(open_as, team[0], form_id).sha256
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def sign(who: Actor) -> None:
        together.wait()
        try:
            with open_as(who) as work:
                witnessing.witness_by_staff(work, form_id, StaffAct(sha256, intent=True, ink=Ink(STROKES, *PAD)))
            outcomes.append("signed")
        except Conflict as refused:
            outcomes.append(refused.sentence)

    threads = [threading.Thread(target=sign, args=(who,)) for who in team]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=len)[0] == "signed"
    assert "already signed" in sorted(outcomes, key=len)[1]
    assert len(detail(open_as, team[0], form_id).signatures) == 2


@pytest.mark.promise("P42")
def test_what_a_reset_does_is_said_before(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    elena = hired(open_as, clinic, Role.ADMIN, "Elena", "Marsh")
    form_id = asked(open_as, clinic)
    assert "Nothing is complete yet" in detail(open_as, elena, form_id).reset_keeps
    sign_drawn(open_as, clinic.amelia, form_id)
    found = detail(open_as, elena, form_id)
    assert (found.can_reset, found.reset_to, found.first_name) == (True, "Not Signed", "Amelia")
    assert "kept in the record with its signatures" in found.reset_keeps
    with open_as(elena) as work:
        fresh = paperwork.reset(work, form_id, "Wrong form or version. Lips, not cheeks")
    void = detail(open_as, elena, form_id)
    assert (void.status, void.can_reset, len(void.signatures)) == ("Void", False, 1)
    assert any("Wrong form or version. Lips, not cheeks" in words for _, words in void.facts)
    assert detail(open_as, elena, fresh).status == "Not Signed"


def test_without_the_privilege_nobody_resets(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    assert detail(open_as, DESK, form_id).can_reset
    without = Actor(kind="staff", role="provider", privileges=PROVIDER.privileges - {Privilege.PAPERWORK_RESET})
    for who in (without, clinic.amelia, NOBODY, Actor(kind="locked", privileges=ADMIN.privileges)):
        with open_as(who) as work, pytest.raises(Denied):
            paperwork.reset(work, form_id, "Because")
    with open_as(SYSTEM, write=False) as work:
        assert work.get(AssignedForm, form_id).status is FormStatus.OPEN


def test_answers_are_for_those_who_treat(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    submit(open_as, clinic.amelia, form_id)
    found = detail(open_as, DESK, form_id)
    assert (found.status, found.why_not_read) == ("Filled", NOT_YOURS)
    assert found.submitted.startswith("Amelia Hart, patient, ")
    with open_as(DESK, write=False) as work, pytest.raises(Denied):
        form_detail.content(work, form_id)
    assert detail(open_as, PROVIDER, form_id).why_not_read == ""
    with open_as(PROVIDER, write=False) as work:
        parts = form_detail.content(work, form_id).parts
    answers = {row.question: row.answer for part in parts for row in part.rows}
    assert answers["Are you pregnant?"] == "No"


def test_a_consent_is_read_as_it_was_signed(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    with open_as(DESK, write=False) as work:
        open_text = form_detail.content(work, form_id).html
    assert "Naomi Reyes, NP treats Amelia Hart with Botox at Pearl District" in open_text
    sign_drawn(open_as, clinic.amelia, form_id)
    with open_as(DESK, write=False) as work:
        assert form_detail.content(work, form_id).html == open_text


def test_nobody_else_sees_it(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    without = Actor(kind="staff", privileges=ROLES[Role.ADMIN] - {Privilege.PAPERWORK_VIEW})
    for who in (NOBODY, clinic.amelia, clinic.rosa, without):
        with open_as(who, write=False) as work:
            for use_case in (form_detail.detail, form_detail.content):
                with pytest.raises(Denied):
                    use_case(work, form_id)
    with open_as(ADMIN, write=False) as work:
        for use_case in (form_detail.detail, form_detail.content):
            with pytest.raises(NotFound):
                use_case(work, uuid7())


def given(open_as: OpenAs, clinic: TestClinic) -> list[tuple[str, FormStatus]]:
    with open_as(SYSTEM, write=False) as work:
        rows = work.db.exec(select(AssignedForm).where(AssignedForm.patient_id == clinic.amelia.patient_id)).all()
        return [(str(row.version_id), row.status) for row in rows]


def test_several_are_asked_for_or_none(clinic: TestClinic, open_as: OpenAs) -> None:
    assert clinic.amelia.patient_id
    who: Any = clinic.amelia.patient_id
    with open_as(SYSTEM) as work:
        peel, filler = clinic.template(work, "Peel"), clinic.template(work, "Filler")
        retired = clinic.template(work, "Retired")
        work.get(FormTemplate, retired).active = False
        visit, hers = clinic.visit(work, clinic.amelia), clinic.visit(work, clinic.rosa)
    with open_as(DESK) as work:
        assert len(paperwork.assign_chosen(work, who, [peel], visit)) == 1
    with open_as(DESK) as work, pytest.raises(Invalid) as refused:
        paperwork.assign_chosen(work, who, [filler, peel], visit)
    assert refused.value.fields == {"templates": "“Peel” waits to be completed already. Nothing was assigned."}
    for templates, due in (([], ""), ([uuid7()] * 30, ""), ([filler], "soon"), ([filler], "2020-01-01")):
        with open_as(DESK) as work, pytest.raises((Invalid, NotFound)):
            paperwork.assign_chosen(work, who, templates, None, due)
    with open_as(DESK) as work, pytest.raises(Invalid):
        paperwork.assign_chosen(work, who, [filler], None, "9999-12-31")
    with open_as(DESK) as work, pytest.raises(NotFound):
        paperwork.assign_chosen(work, who, [filler], hers)
    with pytest.raises(Conflict, match="not in use"), open_as(DESK) as work:
        paperwork.assign_chosen(work, who, [filler, retired])
    assert len(given(open_as, clinic)) == 1, "all or nothing"
    for who_not in (clinic.amelia, NOBODY, Actor(kind="staff", privileges=frozenset({Privilege.PAPERWORK_VIEW}))):
        with open_as(who_not) as work, pytest.raises(Denied):
            paperwork.assign_chosen(work, who, [filler])
    with open_as(DESK) as work:
        (form_id,) = paperwork.assign_chosen(work, who, [filler], None, f"{work.now():%Y}-12-31")
        due_at = work.get(AssignedForm, form_id).due_at
    assert due_at is not None
    assert due_at.strftime("%m-%d") in {"12-31", "01-01"}
