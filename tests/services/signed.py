"""Signing, as tests do it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event
from sqlmodel import Session

from portal.queries import forms
from portal.services import consent_text, paperwork, signing
from portal.services.signing import Act, Ink, Signed
from portal.work import SYSTEM, Actor
from tests.support.clinic import PAD, STROKES, OpenAs, TestClinic


def asked(open_as: OpenAs, clinic: TestClinic, who: Actor | None = None, **rules: Any) -> UUID:
    """A consent that waits for Amelia (or `who`), for a visit in three days."""
    who = who or clinic.amelia
    with open_as(SYSTEM) as work:
        template = clinic.template(work, **rules)
        return paperwork.assign(work, who.patient_id, template, clinic.visit(work, who))


def shown(open_as: OpenAs, who: Actor, form_id: UUID) -> str:
    """The hash of the text as it is on the person's screen."""
    with open_as(who, write=False) as work:
        return consent_text.content(forms.form(work, form_id)).sha256


def drawn(sha256: str, **more: Any) -> Act:
    """A complete act with a drawing."""
    return Act(sha256, intent=True, ink=Ink(STROKES, *PAD), **more)


def sign_drawn(open_as: OpenAs, who: Actor, form_id: UUID, **more: Any) -> Signed:
    """Read and sign with the finger."""
    sha256 = shown(open_as, who, form_id)
    with open_as(who) as work:
        signing.opened(work, form_id)
        signing.viewed_to_end(work, form_id)
    with open_as(who) as work:
        return signing.sign(work, form_id, drawn(sha256, **more))


def sign_typed(open_as: OpenAs, who: Actor, form_id: UUID, name: str = "Amelia Hart") -> Signed:
    """Sign by typing the name."""
    sha256 = shown(open_as, who, form_id)
    with open_as(who) as work:
        return signing.sign(work, form_id, Act(sha256, intent=True, typed_name=name))


class PowerCut(Exception):
    """The machine goes away."""


def cut_at_each_step(engine: Engine, act: Callable[[], object], nothing_happened: Callable[[], None]) -> int:
    """Do something again and again, with the power gone before its first statement, its second, …, its commit, until
    it comes through. After each cut nothing may have happened. Returns how many times it took."""
    steps = 0
    while True:
        left = steps
        steps += 1

        def cut(*call: object) -> None:
            nonlocal left
            left -= not str(call[2:3]).startswith("('BEGIN")
            if left < 0:
                raise PowerCut

        event.listen(engine, "before_cursor_execute", cut)
        event.listen(Session, "before_commit", cut)
        try:
            act()
        except PowerCut:
            survived = False
        else:
            survived = True
        finally:
            event.remove(engine, "before_cursor_execute", cut)
            event.remove(Session, "before_commit", cut)
        if survived:
            return steps
        nothing_happened()
