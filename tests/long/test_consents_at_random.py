"""The life of consents, at random: whatever the patient, a companion, staff and the clock do in whatever order, each
form stands as a model says that knows no database, and what was signed never changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.paperwork import FormStatus as Status
from portal.errors import PortalError
from portal.models import AssignedForm, FormEvent, Role, Signature, Staff, TemplateVersion
from portal.queries import forms
from portal.services import consent_text, paperwork, signing, templates, witnessing
from portal.services.signing import Act, Ink
from portal.services.witnessing import StaffAct, WitnessAct
from portal.work import SYSTEM, Actor, Work, open_work
from tests.support.clinic import PAD, STROKES, TEXT, furnish
from tests.support.databases import Databases

INK = Ink(STROKES, *PAD)
TEMPLATES = {"plain": {}, "witnessed": {"needs_witness": True}, "per visit": {"needs_witness": True, "per_visit": True}}


@dataclass
class Known:
    """A form as the model knows it."""

    template: str
    version: UUID
    visit: UUID | None
    status: Status = Status.OPEN
    marks: list[str] = field(default_factory=list)
    sealed: tuple[str, str] | None = None  # text and its hash, once signed
    done_at: datetime | None = None


class Consents(RuleBasedStateMachine):
    """One patient, a stranger, a member of staff, one clock."""

    databases: Databases

    @initialize()
    def begin(self) -> None:
        self._held = self.databases.engine()
        self.engine = self._held.__enter__()
        self.clock = FixedClock()
        self.open_as = partial(open_work, clock=self.clock, engine=self.engine)
        with self.open_as(SYSTEM) as work:
            self.clinic = furnish(work)
            self.templates = {name: self.clinic.template(work, name, **rules) for name, rules in TEMPLATES.items()}
            self.visits = [None, *(self.clinic.visit(work, self.clinic.amelia) for _ in range(2))]
            desk = work.add(
                Staff(
                    practice_id=self.clinic.practice_id, first_name="Marisol", last_name="Vega",
                    email="marisol@lumiere.example", role=Role.FRONT_DESK,
                )
            )  # fmt: skip
        self.desk = Actor(kind="staff", staff_id=desk.id, role="front_desk", label="Marisol Vega")
        self.known: dict[UUID, Known] = {}

    def teardown(self) -> None:
        if hasattr(self, "_held"):
            self._held.__exit__(None, None, None)

    # What happens

    @rule(name=st.sampled_from(sorted(TEMPLATES)), visit=st.integers(0, 2))
    def is_asked_for(self, name: str, visit: int) -> None:
        visit_id = self.visits[visit]
        waiting = self.waiting(name, visit_id)
        act = partial(paperwork.assign, template_id=self.templates[name], appointment_id=visit_id)
        made = self.attempt(SYSTEM, True, lambda work: act(work, self.clinic.amelia.patient_id))
        assert isinstance(made, UUID)
        if waiting is not None:
            assert made == waiting
        else:
            self.known[made] = Known(name, self.version(name), visit_id)

    @precondition(lambda self: self.known)
    @rule(
        which=st.integers(min_value=0),
        stale=st.booleans(),
        how=st.sampled_from(["drawn", "typed", "blank", "dot", "unmeant"]),
        who=st.sampled_from(["amelia", "rosa", "desk"]),
    )
    def is_signed(self, which: int, stale: bool, how: str, who: str) -> None:
        form_id, known = self.one(which)
        actor = self.desk if who == "desk" else getattr(self.clinic, who)
        allowed = known.status is Status.OPEN and not stale and how in {"drawn", "typed"} and who == "amelia"
        act = replace_mark(Act("0" * 64 if stale else self.shown(form_id), intent=True), how)
        self.attempt(actor, allowed, lambda work: signing.sign(work, form_id, act))
        if allowed:
            known.marks.append("patient")
            known.status = Status.WITNESS if TEMPLATES[known.template].get("needs_witness") else Status.DONE
            known.done_at = self.clock.now() if known.status is Status.DONE else None
            known.sealed = self.text(form_id)

    @precondition(lambda self: self.known)
    @rule(
        which=st.integers(min_value=0),
        name=st.sampled_from(["Daniel Hart", "Amelia Hart", "Naomi Reyes", ""]),
        same_device=st.booleans(),
        adult=st.booleans(),
        who=st.sampled_from(["amelia", "rosa", "desk"]),
    )
    def is_witnessed(self, which: int, name: str, same_device: bool, adult: bool, who: str) -> None:
        form_id, known = self.one(which)
        sha256 = self.shown(form_id)
        waits = known.status is Status.WITNESS
        if who == "desk":
            allowed = waits
            done = self.attempt(
                self.desk,
                allowed,
                lambda work: witnessing.witness_by_staff(work, form_id, StaffAct(sha256, intent=True, ink=INK)),
            )
        else:
            actor: Actor = getattr(self.clinic, who)
            if not same_device:
                actor = Actor(**{**slots(actor), "device": "elsewhere", "session_id": None})
            treats = name == "Naomi Reyes" and known.visit is not None
            person = bool(name) and name != "Amelia Hart" and not treats
            allowed = waits and person and same_device and adult and who == "amelia"
            act = WitnessAct(sha256, name, "Friend", adult=adult, intent=True, ink=INK)
            done = self.attempt(actor, allowed, lambda work: witnessing.witness_here(work, form_id, act))
        if allowed:
            assert done
            known.marks.append("witness")
            known.status, known.done_at = Status.DONE, self.clock.now()

    @precondition(lambda self: self.known)
    @rule(which=st.integers(min_value=0), reason=st.sampled_from(["The wrong day", " "]))
    def is_reset(self, which: int, reason: str) -> None:
        form_id, known = self.one(which)
        allowed = known.status is not Status.VOID and bool(reason.strip())
        done = self.attempt(SYSTEM, allowed, lambda work: paperwork.reset(work, form_id, reason))
        if not allowed:
            return
        known.status = Status.VOID
        assert isinstance(done, UUID)
        if done not in self.known:
            self.known[done] = Known(known.template, self.version(known.template), known.visit)
        else:
            assert self.known[done].status in (Status.OPEN, Status.WITNESS)

    @rule(name=st.sampled_from(sorted(TEMPLATES)))
    def is_published_anew(self, name: str) -> None:
        with self.open_as(SYSTEM) as work:
            templates.publish(work, self.templates[name], f"{TEXT}\n\n{self.clock.now()}", **TEMPLATES[name])

    @rule(minutes=st.sampled_from([1, 45, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    # What holds at all times

    @invariant()
    def every_form_stands_as_the_model_says(self) -> None:
        if not hasattr(self, "known"):
            return
        with self.open_as(SYSTEM, write=False) as work:
            rows = {row.id: row for row in work.db.exec(select(AssignedForm))}
            marks = list(work.db.exec(select(Signature).order_by(col(Signature.id))))
            events = list(work.db.exec(select(FormEvent)))
        assert rows.keys() == self.known.keys()
        for form_id, known in self.known.items():
            row = rows[form_id]
            assert (row.status, row.version_id, row.appointment_id) == (known.status, known.version, known.visit)
            assert (row.frozen_html, row.text_sha256) == (known.sealed or (None, None))
            assert row.done_at == known.done_at
            mine = [mark for mark in marks if mark.form_id == form_id]
            assert [mark.role.value for mark in mine] == known.marks
            assert {mark.text_sha256 for mark in mine} <= {row.text_sha256}
            said = [one.what for one in events if one.form_id == form_id]
            assert said.count("signed") == known.marks.count("patient")
            assert said.count("witnessed") == known.marks.count("witness")
            assert said.count("voided") == (known.status is Status.VOID)

    # The model's own eyes

    def one(self, which: int) -> tuple[UUID, Known]:
        form_id = sorted(self.known)[which % len(self.known)]
        return form_id, self.known[form_id]

    def waiting(self, name: str, visit_id: UUID | None) -> UUID | None:
        found = [
            form_id
            for form_id, known in self.known.items()
            if known.template == name
            and known.status in (Status.OPEN, Status.WITNESS)
            and (name != "per visit" or known.visit == visit_id)
        ]
        return found[0] if found else None

    def version(self, name: str) -> UUID:
        with self.open_as(SYSTEM, write=False) as work:
            latest = templates.latest(work, self.templates[name])
        assert isinstance(latest, TemplateVersion)
        return latest.id

    def shown(self, form_id: UUID) -> str:
        with self.open_as(SYSTEM, write=False) as work:
            return consent_text.content(forms.any_form(work, form_id)).sha256

    def text(self, form_id: UUID) -> tuple[str, str]:
        with self.open_as(SYSTEM, write=False) as work:
            row = work.get(AssignedForm, form_id)
            assert row.frozen_html
            assert row.text_sha256
            return row.frozen_html, row.text_sha256

    def attempt(self, actor: Actor, allowed: bool, act: Callable[[Work], object]) -> object:
        """Do it; it must be refused exactly when the model says so."""
        outcome: object = None
        try:
            with self.open_as(actor) as work:
                outcome = act(work)
        except PortalError as error:
            outcome = error
        assert isinstance(outcome, PortalError) != allowed, outcome
        return outcome


def replace_mark(act: Act, how: str) -> Act:
    """The act with the kind of mark that is tried."""
    ink = {"drawn": INK, "blank": Ink([], *PAD), "dot": Ink([{"points": [{"x": 5, "y": 5}]}], *PAD)}.get(how)
    return Act(
        act.shown_sha256,
        intent=how != "unmeant",
        ink=ink,
        typed_name="Amelia Hart" if how in {"typed", "unmeant"} else "",
    )


def slots(actor: Actor) -> dict[str, Any]:
    """An actor's fields."""
    return {name: getattr(actor, name) for name in Actor.__dataclass_fields__}


@pytest.mark.long
@pytest.mark.timeout(900)
def test_consents_stand_as_the_model_says(databases: Databases) -> None:
    machine = type("ConsentsHere", (Consents,), {"databases": databases})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
