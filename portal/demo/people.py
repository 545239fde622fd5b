"""The clients. Their telephone numbers are from the block reserved for stories (555-01xx), emails from example.com."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from portal.demo.places import Places
from portal.domain.registration import EMAIL_WORDING, TEXT_WORDING
from portal.models import Channel, Contact, Guardian, Patient, PatientStatus
from portal.services import search
from portal.services.registration import record_consent
from portal.work import Work

# First and last name, date of birth, area code and last four digits, clinic, street, how they heard of the practice.
CLIENTS = (
    ("Amelia", "Hart", "1988-03-14", "503 0187", "Pearl District", "1180 NW Larkspur Ave, Apt 4", "Friend or family"),
    ("Rosa", "Delgado", "1979-05-22", "503 0143", "Lake Oswego", "17 Wren Court", "Online search"),
    ("Mateo", "Delgado", "1976-11-08", "503 0143", "Lake Oswego", "17 Wren Court", "Friend or family"),
    ("Beatriz", "Okafor", "1979-11-02", "503 0121", "Pearl District", "905 NW Alder Street", "Instagram"),
    ("Callum", "Reyes-Stone", "1991-07-21", "503 0175", "Lake Oswego", "62 Quarry Lane", "Online search"),
    ("Dana", "Whitfield", "1966-01-09", "971 0108", "Lake Oswego", "8 Fern Terrace", "Walked by"),
    ("Esther", "Lindqvist", "1984-05-30", "503 0133", "Pearl District", "2204 NW Juniper Street", "Friend or family"),
    ("Farah", "Nasser", "1995-12-12", "971 0162", "Pearl District", "77 NW Maple Row", "Instagram"),
    ("Grace", "Tamura", "1972-08-17", "503 0190", "Pearl District", "310 NW Cedar Street", "Friend or family"),
    ("Hollis", "Brandt", "1987-02-25", "971 0144", "Lake Oswego", "45 Tern Street", "Online search"),
    ("Imani", "Cole", "1990-10-06", "503 0156", "Pearl District", "1502 NE Thistle Avenue", "Instagram"),
    ("Juniper Mae", "Castellanos", "1999-06-11", "503 0112", "Lake Oswego", "9 Alpine Court", "Friend or family"),
    ("Kenji", "Morrow", "1982-04-03", "971 0129", "Pearl District", "640 NW Birch Street", "Walked by"),
    ("Lena", "Abramson", "1969-09-28", "503 0168", "Pearl District", "28 SW Vista Drive", "Friend or family"),
    ("Maya", "Petrov", "1993-01-19", "503 0101", "Pearl District", "415 NW Hazel Street", "Online search"),
    ("Nora", "Kowalski", "1986-07-07", "503 0102", "Pearl District", "1733 NW Larkspur Avenue", "Friend or family"),
    ("Owen", "Achterberg", "1978-03-30", "971 0103", "Lake Oswego", "81 Heron Avenue", "Online search"),
    ("Paloma", "Ruiz", "1997-09-14", "503 0104", "Pearl District", "2960 SE Clover Street", "Instagram"),
    ("Quentin", "Ashby", "1964-12-01", "503 0105", "Lake Oswego", "12 Orchard Hill", "Walked by"),
    ("Renée", "Dubois", "1981-02-17", "971 0106", "Pearl District", "508 NW Sorrel Street", "Friend or family"),
    ("Saoirse", "Kelly", "1994-04-25", "503 0107", "Pearl District", "1419 N Sparrow Avenue", "Instagram"),
    ("Tomás", "Herrera", "1989-10-31", "971 0109", "Lake Oswego", "33 Quarry Lane", "Online search"),
    ("Uma", "Krishnan", "1975-06-05", "503 0110", "Pearl District", "766 NW Alder Street", "Friend or family"),
    ("Vivian", "Cho", "1968-08-23", "503 0111", "Pearl District", "51 SW Vista Drive", "Online search"),
    ("Wendell", "Price", "1960-02-11", "971 0113", "Lake Oswego", "4 Fern Terrace", "Walked by"),
    ("Ximena", "Vargas", "1992-11-27", "503 0114", "Pearl District", "1208 SE Clover Street", "Instagram"),
    ("Yara", "Haddad", "1985-03-08", "503 0115", "Pearl District", "390 NW Maple Row", "Friend or family"),
    ("Zoë", "Fairbanks", "1998-05-16", "971 0116", "Lake Oswego", "70 Tern Street", "Instagram"),
    ("Anders", "Holm", "1973-09-02", "503 0117", "Lake Oswego", "25 Orchard Hill", "Online search"),
    ("Brigid", "O'Malley", "1980-12-19", "503 0118", "Pearl District", "2115 NE Thistle Avenue", "Friend or family"),
    ("Cora", "Jensen", "1996-07-29", "971 0120", "Pearl District", "87 NW Birch Street", "Instagram"),
    ("Dmitri", "Sokolov", "1970-01-25", "503 0122", "Lake Oswego", "14 Alpine Court", "Online search"),
    ("Elise", "Moreau", "1987-10-13", "503 0123", "Pearl District", "1630 NW Juniper Street", "Friend or family"),
    ("Fiona", "MacLeod", "1962-06-18", "971 0124", "Lake Oswego", "38 Wren Court", "Walked by"),
    ("Gabriela", "Santos", "1991-02-04", "503 0125", "Pearl District", "944 N Sparrow Avenue", "Instagram"),
    ("Harriet", "Bloom", "1977-04-11", "503 0126", "Pearl District", "203 NW Hazel Street", "Friend or family"),
    ("Isaac", "Levine", "1983-08-30", "971 0127", "Pearl District", "72 NW Cedar Street", "Online search"),
    ("Jasmine", "Tran", "1995-11-21", "503 0128", "Lake Oswego", "56 Heron Avenue", "Instagram"),
)
OPTED_OUT = "Do not send me messages about my visits."
AMELIA, ROSA, MATEO = "Amelia Hart", "Rosa Delgado", "Mateo Delgado"
GUARDIAN, CHILD, DECEASED = "Esther Lindqvist", "Theo Lindqvist", "Walter Brandt"


@dataclass(frozen=True, slots=True)
class Client:
    """Who was made: the record, and the contact that a log-in uses (a guardian's for a child)."""

    id: UUID
    phone: UUID
    guardian: UUID | None = None


def build(work: Work, places: Places, today: date) -> dict[str, Client]:
    """Make the clients, by full name."""
    made = {}
    for number, (first, last, born, phone, clinic, street, heard) in enumerate(CLIENTS):
        patient = _patient(work, places, first, last, date.fromisoformat(born), clinic, street)
        patient.referral_source = heard
        _preferences(work, patient, number)
        made[f"{first} {last}"] = Client(patient.id, _contacts(work, patient, phone))
    _details_of_amelia(work.get(Patient, made[AMELIA].id))
    made[CHILD] = _child(work, places, today)
    made[DECEASED] = _deceased(work, places, today)
    search.index_many(work, [work.get(Patient, client.id) for client in made.values()])
    return made


def _patient(
    work: Work, places: Places, first: str, last: str, born: date, clinic: str, street: str, **more: object
) -> Patient:
    city, code = ("Portland", "97209") if clinic == "Pearl District" else ("Lake Oswego", "97034")
    return work.add(
        Patient(
            practice_id=places.practice,
            primary_clinic_id=places.clinics[clinic],
            first_name=first,
            last_name=last,
            date_of_birth=born,
            street=street,
            city=city,
            state="OR",
            postal_code=code,
            source="demo",
            created_at=work.now(),
            **more,  # pyright: ignore[reportArgumentType]
        )
    )


def _contacts(work: Work, patient: Patient, phone: str, guardian: UUID | None = None, email: str = "") -> UUID:
    area, last_four = phone.split()
    letters = f"{patient.first_name}.{patient.last_name}".replace(" ", "").replace("'", "").lower()
    values = {Channel.EMAIL: email or f"{letters}@example.com", Channel.PHONE: f"+1{area}555{last_four}"}
    made = {
        channel: work.add(
            Contact(patient_id=patient.id, guardian_id=guardian, channel=channel, value=value, created_at=work.now())
        )
        for channel, value in values.items()
    }
    return made[Channel.PHONE].id


def _preferences(work: Work, patient: Patient, number: int) -> None:
    """Most want texts and emails; every ninth opted out when booking."""
    if number % 9 == 8:
        patient.do_not_sms = patient.do_not_email = True
        for channel in Channel:
            record_consent(work, patient.id, channel, granted=False, wording=OPTED_OUT, source="booking")
        return
    patient.wants_sms = patient.wants_email = True
    record_consent(work, patient.id, Channel.PHONE, granted=True, wording=TEXT_WORDING, source="sign-up")
    record_consent(work, patient.id, Channel.EMAIL, granted=True, wording=EMAIL_WORDING, source="sign-up")


def _details_of_amelia(amelia: Patient) -> None:
    amelia.emergency_name, amelia.emergency_phone = "Daniel Hart", "+15035550119"
    amelia.emergency_relationship = "Husband"
    amelia.carrier_name, amelia.carrier_member_id = "Cascade Health", "CH 204 881 07"
    amelia.pharmacy_name, amelia.pharmacy_phone = "Everett Street Pharmacy", "+15035550171"
    amelia.referral_detail = "Nora Kowalski"


def _child(work: Work, places: Places, today: date) -> Client:
    """Fifteen years old on any day the demo is built; Esther logs in and signs for him with her own contacts."""
    born = date(today.year - 15, 1, 20)
    theo = _patient(work, places, "Theo", "Lindqvist", born, "Pearl District", "2204 NW Juniper Street")
    esther = work.add(Guardian(patient_id=theo.id, name="Esther Lindqvist", relationship="Mother"))
    phone = _contacts(work, theo, "503 0133", esther.id, "esther.lindqvist@example.com")
    return Client(theo.id, phone, esther.id)


def _deceased(work: Work, places: Places, today: date) -> Client:
    died = datetime.combine(today - timedelta(days=240), time(20), UTC)
    walter = _patient(
        work,
        places,
        "Walter",
        "Brandt",
        date(1948, 9, 5),
        "Lake Oswego",
        "45 Tern Street",
        status=PatientStatus.INACTIVE,
        deceased_at=died,
    )
    return Client(walter.id, _contacts(work, walter, "971 0150"))
