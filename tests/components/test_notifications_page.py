"""Every kind of notification has its words, and a picture of its own."""

from portal.domain.notifications import TITLES, Kind
from portal.pages.patient.notifications import ICONS
from portal.queries.notifications import TO_CONFIRM


def test_every_kind_has_words_and_a_picture() -> None:
    assert set(TITLES) == set(Kind)
    assert set(ICONS) == {kind.value for kind in Kind} | {TO_CONFIRM}
    assert len(set(ICONS.values())) >= len(ICONS) - 2, "told apart at a glance"
