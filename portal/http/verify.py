"""The page where anybody checks a document of the practice: by its number, or by the file itself.

A file is hashed as it arrives; no byte of it is kept, neither in memory nor on disk. The answer is yes, with the day
and the kind of document, or no; it never says whose it is or what it says.
"""

import hashlib
from html import escape

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from portal import routes
from portal.http import door, plain
from portal.http.pace import Pace
from portal.queries.practice import PracticeCard, practice_card
from portal.security.pool import in_thread
from portal.services import verification
from portal.services.verification import Genuine
from portal.work import open_work

_WINDOW = 600
_asked = Pace(60, _WINDOW)  # numbers from one address
_sent = Pace(20, _WINDOW)  # files from one address

_TITLE = "Check a document"
_FORMS = f"""<p style="margin:1rem 0">Is a document from us, and is it unchanged? Look it up by the number that is
printed on each page, or choose the file. We tell you nothing of what it says.</p>
<form method="get" action="{routes.VERIFY}"><div class="field">
<label class="field__label" for="id">Document number</label>
<input class="input" id="id" name="id" maxlength="40" autocomplete="off" spellcheck="false"
placeholder="C-0000-0000-0000" required></div>
<p style="margin:1rem 0"><button class="btn btn--primary" type="submit">Check the number</button></p>
</form><form method="post" action="{routes.VERIFICATION}" enctype="multipart/form-data"><div class="field">
<label class="field__label" for="file">The file (PDF, at most 30 MB)</label>
<input class="input" id="file" name="file" type="file" accept="application/pdf,.pdf" required></div>
<p style="margin:1rem 0"><button class="btn" type="submit">Check the file</button></p></form>"""
_AGAIN = f'<p><a class="link" href="{routes.VERIFY}">Check another document</a></p>'


class _Hashed(MultiPartParser):
    """Takes a form with one file and keeps nothing of it but the hash and the size."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.headers, request.stream(), max_files=1, max_fields=0)
        self.digest = hashlib.sha256()
        self.size = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """A piece of the file as it arrived."""
        self.digest.update(data[start:end])
        self.size += end - start


async def number(request: Request) -> Response:
    """The page, or the answer to a number."""
    given = request.query_params.get("id", "").strip()
    if not given:
        return plain.page(await in_thread(_practice), _TITLE, _FORMS)
    if not _within(_asked, request):
        return await _slower()
    practice, found = await in_thread(_by_number, given)
    return _answer(practice, found, "We sealed no document with this number. Please compare it with the printed one.")


async def file(request: Request) -> Response:
    """The answer to a file."""
    if not _within(_sent, request):
        return await _slower()
    try:
        taken = _Hashed(request)
        form = await taken.parse()
        await form.close()
    except (MultiPartException, KeyError, ClientDisconnect):
        taken = None
    if taken is None or not taken.size:
        text = '<p style="margin:1rem 0">No file arrived. Choose a PDF of at most 30 MB.</p>'
        return plain.page(await in_thread(_practice), "That did not work", text + _AGAIN, 400)
    practice, found = await in_thread(_by_hash, taken.digest.hexdigest())
    return _answer(
        practice,
        found,
        "This is not a document as we sealed it. It may be a copy of an open form, one that was changed or printed "
        "and scanned since, or it is not from us.",
    )


def _answer(practice: PracticeCard, found: Genuine | None, otherwise: str) -> Response:
    if found is None:
        text = f'<p style="margin:1rem 0" role="status">{escape(otherwise)}</p>'
        return plain.page(practice, "Not a document that we sealed", text + _AGAIN)
    sentence = f"{found.kind}, sealed by {found.practice} on {found.sealed_on}."
    text = f'<p style="margin:1rem 0" role="status">{escape(sentence)}</p>'
    return plain.page(practice, "This document is ours", text + _AGAIN)


async def _slower() -> Response:
    text = '<p style="margin:1rem 0">That was often. Please wait ten minutes, then check again.</p>'
    return plain.page(await in_thread(_practice), "Please wait a little", text, 429)


def _within(pace: Pace, request: Request) -> bool:
    address = door.address(request)
    if pace.left(address) <= 0:
        return False
    pace.count(address)
    return True


def _practice() -> PracticeCard:
    with open_work(write=False) as work:
        return practice_card(work)


def _by_number(given: str) -> tuple[PracticeCard, Genuine | None]:
    with open_work(write=False) as work:
        return practice_card(work), verification.by_number(work, given)


def _by_hash(sha256: str) -> tuple[PracticeCard, Genuine | None]:
    with open_work(write=False) as work:
        return practice_card(work), verification.by_hash(work, sha256)


ROUTES = [
    Route(routes.VERIFY, number, methods=["GET"]),
    Route(routes.VERIFICATION, file, methods=["POST"]),
]
