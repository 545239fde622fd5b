"""The one place where a fact becomes notifications: to the patient, and to the practice.

A line of the feed is behind the log-in and may name the treatment. Texts, emails and calendar entries leave the
building and may not (`portal.mails`); whom they reach is decided in `addressing`. All of it is rows of the fact's own
transaction.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from portal import routes
from portal.documents import calendar
from portal.domain.notifications import PRACTICE_TITLES, TITLES, Kind, PracticeKind
from portal.domain.paperwork import FormKind, FormStatus
from portal.domain.people import short_name
from portal.mails import (
    FormResetMail,
    Forms,
    FormsDueMail,
    InstructionsMail,
    InvoiceMail,
    PracticeNoticeMail,
    SignedCopyMail,
    VisitBookedMail,
    VisitCancelledMail,
    VisitMovedMail,
)
from portal.models import Appointment, AssignedForm, Invoice, Notification, Patient, PracticeNotice, Priority
from portal.money import money
from portal.services import form_messages, withdrawing
from portal.services.addressing import Terms, Write, link, write, write_practice
from portal.services.passcodes import mail_practice
from portal.services.visit_words import Told, forms_to_complete, told
from portal.work import Work


def visit_booked(work: Work, visit: Appointment) -> None:
    """A visit was booked for the patient. Forms that were asked for in the same go are told of in the same message."""
    about = told(work, visit)
    _visit_line(work, about, Kind.VISIT_BOOKED)
    if visit.starts_at <= work.now():
        return
    form_messages.leave_out(work, visit)
    forms = forms_to_complete(work, about.practice, visit.patient_id, visit)
    _write(
        work, about, "booked", lambda reader, practice: VisitBookedMail(reader, practice, about.words, forms).letter()
    )


def visit_moved(work: Work, visit: Appointment, before: datetime) -> None:
    """A visit has another time, by the patient or by the practice; it was at `before`."""
    about = told(work, visit)
    withdrawing.moved(work, visit)
    _visit_line(work, about, Kind.VISIT_MOVED)
    _tell_practice(work, about, PracticeKind.VISIT_MOVED, f"{about.brief(before)} → {about.when}")
    was = about.at(before)
    _write(work, about, "moved", lambda reader, practice: VisitMovedMail(reader, practice, about.words, was).letter())


def visit_confirmed(work: Work, visit: Appointment) -> None:
    """A visit was confirmed: what asked for it is no news any more."""
    withdrawing.reminders_answered(work, visit)
    _tell_practice(work, told(work, visit), PracticeKind.VISIT_CONFIRMED)


def visit_cancelled(work: Work, visit: Appointment) -> None:
    """A visit was cancelled, by the patient or by the practice, who may still undo it: the patient is written to when
    it is settled."""
    about = told(work, visit)
    withdrawing.cancelled(work, visit)
    _visit_line(work, about, Kind.VISIT_CANCELLED)
    _tell_practice(work, about, PracticeKind.VISIT_CANCELLED, note=visit.cancel_reason)


def cancel_undone(work: Work, visit: Appointment) -> None:
    """A cancellation was taken back in time: nobody but the feed had told the patient of it."""
    about = told(work, visit)
    withdrawing.restored(work, visit)
    _visit_line(work, about, Kind.VISIT_RESTORED)
    _tell_practice(work, about, PracticeKind.VISIT_RESTORED)


def cancel_settled(work: Work, visit: Appointment, invoice: Invoice | None) -> None:
    """The time for undo is over; `invoice` is the late fee where there is one, and is told of in the same message."""
    about = told(work, visit)
    if invoice is not None:
        _invoice_line(work, invoice)
    form_messages.refresh(work, visit.patient_id)
    by_us = visit.cancelled_by != "patient"
    fee = money(invoice.total_cents, invoice.currency, about.practice.locale) if invoice else ""
    booking = about.practice.booking_url

    _write(
        work,
        about,
        "cancelled",
        lambda reader, practice: VisitCancelledMail(reader, practice, about.words, by_us, fee, booking).letter(),
        "CANCEL",
    )


def form_assigned(work: Work, form: AssignedForm, name: str) -> None:
    """The patient is asked for a form; `name` is the template's. Several asked for in one go are one message."""
    _form_line(work, form, Kind.FORM_ASSIGNED, name, until=True)
    form_messages.ask(work, form)


def form_reset(work: Work, form: AssignedForm, name: str) -> None:
    """A form was made void; `form` is the fresh one."""
    _form_line(work, form, Kind.FORM_RESET, name)
    href = link(_address(form))
    _news(
        work,
        form.patient_id,
        f"form-reset:{form.id}",
        lambda reader, practice: FormResetMail(reader.first_name, practice, href).letter(),
    )


def form_signed(work: Work, form: AssignedForm, name: str) -> None:
    """Somebody signed the form. The patient's own signature is no news to her; a witness's is: it makes it complete."""
    done = form.status is FormStatus.DONE
    _form_line(work, form, Kind.FORM_SIGNED, name, "" if done else "Signed, a witness is still needed")
    form_messages.refresh(work, form.patient_id)
    if done and not work.actor.is_patient:
        href = link(_address(form))
        _news(
            work,
            form.patient_id,
            f"form-signed:{form.id}",
            lambda reader, practice: SignedCopyMail(reader.first_name, practice, href).letter(),
        )


def form_filled(work: Work, form: AssignedForm, name: str) -> None:
    """A questionnaire was submitted."""
    _form_line(work, form, Kind.FORM_FILLED, name)
    form_messages.refresh(work, form.patient_id)


def forms_due(work: Work, visit: Appointment, forms: Forms, key: str, hours: str) -> None:
    """Forms are still open shortly before the visit. `key` is told once, `hours` are when messages may go out."""
    about = told(work, visit)
    count = "1 form is" if forms.count == 1 else f"{forms.count} forms are"
    line(work, visit.patient_id, Kind.FORMS_DUE, f"{count} open for {about.when}", routes.TASK_MANAGEMENT, key=key)
    terms = Terms(
        visit_id=visit.id, priority=Priority.REMINDER, expires_at=visit.starts_at, hours=hours, stoppable=True
    )
    href = link(routes.TASK_MANAGEMENT)
    write(
        work,
        about.practice,
        visit.patient_id,
        key,
        lambda reader, practice: FormsDueMail(
            reader.first_name, practice, href, forms.count, about.words.weekday
        ).letter(),
        terms,
    )


def form_expiring(work: Work, form: AssignedForm, name: str, until: str, key: str) -> None:
    """A signed form counts until the day that `until` names. A line of the feed alone: nothing is to be done yet."""
    line(work, form.patient_id, Kind.FORM_EXPIRING, f"{name} counts until {until}", _address(form), key=key)


def invoice_issued(work: Work, invoice: Invoice) -> None:
    """There is a new invoice to pay."""
    _invoice_line(work, invoice)
    amount = money(invoice.total_cents, invoice.currency, work.practice().locale)
    href = link(routes.DASHBOARD)
    _news(
        work,
        invoice.patient_id,
        f"invoice:{invoice.id}",
        lambda reader, practice: InvoiceMail(reader.first_name, practice, href, invoice.number, amount).letter(),
    )


def instructions_ready(work: Work, visit: Appointment, href: str) -> None:
    """There are new treatment instructions for the visit; `href` is the page that shows them."""
    about = told(work, visit)
    line(work, visit.patient_id, Kind.INSTRUCTIONS, f"Instructions for {visit.title}", href)
    _news(
        work,
        visit.patient_id,
        f"instructions:{visit.id}:{visit.sequence}",
        lambda reader, practice: InstructionsMail(reader.first_name, practice, link(href), about.words.day).letter(),
    )


def access_changed(work: Work, patient_id: UUID, body: str) -> None:
    """The practice changed how the patient gets in; `body` is the sentence of it. Letters of it are `contacts`' and
    `portal_access`'s: they go out whatever messages are wanted."""
    line(work, patient_id, Kind.ACCESS, body, routes.PROFILE)


def line(
    work: Work, patient_id: UUID, kind: Kind, body: str, href: str, title: str = "", key: str | None = None
) -> None:
    """Put a line into the patient's feed, read at once when it is the patient's own doing. `key` where the same fact
    must never be told twice."""
    own = work.actor.is_patient and work.actor.patient_id == patient_id
    work.db.add(
        Notification(
            patient_id=patient_id,
            key=key,
            kind=kind,
            title=title or TITLES[kind],
            body=body,
            href=href,
            created_at=work.now(),
            read_at=work.now() if own else None,
        )
    )
    work.changed(patient_id, "notifications")


def _visit_line(work: Work, about: Told, kind: Kind) -> None:
    visit = about.visit
    line(work, visit.patient_id, kind, f"{visit.title} on {about.when}", routes.appointment(str(visit.id)))


def _form_line(work: Work, form: AssignedForm, kind: Kind, name: str, title: str = "", *, until: bool = False) -> None:
    for_visit = ""
    if until and form.appointment_id:
        visit = work.get(Appointment, form.appointment_id)
        for_visit = f", for {told(work, visit).words.short_day}"
    line(work, form.patient_id, kind, f"{name}{for_visit}", _address(form), title)


def _address(form: AssignedForm) -> str:
    """The page of the form."""
    page = routes.questionnaire if form.kind is FormKind.QUESTIONNAIRE else routes.consent
    return page(str(form.id))


def _invoice_line(work: Work, invoice: Invoice) -> None:
    amount = money(invoice.total_cents, invoice.currency, work.practice().locale)
    title = f"Invoice {invoice.number} is unpaid"
    line(work, invoice.patient_id, Kind.INVOICE, f"{amount} for {invoice.title}", routes.DASHBOARD, title)


def _write(work: Work, about: Told, fact: str, letter: Write, method: calendar.Method = "PUBLISH") -> None:
    """A message about a visit: a change of the visit withdraws it, and it is of no use once the visit has begun."""
    visit = about.visit
    terms = Terms(
        visit_id=visit.id if method == "PUBLISH" else None,
        expires_at=visit.starts_at if method == "PUBLISH" else None,
        calendar=calendar.one(about.entry(work.now()), method),
    )
    write(work, about.practice, visit.patient_id, f"visit:{fact}:{visit.id}:{visit.sequence}", letter, terms)


def _news(work: Work, patient_id: UUID, key: str, letter: Write) -> None:
    write(work, work.practice(), patient_id, key, letter, Terms())


def _tell_practice(work: Work, about: Told, kind: PracticeKind, when: str = "", note: str = "") -> None:
    """What a patient did, for the practice's own feed and by email; what staff do themselves is no news to them."""
    if not work.actor.is_patient:
        return
    visit, patient = about.visit, work.get(Patient, about.visit.patient_id)
    title, when = PRACTICE_TITLES[kind], when or about.when
    notice = work.add(
        PracticeNotice(
            kind=kind,
            title=title,
            body=f"{visit.title}, {when}" + (f". {note}" if note else ""),
            patient_id=visit.patient_id,
            appointment_id=visit.id,
            created_at=work.now(),
        )
    )
    work.changed(None, "practice")
    who = short_name(patient.first_name, patient.last_name)
    ourselves = replace(mail_practice(about.practice), phone="")  # who is told whom to call is not told to call
    mail = PracticeNoticeMail(ourselves, title, who, when, link(routes.STAFF_CLIENTS))
    write_practice(work, about.practice, kind, f"practice:{notice.id}", mail.letter())
