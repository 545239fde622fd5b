"""Stopping emails by the link in them: a page with a button, and what a mail program's own button posts (RFC 8058).

Opening the page changes nothing: scanners open every link of an email.
"""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from portal import routes
from portal.errors import NotFound
from portal.http import door
from portal.queries.practice import PracticeCard, practice_card
from portal.security.pool import in_thread
from portal.services import unsubscribe
from portal.work import Actor, open_work

LONGEST_TOKEN = 200
_PRIVATE = {"cache-control": "no-store", "x-robots-tag": "noindex"}
_STYLE = """main{max-width:34rem;margin:0 auto;padding:clamp(2rem,8vw,6rem) 1.25rem}main>*+*{margin-top:1.25rem}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;--canvas:oklch(.178 .012 350);--surface:oklch(.218 .014 350);
--line:oklch(.325 .018 350);--ink:oklch(.945 .008 40);--ink-2:oklch(.8 .014 20);
--brand:oklch(.835 calc(var(--brand-chroma)*.58) var(--brand-hue));--focus:var(--brand);
--on-brand:oklch(.225 calc(var(--brand-chroma)*.48) var(--brand-hue))}}"""


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
    """A page of the portal's looks that needs no script."""
    brand = f"--brand-hue:{escape(practice.brand_hue)};--brand-chroma:{escape(practice.brand_chroma)}"
    phone = (
        f'<a class="link" href="{escape(practice.phone_href)}">{escape(practice.phone)}</a>' if practice.phone else ""
    )
    page = f"""<!doctype html><html lang="en" style="{brand}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{escape(title)} | {escape(practice.name)}</title><link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/components.css">
<style>{_STYLE}</style></head>
<body><main><p class="title2">{escape(practice.name)}</p>
<section class="card"><h1 class="title1">{escape(title)}</h1>
<p style="margin:1rem 0">{escape(text)}</p>{act}</section><p>{phone}</p></main></body></html>"""
    return HTMLResponse(page, status, headers=_PRIVATE)


ROUTES = [
    Route(f"{routes.UNSUBSCRIBE}/{{token:str}}", ask, methods=["GET"]),
    Route(f"{routes.UNSUBSCRIBE}/{{token:str}}", stop, methods=["POST"]),
]
