"""Signing: what it keeps, whom it lets, what it refuses, and that it is whole or not at all."""

import threading
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.paperwork import ALREADY_SIGNED, INTENT, TEXT_CHANGED, FormKind, FormStatus, SignerRole
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.ids import uuid7
from portal.models import Appointment, AssignedForm, AuditEvent, FormEvent, Notification, Signature
from portal.services import paperwork, signing
from portal.services.signing import Act, Ink
from portal.work import NOBODY, SYSTEM, Actor
from tests.services.signed import asked, cut_at_each_step, drawn, shown, sign_drawn, sign_typed
from tests.support.clinic import PAD, STROKES, OpenAs, TestClinic


def test_a_signature_keeps_the_text_the_ink_and_the_evidence(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    form_id = asked(open_as, clinic, valid_months=12)
    sha256 = shown(open_as, clinic.amelia, form_id)
    with open_as(clinic.amelia) as work:
        signing.opened(work, form_id)
    clock.advance(minutes=2)
    with open_as(clinic.amelia) as work:
        signing.viewed_to_end(work, form_id)
    clock.advance(minutes=1)
    with open_as(clinic.amelia) as work:
        signed = signing.sign(work, form_id, drawn(sha256))
    assert (signed.status, signed.name) == (FormStatus.DONE, "Neurotoxin Treatment Consent")
    with open_as(SYSTEM) as work:
        form = work.get(AssignedForm, form_id)
        one = work.db.exec(select(Signature)).one()
        assert form.status is FormStatus.DONE
        assert form.done_at == one.signed_at == work.now()
        assert form.valid_until is not None
        assert form.text_sha256 == one.text_sha256 == sha256
        assert "Naomi Reyes, NP treats Amelia Hart with Botox" in (form.frozen_html or "")
        assert (one.role, one.name, one.method, one.intent) == (SignerRole.PATIENT, "Amelia Hart", "drawn", INTENT)
        assert one.strokes is not None
        assert '"pressure"' not in one.strokes
        assert one.verified_contact == "phone number ending in 0187"
        assert (one.time_zone, one.address) == ("America/Los_Angeles", "203.0.113.58")
        assert "iPhone" in one.device
        assert one.session_id == clinic.amelia.session_id
        events = work.db.exec(select(FormEvent.what).order_by(FormEvent.at, FormEvent.id)).all()
        assert events == ["assigned", "opened", "viewed to the end", "signed"]
        assert work.db.exec(select(AuditEvent).where(AuditEvent.action == "form.signed")).one().patient_id
        assert work.db.exec(select(Notification.title).order_by(Notification.id)).all()[-1] == "Form signed"


def test_a_typed_name_signs_too(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    assert sign_typed(open_as, clinic.amelia, form_id, "  Amelia   Hart ").status is FormStatus.DONE
    with open_as(SYSTEM) as work:
        one = work.db.exec(select(Signature)).one()
        assert (one.method, one.typed_name, one.strokes) == ("typed", "Amelia Hart", None)


def test_a_consent_with_a_witness_waits_for_the_witness(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic, needs_witness=True)
    assert sign_drawn(open_as, clinic.amelia, form_id).status is FormStatus.WITNESS
    with open_as(SYSTEM) as work:
        form = work.get(AssignedForm, form_id)
        assert form.done_at is None
        assert form.frozen_html is not None
    with pytest.raises(Conflict, match="already signed"):
        sign_drawn(open_as, clinic.amelia, form_id)


def test_a_guardian_signs_for_a_minor_and_the_minor_does_not(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic, clinic.child)
    with pytest.raises(Denied):
        sign_drawn(open_as, clinic.child, form_id)
    sign_drawn(open_as, clinic.guardian, form_id)
    with open_as(SYSTEM) as work:
        one = work.db.exec(select(Signature)).one()
        assert (one.role, one.name, one.relationship) == (SignerRole.GUARDIAN, "Rosa Delgado", "mother")


def test_a_guardian_does_not_sign_for_an_adult_or_for_another_child(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    impostor = replace(clinic.guardian, patient_id=clinic.amelia.patient_id)
    with pytest.raises((Denied, NotFound)):
        sign_drawn(open_as, impostor, form_id)
    _nothing_happened(open_as, form_id)


def test_initials_are_kept_with_their_sections(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic, initials=["Risks", "Photographs"])
    with pytest.raises(Invalid) as problem:
        sign_drawn(open_as, clinic.amelia, form_id, initials={"Risks": "AH"})
    assert set(problem.value.fields) == {"initials.1"}
    sign_drawn(open_as, clinic.amelia, form_id, initials={"Risks": "AH", "Photographs": "A.H."})
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(Signature)).one().initials == {"Risks": "AH", "Photographs": "A.H."}


@pytest.mark.parametrize("who", ["rosa", "child", "guardian", "nobody", "system", "stranger's child"])
def test_a_strangers_form_does_not_exist(clinic: TestClinic, open_as: OpenAs, who: str) -> None:
    form_id = asked(open_as, clinic)
    sha256 = shown(open_as, clinic.amelia, form_id)
    actors = {
        "nobody": NOBODY,
        "system": SYSTEM,
        "stranger's child": replace(clinic.guardian, kind="patient"),
    }
    actor: Actor = actors[who] if who in actors else getattr(clinic, who)
    for attempt in (
        lambda work: signing.sign(work, form_id, drawn(sha256)),
        lambda work: signing.opened(work, form_id),
        lambda work: signing.viewed_to_end(work, form_id),
    ):
        with pytest.raises(NotFound) as stranger, open_as(actor) as work:
            attempt(work)
        with pytest.raises(NotFound) as missing, open_as(clinic.amelia) as work:
            signing.opened(work, uuid7())
        assert stranger.value.sentence == missing.value.sentence
    _nothing_happened(open_as, form_id)


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ({"intent": False}, {"intent"}),
        ({"ink": None}, {"signature"}),
        ({"ink": None, "typed_name": "   "}, {"signature"}),
        ({"ink": None, "typed_name": "x"}, {"signature"}),
        ({"ink": None, "typed_name": "A" * 500}, {"signature"}),
        ({"ink": Ink([], *PAD)}, {"signature"}),
        ({"ink": Ink([{"points": [{"x": 5, "y": 5}]}], *PAD)}, {"signature"}),
        ({"ink": Ink([{"points": [{"x": 5, "y": 5}] * 900}], *PAD)}, {"signature"}),
        ({"ink": Ink([{"points": [{"x": "5", "y": None}]}], *PAD)}, {"signature"}),
        ({"ink": Ink([{"points": [{"x": float("nan"), "y": 1}] * 9}], *PAD)}, {"signature"}),
        ({"ink": Ink([{"points": [{"x": 1e308, "y": 1}] * 9}], *PAD)}, {"signature"}),
        ({"ink": Ink(STROKES * 500, *PAD)}, {"signature"}),
        ({"ink": Ink([{"points": STROKES[0]["points"] * 500}], *PAD)}, {"signature"}),
        ({"ink": Ink("DROP TABLE signature", *PAD)}, {"signature"}),
        ({"ink": Ink({"points": []}, *PAD)}, {"signature"}),
        ({"ink": Ink(STROKES, 0, -1)}, {"signature"}),
        ({"ink": Ink(STROKES, float("inf"), 10)}, {"signature"}),
        ({"ink": None, "intent": False}, {"signature", "intent"}),
    ],
)
def test_what_is_missing_or_absurd_is_named_and_nothing_is_kept(
    clinic: TestClinic, open_as: OpenAs, act: dict[str, Any], fields: set[str]
) -> None:
    form_id = asked(open_as, clinic)
    whole = drawn(shown(open_as, clinic.amelia, form_id))
    with pytest.raises(Invalid) as problem, open_as(clinic.amelia) as work:
        signing.sign(work, form_id, replace(whole, **act))
    assert set(problem.value.fields) == fields
    assert all(sentence.endswith((".", "?")) for sentence in problem.value.fields.values())
    _nothing_happened(open_as, form_id)


@pytest.mark.parametrize("sha256", ["", "0" * 64, "é"])
def test_only_the_text_that_was_shown_is_signed(clinic: TestClinic, open_as: OpenAs, sha256: str) -> None:
    form_id = asked(open_as, clinic)
    with pytest.raises(Conflict, match="has changed"), open_as(clinic.amelia) as work:
        signing.sign(work, form_id, drawn(sha256))
    _nothing_happened(open_as, form_id)


def test_a_visit_that_moved_changes_the_text_that_has_to_be_read(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    before = shown(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        visit = work.get(Appointment, work.get(AssignedForm, form_id).appointment_id)
        visit.starts_at = visit.starts_at.replace(day=visit.starts_at.day + 1)
    with pytest.raises(Conflict) as problem, open_as(clinic.amelia) as work:
        signing.sign(work, form_id, drawn(before))
    assert problem.value.sentence == TEXT_CHANGED
    sign_drawn(open_as, clinic.amelia, form_id)


def test_a_signed_form_keeps_its_text_when_the_visit_moves(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    sign_drawn(open_as, clinic.amelia, form_id)
    before = shown(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        visit = work.get(Appointment, work.get(AssignedForm, form_id).appointment_id)
        visit.starts_at = visit.starts_at.replace(day=visit.starts_at.day + 1)
    assert shown(open_as, clinic.amelia, form_id) == before


def test_signed_twice_is_signed_once(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    sign_drawn(open_as, clinic.amelia, form_id)
    with pytest.raises(Conflict) as again:
        sign_typed(open_as, clinic.amelia, form_id, "Somebody Else")
    assert again.value.sentence == ALREADY_SIGNED
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(Signature)).one().method == "drawn"


def test_two_tabs_at_once_make_one_signature(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    sha256 = shown(open_as, clinic.amelia, form_id)
    start = threading.Barrier(4)
    outcomes: list[str] = []

    def tab() -> None:
        start.wait()
        try:
            with open_as(clinic.amelia) as work:
                signing.sign(work, form_id, drawn(sha256))
            outcomes.append("signed")
        except Conflict as refused:
            outcomes.append(refused.sentence)

    tabs = [threading.Thread(target=tab) for _ in range(4)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert sorted(outcomes) == sorted(["signed", *[ALREADY_SIGNED] * 3])
    with open_as(SYSTEM) as work:
        assert _count(work, Signature) == 1
        assert work.db.exec(select(FormEvent.what)).all().count("signed") == 1


def test_reading_again_does_not_fill_the_record(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = asked(open_as, clinic)
    for _ in range(20):
        with open_as(clinic.amelia) as work:
            signing.opened(work, form_id)
    clock.advance(hours=5)
    with open_as(clinic.amelia) as work:
        signing.opened(work, form_id)
        assert work.db.exec(select(FormEvent.what)).all() == ["assigned", "opened", "opened"]


def test_a_finished_form_takes_no_more_evidence(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = asked(open_as, clinic)
    sign_drawn(open_as, clinic.amelia, form_id)
    clock.advance(days=1)
    with open_as(clinic.amelia) as work:
        signing.opened(work, form_id)
        signing.viewed_to_end(work, form_id)
        assert work.db.exec(select(FormEvent.what)).all()[-1] == "signed"


def test_a_crash_after_any_step_leaves_no_signature_or_a_whole_one(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    form_id = asked(open_as, clinic)
    sha256 = shown(open_as, clinic.amelia, form_id)

    def sign() -> None:
        with open_as(clinic.amelia) as work:
            signing.sign(work, form_id, drawn(sha256))

    assert cut_at_each_step(engine, sign, lambda: _nothing_happened(open_as, form_id)) > 5
    with open_as(SYSTEM) as work:
        form = work.get(AssignedForm, form_id)
        assert (form.status, form.text_sha256) == (FormStatus.DONE, sha256)
        assert form.frozen_html
        assert _count(work, Signature) == 1
        assert work.db.exec(select(FormEvent.what)).all().count("signed") == 1
        assert work.db.exec(select(AuditEvent.action)).all().count("form.signed") == 1
        assert work.db.exec(select(Notification.kind)).all().count("form.signed") == 1


def test_a_void_form_is_not_signed(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    with open_as(SYSTEM) as work:
        paperwork.reset(work, form_id, "Assigned by mistake")
    with pytest.raises(Conflict, match="withdrawn"):
        sign_drawn(open_as, clinic.amelia, form_id)


def test_a_questionnaire_is_not_signed_as_a_consent(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    with open_as(SYSTEM) as work:
        work.get(AssignedForm, form_id).kind = FormKind.QUESTIONNAIRE
    with pytest.raises(NotFound), open_as(clinic.amelia) as work:
        signing.sign(work, form_id, Act("0" * 64, intent=True, typed_name="Amelia Hart"))


def _count(work: Any, table: Any) -> int:
    return work.db.exec(select(func.count()).select_from(table)).one()


def _nothing_happened(open_as: OpenAs, form_id: UUID) -> None:
    with open_as(SYSTEM) as work:
        form = work.get(AssignedForm, form_id)
        assert (form.status, form.frozen_html, form.done_at) == (FormStatus.OPEN, None, None)
        assert _count(work, Signature) == 0
        assert "signed" not in work.db.exec(select(FormEvent.what)).all()
        assert "form.signed" not in work.db.exec(select(AuditEvent.action)).all()
        assert work.db.exec(select(Notification.kind)).all().count("form.signed") == 0
