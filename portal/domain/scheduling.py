"""The life of a visit: what may happen to it, until when, and what it costs. Pure rules; times are aware instants.

Sources: behaviour, section 3; which visits may be confirmed, moved or cancelled, and until when, is set for each
appointment type.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.errors import Conflict

UNDO = timedelta(minutes=5)
#: So often a patient may take a cancellation of one visit back: each time the practice is told, and its time is held.
MOST_UNDOS = 3
#: So often a visit may change before its patient is asked to call to move it: each time people are written to.
MOST_CHANGES = 20


class AppointmentStatus(StrEnum):
    """The life of a visit. Booked reads "Not confirmed" on the screen."""

    BOOKED = "booked"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


LABELS = {
    AppointmentStatus.BOOKED: "Not confirmed",
    AppointmentStatus.CONFIRMED: "Confirmed",
    AppointmentStatus.CHECKED_IN: "Checked in",
    AppointmentStatus.COMPLETED: "Completed",
    AppointmentStatus.CANCELLED: "Cancelled",
    AppointmentStatus.NO_SHOW: "No show",
}

#: Visits that are still to come about.
UPCOMING = (AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED, AppointmentStatus.CHECKED_IN)
#: Of those, the ones that a patient can still do something about.
OPEN = (AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED)

#: From which states each can be reached. That a visit was missed can turn out to be wrong.
_COMES_FROM = {
    AppointmentStatus.CONFIRMED: (AppointmentStatus.BOOKED,),
    AppointmentStatus.CHECKED_IN: OPEN,
    AppointmentStatus.COMPLETED: (*UPCOMING, AppointmentStatus.NO_SHOW),
    AppointmentStatus.NO_SHOW: OPEN,
    AppointmentStatus.CANCELLED: UPCOMING,
    AppointmentStatus.BOOKED: OPEN,  # a visit that is moved waits for its patient's word again
}
_STANDS = {
    AppointmentStatus.BOOKED: "This visit is not confirmed.",
    AppointmentStatus.CONFIRMED: "This visit is confirmed already.",
    AppointmentStatus.CHECKED_IN: "This visit is checked in already.",
    AppointmentStatus.COMPLETED: "This visit is completed.",
    AppointmentStatus.CANCELLED: "This visit is cancelled.",
    AppointmentStatus.NO_SHOW: "This visit was missed.",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What patients may do with visits of one appointment type. `*_until` is how long before the start the last moment
    lies; a cancellation within `late_within` of the start costs `late_fee_cents`. `note` says why, in the practice's
    words ("Laser sessions follow a set interval.").
    """

    may_confirm: bool = True
    may_move: bool = True
    may_cancel: bool = True
    confirm_until: timedelta = timedelta(0)
    move_until: timedelta = timedelta(hours=24)
    cancel_until: timedelta = timedelta(0)
    late_within: timedelta = timedelta(hours=24)
    late_fee_cents: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What a patient may do with a visit now. `why_not` says, where moving or cancelling a visit ahead is not offered,
    why; it is empty where both are, and for visits that are over."""

    confirm: bool
    move: bool
    cancel: bool
    why_not: str = ""


def offers(rules: Rules, status: AppointmentStatus, starts_at: datetime, now: datetime) -> Offers:
    """What the patient may do with a visit at `now`; the last moment itself still counts."""
    if status not in UPCOMING:
        return Offers(confirm=False, move=False, cancel=False)
    if status not in OPEN or now >= starts_at:
        why = "You are checked in." if status not in OPEN else "The time of this visit has come."
        return Offers(confirm=False, move=False, cancel=False, why_not=why)
    left = starts_at - now
    move = rules.may_move and left >= rules.move_until
    cancel = rules.may_cancel and left >= rules.cancel_until
    return Offers(
        confirm=status is AppointmentStatus.BOOKED and rules.may_confirm and left >= rules.confirm_until,
        move=move,
        cancel=cancel,
        why_not=_why_not(rules, move=move, cancel=cancel),
    )


def why_not_confirm(rules: Rules, status: AppointmentStatus, starts_at: datetime, now: datetime) -> str:
    """The sentence for a patient who asks to confirm what `offers` does not let be confirmed."""
    if status is not AppointmentStatus.BOOKED:
        return _STANDS[status]
    if now >= starts_at:
        return "The time of this visit has come."
    if not rules.may_confirm:
        return rules.note or "This kind of visit is not confirmed online."
    return "It is too close to your visit to confirm it online."


def late_fee(rules: Rules, starts_at: datetime, now: datetime, kept: int = 0, *, free: bool = False) -> int:
    """What cancelling at `now` costs, in cents: nothing while `late_within` or more is left, unless the patient moved
    the visit when it would have cost `kept`: a move is no way around the fee. Nor does it cost anything where it is
    `free` (see `too_near`)."""
    if free:
        return 0
    return max(kept, rules.late_fee_cents if starts_at - now < rules.late_within else 0)


def too_near(rules: Rules, starts_at: datetime, now: datetime) -> bool:
    """Whether a visit that the practice moves to `starts_at` could never have been cancelled in time: what the practice
    did costs the patient nothing."""
    return starts_at - now < rules.late_within


def become(status: AppointmentStatus, wanted: AppointmentStatus) -> AppointmentStatus:
    """The next state of a visit. `Conflict` where no road leads there; the rules for patients are `offers`."""
    if status not in _COMES_FROM[wanted]:
        raise Conflict(_STANDS[status])
    return wanted


def can_become(status: AppointmentStatus, wanted: AppointmentStatus) -> bool:
    """Whether a road leads there."""
    return status in _COMES_FROM[wanted]


def can_undo(cancelled_at: datetime | None, settled_at: datetime | None, now: datetime) -> bool:
    """Whether a cancellation can still be taken back: for `UNDO`, its last moment included."""
    return cancelled_at is not None and settled_at is None and now <= cancelled_at + UNDO


def _why_not(rules: Rules, *, move: bool, cancel: bool) -> str:
    """First what this kind of visit never allows, then what it is too late for."""
    never = [verb for verb, may in (("moved", rules.may_move), ("cancelled", rules.may_cancel)) if not may]
    late = [
        verb
        for verb, may, now in (("move", rules.may_move, move), ("cancel", rules.may_cancel, cancel))
        if may and not now
    ]
    said: list[str] = []
    if never:
        said.append(rules.note or f"This kind of visit cannot be {' or '.join(never)} online.")
    if late:
        said.append(f"It is too close to your visit to {' or '.join(late)} it online.")
    return " ".join(said)
