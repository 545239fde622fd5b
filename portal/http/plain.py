"""Pages of the portal's looks that need no script, for who comes from outside and for one thing only."""

from html import escape

from starlette.responses import HTMLResponse, Response

from portal.queries.practice import PracticeCard

_HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex"}
_STYLE = """main{max-width:34rem;margin:0 auto;padding:clamp(2rem,8vw,6rem) 1.25rem}main>*+*{margin-top:1.25rem}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;--canvas:oklch(.178 .012 350);--surface:oklch(.218 .014 350);
--line:oklch(.325 .018 350);--control:oklch(.58 .02 350);--ink-3:oklch(.7 .016 10);
--ink:oklch(.945 .008 40);--ink-2:oklch(.8 .014 20);
--brand:oklch(.835 calc(var(--brand-chroma)*.58) var(--brand-hue));--focus:var(--brand);
--on-brand:oklch(.225 calc(var(--brand-chroma)*.48) var(--brand-hue))}}"""


def page(practice: PracticeCard, title: str, body: str, status: int = 200) -> Response:
    """One card with a heading. `title` is text; `body` is HTML whose parts are escaped by who wrote it."""
    brand = f"--brand-hue:{escape(practice.brand_hue)};--brand-chroma:{escape(practice.brand_chroma)}"
    phone = (
        f'<a class="link" href="{escape(practice.phone_href)}">{escape(practice.phone)}</a>' if practice.phone else ""
    )
    html = f"""<!doctype html><html lang="en" style="{brand}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>{escape(title)} | {escape(practice.name)}</title><link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/tokens.css"><link rel="stylesheet" href="/components.css">
<style>{_STYLE}</style></head>
<body><main><p class="title2">{escape(practice.name)}</p>
<section class="card"><h1 class="title1">{escape(title)}</h1>
{body}</section><p>{phone}</p></main></body></html>"""
    return HTMLResponse(html, status, headers=_HEADERS)
