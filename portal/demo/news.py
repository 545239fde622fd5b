"""What the demo practice tells everybody: a promotion that is current."""

from datetime import timedelta

from portal.demo.story import Story
from portal.services import announcements

GIFT_CARDS = "https://lumiere.example/gift-cards"


def of_practice(story: Story) -> None:
    """One offer that is on today, and one that comes next month."""
    offers = (
        (-3, 18, "Gift cards for the holidays: give $200, and $25 of it is on us.", GIFT_CARDS, "See gift cards"),
        (27, 60, "New year, new skin: 15% off a series of three HydraFacials in January.", "", ""),
    )
    for first, last, text, href, label in offers:
        announcements.put_up_banner(
            story.by_staff("Elena", story.moment(-4, "09:30")),
            text,
            story.moment(first, "00:00"),
            story.moment(last, "00:00") + timedelta(days=1),
            href=href,
            label=label,
        )
