"""The practice's texts on the screen."""

import reflex as rx

from portal.domain.help import Question, Section, sections
from portal.domain.prose import Block, Line, Run
from portal.queries import texts
from portal.state.bridge import public_event, read


class TextState(rx.State):
    """One of the practice's texts at a time; `shown` says which, so that no page shows the other's."""

    blocks: list[Block] = []
    version: str = ""
    shown: str = ""

    @public_event
    async def load_privacy(self) -> None:
        """The privacy notice."""
        self._show("privacy", await read(texts.privacy_notice))

    @public_event
    async def load_terms(self) -> None:
        """The terms."""
        self._show("terms", await read(texts.terms))

    def _show(self, name: str, text: texts.PracticeText) -> None:
        self.shown, self.blocks, self.version = name, text.blocks, text.version


# What the pages take from here, next to the state.
__all__ = ["Block", "Line", "Question", "Run", "Section", "TextState", "sections"]
