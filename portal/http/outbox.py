"""Development only: everything that was sent, newest first. These routes do not exist in production."""

from html import escape

from sqlmodel import col, select
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from portal import routes
from portal.jobs.outbox import recently_sent
from portal.models import OutboxMessage, OutboxStatus
from portal.security.pool import in_thread
from portal.work import open_work

MOST = 200


def _rows() -> list[dict[str, str | None]]:
    """Twins keep what they sent in memory as well, since codes are erased from the table on delivery."""
    with open_work(write=False) as work:
        unsent = (OutboxStatus.EXPIRED, OutboxStatus.WITHDRAWN)
        sent = select(OutboxMessage).where(col(OutboxMessage.status).not_in(unsent))
        rows = work.db.exec(sent.order_by(col(OutboxMessage.id).desc()).limit(MOST)).all()
    return [
        {
            "id": str(row.id),
            "at": (row.sent_at or row.created_at).isoformat(),
            "channel": row.channel,
            "to": row.recipient or kept.get("to"),
            "subject": row.subject or kept.get("subject") or "",
            "text": row.text or kept.get("text") or "",
            "status": row.status.value,
        }
        for row in rows
        for kept in [recently_sent(row.id)]
    ]


async def as_json(_request: Request) -> Response:
    """The list, for tests and scripts."""
    return JSONResponse(await in_thread(_rows), headers={"cache-control": "no-store"})


async def as_page(_request: Request) -> Response:
    """The list, for eyes."""
    cards = "".join(
        f"<article><h2>{escape(row['subject'] or 'Text message')}</h2><p><b>{escape(row['channel'] or '')}</b> to "
        f"{escape(row['to'] or '')} <small>{escape(row['at'] or '')} · {escape(row['status'] or '')}</small></p>"
        f"<pre>{escape(row['text'] or '')}</pre></article>"
        for row in await in_thread(_rows)
    )
    page = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Outbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/favicon.svg">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}}
body{{color:#251a21;background:#f9f4f2}}
article{{background:#fffdfc;border:1px solid #e2d9d6;border-radius:16px;padding:1rem 1.25rem;margin:0 0 1rem}}
h2{{font-size:1.05rem;margin:0}}p{{margin:.25rem 0}}small{{color:#51454c}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere;margin:.5rem 0 0}}</style>
</head><body><main><h1>Outbox</h1><p>Everything the portal sent, newest first. This page exists in development only.</p>
{cards or "<p>Nothing has been sent yet.</p>"}</main></body></html>"""
    return HTMLResponse(page, headers={"cache-control": "no-store"})


ROUTES = [Route(routes.DEV_OUTBOX, as_page), Route(routes.DEV_OUTBOX_JSON, as_json)]
