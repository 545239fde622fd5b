"""What staff keep of the clients beside the record: how they heard of the practice, and their loyalty programs."""

from portal.demo.people import AMELIA, Client
from portal.models import Patient
from portal.services import loyalty, referrals
from portal.work import Work

# Each source, and its subcategories.
SOURCES = {
    "Friend or family": ("Existing client", "Staff member"),
    "Instagram": (),
    "Online search": ("Google", "Apple Maps", "Yelp"),
    "Walked by": (),
    "Event": ("Open house", "Magazine"),
}
ENDED = {"Magazine": "2025-06-30"}


def heard_of_us(work: Work, clients: dict[str, Client]) -> None:
    """The practice's sources, and which one each client named."""
    ids = referrals.add_all(work, SOURCES, ENDED)
    for name, client in clients.items():
        patient = work.get(Patient, client.id)
        patient.referral_source_id = ids["Existing client"] if name == AMELIA else ids.get(patient.referral_source)
        work.db.add(patient)


def of_amelia(work: Work, amelia: Client) -> None:
    """Her programs: a log-in, a member number."""
    login = {"how": "login", "username": "amelia.hart@example.com", "password": "rosewater 1988"}  # nosec B105  # of the demo
    loyalty.enrol(work, amelia.id, "alle", login)
    loyalty.enrol(work, amelia.id, "aspire", {"how": "number", "member_number": "AGR 4471 0923"})
