"""Questionnaires: what Amelia has filled and begun, and one of each that the others have."""

from datetime import timedelta
from uuid import UUID

from portal.demo.people import AMELIA, CHILD, MATEO, ROSA
from portal.demo.places import HEALTH, INTAKE, MEDICAL, SATISFACTION, SKIN
from portal.demo.story import SIGNED, Story
from portal.services import paperwork

_INTAKE = {
    "doctor": "Dr. Ines Falk, Alder Street Family Practice",
    "doctor-phone": "(503) 555-0166",
    "doctor-ask": True,
    "goals": {"chosen": ["forehead", "hair"], "other": ""},
    "bother": 6,
    "result": "subtle",
    "event": False,
    "more": "I am a little afraid of needles.",
}
_SKIN = {
    "eyes": "2",
    "hair": "2",
    "unexposed": "1",
    "freckles": "2",
    "too-long": "1",
    "browning": "1",
    "within-hours": "1",
    "face": "1",
    "last-tan": "1",
    "area": "1",
    "sunscreen": True,
    "spf": "50",
}
# Begun: one question of the second page is still to be answered.
_HEALTH_BEGUN = {
    "changed": False,
    "before": "here",
    "pregnant": "no",
    "lately": ["none"],
    "more": "I have a wedding on December 12, so I would like to be bruise free by then.",
}
_HEALTH = {
    "changed": False,
    "before": "first",
    "pregnant": "no",
    "lately": ["vaccine"],
    "thinners": True,
    "thinners-which": "Fish oil, last on Sunday",
    "now": ["none"],
    "used": ["retinoid"],
    "alcohol": False,
    "event": False,
    "nervous": 3,
    "numbing": True,
}
_MEDICAL = {
    "conditions": ["thyroid-disease"],
    "conditions-more": "Underactive thyroid since 2014, well treated.",
    "muscles": ["none"],
    "autoimmune": False,
    "implants": ["none"],
    "surgery": False,
    "takes": True,
    "takes-what": "Levothyroxine 75 micrograms each morning",
    "thinners": ["none"],
    "isotretinoin": "never",
    "sensitive": ["retinoid"],
    "allergies": {"chosen": ["latex"], "other": "bee stings"},
    "reaction": "Hives on the hands, gone after a day.",
    "anaphylaxis": False,
    "cold-sores": "now-and-then",
    "keloid": False,
    "dark-marks": True,
    "skin-conditions": ["none"],
    "sun": False,
    "earlier": ["laser"],
    "earlier-when": "5/1/2025",
    "earlier-problems": False,
    "smoking": "before",
    "drinks": "2",
    "height": "66",
    "weight": "148",
    "wind": False,
    "pregnant": "no",
    "true": SIGNED,
}
_SATISFACTION = {
    "result": 9,
    "after": {"chosen": ["redness"], "other": ""},
    "after-days": "1",
    "after-now": False,
    "welcome": 5,
    "pain": 2,
    "explained": True,
    "recommend": 10,
    "words": "Thank you, Jonah. I slept like a stone afterwards.",
}


def of_amelia(story: Story, visits: dict[tuple[str, int], UUID]) -> None:
    """Two filled, and one begun this morning."""
    intake = _asked(story, AMELIA, INTAKE, -137, visits["First consultation", -130])
    story.fill(AMELIA, intake, story.moment(-132, "19:05"), _INTAKE)
    skin = _asked(story, AMELIA, SKIN, -72, visits["Laser hair removal", -58])
    story.fill(AMELIA, skin, story.moment(-58, "07:40"), _SKIN)
    health = _asked(story, AMELIA, HEALTH, -1, visits["Botox, forehead and glabella", 3])
    begun = min(story.moment(0, "09:12"), story.now - timedelta(minutes=8))
    story.fill(AMELIA, health, begun, _HEALTH_BEGUN, whole=False)


def of_others(story: Story) -> None:
    """The other questionnaires, filled and waiting; one was filled for a child."""
    story.fill("Nora Kowalski", _asked(story, "Nora Kowalski", MEDICAL, -9), story.moment(-8, "20:31"), _MEDICAL)
    story.fill(CHILD, _asked(story, CHILD, HEALTH, -7), story.moment(-6, "20:12"), _HEALTH)
    kenji = "Kenji Morrow"
    story.fill(kenji, _asked(story, kenji, SATISFACTION, -12), story.moment(-11, "21:44"), _SATISFACTION)
    _asked(story, ROSA, SKIN, -2)
    _asked(story, MATEO, MEDICAL, -2)


def _asked(story: Story, name: str, paper: str, day: int, visit: UUID | None = None) -> UUID:
    desk = story.by_staff("Marisol", story.moment(day, "16:05"))
    return paperwork.assign(desk, story.clients[name].id, story.places.templates[paper], visit)
