"""Task Management: the forms of the signed-in patient, ready to print."""

from dataclasses import dataclass, field
from datetime import datetime

from portal import dates, routes
from portal.domain import paperwork
from portal.domain.paperwork import FormKind, FormStatus
from portal.queries import filling, form_lines
from portal.queries.filling import Filling
from portal.queries.form_lines import Line
from portal.queries.reader import Reader, reader
from portal.work import Actor, Work


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form in a list.

    `sign_href`, `fill_href` and `witness_href` are empty where there is nothing to do, `view_href` where there is
    nothing to read yet, `expiry` where nothing expires soon.
    """

    id: str
    name: str
    status: str
    meta: str
    view_href: str
    sign_href: str
    pdf_href: str
    expiry: str
    fill_href: str = ""
    witness_href: str = ""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The Task Management page. `headline` and `note` stand beside the number of open forms."""

    open: list[FormRow]
    done: list[FormRow]
    open_consents: int
    open_questionnaires: int
    done_count: int
    headline: str
    note: str
    to_fill: list[FormRow] = field(default_factory=list)
    filled: list[FormRow] = field(default_factory=list)

    @property
    def next_href(self) -> str:
        """The first form that this person can do something about; empty when there is none."""
        signing = next((row.view_href for row in self.open if row.sign_href), "")
        return signing or next((row.fill_href for row in self.to_fill if row.fill_href), "")


def tasks(work: Work) -> Tasks:
    """All forms of the signed-in patient that count; two statements, and some for each questionnaire that is begun."""
    who, now = reader(work), work.now()
    may_sign = paperwork.may_sign(who.born, dates.local_day(now, who.zone), by_guardian=work.actor.kind == "guardian")
    lines = form_lines.lines(work)
    consents = [line for line in lines if line.kind is FormKind.CONSENT]
    waiting = [line for line in consents if line.status in paperwork.INCOMPLETE]
    done = [line for line in consents if line.status is FormStatus.DONE]
    expiry = form_lines.expiries(lines, who, now)
    questionnaires = [line for line in lines if line.kind is FormKind.QUESTIONNAIRE]
    to_fill = [line for line in questionnaires if line.status in paperwork.INCOMPLETE]
    filled = [line for line in questionnaires if line.status is FormStatus.DONE]
    for finished in (done, filled):
        finished.sort(key=lambda line: line.done_at or line.assigned_at, reverse=True)
    begun = filling.begun(work) if to_fill else {}
    return Tasks(
        open=[_row(line, who, now, may_sign, here=_signed_here(line, work.actor)) for line in waiting],
        done=[_row(line, who, now, may_sign, expiry.get(line.id, "")) for line in done],
        open_consents=len(waiting),
        open_questionnaires=len(to_fill),
        done_count=sum(line.status is FormStatus.DONE for line in lines),
        headline=_headline([*waiting, *to_fill], who, now),
        note=_note([*waiting, *to_fill]),
        to_fill=[_questionnaire(line, who, now, may_sign, begun.get(line.id)) for line in to_fill],
        filled=[_questionnaire(line, who, now, may_sign, None, expiry.get(line.id, "")) for line in filled],
    )


def _signed_here(line: Line, actor: Actor) -> bool:
    """Whether a companion may witness it on this device; elsewhere it waits for check-in."""
    return paperwork.same_device(line.session_id, line.device, actor.session_id, actor.device)


def _row(line: Line, who: Reader, now: datetime, may_sign: bool, expiry: str = "", *, here: bool = False) -> FormRow:
    form_id = str(line.id)
    return FormRow(
        id=form_id,
        name=line.name,
        status=paperwork.label(line.kind, line.status),
        meta=form_lines.about(line, who, now),
        view_href=routes.consent(form_id),
        sign_href=routes.consent_sign(form_id) if may_sign and line.status is FormStatus.OPEN else "",
        pdf_href=routes.form_pdf(form_id),
        expiry=expiry,
        witness_href=routes.consent_witness(form_id) if may_sign and here and line.status is FormStatus.WITNESS else "",
    )


def _questionnaire(
    line: Line, who: Reader, now: datetime, may_fill: bool, begun: Filling | None, expiry: str = ""
) -> FormRow:
    """A questionnaire: filled on the page on which it is read once it is submitted."""
    href, is_open = routes.questionnaire(str(line.id)), line.status is FormStatus.OPEN
    return FormRow(
        id=str(line.id),
        name=line.name,
        status=paperwork.label(line.kind, line.status),
        meta=form_lines.how_far(line, who, now, begun),
        view_href="" if is_open and may_fill else href,
        sign_href="",
        pdf_href=routes.form_pdf(str(line.id)),
        expiry=expiry,
        fill_href=href if is_open and may_fill else "",
    )


def _headline(waiting: list[Line], who: Reader, now: datetime) -> str:
    """What stands beside the number: "forms to complete before Tuesday, November 24"."""
    words = "form to complete" if len(waiting) == 1 else "forms to complete"
    due = [(line.due_at, line.zone(who)) for line in waiting if line.due_at is not None and line.due_at >= now]
    if not due:
        return words
    at, zone = min(due, key=lambda one: one[0])
    return f"{words} before {dates.weekday_and_date(dates.local_day(at, zone), who.locale)}"


def _note(waiting: list[Line]) -> str:
    minutes = sum(paperwork.minutes_for(line.length) for line in waiting if line.status is FormStatus.OPEN)
    if not minutes:
        return "Nothing is left for you to sign. A witness adds theirs at your visit."
    return f"About {minutes} minute{'s' if minutes > 1 else ''}. You can stop and come back at any time."
