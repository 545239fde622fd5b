"""The PDF of a form: sealed once, found again after a crash, the same bytes for ever."""

import threading
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.domain.paperwork import FormStatus
from portal.errors import NotFound
from portal.gateways import Gateways, gateways
from portal.gateways.errors import PermanentFailure
from portal.gateways.pdf import PdfRenderer
from portal.gateways.storage import Storage
from portal.ids import uuid7
from portal.models import AssignedForm, AuditEvent, StoredDocument
from portal.services import documents, paperwork
from portal.work import SYSTEM
from tests.services.signed import asked, sign_drawn, sign_typed
from tests.support.clinic import OpenAs, TestClinic


@pytest.fixture(scope="module")
def through() -> Gateways:
    """The real parts: layout, seal, storage."""
    return gateways()


def _text(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_the_sealed_document_says_everything_and_shows_any_change(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways
) -> None:
    form_id = asked(open_as, clinic, initials=["Risks"])
    sign_drawn(open_as, clinic.amelia, form_id, initials={"Risks": "AH"})
    file = documents.download(clinic.amelia, form_id, engine=engine, through=through)
    assert file.sealed
    assert file.filename == "Neurotoxin Treatment Consent.pdf"
    text = " ".join(_text(file.content))
    for words in (
        "Neurotoxin Treatment Consent",
        "Naomi Reyes, NP treats Amelia Hart with Botox at Pearl District",
        "March 14, 1988",
        "I have read and understood this consent",
        "November 23, 2026 at 9:00:00 AM, Pacific Standard Time (GMT-08:00)",
        "phone number ending in 0187",
        "Safari on iPhone",
        "203.0.113.58",
        "Read to the end",
        "Sealed on",
    ):
        assert words in text, words
    assert "Status: Not Signed" not in text
    report = through.seal.check(file.content)
    assert report.holds
    for place in (len(file.content) // 3, len(file.content) // 2):
        touched = bytearray(file.content)
        touched[place] ^= 1
        assert not through.seal.check(bytes(touched)).holds


def test_every_download_is_the_same_file(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways
) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    first = documents.download(clinic.amelia, form_id, engine=engine, through=through)
    assert documents.download(clinic.amelia, form_id, engine=engine, through=through).content == first.content
    with open_as(SYSTEM) as work:
        stored = work.db.exec(select(StoredDocument)).one()
        assert (stored.size, stored.title) == (len(first.content), "Neurotoxin Treatment Consent")
        assert work.db.exec(select(AuditEvent.action)).all().count("document.sealed") == 1


@pytest.mark.parametrize(("witness", "status"), [(False, "Not Signed"), (True, "Witness Signature Required")])
def test_an_open_form_is_a_copy_that_says_so_on_every_page(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways, witness: bool, status: str
) -> None:
    long = "## Words\n\n" + "\n\n".join(["Plain words about this treatment. " * 20] * 12)
    form_id = asked(open_as, clinic, text=long, needs_witness=witness)
    if witness:
        sign_typed(open_as, clinic.amelia, form_id)
    file = documents.download(clinic.amelia, form_id, engine=engine, through=through)
    pages = _text(file.content)
    assert not file.sealed
    assert len(pages) > 1
    assert all(f"Status: {status}" in page for page in pages)
    assert not through.seal.check(file.content).intact
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(StoredDocument)).all() == []


def test_a_strangers_document_does_not_exist(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways
) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    for who, wanted in ((clinic.rosa, form_id), (clinic.amelia, uuid7()), (SYSTEM, form_id)):
        with pytest.raises(NotFound):
            documents.download(who, wanted, engine=engine, through=through)


def test_what_was_signed_before_a_crash_is_sealed_by_the_job(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways
) -> None:
    form_id, open_form = asked(open_as, clinic), asked(open_as, clinic, clinic.rosa)
    sign_typed(open_as, clinic.amelia, form_id)
    assert documents.pending(engine=engine) == [form_id]
    assert documents.seal_pending(engine=engine, through=through) == 1
    assert documents.pending(engine=engine) == []
    assert documents.seal_pending(engine=engine, through=through) == 0
    with pytest.raises(NotFound):
        documents.seal_signed(open_form, engine=engine, through=through)


def test_a_document_that_fails_rests_and_does_not_hold_up_the_others(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways
) -> None:
    form_id, other = asked(open_as, clinic), asked(open_as, clinic, clinic.rosa)
    sign_typed(open_as, clinic.amelia, form_id)
    hurried = replace(through, pdf=PdfRenderer(workers=1, timeout_seconds=0.001))
    assert documents.seal_pending(engine=engine, through=hurried) == 0
    sign_typed(open_as, clinic.rosa, other, "Rosa Delgado")
    assert documents.seal_pending(engine=engine, through=through) == 1
    assert documents.pending(engine=engine) == [form_id]
    with pytest.raises(PermanentFailure):
        documents.download(clinic.amelia, form_id, engine=engine, through=hurried)
    assert documents.download(clinic.amelia, form_id, engine=engine, through=through).sealed


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_many_sealers_converge_on_one_document(
    clinic: TestClinic,
    open_as: OpenAs,
    engine: Engine,
    through: Gateways,
    monkeypatch: pytest.MonkeyPatch,
    processes: bool,
) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    if processes:  # other processes know nothing of this one's locks
        monkeypatch.setattr(documents, "_lock", lambda _form_id: threading.Lock())
    start, found = threading.Barrier(3), []

    def seal() -> None:
        start.wait()
        found.append(documents.seal_signed(form_id, engine=engine, through=through))

    sealers = [threading.Thread(target=seal) for _ in range(3)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()
    with open_as(SYSTEM) as work:
        stored = work.db.exec(select(StoredDocument)).one()
    assert found == [stored.sha256] * 3
    assert through.seal.check(through.storage.get(stored.sha256)).holds


def test_a_reset_form_keeps_its_sealed_document(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways
) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    sealed = documents.download(clinic.amelia, form_id, engine=engine, through=through)
    with open_as(SYSTEM) as work:
        fresh = paperwork.reset(work, form_id, "Wrong visit")
        assert work.get(AssignedForm, form_id).status is FormStatus.VOID
    assert documents.download(clinic.amelia, form_id, engine=engine, through=through).content == sealed.content
    assert not documents.download(clinic.amelia, fresh, engine=engine, through=through).sealed


def test_a_guardians_signature_is_told_as_such(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways
) -> None:
    form_id = asked(open_as, clinic, clinic.child)
    sign_typed(open_as, clinic.guardian, form_id, "Rosa Delgado")
    text = " ".join(_text(documents.download(clinic.guardian, form_id, engine=engine, through=through).content))
    assert "Rosa Delgado, parent or guardian, mother for Mateo Delgado" in text


def test_a_damaged_file_is_found(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, through: Gateways, tmp_path: Path
) -> None:
    own = replace(through, storage=Storage(tmp_path, b"k" * 32))
    form_id, other = asked(open_as, clinic), asked(open_as, clinic, clinic.rosa)
    sign_typed(open_as, clinic.amelia, form_id)
    sign_typed(open_as, clinic.rosa, other, "Rosa Delgado")
    documents.seal_pending(engine=engine, through=own)
    with open_as(SYSTEM) as work:
        assert documents.damaged(work, through=own) == []
        first, second = (path for path in tmp_path.rglob("*") if path.is_file())
        first.unlink()
        second.write_bytes(second.read_bytes()[:-1])
        assert len(documents.damaged(work, through=own)) == 2
