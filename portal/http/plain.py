"""Pages of the portal's looks that need no script, for who comes from outside and for one thing only."""

import re
from html import escape
from pathlib import Path
from typing import Literal

from starlette.responses import HTMLResponse, Response

from portal import routes
from portal.queries.practice import PracticeCard

Tone = Literal["ok", "warn", "danger"]

_HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex"}
_TOKENS = Path(__file__).parents[2] / "assets" / "tokens.css"
_ICONS = {  # as in components/ui/icon_paths.py
    "ok": "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0ZM16 9l-5.5 5.5L8 12",
    "warn": "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0ZM12 6v6l4 2",
    "danger": "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0ZM12 8L12 12M12 16L12.01 16",
}


def _dark() -> str:
    """The tokens of the dark theme, for who prefers it: without a script nobody sets the theme's class."""
    found = re.search(r"^\.dark \{(.*?)^\}", _TOKENS.read_text(), re.DOTALL | re.MULTILINE)
    return f"@media (prefers-color-scheme:dark){{:root{{{found[1]}}}}}" if found else ""


_STYLE = f"""{_dark()}
.input[type=file]{{padding:.375rem;line-height:2.25rem}}
.input::file-selector-button{{min-height:2.5rem;margin-inline-end:.75rem;padding:0 1rem;border:0;cursor:pointer;
border-radius:calc(.5rem*var(--corner));background:var(--sunken);color:var(--ink);
font:600 .9375rem var(--font-text)}}"""


def page(practice: PracticeCard, title: str, body: str, status: int = 200) -> Response:
    """A heading in the frame of Help. `title` is text; `body` is HTML whose parts are escaped by who wrote it."""
    brand = f"--brand-hue:{escape(practice.brand_hue)};--brand-chroma:{escape(practice.brand_chroma)}"
    phone = f'<a href="{escape(practice.phone_href)}">{escape(practice.phone)}</a>' if practice.phone else ""
    links = (("Help", routes.HELP), ("Privacy", routes.PRIVACY), ("Terms", routes.TERMS))
    html = f"""<!doctype html><html lang="en" style="{brand}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{escape(title)} | {escape(practice.name)}</title><link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/components.css">
<style>{_STYLE}</style></head><body><a class="skip" href="#main">Skip to content</a><div class="reading">
<header class="reading__bar"><a class="brandmark" href="{routes.LOGIN}">
<span class="brandmark__orb" aria-hidden="true"></span>
<span>{escape(practice.wordmark_a)} <span>{escape(practice.wordmark_b)}</span></span></a>
<a class="btn btn--sm" href="{routes.LOGIN}">Log in</a></header>
<main class="reading__main" id="main" tabindex="-1"><h1 class="display">{escape(title)}</h1>
{body}</main><footer class="footer"><span>{escape(practice.name)}</span>{phone}
{"".join(f'<a href="{href}">{name}</a>' for name, href in links)}</footer></div></body></html>"""
    return HTMLResponse(html, status, headers=_HEADERS)


def banner(tone: Tone, title: str, words: str) -> str:
    """The answer to what was asked, as HTML. Both are text."""
    icon = (
        '<svg class="i" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" '
        f'stroke-linejoin="round" aria-hidden="true"><path d="{_ICONS[tone]}"/></svg>'
    )
    said = f'<div class="banner__body"><b>{escape(title)}</b> {escape(words)}</div>'
    return f'<div class="banner banner--{tone}" role="status">{icon}{said}</div>'
