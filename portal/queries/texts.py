"""The practice's own texts for everybody: the privacy notice and the terms."""

from dataclasses import dataclass

from sqlmodel import select

from portal.domain.prose import Block, blocks
from portal.models import Practice
from portal.work import Work


@dataclass(frozen=True, slots=True)
class PracticeText:
    """A text with its version, ready to print."""

    version: str
    blocks: list[Block]


def privacy_notice(work: Work) -> PracticeText:
    """The Notice of Privacy Practices."""
    row = work.db.exec(select(Practice.privacy_version, Practice.privacy_notice)).first()
    return PracticeText(row[0], blocks(row[1])) if row else PracticeText("", [])


def terms(work: Work) -> PracticeText:
    """The Terms of Use."""
    row = work.db.exec(select(Practice.terms_version, Practice.terms)).first()
    return PracticeText(row[0], blocks(row[1])) if row else PracticeText("", [])
