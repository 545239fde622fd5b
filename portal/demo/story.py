"""Telling what happened, each thing at its own time and by its own person, within one transaction."""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal.clock import FixedClock
from portal.demo.people import Client
from portal.demo.places import ZONE, Places
from portal.domain.access import privileges
from portal.domain.paperwork import FormStatus
from portal.models import AssignedForm, Contact, Guardian, Patient, Session, Staff, TemplateVersion
from portal.queries import filling as filled
from portal.queries import forms
from portal.security.sessions import end_session, open_session, session_hash
from portal.services import consent_text, filling, signing
from portal.services.signing import Act, Ink
from portal.work import Actor, Work

PAD = (640.0, 220.0)
SIGNED = "signed"  # in the answers of a questionnaire: where the name is typed
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
HOME = "203.0.113.58"  # an address that is reserved for documentation
DESK = "198.51.100.24"


@dataclass
class Story:
    """The demo practice while it is being told. `work` is the one transaction it is written in."""

    work: Work
    places: Places
    clients: dict[str, Client]

    @property
    def now(self) -> datetime:
        """The moment of telling: nothing that happened is later."""
        return self.work.now()

    @property
    def today(self) -> date:
        """The day at the practice."""
        return self.now.astimezone(ZoneInfo(ZONE)).date()

    def moment(self, day: int, hour: str) -> datetime:
        """A day counted from today and an hour such as "10:30", where the practice is."""
        return datetime.combine(self.today + timedelta(days=day), time.fromisoformat(hour), ZoneInfo(ZONE))

    def by_staff(self, first: str, at: datetime) -> Work:
        """The transaction as a member of staff at a moment."""
        person = self.work.get(Staff, self.places.staff[first])
        actor = Actor(
            kind="staff",
            staff_id=person.id,
            role=person.role,
            label=person.display_name,
            address=DESK,
            privileges=privileges(person.role, person.given, person.taken),
        )
        return self._as(actor, at)

    def sign(self, name: str, form_id: UUID, at: datetime, *, typed: bool = False) -> None:
        """Log in, open the consent, read it to the end, sign it, log out; `at` is when the signature was given."""
        at += timedelta(seconds=sum(map(ord, name)) % 60)
        signer = self._log_in(name, at - timedelta(minutes=5, seconds=48))
        signing.opened(self._as(signer, at - timedelta(minutes=5, seconds=3)), form_id)
        signing.viewed_to_end(self._as(signer, at - timedelta(minutes=1, seconds=11)), form_id)
        signing_now = self._as(signer, at)
        form = forms.form(signing_now, form_id)
        act = Act(
            shown_sha256=consent_text.content(form).sha256,
            intent=True,
            ink=None if typed else Ink(handwriting(signer.label), *PAD),
            typed_name=signer.label if typed else "",
            option=form.options[0]["id"] if form.options else "",
            initials={section: "".join(word[0] for word in signer.label.split()) for section in form.initials},
        )
        signing.sign(signing_now, form_id, act)
        self._log_out(signer, at)

    def fill(
        self, name: str, form_id: UUID, at: datetime, answers: Mapping[str, object], *, whole: bool = True
    ) -> None:
        """Log in, answer one question after the other until `at`, submit where it is the whole, log out.

        A signature is given by typing the name.
        """
        at = min(at, self.now)
        person = self._log_in(name, at - timedelta(seconds=20 * len(answers) + 80))
        filling.open_form(self._as(person, at - timedelta(seconds=20 * len(answers) + 40)), form_id)
        for number, (link_id, value) in enumerate(answers.items(), 1):
            given_at = at - timedelta(seconds=20 * (len(answers) - number))
            value = {"typed_name": person.label} if value == SIGNED else value
            filling.save_answer(self._as(person, given_at), form_id, link_id, value, 0)
        if whole:
            submitting = self._as(person, at + timedelta(seconds=30))
            filling.submit(submitting, form_id, filled.filling(submitting, form_id).sha256)
        self._log_out(person, at)

    def waiting(self, name: str, paper: str, visit: UUID | None = None) -> UUID:
        """The client's form of that name that is still to be signed, of one visit if given."""
        query = (
            select(AssignedForm.id)
            .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
            .where(
                AssignedForm.patient_id == self.clients[name].id,
                AssignedForm.status == FormStatus.OPEN,
                TemplateVersion.template_id == self.places.templates[paper],
            )
            .order_by(col(AssignedForm.assigned_at))
        )
        if visit is not None:
            query = query.where(AssignedForm.appointment_id == visit)
        return self.work.db.exec(query.limit(1)).one()

    def accept(self, name: str, at: datetime) -> None:
        """The person has been in the portal: the contact is proved."""
        client = self.clients[name]
        patient, contact = self.work.get(Patient, client.id), self.work.get(Contact, client.phone)
        patient.portal_accepted_at = patient.portal_accepted_at or at
        contact.verified_at = contact.verified_at or at

    def _log_in(self, name: str, at: datetime) -> Actor:
        """The client on the phone at home; for a child, who speaks for it."""
        client = self.clients[name]
        stranger = self._as(Actor(address=HOME, device=PHONE), at)
        token = open_session(stranger, client.id, client.phone, client.guardian)
        session = self.work.db.exec(select(Session).where(Session.token_hash == session_hash(token))).one()
        self.accept(name, at)
        return Actor(
            kind="guardian" if client.guardian else "patient",
            patient_id=client.id,
            guardian_id=client.guardian,
            session_id=session.id,
            contact_id=client.phone,
            label=self._signer(client),
            address=HOME,
            device=PHONE,
        )

    def _log_out(self, person: Actor, at: datetime) -> None:
        session = self.work.get(Session, person.session_id)
        session.seen_at = at
        end_session(self._as(person, at + timedelta(minutes=1)), session.id, "log out")

    def _signer(self, client: Client) -> str:
        if client.guardian:
            return self.work.get(Guardian, client.guardian).name
        patient = self.work.get(Patient, client.id)
        return f"{patient.first_name} {patient.last_name}"

    def _as(self, actor: Actor, at: datetime) -> Work:
        return replace(self.work, actor=actor, clock=FixedClock(min(at, self.now)))


def handwriting(name: str) -> list[dict[str, list[dict[str, float]]]]:
    """A signature as a pad reports it: each word a line of loops in the hand of that name, the same each time."""
    hand = random.Random(name)  # noqa: S311  # handwriting, not secrecy
    words, (width, height) = name.split(), PAD
    room = width * 0.86 / max(1, sum(len(word) + 1 for word in words))
    left, strokes = width * 0.06, []
    for word in words:
        strokes.append({"points": list(_word(word, left, room, height, hand))})
        left += (len(word) + 1) * room
    strokes.append({"points": list(_flourish(width, height, hand))})
    return strokes


def _word(word: str, left: float, room: float, height: float, hand: random.Random) -> Iterator[dict[str, float]]:
    slant, middle = hand.uniform(6, 14), height * hand.uniform(0.5, 0.58)
    for place, letter in enumerate(word):
        tall = height * (0.3 if place == 0 else 0.2 if letter in "bdfhklt" else 0.1)
        loop = hand.uniform(0.3, 0.55) * room
        for step in range(14):
            turn = step / 14 * math.tau
            rise = (1 - math.cos(turn)) / 2
            x = left + place * room + step / 14 * room + loop * math.sin(turn) + slant * rise
            yield {"x": round(x, 1), "y": round(middle - tall * rise + hand.uniform(-0.8, 0.8), 1)}


def _flourish(width: float, height: float, hand: random.Random) -> Iterator[dict[str, float]]:
    start, end, dip = hand.uniform(0.1, 0.3), hand.uniform(0.7, 0.92), hand.uniform(0.02, 0.06)
    for step in range(24):
        part = step / 23
        x, y = width * (start + (end - start) * part), height * (0.74 - dip * math.sin(part * math.pi))
        yield {"x": round(x, 1), "y": round(y, 1)}
