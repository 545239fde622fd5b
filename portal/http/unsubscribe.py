"""Stopping emails by the link in them: a page with a button, and what a mail program's own button posts (RFC 8058).

Opening the page changes nothing: scanners open every link of an email.
"""

from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal import routes
from portal.errors import NotFound
from portal.http import door, plain
from portal.queries.practice import PracticeCard, practice_card
from portal.security.pool import in_thread
from portal.services import unsubscribe
from portal.work import Actor, open_work

LONGEST_TOKEN = 200


async def ask(request: Request) -> Response:
    """The page with the button."""
    token: str = request.path_params["token"]
    practice = await in_thread(_practice)
    if len(token) > LONGEST_TOKEN or not unsubscribe.is_ours(token):
        return _unknown(practice)
    text = (
        f"You will get no more emails about your visits and forms from {practice.name}. "
        "Codes that you ask for to log in still come."
    )
    button = (
        f'<form method="post" action="{escape(routes.unsubscribe(token))}">'
        '<button class="btn btn--primary" type="submit">Stop these emails</button></form>'
    )
    return _page(practice, "Stop these emails?", text, button)


async def stop(request: Request) -> Response:
    """The button was pressed, here or in the mail program."""
    token: str = request.path_params["token"]
    practice = await in_thread(_practice)
    try:
        await in_thread(_stop, token[: LONGEST_TOKEN + 1], door.address(request))
    except NotFound:
        return _unknown(practice)
    link = f'<p><a class="link" href="{routes.PROFILE}">My Profile</a></p>'
    return _page(practice, "You will get no more of these emails", "You can switch them on again in My Profile.", link)


def _practice() -> PracticeCard:
    with open_work(write=False) as work:
        return practice_card(work)


def _stop(token: str, address: str) -> None:
    with open_work(Actor(label="Unsubscribe link", address=address)) as work:
        unsubscribe.stop(work, token)


def _unknown(practice: PracticeCard) -> Response:
    text = "The link is not complete. Open it from the email again, or change your preferences in My Profile."
    link = f'<p><a class="link" href="{routes.PROFILE}">My Profile</a></p>'
    return _page(practice, "We do not know this link", text, link, 404)


def _page(practice: PracticeCard, title: str, text: str, act: str, status: int = 200) -> Response:
    return plain.page(practice, title, f"<p>{escape(text)}</p>{act}", status)


ROUTES = [
    Route(f"{routes.UNSUBSCRIBE}/{{token:str}}", ask, methods=["GET"]),
    Route(f"{routes.UNSUBSCRIBE}/{{token:str}}", stop, methods=["POST"]),
]
