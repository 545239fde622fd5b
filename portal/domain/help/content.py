"""What an answer is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answer: words first, then a list, in steps where the order matters, then a closing line.

    `needs` names the menu entry without which the question makes no sense. `call` ends with the practice's telephone.
    """

    asked: str
    words: str = ""
    points: tuple[str, ...] = ()
    ordered: bool = False
    closing: str = ""
    needs: str = ""
    call: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Questions about one feature; `id` is its place in the page."""

    id: str
    title: str
    questions: tuple[Question, ...]
    needs: str = ""
