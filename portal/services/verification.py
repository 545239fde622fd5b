"""Whether a document is one of ours and unchanged, for anybody who holds it.

The answer says when it was sealed, by which practice, and what kind of document it is; never whose it is nor what it
says. A file is known by its hash alone, so that one changed byte makes it another file; a number is printed on each
document, and has 48 random bits.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import col

from portal import dates
from portal.domain.paperwork import FormCategory, FormKind
from portal.models import AssignedForm, FormTemplate, StoredDocument, TemplateVersion
from portal.models.db import columns
from portal.queries.practice import practice_card
from portal.work import Work

LONGEST_NUMBER = 40
_NUMBER = re.compile(r"([CQ])([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{4})")
_NOT_IN_NUMBERS = re.compile(r"[\s\-\u2010-\u2015.]")
_KINDS = {
    FormCategory.CONSENT: "Consent",
    FormCategory.PHOTO_RELEASE: "Photo release",
    FormCategory.AGREEMENT: "Agreement",
}


@dataclass(frozen=True, slots=True)
class Genuine:
    """A document of ours: what kind it is, who sealed it and on which day (in the practice's zone and language).

    `void_since` is the day on which the practice made the form void, if it did: the document counts no more.
    """

    kind: str
    practice: str
    sealed_on: str
    void_since: str = ""


def by_number(work: Work, number: str) -> Genuine | None:
    """The sealed document with this number, however it is spaced; None when there is none."""
    plain = _NOT_IN_NUMBERS.sub("", number[:LONGEST_NUMBER]).upper()
    found = _NUMBER.fullmatch(plain)
    return _genuine(work, StoredDocument.number == "-".join(found.groups())) if found else None


def by_hash(work: Work, sha256: str) -> Genuine | None:
    """The sealed document whose file has this hash; None when there is none, as for one that was changed."""
    return _genuine(work, StoredDocument.sha256 == sha256)


def _genuine(work: Work, which: ColumnElement[bool] | bool) -> Genuine | None:
    """One look at an index, and the practice, whether there is such a document or not: both take the same time."""
    practice = practice_card(work)
    row = work.db.execute(
        columns(StoredDocument.created_at, AssignedForm.kind, AssignedForm.voided_at, FormTemplate.category)
        .join(AssignedForm, col(AssignedForm.id) == StoredDocument.form_id)
        .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
        .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
        .where(which)
        .limit(1)
    ).first()
    if row is None:
        return None
    kind = "Questionnaire" if row.kind is FormKind.QUESTIONNAIRE else _KINDS.get(row.category, "Consent")

    def day(at: datetime | None) -> str:
        return dates.full_date(dates.local_day(at, ZoneInfo(practice.time_zone)), practice.locale) if at else ""

    return Genuine(kind, practice.name, day(row.created_at), day(row.voided_at))
