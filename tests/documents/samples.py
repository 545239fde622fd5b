"""The consent of the design, as typed values: what documents look like when nothing is missing."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from portal.documents.consent import ConsentDocument
from portal.documents.markdown import render_consent
from portal.documents.paper import Letterhead, SignatureBlock, TrailEvent
from portal.domain.signature import Drawing, drawn

PADS = json.loads(Path(__file__).with_name("pads.json").read_text())
TEXT = Path(__file__).with_name("neurotoxin.md").read_text()
FIELDS = {"provider": "Naomi Reyes, NP", "clinic": "Lumière Aesthetics", "patient": "Amelia Hart"}
LETTERHEAD = Letterhead(
    name="Lumière Aesthetics",
    address=("41 Marlow Street, Suite 200, Portland, OR 97209",),
    phone="(503) 555-0142",
)
PHONE = "Safari on iPhone, 203.0.113.58"
PRACTICE = "Practice network, 198.51.100.24"


def pad(name: str) -> Drawing:
    """A signature as the pad of that person reported it."""
    kept = PADS[name]
    return drawn(kept["data"], kept["width"], kept["height"])


def signed() -> ConsentDocument:
    """Signed by the patient and a witness, ready to be sealed."""
    text = render_consent(TEXT, FIELDS)
    return ConsentDocument(
        practice=LETTERHEAD,
        title="Neurotoxin Treatment Consent",
        version="4.2",
        version_date="September 1, 2026",
        document_id="LM-C-20931",
        patient="Amelia Hart",
        date_of_birth="March 14, 1988",
        status="Signed",
        body_html=text.html,
        text_sha256=text.sha256,
        zone="Pacific",
        created=datetime(2026, 11, 24, 18, 22, 41, tzinfo=UTC),
        facts=(
            ("Client number", "LM 004117"),
            ("Treatment", "Botox, forehead and glabella"),
            ("Visit", "November 24, 2026, 10:30 AM"),
            ("Provider", "Naomi Reyes, NP"),
        ),
        signatures=(
            SignatureBlock(
                role="Patient",
                name="Amelia Hart",
                drawing=pad("Amelia Hart"),
                signed_at="November 24, 2026 at 10:21:07 AM, Pacific time",
            ),
            SignatureBlock(
                role="Witness",
                relationship="front desk",
                name="Marisol Vega",
                drawing=pad("Marisol Vega"),
                signed_at="November 24, 2026 at 10:22:40 AM, Pacific time",
            ),
        ),
        evidence=(
            ("Signed by", "Amelia Hart, patient"),
            ("Verified contact", "Text to the number ending 0187"),
            ("Address and device", "203.0.113.58, Safari on iPhone"),
        ),
        trail=(
            TrailEvent("Nov 20, 2026, 4:05:12 PM", "Form assigned, version 4.2", "Marisol Vega, front desk", PRACTICE),
            TrailEvent(
                "Nov 24, 2026, 10:16:33 AM",
                "Logged in with a text passcode, number ending 0187",
                "Amelia Hart",
                PHONE,
            ),
            TrailEvent(
                "Nov 24, 2026, 10:17:02 AM", "Opened, then read to the end at 10:20:41 AM", "Amelia Hart", PHONE
            ),
            TrailEvent("Nov 24, 2026, 10:21:07 AM", "Intent confirmed and signed", "Amelia Hart", PHONE),
            TrailEvent("Nov 24, 2026, 10:22:40 AM", "Witnessed and signed", "Marisol Vega, front desk", PRACTICE),
            TrailEvent(
                "Nov 24, 2026, 10:22:41 AM",
                "Sealed. No change is possible after this line",
                "System",
                "Record LM-C-20931",
            ),
        ),
        sealed_on="November 24, 2026",
    )


def unsigned() -> ConsentDocument:
    """The same form, assigned and open."""
    return replace(
        signed(),
        status="Not Signed",
        sealed_on="",
        signatures=(SignatureBlock(role="Patient", name="Amelia Hart"),),
        evidence=(),
        trail=(),
    )


def awaiting_witness() -> ConsentDocument:
    """Typed by the patient, the witness still to sign."""
    patient = SignatureBlock(
        role="Patient",
        name="Amelia Hart",
        typed_name="Amelia Hart",
        signed_at="November 24, 2026 at 10:21:07 AM, Pacific time",
    )
    return replace(
        signed(),
        status="Witness Signature Required",
        sealed_on="",
        signatures=(patient, SignatureBlock(role="Witness", name="")),
        trail=signed().trail[:4],
    )


def long_consent(sections: int) -> ConsentDocument:
    """A consent of that many sections, with lists."""
    words = "Plain words about this treatment, what it does and what it does not do, for whom, and for how long. "
    part = "\n\n".join([words * 4, "- one thing\n- another thing\n- a third thing", words * 3])
    text = "\n\n".join(f"## {number}. Section number {number}\n\n{part}" for number in range(1, sections + 1))
    return replace(signed(), body_html=render_consent(text, {}).html)
