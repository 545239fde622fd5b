"""Filling a questionnaire: what an answer costs that is saved as one types, what submitting costs and how that grows,
and what an open questionnaire weighs."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

from portal.domain.paperwork import FormKind
from portal.models import Patient
from portal.queries import filling as reading
from portal.security import sessions
from portal.security.sessions import Caller, session_hash
from portal.services import filling, paperwork, templates
from portal.state.patient import answering
from portal.state.patient.questionnaire import QuestionnaireState
from portal.work import SYSTEM, Actor, open_work
from tests.bench import bare
from tests.bench.memory import KB, resident
from tests.bench.result import Limit, Result, result
from tests.bench.stage import Stage, Visitor
from tests.bench.statements import counted
from tests.bench.wire import Wire, changes

FEW, MANY, A_PAGE = 10, 200, 10  # questions
TYPISTS, SAVES = 12, 15
SUBMISSIONS = 9
WARM, OPEN = 10, 60  # tabs
MS = 1000.0
FIRST = 150  # visitors that no other measurement needs in the state they are in


def measure(stage: Stage) -> list[Result]:
    """All of it."""
    with open_work(SYSTEM) as work:
        practice = work.get(Patient, stage.visitors[0].patient_id).practice_id
        asked = {}
        for number in (FEW, MANY):
            asked[number] = templates.create(work, practice, f"Questionnaire of {number}", FormKind.QUESTIONNAIRE)
            templates.publish(work, asked[number], "", questions=_questions(number))
    return [
        *asyncio.run(_saving(stage, asked[MANY])),
        *_submitting(stage, asked),
        *asyncio.run(_open(stage, asked[MANY])),
    ]


def _questions(number: int) -> dict[str, Any]:
    """Pages of ten: lines, texts, yes or no, choices, numbers; every fifth depends on the one before the last."""

    def item(at: int) -> dict[str, Any]:
        asks: dict[str, Any] = {"linkId": f"q{at}", "text": f"What about the matter number {at}?", "required": True}
        kind = ("boolean", "string", "choice", "text", "decimal")[at % 5]
        if kind == "choice":
            asks["answerOption"] = [{"valueCoding": {"code": code, "display": code}} for code in ("Often", "Never")]
        if kind == "text":
            asks["enableWhen"] = [{"question": f"q{at - 3}", "operator": "=", "answerBoolean": True}]
        return asks | {"type": kind}

    pages = [range(start, min(start + A_PAGE, number)) for start in range(0, number, A_PAGE)]
    return {
        "item": [
            {"linkId": f"p{at}", "type": "group", "text": f"Page {at}", "item": [item(one) for one in page]}
            for at, page in enumerate(pages, 1)
        ]
    }


def _answer(at: int) -> object:
    return (True, "a few words", "Often", "some more words that say how it is", "72.5")[at % 5]


def _asked_of(visitor: Visitor, template: UUID, answered: int = 0) -> UUID:
    """A new questionnaire for somebody, with so many answers."""
    with open_work(SYSTEM) as work:
        form_id = paperwork.assign(work, visitor.patient_id, template)
    with open_work(_actor(visitor)) as work:
        for at in range(answered):
            filling.save_answer(work, form_id, f"q{at}", _answer(at), 0)
    return form_id


def _actor(visitor: Visitor) -> Actor:
    caller = Caller(session_hash=session_hash(visitor.cookie.partition("=")[2]), address="127.0.0.1", device="bench")
    return sessions.resolve(caller, active=False)[0]


async def _saving(stage: Stage, template: UUID) -> list[Result]:
    """Words in a field of a questionnaire with 200 questions, saved: from the event to the answer that it is heard."""
    event, state = f"{QuestionnaireState.get_full_name()}.fill_in", QuestionnaireState.get_full_name()
    took: list[float] = []
    noop: list[float] = []
    visitors = stage.visitors[FIRST : FIRST + TYPISTS]
    forms = [await asyncio.to_thread(_asked_of, visitor, template, MANY // 2) for visitor in visitors]
    async with AsyncExitStack() as open_:
        plain = await open_.enter_async_context(Wire(stage.bare.url, path=bare.HOME))
        await plain.open_page()
        wires = []
        for visitor, form_id in zip(visitors, forms, strict=True):
            path = f"/questionnaire/{form_id}"
            wire = Wire(stage.portal.url, cookie=visitor.cookie, path=path, address=visitor.address)
            wires.append(await open_.enter_async_context(wire))
            await wire.open_page()
        heard, question = changes(state, "heard"), f"q{MANY // 2 + 1}"
        for turn in range(SAVES):
            for wire in wires:
                words = {"link_id": question, "words": f"words of turn {turn}", "shown": turn, "ticket": f"t{turn}"}
                took.append(MS * await wire.ask(event, heard, words | {"left": False}))
                noop.append(MS * await plain.ask(bare.TICK, changes(bare.STATE)))
    with open_work(SYSTEM, write=False) as work:
        kept = reading.any_filling(work, forms[0]).answers[question]
    if (kept.value, kept.revision) != (f"words of turn {SAVES - 1}", SAVES):
        raise AssertionError(f"{SAVES} saves left revision {kept.revision}: {kept.value}")
    with counted() as statements, open_work(_actor(visitors[0])) as work:
        answering.written(work, forms[0], "", question, "once more", None, SAVES)
    return [
        result("autosave of an answer, 200 questions (writes)", took, "ms", noop),
        result("statements, autosave of an answer", [len(statements)], ""),
    ]


def _submitting(stage: Stage, asked: dict[int, UUID]) -> list[Result]:
    """The service, with its transaction: 200 answers and ten, in turns; and the review before it."""
    took: dict[int, list[float]] = {FEW: [], MANY: []}
    looked: dict[int, list[float]] = {FEW: [], MANY: []}
    for number in range(SUBMISSIONS):
        visitor = stage.visitors[FIRST + TYPISTS + number]
        for many, template in asked.items():
            form_id = _asked_of(visitor, template, many)
            actor = _actor(visitor)
            started = time.perf_counter()
            with open_work(actor, write=False) as work:
                sha256 = reading.filling(work, form_id).sha256
            looked[many].append(MS * (time.perf_counter() - started))
            started = time.perf_counter()
            with open_work(actor) as work:
                filling.submit(work, form_id, sha256)
            took[many].append(MS * (time.perf_counter() - started))
    return [
        result("review of 200 answers, to 10", looked[MANY], "ms", looked[FEW]),
        result("submit of 200 answers, to 10", took[MANY], "ms", took[FEW], Limit(most_times=20)),
    ]


async def _open(stage: Stage, template: UUID) -> list[Result]:
    """What the portal grows by for each open questionnaire of 200 questions."""
    visitors = stage.visitors[FIRST + 40 : FIRST + 40 + WARM + OPEN]
    forms = [await asyncio.to_thread(_asked_of, visitor, template) for visitor in visitors]
    sizes: list[float] = []
    async with AsyncExitStack() as open_:
        for number, (visitor, form_id) in enumerate(zip(visitors, forms, strict=True)):
            if number == WARM:
                sizes.append(resident(stage.portal.pid or 0))
            path = f"/questionnaire/{form_id}"
            wire = Wire(stage.portal.url, cookie=visitor.cookie, path=path, address=visitor.address)
            await (await open_.enter_async_context(wire)).open_page()
        sizes.append(resident(stage.portal.pid or 0))
    return [result("memory of an open questionnaire", [(sizes[1] - sizes[0]) / OPEN / KB], "KB")]
