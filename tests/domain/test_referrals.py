"""What a client may say of how they heard of the practice."""

import pytest

from portal.domain.referrals import Heard, Source, heard

OFFERED = [
    Source("social", "Social media"),
    Source("insta", "Instagram", "social"),
    Source("online", "Online search"),
    Source("other", "Other", asks_name=True),
    Source("event", "Event"),
    Source("fair", "Another fair", "event", asks_name=True),
]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (("social", "insta", ""), Heard("insta", "Social media")),
        (("social", "", ""), Heard("social", "Social media")),
        (("online", "insta", ""), Heard("online", "Online search")),
        (("other", "", "My dentist"), Heard("other", "Other", "My dentist")),
        (("event", "fair", "Spring fair"), Heard("fair", "Event", "Spring fair")),
        (("social", "insta", "words of before"), Heard("insta", "Social media")),
        (("insta", "", ""), Heard()),
        (("ended", "insta", "x"), Heard()),
        (("", "", ""), Heard()),
    ],
)
def test_what_is_offered_can_be_said(said: tuple[str, str, str], kept: Heard) -> None:
    assert heard(OFFERED, *said) == kept
