"""The page where anybody checks a document of the practice: by its number, or by the file itself.

A file is hashed as it arrives; no byte of it is kept, neither in memory nor on disk. The answer is yes, with the day
and the kind of document, or no; it never says whose it is or what it says.
"""

import hashlib

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

LARGEST = 30_000_000  # bytes
_WINDOW = 600
_asked = Pace(60, _WINDOW)  # numbers from one address
_sent = Pace(20, _WINDOW)  # files from one address

_TITLE = "Check a document"
_INTRODUCTION = """<p>Is a document from us, and is it unchanged? The file itself tells you most. We never say whose a
document is, nor what it says.</p>"""
_BY_NUMBER = f"""<section class="card" aria-labelledby="by-number"><h2 class="title2" id="by-number">By its number</h2>
<p class="muted">It is printed at the foot of each page.</p>
<form class="stack" style="margin-top:1rem" method="get" action="{routes.VERIFY}"><div class="field">
<label class="field__label" for="id">Document number</label>
<input class="input" id="id" name="id" maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false"
placeholder="C-0000-0000-0000" required></div>
<p><button class="btn btn--primary" type="submit">Check the number</button></p></form></section>"""
_BY_FILE = f"""<section class="card" aria-labelledby="by-file"><h2 class="title2" id="by-file">By the file</h2>
<p class="muted">A PDF of at most 30 MB. We compare it with the one that we sealed, and keep nothing of it.</p>
<form class="stack" style="margin-top:1rem" method="post" action="{routes.VERIFICATION}" enctype="multipart/form-data">
<div class="field"><label class="field__label" for="file">File</label>
<input class="input" id="file" name="file" type="file" accept="application/pdf,.pdf" required></div>
<p><button class="btn" type="submit">Check the file</button></p></form></section>"""
_AGAIN = f'<p><a class="link" href="{routes.VERIFY}">Check another document</a></p>'


class _TooLarge(Exception):
    """More than is taken arrived."""


class _Hashed(MultiPartParser):
    """Takes a form with one file and keeps nothing of it but the hash and the size."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.headers, request.stream(), max_files=1, max_fields=0)
        self.digest = hashlib.sha256()
        self.size = 0

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """A piece of the file as it arrived."""
        if self.size <= LARGEST:
            self.digest.update(data[start:end])
        self.size += end - start


async def number(request: Request) -> Response:
    """The page, or the answer to a number: in the address, as the code on paper has it, or from the field."""
    given = (request.path_params.get("number") or request.query_params.get("id", "")).strip()
    if not given:
        practice = await in_thread(_practice)
        return plain.page(practice, _TITLE, _INTRODUCTION + _BY_NUMBER + _BY_FILE)
    if not _within(_asked, request):
        return await _slower()
    practice, found = await in_thread(_by_number, given)
    if found is None:
        words = "Compare it with the printed one, letter by letter. A copy of an open form has a number, but no seal."
        return plain.page(
            practice,
            "We do not know this number",
            plain.banner("danger", "We sealed no document with this number.", words) + _BY_NUMBER + _AGAIN,
        )
    answer = _ours(found)
    words = "<p>A number can be copied. Whether your file is unchanged, only the file itself can tell.</p>"
    return plain.page(practice, "We sealed a document with this number", answer + words + _BY_FILE + _AGAIN)


async def file(request: Request) -> Response:
    """The answer to a file."""
    if not _within(_sent, request):
        return await _slower()
    try:
        sha256 = await _hash(request)
    except _TooLarge:
        words = "None of our documents has more than 30 MB."
        return await _refused(413, "That file is too large", words)
    except (MultiPartException, KeyError, ClientDisconnect):
        return await _refused(400, "No file arrived", "Choose a PDF of at most 30 MB.")
    practice, found = await in_thread(_by_hash, sha256)
    if found is None:
        words = (
            "It may be a copy of an open form, or it was changed, saved anew or scanned since we sealed it, or it is "
            "not from us. Ask whoever gave it to you for the file as it was downloaded."
        )
        answer = plain.banner("danger", "We sealed no such file.", words)
        return plain.page(practice, "Not a document as we sealed it", answer + _AGAIN)
    return plain.page(practice, "Ours, and unchanged", _ours(found, " Not a byte has changed since.") + _AGAIN)


def _ours(found: Genuine, more: str = "") -> str:
    """What we say of a document of ours; that the practice made its form void is no secret to who holds it."""
    words = f"sealed by {found.practice} on {found.sealed_on}.{more}"
    said = plain.banner("ok", f"{found.kind},", words)
    if not found.void_since:
        return said
    return said + plain.banner("warn", "It counts no more:", f"the practice made it void on {found.void_since}.")


async def _hash(request: Request) -> str:
    """The SHA-256 of the one file in the form, read to its end: a browser shows no answer before it has sent all."""
    taken = _Hashed(request)
    form = await taken.parse()
    await form.close()
    if taken.size > LARGEST:
        raise _TooLarge
    if not taken.size:
        raise MultiPartException("no file")
    return taken.digest.hexdigest()


async def _refused(status: int, title: str, words: str) -> Response:
    return plain.page(await in_thread(_practice), title, plain.banner("warn", "", words) + _BY_FILE + _AGAIN, status)


async def _slower() -> Response:
    words = "You have asked for many documents. Wait ten minutes, then go on."
    return plain.page(await in_thread(_practice), "Please wait a little", plain.banner("warn", "", words) + _AGAIN, 429)


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
    Route(routes.verify("{number:str}"), number, methods=["GET"]),
    Route(routes.VERIFICATION, file, methods=["POST"]),
]
