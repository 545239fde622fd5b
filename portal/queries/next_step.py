"""What is to do before the visit, in the order of need, and the one step of it that is due: worked out here alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from portal import dates, routes
from portal.models import AppointmentStatus
from portal.money import money

INVOICES = f"{routes.DASHBOARD}#invoices"


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step that is due, as the top bar says it after "Next:". Empty when nothing is."""

    words: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the thread on the Dashboard; `href` is empty where the step is taken there or at the clinic.

    `due` is how the top bar says it, and `due_href` where that leads.
    """

    number: str
    title: str
    meta: str
    href: str
    state: Literal["done", "now", "later"]
    due: str
    due_href: str


@dataclass(frozen=True, slots=True)
class Coming:
    """The next visit, as far as it is something to do. `may_confirm` says whether it can be confirmed here and now."""

    id: str
    starts_at: datetime
    zone: ZoneInfo
    status: AppointmentStatus
    may_confirm: bool
    arrive_minutes: int
    provider: str = ""  # first name
    street: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the steps follow from. `to_do` are the open forms that wait for the patient and not for a witness; money is
    in cents, `number` and `since` those of the oldest unpaid invoice."""

    locale: str
    visit: Coming | None
    open_forms: int
    to_do: int
    unpaid: int
    unpaid_cents: int
    currency: str
    number: int
    since: str = ""
    minutes: int = 0


def next_step(found: list[Step]) -> NextStep:
    """The first step that is not done."""
    open_step = next((step for step in found if step.state != "done"), None)
    return NextStep(open_step.due, open_step.due_href) if open_step else NextStep()


def steps(facts: Facts) -> list[Step]:
    """Confirm, complete the forms, pay, arrive; what does not apply is left out, what is done stays in sight."""
    found: list[Step] = []
    for title, meta, href, done, due, due_href in (_confirm(facts), _forms(facts), _pay(facts), _arrive(facts)):
        if title:
            first = not done and all(step.state == "done" for step in found)
            state = "done" if done else "now" if first else "later"
            found.append(Step(str(len(found) + 1), title, meta, href, state, due, due_href or href))
    return found


_Draft = tuple[str, str, str, bool, str, str]  # title, detail, address, done, words and address of the top bar
_NOTHING: _Draft = ("", "", "", True, "", "")


def _confirm(facts: Facts) -> _Draft:
    visit = facts.visit
    if visit is None:
        return _NOTHING
    if visit.status is not AppointmentStatus.BOOKED:
        return "Visit confirmed", "We are expecting you", "", True, "", ""
    if not visit.may_confirm:
        return _NOTHING
    day = dates.short_day(dates.local_day(visit.starts_at, visit.zone), facts.locale)
    meta = f"Holds your time with {visit.provider}" if visit.provider else "Holds your time"
    return "Confirm your visit", meta, "", False, f"confirm your visit on {day}", routes.DASHBOARD


def _forms(facts: Facts) -> _Draft:
    if not facts.open_forms:
        return "Forms complete", "Nothing left to sign", "", True, "", ""
    if not facts.to_do:
        return "Forms signed", "A witness adds theirs at your visit", routes.TASK_MANAGEMENT, True, "", ""
    words = f"{facts.to_do} form{'s' if facts.to_do > 1 else ''}"
    meta = f"About {facts.minutes} minute{'s' if facts.minutes > 1 else ''}"
    return f"Complete {words}", meta, routes.TASK_MANAGEMENT, False, f"complete {words}", ""


def _pay(facts: Facts) -> _Draft:
    if not facts.unpaid:
        return _NOTHING
    amount = money(facts.unpaid_cents, facts.currency, facts.locale)
    if facts.unpaid > 1:
        return f"Pay {facts.unpaid} invoices", f"{amount} in all", INVOICES, False, f"pay {facts.unpaid} invoices", ""
    name = f"invoice {facts.number}"
    return f"Pay {name}", f"{amount} from {facts.since}", INVOICES, False, f"pay {name}, {amount}", ""


def _arrive(facts: Facts) -> _Draft:
    visit = facts.visit
    if visit is None:
        return _NOTHING
    time = dates.clock_time(visit.starts_at - timedelta(minutes=visit.arrive_minutes), visit.zone, facts.locale)
    day = dates.short_day(dates.local_day(visit.starts_at, visit.zone), facts.locale)
    return f"Arrive at {time}", visit.street, "", False, f"arrive on {day} at {time}", routes.appointment(visit.id)
