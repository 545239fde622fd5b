"""A questionnaire on paper: every question that was asked, and every answer in words."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from portal.documents.paper import Paper, SignatureBlock, draw


@dataclass(frozen=True)
class Picture:
    """A photograph of an answer. `sha256` is its hash in storage, `caption` what is said below it."""

    sha256: str
    caption: str


@dataclass(frozen=True)
class AnswerLine:
    """A question with its answer in words, and the photographs or the signature that are the answer."""

    question: str
    answer: str
    answered: bool = True
    pictures: tuple[Picture, ...] = ()
    signature: SignatureBlock | None = None


@dataclass(frozen=True)
class AnswerSection:
    """One page of the questionnaire."""

    title: str
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionnaireDocument(Paper):
    """Everything a questionnaire says. `statement` is the line that says who gave the answers and when."""

    FINGERPRINT_OF: ClassVar[str] = "the answers that were submitted"

    sections: tuple[AnswerSection, ...]
    statement: str = ""
    begun: bool = False

    @property
    def stage(self) -> str:
        """The look of the status: sealed, begun or open."""
        if self.sealed:
            return "sealed"
        return "part" if self.begun and not self.void else "open"

    @property
    def photographs(self) -> tuple[str, ...]:
        """The hashes of the photographs that `render` has to be given, each once."""
        found = (picture.sha256 for part in self.sections for line in part.lines for picture in line.pictures)
        return tuple(dict.fromkeys(found))


def render(document: QuestionnaireDocument, photographs: Mapping[str, bytes]) -> str:
    """`document` as HTML for the PDF renderer; `photographs` are small JPEGs by hash. A missing one says so.

    The same document with the same photographs gives the same HTML.
    """
    pictures = {
        sha256: f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" for sha256, jpeg in photographs.items()
    }
    return draw("questionnaire.html", document, pictures=pictures)
