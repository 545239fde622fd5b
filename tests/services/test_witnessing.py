"""Witnessing: who may, what it keeps, what it refuses, and that it is whole or not at all."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.access import ROLES
from portal.domain.paperwork import SAME_AS_SIGNER, TEXT_CHANGED, FormKind, FormStatus, SignerRole
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import (
    AssignedForm,
    AuditEvent,
    FormEvent,
    Notification,
    OutboxMessage,
    Patient,
    Practice,
    Role,
    Signature,
    Staff,
)
from portal.queries import forms
from portal.services import consent_document, paperwork, signing, templates, witnessing
from portal.services.signing import Act, Ink, Signed
from portal.services.witnessing import StaffAct, WitnessAct
from portal.work import NOBODY, SYSTEM, Actor
from tests.services.signed import asked, cut_at_each_step, drawn, shown, sign_drawn, sign_typed
from tests.support.clinic import PAD, STROKES, OpenAs, TestClinic
from tests.support.messages import reachable

INK = Ink(STROKES, *PAD)


def signed(open_as: OpenAs, clinic: TestClinic, who: Actor | None = None, **rules: Any) -> UUID:
    """A consent that its patient (or guardian) has signed and that waits for a witness."""
    acting = who or clinic.amelia
    form_id = asked(open_as, clinic, acting, needs_witness=True, **rules)
    sign_drawn(open_as, acting, form_id)
    return form_id


def companion(sha256: str, **more: Any) -> WitnessAct:
    whole = WitnessAct(sha256, "Daniel Hart", "Spouse or partner", adult=True, intent=True, ink=INK)
    return replace(whole, **more)


def witness(open_as: OpenAs, who: Actor, form_id: UUID, **more: Any) -> Signed:
    sha256 = shown(open_as, who, form_id)
    with open_as(who) as work:
        return witnessing.witness_here(work, form_id, companion(sha256, **more))


def hired(open_as: OpenAs, clinic: TestClinic, first: str = "Marisol", last: str = "Vega", **values: Any) -> Actor:
    with open_as(SYSTEM) as work:
        person = work.add(
            Staff(
                practice_id=clinic.practice_id, first_name=first, last_name=last,
                email=f"{first}.{last}@lumiere.example".lower(), role=Role.FRONT_DESK, **values,
            )
        )  # fmt: skip
        return Actor(
            kind="staff", staff_id=person.id, role="front_desk", label=f"{first} {last}", device="Front desk",
            privileges=ROLES[Role.FRONT_DESK],
        )  # fmt: skip


def by_staff(open_as: OpenAs, who: Actor, form_id: UUID, **more: Any) -> Signed:
    with open_as(SYSTEM, write=False) as work:
        sha256 = work.get(AssignedForm, form_id).text_sha256 or ""
    with open_as(who) as work:
        return witnessing.witness_by_staff(work, form_id, StaffAct(sha256, intent=True, **({"ink": INK} | more)))


@pytest.mark.promise("P36")
def test_a_companion_completes_it(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = signed(open_as, clinic, valid_months=12)
    clock.advance(minutes=3)
    assert witness(open_as, clinic.amelia, form_id, name="  Daniel   Hart ").status is FormStatus.DONE
    with open_as(SYSTEM) as work:
        form = work.get(AssignedForm, form_id)
        first, second = work.db.exec(select(Signature).order_by(col(Signature.signed_at))).all()
        assert (form.status, form.done_at) == (FormStatus.DONE, second.signed_at)
        assert form.valid_until is not None
        assert second.signed_at - first.signed_at == timedelta(minutes=3)
        assert (second.role, second.name, second.relationship) == (
            SignerRole.WITNESS, "Daniel Hart", "spouse or partner",
        )  # fmt: skip
        assert second.intent == "I saw Amelia Hart sign this consent, and I intend this to be my legal signature."
        assert second.text_sha256 == first.text_sha256 == form.text_sha256
        assert (second.method, second.staff_id, second.verified_contact) == ("drawn", None, "")
        assert second.address
        assert second.device
        events = work.db.exec(select(FormEvent.what).order_by(FormEvent.at, FormEvent.id)).all()
        assert events[-2:] == ["signed", "witnessed"]
        audit = work.db.exec(select(AuditEvent).where(AuditEvent.action == "form.witnessed")).one()
        assert audit.detail["role"] == "witness"


def test_the_document_names_the_witness_and_the_choice(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = asked(open_as, clinic, needs_witness=True, options=RELEASE)
    sign_drawn(open_as, clinic.amelia, form_id, option="staff")
    clock.advance(minutes=3)
    witness(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        document = consent_document.compose(work, forms.any_form(work, form_id), sealing=True)
    assert [(one.role, one.name, one.relationship) for one in document.signatures] == [
        ("Patient", "Amelia Hart", ""),
        ("Witness", "Daniel Hart", "spouse or partner"),
    ]
    said = {one.what: one.person for one in document.trail}
    assert said["Intent confirmed and signed"] == "Amelia Hart"
    assert said["Witnessed and signed"] == "Daniel Hart"
    assert ("Choice", "Staff training") in document.evidence


def test_a_typed_name_witnesses_too_when_it_is_the_same(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    with pytest.raises(Invalid) as problem:
        witness(open_as, clinic.amelia, form_id, ink=None, typed_name="Somebody Else")
    assert set(problem.value.fields) == {"signature"}
    witness(open_as, clinic.amelia, form_id, ink=None, typed_name="daniel hart")
    assert marks(open_as) == [("patient", "drawn"), ("witness", "typed")]


@pytest.mark.parametrize(
    "name",
    ["Amelia Hart", "AMELIA  HART", "Hart, Amelia", "Amélia Hart", "Ａmelia Hart", "Amelia\u200b Hart", "Amy Hart"],
)
def test_the_patient_is_no_witness_by_whatever_spelling(clinic: TestClinic, open_as: OpenAs, name: str) -> None:
    form_id = signed(open_as, clinic)
    with open_as(SYSTEM) as work:
        work.get(Patient, clinic.amelia.patient_id).preferred_name = "Amy"
    with pytest.raises(Invalid) as problem:
        witness(open_as, clinic.amelia, form_id, name=name)
    assert set(problem.value.fields) == {"name"}
    still_waits(open_as, form_id)


def test_neither_is_the_guardian_who_signed_nor_the_child(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic, clinic.guardian)
    for name in ("Rosa Delgado", "Mateo Delgado"):
        with pytest.raises(Invalid) as problem:
            witness(open_as, clinic.guardian, form_id, name=name)
        assert problem.value.fields == {"name": SAME_AS_SIGNER}
    witness(open_as, clinic.guardian, form_id, name="Luis Delgado", relationship="Parent")


def test_the_provider_is_no_companion(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    with pytest.raises(Invalid) as problem:
        witness(open_as, clinic.amelia, form_id, name="Naomi Reyes")
    assert "name" in problem.value.fields
    still_waits(open_as, form_id)


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ({"adult": False}, {"adult"}),
        ({"adult": "yes"}, {"adult"}),
        ({"intent": False}, {"intent"}),
        ({"relationship": ""}, {"relationship"}),
        ({"relationship": "<script>"}, {"relationship"}),
        ({"name": ""}, {"name"}),
        ({"name": "x"}, {"name"}),
        ({"name": "<script>alert(1)</script>"}, {"name"}),
        ({"name": "A" * 500}, {"name"}),
        ({"ink": None}, {"signature"}),
        ({"ink": Ink([], *PAD)}, {"signature"}),
        ({"ink": Ink([{"points": [{"x": 5, "y": 5}]}], *PAD)}, {"signature"}),
        ({"ink": Ink(STROKES * 500, *PAD)}, {"signature"}),
        ({"ink": Ink("<svg onload=alert(1)>", *PAD)}, {"signature"}),
        ({"name": "", "relationship": "", "adult": False, "intent": False, "ink": None},
         {"name", "relationship", "adult", "intent", "signature"}),
    ],
)  # fmt: skip
def test_what_is_missing_or_absurd_is_named_and_nothing_is_kept(
    clinic: TestClinic, open_as: OpenAs, act: dict[str, Any], fields: set[str]
) -> None:
    form_id = signed(open_as, clinic)
    with pytest.raises(Invalid) as problem:
        witness(open_as, clinic.amelia, form_id, **act)
    assert set(problem.value.fields) == fields
    still_waits(open_as, form_id)


@pytest.mark.parametrize("who", ["rosa", "child", "guardian", "nobody", "system"])
def test_a_strangers_form_does_not_exist(clinic: TestClinic, open_as: OpenAs, who: str) -> None:
    form_id = signed(open_as, clinic)
    sha256 = shown(open_as, clinic.amelia, form_id)
    actor: Actor = {"nobody": NOBODY, "system": SYSTEM}.get(who) or getattr(clinic, who)
    with pytest.raises(NotFound), open_as(actor) as work:
        witnessing.witness_here(work, form_id, companion(sha256))
    still_waits(open_as, form_id)


def test_another_device_is_not_where_it_was_signed(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    laptop = replace(clinic.amelia, device="A laptop far away", session_id=clinic.rosa.session_id)
    with pytest.raises(Denied, match="the device on which"):
        witness(open_as, laptop, form_id)
    still_waits(open_as, form_id)
    witness(open_as, replace(laptop, session_id=clinic.amelia.session_id), form_id)


def test_before_the_patient_after_the_witness_and_after_a_reset_nobody_witnesses(
    clinic: TestClinic, open_as: OpenAs
) -> None:
    form_id = asked(open_as, clinic, needs_witness=True)
    with pytest.raises(Conflict, match="patient signs first"):
        witness(open_as, clinic.amelia, form_id)
    sign_drawn(open_as, clinic.amelia, form_id)
    witness(open_as, clinic.amelia, form_id)
    with pytest.raises(Conflict, match="already signed"):
        witness(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        paperwork.reset(work, form_id, "Wrong text")
    with pytest.raises(Conflict, match="withdrawn"):
        witness(open_as, clinic.amelia, form_id)
    assert marks(open_as) == [("patient", "drawn"), ("witness", "drawn")], "both are kept with the void form"


def test_only_the_text_that_was_shown_is_witnessed(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    for sha256 in ("", "0" * 64):
        with pytest.raises(Conflict) as problem, open_as(clinic.amelia) as work:
            witnessing.witness_here(work, form_id, companion(sha256))
        assert problem.value.sentence == TEXT_CHANGED
    still_waits(open_as, form_id)


def test_a_new_version_of_the_template_changes_nothing_for_it(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    with open_as(SYSTEM) as work:
        from portal.models import TemplateVersion

        version = work.get(TemplateVersion, work.get(AssignedForm, form_id).version_id)
        templates.publish(work, version.template_id, "## New\n\nAnother text.", needs_witness=False)
    assert witness(open_as, clinic.amelia, form_id).status is FormStatus.DONE


def test_a_questionnaire_has_no_witness(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    sha256 = shown(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        work.get(AssignedForm, form_id).kind = FormKind.QUESTIONNAIRE
    with pytest.raises(NotFound), open_as(clinic.amelia) as work:
        witnessing.witness_here(work, form_id, companion(sha256))


@pytest.mark.promise("P36")
def test_staff_complete_it_and_the_patient_hears_of_it(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
    marisol = hired(open_as, clinic)
    assert by_staff(open_as, marisol, form_id).status is FormStatus.DONE
    with open_as(SYSTEM) as work:
        one = work.db.exec(select(Signature).where(Signature.role == SignerRole.WITNESS)).one()
        assert (one.name, one.relationship, one.staff_id) == ("Marisol Vega", "front desk", marisol.staff_id)
        subjects = work.db.exec(select(OutboxMessage.subject)).all()
        assert "Your signed form is ready" in subjects


def test_who_gives_the_treatment_witnesses_where_the_practice_allows_it(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    naomi = Actor(
        kind="staff", staff_id=clinic.provider_id, role="provider", label="Naomi Reyes, NP",
        privileges=ROLES[Role.PROVIDER],
    )  # fmt: skip
    with pytest.raises(Denied, match="gives the treatment"):
        by_staff(open_as, naomi, form_id)
    still_waits(open_as, form_id)
    with open_as(SYSTEM) as work:
        work.db.exec(select(Practice)).one().provider_may_witness = True
    assert by_staff(open_as, naomi, form_id).status is FormStatus.DONE


def test_a_member_of_staff_who_is_the_patient_or_has_left_is_no_witness(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = signed(open_as, clinic)
    herself = hired(open_as, clinic, "Amelia", "Hart")
    left = hired(open_as, clinic, "Jonas", "Lind", active=False)
    for actor in (herself, left, SYSTEM, clinic.amelia, replace(left, staff_id=None)):
        with pytest.raises(Denied):
            by_staff(open_as, actor, form_id)
    still_waits(open_as, form_id)


def test_staff_type_their_own_name_and_mean_it(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id, marisol = signed(open_as, clinic), hired(open_as, clinic)
    with pytest.raises(Invalid) as problem:
        by_staff(open_as, marisol, form_id, ink=None, typed_name="Amelia Hart")
    assert set(problem.value.fields) == {"signature"}
    by_staff(open_as, marisol, form_id, ink=None, typed_name="Marisol Vega")


def test_two_witnesses_at_once_are_one(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id, marisol = signed(open_as, clinic), hired(open_as, clinic)
    start, outcomes = threading.Barrier(4), list[str]()

    def act(number: int) -> None:
        start.wait()
        try:
            if number % 2:
                by_staff(open_as, marisol, form_id)
            else:
                witness(open_as, clinic.amelia, form_id)
            outcomes.append("witnessed")
        except Conflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=act, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["refused"] * 3 + ["witnessed"]
    assert [role for role, _ in marks(open_as)] == ["patient", "witness"]


def test_a_crash_after_any_step_leaves_no_witness_or_a_whole_one(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    form_id = signed(open_as, clinic)
    sha256 = shown(open_as, clinic.amelia, form_id)

    def act() -> None:
        with open_as(clinic.amelia) as work:
            witnessing.witness_here(work, form_id, companion(sha256))

    assert cut_at_each_step(engine, act, lambda: still_waits(open_as, form_id)) > 5
    assert [role for role, _ in marks(open_as)] == ["patient", "witness"]
    with open_as(SYSTEM) as work:
        form = work.get(AssignedForm, form_id)
        assert form.status is FormStatus.DONE
        assert form.done_at
        assert work.db.exec(select(FormEvent.what)).all().count("witnessed") == 1
        assert work.db.exec(select(AuditEvent.action)).all().count("form.witnessed") == 1
        assert work.db.exec(select(Notification.title)).all().count("Form signed") == 1


def test_a_crash_after_any_step_of_a_reset_leaves_the_old_form_or_a_fresh_one(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    form_id = signed(open_as, clinic)

    def act() -> None:
        with open_as(SYSTEM) as work:
            paperwork.reset(work, form_id, "The wrong date")

    assert cut_at_each_step(engine, act, lambda: still_waits(open_as, form_id)) > 5
    with open_as(SYSTEM) as work:
        statuses = work.db.exec(select(AssignedForm.status).order_by(col(AssignedForm.id))).all()
        assert statuses == [FormStatus.VOID, FormStatus.OPEN]
        assert work.db.exec(select(AuditEvent.action)).all().count("form.reset") == 1
        assert work.db.exec(select(Notification.kind)).all().count("form.reset") == 1


RELEASE = [{"id": "chart", "label": "My chart only"}, {"id": "staff", "label": "Staff training"}]


def test_a_release_is_signed_with_one_scope(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic, options=RELEASE, initials=["Risks"])
    sha256 = shown(open_as, clinic.amelia, form_id)
    for option in ("", "marketing", "My chart only"):
        with pytest.raises(Invalid) as problem, open_as(clinic.amelia) as work:
            signing.sign(work, form_id, drawn(sha256, option=option, initials={"Risks": "AH"}))
        assert set(problem.value.fields) == {"option"}
    with open_as(clinic.amelia) as work:
        signing.sign(work, form_id, drawn(sha256, option="staff", initials={"Risks": "AH"}))
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(Signature)).one().option == "Staff training"


def test_a_choice_that_nobody_offered_is_not_kept(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    sha256 = shown(open_as, clinic.amelia, form_id)
    with open_as(clinic.amelia) as work:
        signing.sign(work, form_id, drawn(sha256, option="<script>alert(1)</script>"))
        assert work.db.exec(select(Signature)).one().option == ""


@pytest.mark.promise("P42")
def test_a_reset_leads_from_the_void_form_to_the_fresh_one(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    sha256 = shown(open_as, clinic.amelia, form_id)
    with open_as(clinic.amelia) as work:
        assert paperwork.replacement(work, form_id) is None
    with open_as(SYSTEM) as work:
        fresh = paperwork.reset(work, form_id, "The wrong provider")
    with open_as(clinic.amelia) as work:
        assert paperwork.replacement(work, form_id) == fresh
        with pytest.raises(Conflict, match="withdrawn"):
            signing.sign(work, form_id, Act(sha256, intent=True, typed_name="Amelia Hart"))
    with open_as(clinic.rosa) as work:
        assert paperwork.replacement(work, form_id) is None
    sign_typed(open_as, clinic.amelia, fresh)
    with open_as(clinic.amelia) as work:
        assert paperwork.replacement(work, form_id) is None, "there is nothing left to sign"


def test_a_reset_and_a_signature_at_once_leave_one_of_both(clinic: TestClinic, open_as: OpenAs) -> None:
    for _ in range(4):
        form_id = asked(open_as, clinic, name=f"Consent {_}")
        sha256 = shown(open_as, clinic.amelia, form_id)
        start = threading.Barrier(2)

        def sign(form_id: UUID = form_id, sha256: str = sha256, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                with open_as(clinic.amelia) as work:
                    signing.sign(work, form_id, drawn(sha256))
            except Conflict:
                pass

        signer = threading.Thread(target=sign)
        signer.start()
        start.wait()
        with open_as(SYSTEM) as work:
            fresh = paperwork.reset(work, form_id, "Again please")
        signer.join()
        with open_as(SYSTEM) as work:
            form = work.get(AssignedForm, form_id)
            kept = work.db.exec(select(Signature).where(Signature.form_id == form_id)).all()
            assert form.status is FormStatus.VOID
            assert (form.frozen_html is not None) == (len(kept) == 1)
            assert work.get(AssignedForm, fresh).status is FormStatus.OPEN


def marks(open_as: OpenAs) -> list[tuple[str, str]]:
    with open_as(SYSTEM, write=False) as work:
        rows = work.db.exec(select(Signature).order_by(col(Signature.id))).all()
        return [(row.role.value, row.method) for row in rows]


def still_waits(open_as: OpenAs, form_id: UUID) -> None:
    with open_as(SYSTEM, write=False) as work:
        form = work.get(AssignedForm, form_id)
        assert (form.status, form.done_at, form.valid_until) == (FormStatus.WITNESS, None, None)
        assert work.db.exec(select(func.count()).select_from(Signature)).one() == 1
        assert "witnessed" not in work.db.exec(select(FormEvent.what)).all()
        assert "form.witnessed" not in work.db.exec(select(AuditEvent.action)).all()
        assert work.db.exec(select(Notification.title)).all().count("Form signed") == 0
