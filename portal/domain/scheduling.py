"""The life of a visit: what may happen to it, until when, and what it costs. Pure rules; times are aware instants.

Sources: behaviour, section 3; which visits may be confirmed, moved or cancelled, and until when, is set for each
appointment type.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

UNDO = timedelta(minutes=5)


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
    """What a patient may do with a visit now. `why_not` is one sentence where moving or cancelling is not offered, and
    empty where both are."""

    confirm: bool
    move: bool
    cancel: bool
    why_not: str = ""


def offers(rules: Rules, status: AppointmentStatus, starts_at: datetime, now: datetime) -> Offers:
    """What the patient may do with a visit at `now`; the last moment itself still counts."""
    if status not in OPEN or now >= starts_at:
        return Offers(confirm=False, move=False, cancel=False)
    left = starts_at - now
    move = rules.may_move and left >= rules.move_until
    cancel = rules.may_cancel and left >= rules.cancel_until
    return Offers(
        confirm=status is AppointmentStatus.BOOKED and rules.may_confirm and left >= rules.confirm_until,
        move=move,
        cancel=cancel,
        why_not=_why_not(rules, move=move, cancel=cancel),
    )


def late_fee(rules: Rules, starts_at: datetime, now: datetime) -> int:
    """What cancelling at `now` costs, in cents: nothing while more than `late_within` is left."""
    return rules.late_fee_cents if starts_at - now < rules.late_within else 0


def _why_not(rules: Rules, *, move: bool, cancel: bool) -> str:
    if move and cancel:
        return ""
    what = "moved or cancelled" if not move and not cancel else "moved" if not move else "cancelled"
    by_type = (rules.may_move or move) and (rules.may_cancel or cancel)
    if by_type:  # the type allows it: it is too late
        return f"It is too close to your visit for it to be {what} online."
    return rules.note or f"This kind of visit cannot be {what} online."
