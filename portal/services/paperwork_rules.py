"""The practice's rules for all its forms."""

from portal.errors import Invalid
from portal.work import Work

LONGEST_NOTICE = 365  # days


def change(work: Work, *, expiring_days: int | None = None, provider_may_witness: bool | None = None) -> None:
    """Set how many days before its end a form counts as expiring soon, and whether who gives a treatment may witness
    its consent (for very small clinics). None leaves as it is. `Invalid` for days that make no sense."""
    work.require_staff()
    practice = work.practice()
    if expiring_days is not None:
        if not 1 <= expiring_days <= LONGEST_NOTICE:
            raise Invalid({"expiring_days": f"Give 1 to {LONGEST_NOTICE} days."})
        practice.expiring_days = expiring_days
    if provider_may_witness is not None:
        practice.provider_may_witness = provider_may_witness
    work.add(practice)
    work.audit(
        "practice.paperwork_rules",
        practice,
        expiring_days=practice.expiring_days,
        provider_may_witness=practice.provider_may_witness,
    )
    work.changed(None, "practice")
