"""What a list of clients can be asked for, and how it is found fast whether few fit or nearly all.

Each condition is there in two forms: the ids of everybody whom it fits, and whether it fits one client. The form is
chosen by counting, no further than `FEW`: what fits few leads the way, and the others are asked of those few alone;
where nothing does, the list is walked in its order until a page is full, which is soon. Words of a search that fit no
more than `SOME` are one condition: whom two of them fit together are often few, and all at one end of the list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlmodel import col, func

from portal.domain import search
from portal.domain.billing import DUE
from portal.domain.paperwork import INCOMPLETE
from portal.domain.scheduling import UPCOMING
from portal.models import Appointment, AssignedForm, Invoice, Patient, PatientStatus, SearchWord
from portal.models.db import columns, unindexed
from portal.queries.expiring import has_expiring_form, horizon, may_expire
from portal.work import Work

FEW, SOME = 10_000, 40_000
AHEAD = timedelta(days=7)  # of "Visit in the next 7 days"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is left of the list. `clinic_id` is the primary clinic; the others narrow when they are true."""

    clinic_id: UUID | None = None
    visiting: bool = False  # a visit in the next seven days
    unsigned: bool = False  # paperwork to complete
    unpaid: bool = False
    expiring: bool = False  # documents that expire soon or have expired
    not_accepted: bool = False  # the portal's invitation
    inactive: bool = False  # only those who are inactive; they are left out otherwise


EVERYBODY = Filters()


@dataclass(frozen=True, slots=True, eq=False)  # SQL has an equality of its own
class Condition:
    """`ids` selects patients' ids, some perhaps twice. Where some of them do not fit, `exact` is False.

    `word` says that it is a word of a search.
    """

    ids: Any
    fits: Any
    exact: bool = True
    word: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """The conditions as one WHERE. `few` says that what fits was counted and is little: it can be counted whole."""

    where: list[Any]
    few: bool


def choose(work: Work, conditions: Sequence[Condition]) -> Chosen:
    """The fastest way to those whom all conditions fit. Two statements at most; none without conditions."""
    if not conditions:
        return Chosen([], few=False)
    counted = _together(work, list(zip(conditions, _count(work, conditions), strict=True)))
    leading, least = min(counted, key=lambda one: one[1])
    if least > FEW:
        return Chosen([one.fits for one, _ in counted], few=False)
    others = [one.fits for one, _ in counted if one is not leading or not one.exact]
    return Chosen([col(Patient.id).in_(leading.ids), *others], few=True)


def _together(work: Work, counted: list[tuple[Condition, int]]) -> list[tuple[Condition, int]]:
    """The words as one condition, where each fits some. It fits as many as the rarest at most: counted if that is not
    few."""
    words = [one for one in counted if one[0].word and one[1] <= SOME]
    if len(words) < 2:
        return counted
    first, *others = (word for word, _ in words)
    both = Condition(first.ids.intersect(*(word.ids for word in others)), and_(*(word.fits for word, _ in words)))
    least = min(number for _, number in words)
    return [(both, least if least <= FEW else _count(work, [both])[0]), *(one for one in counted if one not in words)]


def _count(work: Work, conditions: Sequence[Condition]) -> list[int]:
    """How many each fits, one more than matters at most. One statement."""
    bounds = [(one.ids, (SOME if one.word else FEW) + 1) for one in conditions]
    numbers = [select(func.count()).select_from(ids.limit(bound).subquery()).scalar_subquery() for ids, bound in bounds]
    return list(work.rows(select(*numbers)).one())


def asked(question: search.Question) -> Iterable[Condition]:
    """Every term begins some word of the client's; the day of birth is that day."""
    for term in question.terms:
        ids = columns(SearchWord.patient_id).where(*_begins(term))
        yield Condition(ids, exists().where(col(SearchWord.patient_id) == Patient.id, *_begins(term)), word=True)
    if question.born is not None:
        yield _of_record(Patient.date_of_birth == question.born)


def left(work: Work, filters: Filters) -> Iterable[Condition]:
    """The filters that are on."""
    if filters.inactive:
        yield _of_record(col(Patient.status) == PatientStatus.INACTIVE)
    if filters.clinic_id is not None:
        yield _of_record(Patient.primary_clinic_id == filters.clinic_id)
    if filters.visiting:
        yield _with(Appointment, *_soon(work.now()))
    if filters.unsigned:
        yield _with(AssignedForm, col(AssignedForm.status).in_(INCOMPLETE))
    if filters.unpaid:
        yield _with(Invoice, col(Invoice.status).in_(DUE))
    if filters.expiring:
        until = horizon(work)
        yield Condition(may_expire(until), has_expiring_form(col(Patient.id), until), exact=False)
    if filters.not_accepted:
        yield _of_record(col(Patient.portal_accepted_at).is_(None))


def listed(filters: Filters) -> list[Any]:
    """Who is in a list at all: the living and active, unless those who went are asked for; nobody who was merged.

    Nothing here can be looked up in an index, and nothing should: it fits nearly everybody.
    """
    whole = unindexed(col(Patient.merged_into_id).is_(None))
    if filters.inactive:
        return [whole]
    return [col(Patient.status) != PatientStatus.INACTIVE, col(Patient.deceased_at).is_(None), whole]


def _begins(term: str) -> tuple[Any, Any]:
    """The words that begin with the term: up to the first word after all of them."""
    beyond = term[:-1] + chr(min(ord(term[-1]) + 1, 0x10FFFF))
    return (col(SearchWord.word) >= term, col(SearchWord.word) < beyond)


def _soon(now: datetime) -> tuple[Any, ...]:
    starts = col(Appointment.starts_at)
    return (starts >= now, starts < now + AHEAD, col(Appointment.status).in_(UPCOMING))


def _with(table: Any, *such: Any) -> Condition:
    """Whoever has a row of that table that is such."""
    return Condition(columns(table.patient_id).where(*such), exists().where(table.patient_id == Patient.id, *such))


def _of_record(fits: Any) -> Condition:
    """Something that the client's own record says."""
    return Condition(columns(Patient.id).where(fits).correlate(None), unindexed(fits))
