"""The Dashboard tab of a client's profile: the next visit, what is open, what happened last.

What a person may not see is not asked for.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates
from portal.domain import billing
from portal.domain.access import Privilege
from portal.domain.audit import Kind
from portal.domain.billing import DUE
from portal.domain.scheduling import UNDO
from portal.errors import NotFound
from portal.models import Appointment, Invoice, Patient, Practice
from portal.models.db import columns, one_of
from portal.money import money
from portal.queries import activity
from portal.queries.activity import ActivityRow
from portal.queries.client_forms import ClientForm, client_forms
from portal.queries.visit_row import COMING, VISIT, VisitRow, visit_row
from portal.work import Work

FORMS_SHOWN, VISITS_SHOWN, INVOICES_SHOWN, DEEDS_SHOWN = 6, 3, 3, 5


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit ahead. `away` says how far ahead it is, `about` what, with whom and where."""

    id: str
    title: str
    when: str
    away: str
    about: str
    status: str


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One invoice with something left to pay; `amount` is what is left."""

    id: str
    number: str
    about: str
    amount: str
    status: str


@dataclass(frozen=True, slots=True)
class ClientDashboard:
    """The whole tab. `visit` is the next one, None where none is ahead; `forms_left` and `owed` say what stands before
    it, empty where nothing does."""

    visit: VisitLine | None
    visits: list[VisitLine]
    forms_left: str
    owed: str
    forms: list[ClientForm]
    more_forms: int
    invoices: list[InvoiceLine]
    deeds: list[ActivityRow]


def client_dashboard(work: Work, client_id: UUID) -> ClientDashboard:
    """The client's Dashboard. `NotFound` for an id that is nobody's, `Denied` for who may not see clients."""
    work.require(Privilege.CLIENTS_VIEW)
    frame = work.rows(_FRAME, patient=client_id).first()
    if frame is None:
        raise NotFound("There is no client at this address.")
    visits = _visits(work, client_id, frame.locale) if work.actor.may(Privilege.VISITS_VIEW) else []
    papers = client_forms(work, client_id) if work.actor.may(Privilege.PAPERWORK_VIEW) else None
    forms, waiting = (papers.rows, papers.waiting) if papers else ([], 0)
    invoices = work.rows(_INVOICES, patient=client_id).all()
    owed = sum(row.total_cents - row.paid_cents for row in invoices)
    return ClientDashboard(
        visit=visits[0] if visits else None,
        visits=visits[:VISITS_SHOWN],
        forms_left="" if not waiting else "1 form to complete" if waiting == 1 else f"{waiting} forms to complete",
        owed=f"{money(owed, invoices[0].currency, frame.locale)} unpaid" if invoices else "",
        forms=forms[:FORMS_SHOWN],
        more_forms=max(0, len(forms) - FORMS_SHOWN),
        invoices=[_invoice(row, ZoneInfo(frame.zone), frame.locale) for row in invoices[:INVOICES_SHOWN]],
        deeds=_deeds(work, client_id),
    )


def _visits(work: Work, client_id: UUID, locale: str) -> list[VisitLine]:
    now = work.now()
    rows = work.rows(_COMING, patient=client_id, now=now, undo_from=now - UNDO)
    found = [visit_row(row, locale, now) for row in rows]
    return [
        VisitLine(
            id=row.id,
            title=row.title,
            when=row.when,
            away=row.away[:1].lower() + row.away[1:],
            about=_about(row),
            status=row.status,
        )
        for row in found
        if row.status != "Cancelled"
    ]


def _deeds(work: Work, client_id: UUID) -> list[ActivityRow]:
    """What happened last. That staff opened the profile is left to the Activity tab."""
    rows = activity.page(work, client_id).rows
    return [row for row in rows if row.icon != activity.ICONS[Kind.OPENED]][:DEEDS_SHOWN]


def _about(row: VisitRow) -> str:
    """ "Botox, forehead with Naomi Reyes, NP, at Pearl District"."""
    whom = f"{row.title} with {row.provider}" if row.provider else row.title
    return f"{whom}, at {row.clinic}" if row.clinic else whom


def _invoice(row: Any, zone: ZoneInfo, locale: str) -> InvoiceLine:
    return InvoiceLine(
        id=str(row.id),
        number=f"Invoice {row.number}",
        about=f"{row.title}, {dates.short_date(dates.local_day(row.issued_at, zone), locale)}",
        amount=money(row.total_cents - row.paid_cents, row.currency, locale),
        status=billing.LABELS[row.status],
    )


_FRAME = (
    columns(Practice.locale, col(Practice.time_zone).label("zone"))
    .join(Patient, col(Patient.practice_id) == Practice.id)
    .where(Patient.id == bindparam("patient"))
)
_COMING = VISIT.where(COMING).order_by(col(Appointment.starts_at), col(Appointment.id)).limit(VISITS_SHOWN + 3)
_INVOICES = (
    columns(
        Invoice.id,
        Invoice.number,
        Invoice.title,
        Invoice.total_cents,
        Invoice.paid_cents,
        Invoice.currency,
        Invoice.issued_at,
        Invoice.status,
    )
    .where(Invoice.patient_id == bindparam("patient"), one_of(col(Invoice.status), DUE))
    .order_by(Invoice.issued_at, col(Invoice.number))
)
