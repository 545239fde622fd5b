"""How far a patient has come with the paperwork, and with the form in hand."""

import reflex as rx

from portal.queries.paperwork import Tasks
from portal.state.showing import show

MOST_PIECES = 12  # of the meter; more forms share a piece


class FormProgressState(rx.State):
    """Of all forms: how many are done and what is next. Of the form in hand: what the signature still lacks."""

    open_forms: int = 0
    done: int = 0
    total: int = 0
    pieces: list[bool] = []
    headline: str = ""
    note: str = ""
    next_href: str = ""

    has_mark: bool = False  # something is drawn, or a name typed
    has_intent: bool = False
    initials: list[bool] = []  # which of the sections that want initials have them
    lacks_choice: bool = False
    lacks: str = ""

    def _of_all(self, tasks: Tasks) -> None:
        open_forms = tasks.open_consents + tasks.open_questionnaires
        total = tasks.done_count + open_forms
        pieces = min(total, MOST_PIECES)
        filled = tasks.done_count * pieces // total if total else 0
        show(
            self,
            open_forms=open_forms,
            done=tasks.done_count,
            total=total,
            pieces=[piece < filled for piece in range(pieces)],
            headline=tasks.headline,
            note=tasks.note,
            next_href=tasks.next_href,
        )

    def _forget_all(self) -> None:
        """The list of forms is left."""
        self.open_forms = self.done = self.total = 0
        self.pieces = []
        self.headline = self.note = self.next_href = ""

    def _forget_form(self) -> None:
        """The form in hand is left."""
        self._start([])
        self.lacks = ""

    def _start(self, initials: list[bool], *, choice: bool = False) -> None:
        """A signature begins: nothing is there yet but initials that were kept; with a `choice` one has to be made."""
        self.has_mark = self.has_intent = False
        self.initials, self.lacks_choice = initials, choice
        self._say()

    def _choose(self, *, there: bool) -> None:
        self.lacks_choice = not there
        self._say()

    def _mark(self, *, there: bool) -> None:
        self.has_mark = there
        self._say()

    def _intend(self, *, on: bool) -> None:
        self.has_intent = on
        self._say()

    def _initial(self, number: int, *, there: bool) -> None:
        if 0 <= number < len(self.initials):
            self.initials[number] = there
            self._say()

    def _say(self) -> None:
        """The first thing that is missing, in words; empty when the form can be signed."""
        missing = {
            "Draw your signature, or type your name.": not self.has_mark,
            "Add your initials.": not all(self.initials),
            "Choose one of the options.": self.lacks_choice,
            "Tick the box to say that you mean to sign.": not self.has_intent,
        }
        self.lacks = next((words for words, lacking in missing.items() if lacking), "")
