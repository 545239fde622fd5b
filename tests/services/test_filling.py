"""Filling a questionnaire: what is kept, whom it lets, what it refuses, and that it is whole or not at all."""

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, func
from sqlmodel import Session, select

from portal.clock import FixedClock
from portal.domain.paperwork import FormStatus, SignerRole
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.ids import uuid7
from portal.models import AssignedForm, AuditEvent, FormAnswer, FormEvent, FormSubmission, Notification, TemplateVersion
from portal.queries import dashboard
from portal.queries import filling as reading
from portal.services import filling, paperwork, templates
from portal.services.filling import ALREADY_FILLED, ELSEWHERE, NOT_AS_REVIEWED, WITHDRAWN, Changed
from portal.work import NOBODY, SYSTEM, Actor, Work
from tests.services.signed import asked
from tests.support.clinic import OpenAs, TestClinic
from tests.support.questions import QUESTIONS, WHOLE, fill, published, save, seen, submit, to_fill


def test_a_submission_keeps_the_answers_and_the_evidence(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    form_id = to_fill(open_as, clinic, valid_months=12)
    fill(open_as, clinic.amelia, form_id)
    clock.advance(minutes=3)
    reviewed = seen(open_as, clinic.amelia, form_id)
    done = submit(open_as, clinic.amelia, form_id)
    assert (done.status, done.name) == (FormStatus.DONE, "Health Check")
    with open_as(SYSTEM) as work:
        form, kept = work.get(AssignedForm, form_id), work.db.exec(select(FormSubmission)).one()
        sha256 = kept.answers_sha256
        assert (form.status, form.done_at, form.text_sha256) == (FormStatus.DONE, work.now(), sha256)
        assert form.valid_until is not None
        assert sha256 == hashlib.sha256(kept.answers.encode()).hexdigest()
        assert sha256 != reviewed, "what stands in the open is salted"
        assert json.loads(kept.answers)["answers"] == {
            "name": "Amelia Hart",
            "born": "1988-03-14",
            "pregnant": False,
            "lately": ["none"],
        }
        assert ["Are you pregnant?", "No"] in json.loads(kept.answers)["sections"][1]["lines"]
        assert (kept.name, kept.role, kept.time_zone) == ("Amelia Hart", SignerRole.PATIENT, "America/Los_Angeles")
        assert kept.verified_contact == "phone number ending in 0187"
        assert (kept.session_id, kept.address) == (clinic.amelia.session_id, "203.0.113.58")
        events = work.db.exec(select(FormEvent.what).order_by(FormEvent.at, FormEvent.id)).all()
        assert events == ["assigned", "opened", "answers saved", "submitted"]
        actions = work.db.exec(select(AuditEvent.action)).all()
        assert actions.count("form.submitted") == 1
        assert not [action for action in actions if "answer" in action]
        assert work.db.exec(select(Notification.title).order_by(Notification.id)).all()[-1] == "Form filled"
    with open_as(clinic.amelia, write=False) as work:
        found = reading.filling(work, form_id)
        assert found.filled
        assert not found.may_fill
        assert found.sha256 == sha256
        assert found.sections[1].lines[0].answer == "No"


def test_answers_are_not_readable_in_the_database(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id, WHOLE | {"note": "zebrafinch"})
    submit(open_as, clinic.amelia, form_id)
    with engine.connect() as connection:
        for table in ("form_answer", "form_submission", "audit_event", "form_event", "notification", "outbox_message"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                assert not [
                    one for one in row if b"zebrafinch" in (one if isinstance(one, bytes) else str(one).encode())
                ]


def test_opening_one_marks_its_notice_as_read(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    with open_as(clinic.amelia) as work:
        assert dashboard.badges(work).unread == 1
        filling.open_form(work, form_id)
    with open_as(clinic.amelia, write=False) as work:
        assert dashboard.badges(work).unread == 0


def test_every_answer_is_there_on_another_device(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    saved = save(open_as, clinic.amelia, form_id, "weight", " 140.50 lb ")
    assert (saved.revision, saved.value, saved.problem) == (1, "140.5", "")
    laptop = replace(clinic.amelia, device="Laptop", session_id=clinic.amelia.session_id)
    with open_as(laptop, write=False) as work:
        found = reading.filling(work, form_id)
        assert (found.answers["weight"].value, found.answers["weight"].revision) == ("140.5", 1)
        assert found.saved_at == work.now()
        assert found.page_of_first_problem() == 0


def test_what_is_typed_wrong_is_kept_and_named(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    saved = save(open_as, clinic.amelia, form_id, "born", "the 14th of March")
    assert saved.value == "the 14th of March"
    assert saved.problem.startswith("Write the date")
    with open_as(clinic.amelia, write=False) as work:
        assert reading.filling(work, form_id).problems["born"] == saved.problem
    fill(open_as, clinic.amelia, form_id, {"pregnant": False, "lately": ["flu"]})
    with pytest.raises(Invalid) as problem:
        submit(open_as, clinic.amelia, form_id)
    assert set(problem.value.fields) == {"born"}


def test_what_somebody_saved_meanwhile_is_not_overwritten_unseen(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    form_id = to_fill(open_as, clinic)
    assert save(open_as, clinic.amelia, form_id, "note", "from the phone", 0).revision == 1
    clock.advance(minutes=1)
    with pytest.raises(Changed) as other:
        save(open_as, replace(clinic.amelia, device="Laptop"), form_id, "note", "from the laptop", 0)
    assert (other.value.value, other.value.revision, other.value.sentence) == ("from the phone", 1, ELSEWHERE)
    assert "iPhone" in other.value.device
    assert save(open_as, clinic.amelia, form_id, "note", "from the laptop", other.value.revision).revision == 2
    with pytest.raises(Changed):
        save(open_as, clinic.amelia, form_id, "note", "the old tab", 1)
    assert save(open_as, clinic.amelia, form_id, "note", "from the laptop", 0).revision == 2  # the same: no quarrel
    with pytest.raises(Changed):
        save(open_as, clinic.amelia, form_id, "pain", 3, 99)


def test_an_answer_is_taken_away(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    save(open_as, clinic.amelia, form_id, "skin", "dry")
    assert save(open_as, clinic.amelia, form_id, "skin", "").value is None
    assert save(open_as, clinic.amelia, form_id, "name", "", 0).value is None  # known, and not said again
    with open_as(clinic.amelia, write=False) as work:
        found = reading.filling(work, form_id)
        assert "skin" not in found.values
        assert "name" in found.problems


def test_a_hidden_answer_is_kept_and_neither_counts_nor_goes_along(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id, WHOLE | {"pregnant": True, "weeks": "20", "twins": True})
    with open_as(clinic.amelia, write=False) as work:
        assert {"weeks", "twins"} <= reading.filling(work, form_id).visible
    save(open_as, clinic.amelia, form_id, "pregnant", value=False)
    with open_as(clinic.amelia, write=False) as work:
        found = reading.filling(work, form_id)
        assert not {"weeks", "twins"} & found.visible
        assert found.answers["weeks"].value == "20"
    submit(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        assert not {"weeks", "twins"} & set(json.loads(work.db.exec(select(FormSubmission.answers)).one())["answers"])


NO_ANSWERS: list[tuple[str, Any]] = [
    ("skin", "blue"),
    ("skin", ["dry"]),
    ("skin", {"dry": 1}),
    ("lately", ["flu", "none"]),
    ("lately", ["flu"] * 99),
    ("lately", [["flu"]]),
    ("allergy", {"chosen": ["gold"]}),
    ("allergy", {"chosen": ["none"], "other": "bees"}),
    ("allergy", {"chosen": [], "script": "x"}),
    ("allergy", {"other": "b" * 300}),
    ("pregnant", "maybe"),
    ("pregnant", 1),
    ("pain", 11),
    ("pain", "2.5"),
    ("pain", True),
    ("weight", True),
    ("weight", [1]),
    ("weight", 10**5_000),
    ("weight", float("inf")),
    ("pain", 10**5_000),
    ("note", "x" * 4_001),
    ("note", "x" * 10_000_000),
    ("note", {"text": "x"}),
    ("name", 5),
    ("born", ["1988"]),
    ("mark", "Amelia"),
    ("mark", {"typed_name": ""}),
    ("mark", {"strokes": [{"points": [{"x": 1, "y": 1}]}], "width": 300, "height": 100}),
    ("mark", {"strokes": "DROP TABLE", "width": "x", "height": None}),
]


def test_what_is_no_answer_is_refused(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    for link_id, value in NO_ANSWERS:
        with pytest.raises(Invalid) as problem:
            save(open_as, clinic.amelia, form_id, link_id, value, 0)
        assert set(problem.value.fields) == {link_id}
        assert problem.value.fields[link_id].endswith(".")
    _nothing_kept(open_as)


def test_an_unknown_question_is_not_found(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    for link_id in ("", "nowhere", "you", "hello", "'; DROP TABLE form_answer", "name\x00"):
        with pytest.raises(NotFound):
            save(open_as, clinic.amelia, form_id, link_id, "x", 0)
    _nothing_kept(open_as)


def test_photographs_are_no_answer_that_is_typed(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    with pytest.raises(Invalid):
        save(open_as, clinic.amelia, form_id, "photo", [str(uuid7())], 0)
    with open_as(clinic.amelia) as work:
        assert filling.photo_question(work, form_id, "photo").photos == 4
    with pytest.raises(NotFound), open_as(clinic.amelia) as work:
        filling.photo_question(work, form_id, "note")


@pytest.mark.parametrize("who", ["rosa", "child", "guardian", "nobody", "system", "stranger's child"])
def test_a_strangers_questionnaire_does_not_exist(clinic: TestClinic, open_as: OpenAs, who: str) -> None:
    form_id = to_fill(open_as, clinic)
    actors = {"nobody": NOBODY, "system": SYSTEM, "stranger's child": replace(clinic.guardian, kind="patient")}
    actor: Actor = actors[who] if who in actors else getattr(clinic, who)
    attempts: list[Callable[[Work], object]] = [
        lambda work: filling.open_form(work, form_id),
        lambda work: filling.save_answer(work, form_id, "note", "x", 0),
        lambda work: filling.submit(work, form_id, "0" * 64),
        lambda work: filling.photo_question(work, form_id, "photo"),
        lambda work: reading.filling(work, form_id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound) as stranger, open_as(actor) as work:
            attempt(work)
        with pytest.raises(NotFound) as missing, open_as(clinic.amelia) as work:
            filling.open_form(work, uuid7())
        assert stranger.value.sentence == missing.value.sentence
    _nothing_kept(open_as)


def test_a_guardian_fills_for_a_minor_and_the_minor_does_not(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic, clinic.child)
    with open_as(clinic.child) as work:
        assert not filling.open_form(work, form_id).may_fill
    with pytest.raises(Denied):
        save(open_as, clinic.child, form_id, "note", "x")
    with pytest.raises(Denied):
        submit(open_as, clinic.child, form_id)
    fill(open_as, clinic.guardian, form_id)
    submit(open_as, clinic.guardian, form_id)
    with open_as(SYSTEM) as work:
        kept = work.db.exec(select(FormSubmission)).one()
        assert (kept.role, kept.name, kept.relationship) == (SignerRole.GUARDIAN, "Rosa Delgado", "mother")


def test_a_guardian_does_not_fill_for_an_adult(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    with pytest.raises((Denied, NotFound)):
        save(open_as, replace(clinic.guardian, patient_id=clinic.amelia.patient_id), form_id, "note", "x")
    _nothing_kept(open_as)


def test_a_consent_is_not_filled(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    for attempt in (
        lambda work: filling.open_form(work, form_id),
        lambda work: filling.save_answer(work, form_id, "note", "x", 0),
        lambda work: filling.submit(work, form_id, "0" * 64),
    ):
        with pytest.raises(NotFound), open_as(clinic.amelia) as work:
            attempt(work)


def test_every_required_question_is_named_and_nothing_is_submitted(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    save(open_as, clinic.amelia, form_id, "pregnant", value=True)
    with pytest.raises(Invalid) as problem:
        submit(open_as, clinic.amelia, form_id)
    assert list(problem.value.fields) == ["born", "weeks", "lately"]
    _not_submitted(open_as, form_id)


@pytest.mark.parametrize("sha256", ["", "0" * 64, "é"])
def test_only_what_was_reviewed_is_submitted(clinic: TestClinic, open_as: OpenAs, sha256: str) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    before = seen(open_as, clinic.amelia, form_id)
    with pytest.raises(Conflict, match="changed since"), open_as(clinic.amelia) as work:
        filling.submit(work, form_id, sha256)
    save(open_as, replace(clinic.amelia, device="Laptop"), form_id, "note", "one thing more")
    with pytest.raises(Conflict) as problem, open_as(clinic.amelia) as work:
        filling.submit(work, form_id, before)
    assert problem.value.sentence == NOT_AS_REVIEWED
    _not_submitted(open_as, form_id)


def test_what_is_submitted_is_locked(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    submit(open_as, clinic.amelia, form_id)
    clock.advance(days=1)
    for attempt in (
        lambda work: filling.save_answer(work, form_id, "note", "x", 0),
        lambda work: filling.submit(work, form_id, "0" * 64),
        lambda work: filling.photo_question(work, form_id, "photo"),
    ):
        with pytest.raises(Conflict) as problem, open_as(clinic.amelia) as work:
            attempt(work)
        assert problem.value.sentence == ALREADY_FILLED
    with open_as(clinic.amelia) as work:
        filling.open_form(work, form_id)
        assert work.db.exec(select(FormEvent.what).order_by(FormEvent.at, FormEvent.id)).all()[-1] == "submitted"


def test_a_withdrawn_one_says_so_and_its_answers_begin_the_new_one(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id, {"skin": "oily", "note": "be gentle", "pregnant": True})
    clock.advance(minutes=1)
    with open_as(SYSTEM) as work:
        fresh = paperwork.reset(work, form_id, "Wrong visit")
    for attempt in (
        lambda work: filling.save_answer(work, form_id, "note", "x", 1),
        lambda work: filling.submit(work, form_id, "0" * 64),
    ):
        with pytest.raises(Conflict) as problem, open_as(clinic.amelia) as work:
            attempt(work)
        assert problem.value.sentence == WITHDRAWN
    with open_as(clinic.amelia) as work:
        assert paperwork.replacement(work, form_id) == fresh
        old, new = reading.filling(work, form_id), filling.open_form(work, fresh)
        assert old.answers["note"].value == "be gentle"
        for link_id, value in {"skin": "oily", "note": "be gentle", "pregnant": True}.items():
            assert (new.answers[link_id].value, new.answers[link_id].prefilled) == (value, True)
    fill(open_as, clinic.amelia, fresh, {"born": "1988-03-14", "weeks": "8", "lately": ["flu"]})
    submit(open_as, clinic.amelia, fresh)


def test_a_submitted_one_that_is_reset_begins_with_what_was_submitted(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id, WHOLE | {"mark": {"typed_name": "Amelia Hart"}})
    submit(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        fresh = paperwork.reset(work, form_id, "A date to correct")
    with open_as(clinic.amelia) as work:
        assert reading.filling(work, form_id).filled
        found = filling.open_form(work, fresh)
        assert found.answers["born"].value == "1988-03-14"
        assert "mark" not in found.answers  # nobody's signature is carried over
    submit(open_as, clinic.amelia, fresh)


def test_withdrawn_twice_nothing_is_lost_and_what_was_taken_away_stays_away(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id, {"skin": "oily", "note": "be gentle"})
    for answers in ({"note": ""}, {"pain": 4}, {}):
        clock.advance(days=1)
        with open_as(SYSTEM) as work:
            form_id = paperwork.reset(work, form_id, "Once more")
        fill(open_as, clinic.amelia, form_id, answers)
    with open_as(clinic.amelia, write=False) as work:
        found = reading.filling(work, form_id).values
        assert found == {"name": "Amelia Hart", "skin": "oily", "pain": 4}


def test_what_was_withdrawn_long_ago_is_not_offered_again(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        template = published(work, clinic)
        patient = clinic.amelia.patient_id
        assert patient is not None
        first = paperwork.assign(work, patient, template)
    fill(open_as, clinic.amelia, first, WHOLE | {"note": "that day"})
    clock.advance(days=1)
    with open_as(SYSTEM) as work:
        second = paperwork.reset(work, first, "Once more")
    submit(open_as, clinic.amelia, second)
    clock.advance(days=400)
    with open_as(SYSTEM) as work:
        third = paperwork.assign(work, patient, template)
    with open_as(clinic.amelia, write=False) as work:
        assert reading.filling(work, third).values == {"name": "Amelia Hart"}


def test_the_next_one_knows_what_may_be_known(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic, per_visit=True)
    fill(open_as, clinic.amelia, form_id, WHOLE | {"skin": "dry", "note": "last time"})
    submit(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        template = _template(work, form_id)
        next_id = paperwork.assign(
            work, clinic.amelia.patient_id, template, clinic.visit(work, clinic.amelia, work.now() + timedelta(days=40))
        )
        assert next_id != form_id
    with open_as(clinic.amelia) as work:
        found = filling.open_form(work, next_id)
        assert found.values == {"name": "Amelia Hart", "skin": "dry"}  # and not how she was that day
        assert all(found.answers[link_id].prefilled for link_id in found.values)


def test_submitted_twice_is_submitted_once(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    sha256 = seen(open_as, clinic.amelia, form_id)
    start, outcomes = threading.Barrier(4), list[str]()

    def tab() -> None:
        start.wait()
        try:
            with open_as(clinic.amelia) as work:
                filling.submit(work, form_id, sha256)
            outcomes.append("submitted")
        except Conflict as refused:
            outcomes.append(refused.sentence)

    _at_once([tab] * 4)
    assert sorted(outcomes) == sorted(["submitted", *[ALREADY_FILLED] * 3])
    with open_as(SYSTEM) as work:
        assert _count(work, FormSubmission) == 1


def test_of_two_that_save_at_once_one_is_shown_the_other(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    start, outcomes = threading.Barrier(3), list[str]()

    def device(number: int) -> None:
        start.wait()
        try:
            save(open_as, clinic.amelia, form_id, "note", f"words of {number}", 0)
            outcomes.append("saved")
        except Changed as changed:
            outcomes.append(f"shown {str(changed.value)[:5]}")

    _at_once([lambda number=number: device(number) for number in range(3)])
    assert sorted(outcomes) == ["saved", "shown words", "shown words"]
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(FormAnswer.revision)).all() == [1]


def test_saving_all_day_does_not_fill_the_record(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    with open_as(SYSTEM) as work:
        before = _count(work, AuditEvent)
    for number in range(12):
        save(open_as, clinic.amelia, form_id, "note", f"version {number}")
        clock.advance(minutes=1)
    clock.advance(hours=2)
    save(open_as, clinic.amelia, form_id, "note", "after lunch")
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(FormEvent.what)).all().count("answers saved") == 2
        assert _count(work, AuditEvent) == before


def test_a_form_goes_on_with_the_questions_it_was_asked_with(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        shorter = {"item": [QUESTIONS["item"][0]]}
        templates.publish(work, _template(work, form_id), "", questions=shorter)
    with open_as(clinic.amelia) as work:
        assert len(reading.filling(work, form_id).pages) == 3
    submit(open_as, clinic.amelia, form_id)


class PowerCut(Exception):
    """The machine goes away."""


def test_a_crash_after_any_step_leaves_nothing_or_a_whole_submission(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    sha256 = seen(open_as, clinic.amelia, form_id)
    steps = 0
    while not _survives(steps, engine, lambda: _submit(open_as, clinic.amelia, form_id, sha256)):
        _not_submitted(open_as, form_id)
        steps += 1
    assert steps > 5
    with open_as(SYSTEM) as work:
        assert work.get(AssignedForm, form_id).status is FormStatus.DONE
        assert _count(work, FormSubmission) == 1


def test_a_crash_while_saving_leaves_the_old_answer_or_the_new_one(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    form_id = to_fill(open_as, clinic)
    save(open_as, clinic.amelia, form_id, "note", "before", 0)

    def again() -> None:
        with open_as(clinic.amelia) as work:
            filling.save_answer(work, form_id, "note", "after", 1)

    steps = 0
    while not _survives(steps, engine, again):
        with open_as(SYSTEM) as work:
            assert [(row.value, row.revision) for row in work.db.exec(select(FormAnswer))] == [('"before"', 1)]
        steps += 1
    assert steps > 3
    with open_as(SYSTEM) as work:
        assert [(row.value, row.revision) for row in work.db.exec(select(FormAnswer))] == [('"after"', 2)]


def _submit(open_as: OpenAs, who: Actor, form_id: UUID, sha256: str) -> None:
    with open_as(who) as work:
        filling.submit(work, form_id, sha256)


def _survives(steps: int, engine: Engine, act: Callable[[], None]) -> bool:
    """Let `act` go on for that many steps, then cut the power; whether it came through."""
    left = [steps + 1]

    def cut(*call: object) -> None:
        left[0] -= not str(call[2:3]).startswith("('BEGIN")
        if left[0] < 0:
            raise PowerCut

    event.listen(engine, "before_cursor_execute", cut)
    event.listen(Session, "before_commit", cut)
    try:
        act()
    except PowerCut:
        return False
    finally:
        event.remove(engine, "before_cursor_execute", cut)
        event.remove(Session, "before_commit", cut)
    return True


def _template(work: Work, form_id: UUID) -> UUID:
    return work.get(TemplateVersion, work.get(AssignedForm, form_id).version_id).template_id


def _at_once(acts: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def _count(work: Work, table: Any) -> int:
    return work.db.exec(select(func.count()).select_from(table)).one()


def _nothing_kept(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        assert _count(work, FormAnswer) == _count(work, FormSubmission) == 0
        assert set(work.db.exec(select(FormEvent.what)).all()) <= {"assigned"}


def _not_submitted(open_as: OpenAs, form_id: UUID) -> None:
    with open_as(SYSTEM) as work:
        form = work.get(AssignedForm, form_id)
        assert (form.status, form.done_at, form.text_sha256) == (FormStatus.OPEN, None, None)
        assert _count(work, FormSubmission) == 0
        assert "submitted" not in work.db.exec(select(FormEvent.what)).all()
        assert "form.submitted" not in work.db.exec(select(AuditEvent.action)).all()
        assert work.db.exec(select(Notification.kind)).all().count("form.filled") == 0
