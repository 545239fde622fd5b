"""The life of a questionnaire, at random: two devices, a stranger and the desk do what they like in whatever
order; answers and photographs stand as a model says that knows no database, nothing is overwritten unseen, what is
submitted once never changes again, and of its photographs none is ever forgotten."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.paperwork import FormStatus
from portal.errors import Conflict, Invalid, NotFound, PortalError
from portal.models import AssignedForm, AuditEvent, FormAnswer, FormPhoto, FormSubmission
from portal.queries import filling as reading
from portal.services import filling, paperwork, photos
from portal.services.filling import ALREADY_FILLED, NOT_AS_REVIEWED, WITHDRAWN, Changed, Saved, Submitted
from portal.services.photos import Stored
from portal.work import SYSTEM, Actor, Work, open_work
from tests.support.clinic import furnish
from tests.support.databases import Databases
from tests.support.questions import published

QUESTIONS: dict[str, Any] = {
    "item": [
        {
            "linkId": "page",
            "type": "group",
            "text": "Page",
            "item": [
                {"linkId": "takes", "type": "boolean", "text": "Do you take medicine?", "required": True},
                {
                    "linkId": "which",
                    "type": "string",
                    "text": "Which?",
                    "required": True,
                    "enableWhen": [{"question": "takes", "operator": "=", "answerBoolean": True}],
                },
                {"linkId": "note", "type": "text", "text": "Anything else?"},
                {"linkId": "photo", "type": "attachment", "text": "A photograph", "maxPhotos": 2},
            ],
        }
    ]
}
answers = st.one_of(
    st.tuples(st.just("takes"), st.sampled_from([True, False, None])),
    st.tuples(st.just("which"), st.sampled_from(["aspirin", "none at all", ""])),
    st.tuples(st.just("note"), st.sampled_from(["<b>hello</b>", "again", None])),
)
REFUSED = {FormStatus.DONE: ALREADY_FILLED, FormStatus.VOID: WITHDRAWN}
devices = st.sampled_from(["phone", "laptop"])


@dataclass
class Known:
    """A copy of the questionnaire as the model knows it: `saved` has value and revision, `prefill` what was offered."""

    status: FormStatus = FormStatus.OPEN
    saved: dict[str, tuple[Any, int]] = field(default_factory=dict)
    prefill: dict[str, Any] = field(default_factory=dict)
    photos: list[str] = field(default_factory=list)
    withdrawn_at: datetime | None = None

    def values(self) -> dict[str, Any]:
        """What stands in the questions, hidden ones too."""
        said = self.prefill | {link_id: value for link_id, (value, _) in self.saved.items()}
        said |= {"photo": list(self.photos)} if self.photos else {}
        return {link_id: value for link_id, value in said.items() if value is not None}

    def asked(self) -> dict[str, Any]:
        """What would be submitted."""
        values = self.values()
        return {link_id: one for link_id, one in values.items() if link_id != "which" or values.get("takes") is True}

    def missing(self) -> set[str]:
        values = self.values()
        lacking = {"takes", "which"} - set(values)
        return lacking if values.get("takes") is True else lacking - {"which"}


class Questionnaires(RuleBasedStateMachine):
    """One patient with two devices, one desk."""

    databases: Databases

    @initialize()
    def begin(self) -> None:
        self._held = self.databases.engine()
        self.engine = self._held.__enter__()
        self.clock = FixedClock()
        self.open_as = partial(open_work, clock=self.clock, engine=self.engine)
        with self.open_as(SYSTEM) as work:
            self.clinic = furnish(work)
            template = published(work, self.clinic, QUESTIONS)
            assert self.clinic.amelia.patient_id is not None
            self.current = paperwork.assign(work, self.clinic.amelia.patient_id, template)
        self.known: dict[UUID, Known] = {self.current: Known()}
        self.screens: dict[str, tuple[UUID, dict[str, int], str, dict[str, Any]]] = {}
        self.records: dict[UUID, str] = {}
        self.hashes: dict[str, str] = {}
        self.sent = 0
        for device in ("phone", "laptop"):
            self.look(device)

    def teardown(self) -> None:
        if hasattr(self, "_held"):
            self._held.__exit__(None, None, None)

    # What happens

    @rule(device=devices)
    def look(self, device: str) -> None:
        with self.open_as(self.person(device)) as work:
            found = filling.open_form(work, self.current)
        revisions = {link_id: answer.revision for link_id, answer in found.answers.items()}
        self.screens[device] = (self.current, revisions, found.sha256, self.known[self.current].asked())

    @rule(device=devices, answer=answers)
    def save(self, device: str, answer: tuple[str, Any]) -> None:
        link_id, value = answer
        form_id, revisions, _, _ = self.screens[device]
        known, value = self.known[form_id], value or (value if value is False else None)
        stands, revision = known.saved.get(link_id, (None, 0))
        based_on = revisions.get(link_id, 0)
        outcome = self.attempt(device, lambda work: filling.save_answer(work, form_id, link_id, value, based_on))
        if known.status is not FormStatus.OPEN:
            assert said(outcome) == REFUSED[known.status]
        elif revision and stands == value:  # the same again: no quarrel
            assert isinstance(outcome, Saved)
            assert outcome.revision == revision
        elif based_on != revision:
            assert isinstance(outcome, Changed)
            assert (outcome.value, outcome.revision) == (stands, revision)
        else:
            assert isinstance(outcome, Saved)
            assert outcome.revision == revision + 1
            known.saved[link_id] = (value, revision + 1)
        if isinstance(outcome, Saved | Changed):
            revisions[link_id] = outcome.revision  # now it was seen

    @rule(device=devices)
    def submit(self, device: str) -> None:
        form_id, _, sha256, reviewed = self.screens[device]
        known = self.known[form_id]
        outcome = self.attempt(device, lambda work: filling.submit(work, form_id, sha256))
        if known.status is not FormStatus.OPEN:
            assert said(outcome) == REFUSED[known.status]
        elif known.missing():
            assert isinstance(outcome, Invalid)
            assert set(outcome.fields) == known.missing()
        elif reviewed != known.asked():
            assert said(outcome) == NOT_AS_REVIEWED
        else:
            assert isinstance(outcome, Submitted)
            known.status = FormStatus.DONE

    @rule()
    def reset(self) -> None:
        self.clock.advance(hours=1)
        with self.open_as(SYSTEM) as work:
            fresh = paperwork.reset(work, self.current, "Once more")
        old = self.known[self.current]
        kept = old.asked() if old.status is FormStatus.DONE else old.values()
        kept.pop("photo", None)  # photographs are not carried over
        old.status, old.withdrawn_at = FormStatus.VOID, self.clock.now()
        self.current = fresh
        self.known[fresh] = Known(prefill=kept)

    @rule(device=devices, instead=st.integers(-1, 2), arrives=st.booleans())
    def send_a_photograph(self, device: str, instead: int, arrives: bool) -> None:
        """Into the form on the screen; in the place of another, unless `instead` is -1. Some never arrive."""
        form_id = self.screens[device][0]
        known, fresh = self.known[form_id], self.number()
        there = known.photos[instead] if 0 <= instead < len(known.photos) else None
        named = there if instead == -1 or there else str(UUID(int=7))
        goes = UUID(named) if named else None
        sent = Stored(fresh, "image/jpeg", 1, 1, 1)
        outcome = self.attempt(device, lambda work: photos.announce(work, form_id, "photo", sent, goes))
        if known.status is not FormStatus.OPEN:
            assert said(outcome) == REFUSED[known.status]
        elif named and there is None:
            assert isinstance(outcome, NotFound)
        elif named is None and len(known.photos) == 2:
            assert isinstance(outcome, Conflict)
        else:
            assert isinstance(outcome, UUID)
            if arrives:
                photo_id = outcome
                assert self.attempt(device, lambda work: photos.add(work, photo_id, goes)) is None
                known.photos = [*(one for one in known.photos if one != there), str(photo_id)]
                self.hashes[str(photo_id)] = fresh

    @rule(device=devices, which=st.integers(0, 1))
    def remove_a_photograph(self, device: str, which: int) -> None:
        form_id = self.screens[device][0]
        known = self.known[form_id]
        if which >= len(known.photos):
            return
        photo_id = UUID(known.photos[which])
        outcome = self.attempt(device, lambda work: photos.remove(work, photo_id))
        if known.status is not FormStatus.OPEN:
            assert said(outcome) == REFUSED[known.status]
        else:
            assert outcome is None
            known.photos.pop(which)

    @rule(days=st.sampled_from([1, 3, 100]))
    def time_passes_and_what_is_no_answer_is_forgotten(self, days: int) -> None:
        self.clock.advance(days=days)
        with self.open_as(SYSTEM) as work:
            _, gone = photos.forget(work)
        long_ago = self.clock.now() - photos.KEEP_WITHDRAWN
        for form_id, known in self.known.items():
            if known.withdrawn_at and known.withdrawn_at < long_ago and form_id not in self.records:
                known.photos = []
        held = {self.hashes[one] for known in self.known.values() for one in known.photos}
        assert not held & set(gone)

    def number(self) -> str:
        """A hash that no other photograph has."""
        self.sent += 1
        return f"{self.sent:064x}"

    @rule(answer=answers)
    def a_stranger_tries(self, answer: tuple[str, Any]) -> None:
        for form_id in self.known:
            with pytest.raises(NotFound), self.open_as(self.clinic.rosa) as work:
                filling.save_answer(work, form_id, *answer, based_on=0)
            with pytest.raises(NotFound), self.open_as(self.clinic.rosa) as work:
                filling.submit(work, form_id, "0" * 64)
            with pytest.raises(NotFound), self.open_as(self.clinic.rosa) as work:
                photos.announce(work, form_id, "photo", Stored("0" * 64, "image/jpeg", 1, 1, 1))
            for photo_id in self.known[form_id].photos:
                with pytest.raises(NotFound), self.open_as(self.clinic.rosa) as work:
                    photos.remove(work, UUID(photo_id))
                with pytest.raises(NotFound), self.open_as(self.clinic.rosa) as work:
                    photos.seen(work, UUID(photo_id))

    # What is always so

    @invariant()
    def it_stands_as_the_model_says(self) -> None:
        with self.open_as(self.clinic.amelia, write=False) as work:
            for form_id, known in self.known.items():
                assert work.get(AssignedForm, form_id).status is known.status
                found = reading.filling(work, form_id)
                if known.status is FormStatus.OPEN:
                    assert found.values == known.values()
                    assert set(found.problems) == known.missing()
                if found.filled:
                    assert found.values == known.asked()
                    assert self.records.setdefault(form_id, found.record) == found.record
                for photo_id in known.photos:
                    assert photos.seen(work, UUID(photo_id)).sha256 == self.hashes[photo_id]
            there = work.db.exec(select(FormPhoto.id).where(col(FormPhoto.removed_at).is_(None))).all()
            assert {str(one) for one in there} == {one for known in self.known.values() for one in known.photos}
            rows = work.db.exec(select(FormAnswer)).all()
            assert {(row.form_id, row.link_id, row.revision) for row in rows} == {
                (form_id, link_id, revision)
                for form_id, known in self.known.items()
                for link_id, (_, revision) in known.saved.items()
            }
            submissions = work.db.exec(select(FormSubmission.form_id)).all()
            assert sorted(submissions) == sorted(self.records)
            assert work.db.exec(select(AuditEvent.action)).all().count("form.submitted") == len(self.records)

    def person(self, device: str) -> Actor:
        return replace(self.clinic.amelia, device=device)

    def attempt(self, device: str, act: Callable[[Work], object]) -> object:
        """What came of it: a result, or the refusal."""
        try:
            with self.open_as(self.person(device)) as work:
                return act(work)
        except PortalError as refused:
            return refused


def said(outcome: object) -> str:
    """The sentence of a refusal."""
    assert isinstance(outcome, PortalError), outcome
    return outcome.sentence


@pytest.mark.long
@pytest.mark.timeout(900)
def test_questionnaires_stand_as_the_model_says(databases: Databases) -> None:
    machine = type("QuestionnairesHere", (Questionnaires,), {"databases": databases})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
