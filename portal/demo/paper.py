"""Paperwork in every state: to be signed, waiting for a witness, signed, expiring, expired, made void."""

from datetime import timedelta
from uuid import UUID

from portal.demo.people import AMELIA, CHILD, GUARDIAN, MATEO, ROSA
from portal.demo.places import FILLER, HYDRAFACIAL, LASER, MINOR, NEEDLING, NEUROTOXIN, PEEL, PHOTOS, POLICY
from portal.demo.story import Story
from portal.demo.visits import BOOKED, CONFIRMED, book, late
from portal.services import invites, paperwork


def of_amelia(story: Story, visits: dict[tuple[str, int], UUID]) -> None:
    """Five signed, one to sign, one that waits for a witness."""
    botox = "Botox, forehead and glabella"
    story.sign(AMELIA, story.waiting(AMELIA, POLICY), story.moment(-131, "20:14"))
    story.sign(AMELIA, story.waiting(AMELIA, NEUROTOXIN, visits[botox, -116]), story.moment(-117, "19:42"))
    story.sign(AMELIA, story.waiting(AMELIA, LASER), story.moment(-59, "07:55"), typed=True)
    story.sign(AMELIA, story.waiting(AMELIA, HYDRAFACIAL), story.moment(-32, "12:20"))
    coming, asked_at = visits[botox, 3], story.moment(-1, "16:10")
    for paper in (MINOR, PHOTOS):
        paperwork.assign(
            story.by_staff("Marisol", asked_at), story.clients[AMELIA].id, story.places.templates[paper], coming
        )
    story.sign(AMELIA, story.waiting(AMELIA, MINOR), story.moment(-1, "18:42"))
    story.sign(AMELIA, story.waiting(AMELIA, PHOTOS), story.moment(-1, "18:51"))


def of_others(story: Story) -> None:
    """One client for each state that Amelia has not."""
    _signed(story, "Grace Tamura", HYDRAFACIAL, -396)  # expired a month ago
    _signed(story, "Nora Kowalski", LASER, -355, typed=True)  # expires in some days
    _signed(story, "Kenji Morrow", POLICY, -40)
    _signed(story, ROSA, LASER, -12)
    _signed(story, "Lena Abramson", PHOTOS, -75, typed=True)
    _asked(story, MATEO, NEEDLING, -2)

    book_on = (("Beatriz Okafor", "Dermal filler, lips", FILLER, 17), ("Dana Whitfield", "Chemical peel", PEEL, 18))
    for name, service, paper, day in (*book_on, ("Imani Cole", "Chemical peel", PEEL, 20)):
        visit = book(story, name, service, story.moment(day, "11:15"), CONFIRMED, story.moment(-6, "10:20"))
        story.sign(name, story.waiting(name, paper, visit), story.moment(-1, "20:20"))

    book(story, CHILD, "HydraFacial Signature", story.moment(16, "16:15"), BOOKED, story.moment(-8, "15:30"))
    story.sign(CHILD, story.waiting(CHILD, HYDRAFACIAL), story.moment(-7, "21:05"))
    story.accept(GUARDIAN, story.moment(-7, "20:50"))

    late(story, "Renée Dubois", "Botox, forehead and glabella", -24)

    mistaken = _signed(story, "Dana Whitfield", POLICY, -20)
    paperwork.reset(
        story.by_staff("Elena", story.moment(-19, "09:40")), mistaken, "Signed on the wrong client's tablet session"
    )


def invitations(story: Story) -> None:
    """Most clients have been in the portal; of the rest some are invited, some not yet."""
    for number, name in enumerate(story.clients):
        client = story.clients[name]
        if client.guardian or name == "Walter Brandt":
            continue
        if name in {"Callum Reyes-Stone", "Juniper Mae Castellanos"}:
            invites.create(story.by_staff("Marisol", story.now - timedelta(days=2)), client.id)
        elif number % 4 != 3 or name == MATEO:
            story.accept(name, story.moment(-3 * number - 5, "19:30"))


def _asked(story: Story, name: str, paper: str, day: int) -> UUID:
    desk = story.by_staff("Marisol", story.moment(day, "11:30"))
    return paperwork.assign(desk, story.clients[name].id, story.places.templates[paper])


def _signed(story: Story, name: str, paper: str, day: int, *, typed: bool = False) -> UUID:
    form_id = _asked(story, name, paper, day - 1)
    story.sign(name, form_id, story.moment(day, "18:05"), typed=typed)
    return form_id
