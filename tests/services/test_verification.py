"""Filled questionnaires sealed as consents are, and documents that anybody may check without learning anything."""

import hashlib

import pypdfium2
from sqlalchemy import Engine, update
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.paperwork import FormKind
from portal.gateways import gateways
from portal.models import AssignedForm, FormSubmission, StoredDocument
from portal.services import documents, verification
from portal.services.document_parts import document_number
from portal.services.integrity import altered
from portal.work import SYSTEM, Actor
from tests.services.signed import asked, sign_drawn
from tests.support.clinic import OpenAs, TestClinic
from tests.support.questions import WHOLE, fill, submit, to_fill

EVIL = "<script>alert(1)</script> {{ 7*7 }}"
NOBODY = Actor()


def test_a_filled_questionnaire_is_sealed_with_every_answer(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id, WHOLE | {"note": EVIL, "weight": "140.5", "pain": 3})
    copy = documents.download(clinic.amelia, form_id, engine=engine)
    assert not copy.sealed
    assert documents.pending(engine=engine) == []
    submit(open_as, clinic.amelia, form_id)
    assert documents.pending(engine=engine) == [form_id]
    file = documents.download(clinic.amelia, form_id, engine=engine)
    assert file.sealed
    assert gateways().seal.check(file.content).holds
    with pypdfium2.PdfDocument(file.content) as opened:
        said = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in opened)
    for words in (EVIL, "140.5 lb", "3 of 10", "March 14, 1988", "None of these", "Reviewed and submitted by Amelia"):
        assert words in said, words
    assert "Is it twins?" not in said
    assert documents.download(clinic.amelia, form_id, engine=engine).content == file.content


def test_a_document_is_known_by_its_number_and_its_file_and_by_nothing_else(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, clock: FixedClock
) -> None:
    form_id = asked(open_as, clinic)
    sign_drawn(open_as, clinic.amelia, form_id)
    documents.seal_signed(form_id, engine=engine, clock=clock)
    file = documents.download(clinic.amelia, form_id, engine=engine)
    number = document_number(FormKind.CONSENT, form_id)
    changed = bytearray(file.content)
    changed[-1] ^= 1
    with open_as(NOBODY, write=False) as work:
        found = verification.by_number(work, number)
        assert found is not None
        assert (found.kind, found.sealed_on) == ("Consent", "November 23, 2026")
        assert verification.by_number(work, f" {number.lower().replace('-', ' ')} ") == found
        assert verification.by_hash(work, hashlib.sha256(file.content).hexdigest()) == found
        assert verification.by_hash(work, hashlib.sha256(changed).hexdigest()) is None
        for other in (number.replace("C", "Q"), number[:-1], "C-%%%%-%%%%-%%%%", "C-____-____-____", "", "x" * 5000):
            assert verification.by_number(work, other) is None, other


def test_an_open_form_is_no_sealed_document(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    with open_as(NOBODY, write=False) as work:
        assert verification.by_number(work, document_number(FormKind.CONSENT, form_id)) is None


def test_changed_texts_and_answers_are_named(clinic: TestClinic, open_as: OpenAs) -> None:
    consent, questions = asked(open_as, clinic), to_fill(open_as, clinic)
    sign_drawn(open_as, clinic.amelia, consent)
    fill(open_as, clinic.amelia, questions)
    submit(open_as, clinic.amelia, questions)
    with open_as(SYSTEM) as work:
        assert list(altered(work)) == []
        work.db.execute(update(AssignedForm).where(col(AssignedForm.id) == consent).values(frozen_html="<p>Other</p>"))
        row = work.db.exec(select(FormSubmission)).one()
        row.answers = row.answers.replace("false", "true")
        work.db.flush()
        assert [sentence.split()[1] for sentence in altered(work)] == [f"{consent}:", f"{questions}:"]
        assert work.db.exec(select(StoredDocument)).all() == []
