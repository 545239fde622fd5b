"""What staff keep of the clients: allergies, "No known allergies", notes; and that they opened the records."""

from dataclasses import replace

from portal.clock import FixedClock
from portal.demo.people import AMELIA
from portal.demo.story import Story
from portal.models import Patient
from portal.services import allergies, inbound, notes
from portal.services.inbound import OptOut
from portal.work import Actor

ALLERGIES = {
    AMELIA: (("Latex", "Skin rash", "moderate"), ("Sulfa drugs", "Hives, swelling of the lips", "severe")),
    "Dana Whitfield": (("Lidocaine", "Swelling", "severe"),),
    "Juniper Mae Castellanos": (("Shellfish", "Hives", "moderate"),),
    "Owen Achterberg": (("Aspirin", "", ""),),
    "Harriet Bloom": (("Penicillin", "Rash", "mild"),),
}
NONE_KNOWN = ("Beatriz Okafor", "Callum Reyes-Stone", "Grace Tamura", "Imani Cole")
NOTES = (
    (-130, "16:40", "Marisol", "Parks behind the house; the front steps are hard for her with the pram."),
    (
        -17,
        "10:20",
        "Naomi",
        "Prefers the left room, and to be told before each injection. Comes with her sister next time.",
    ),
)
OPENED = (
    (-130, "10:05", "Marisol", ("client.viewed", "appointments.viewed")),
    (-130, "10:41", "Naomi", ("client.viewed", "allergies.viewed", "forms.viewed")),
    (-17, "9:02", "Marisol", ("client.viewed",)),
    (-17, "9:31", "Naomi", ("client.viewed", "allergies.viewed")),
    (-2, "16:05", "Marisol", ("client.viewed", "forms.viewed")),
)


def of_staff(story: Story) -> None:
    """Write all of it down, as those who did it."""
    for name, listed in ALLERGIES.items():
        for substance, reaction, severity in listed:
            typed = {"substance": substance, "reaction": reaction, "severity": severity}
            allergies.add(story.by_staff("Naomi", story.moment(-130, "10:45")), story.clients[name].id, typed)
    for name in NONE_KNOWN:
        allergies.none_known(story.by_staff("Adaeze", story.moment(-60, "11:00")), story.clients[name].id)
    amelia = story.work.get(Patient, story.clients[AMELIA].id)
    for day, hour, who, words in NOTES:
        notes.write_note(story.by_staff(who, story.moment(day, hour)), amelia.id, words)
    for day, hour, who, acts in OPENED:
        for act in acts:
            story.by_staff(who, story.moment(day, hour.zfill(5))).audit(act, amelia, patient_id=amelia.id)
    _opted_out(story)


def _opted_out(story: Story) -> None:
    """At online booking: one of the clients, and somebody whom the practice does not know."""
    booking = replace(
        story.work,
        actor=Actor(kind="system", label="Online booking", address="192.0.2.10"),
        clock=FixedClock(story.moment(-5, "20:12")),
    )
    wording = "Do not text or email me about my appointments."
    said = {"do_not_sms": True, "do_not_email": True, "wording": wording}
    inbound.opt_out(booking, OptOut(id="demo-1", phone="(971) 555-0113", **said))
    inbound.opt_out(booking, OptOut(id="demo-2", email="w.fairbanks@example.com", do_not_email=True))
