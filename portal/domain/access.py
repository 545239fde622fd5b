"""Who of the staff may do what: one table of roles, adjusted for each person by single privileges.

Source: `behaviour.md` 7, `domain-facts.md` 10. What is taken from a person is taken, whatever their role or anything
else gives: deny wins. `python -m portal staff privileges` and docs/security.md print the table from here.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

STEP_UP_LASTS = timedelta(minutes=10)  # after a fresh authenticator code or passkey


class Role(StrEnum):
    """What a member of staff is."""

    ADMIN = "admin"
    MEDICAL_DIRECTOR = "medical_director"
    PROVIDER = "provider"
    FRONT_DESK = "front_desk"


ROLE_NAMES = {
    Role.ADMIN: "Admin",
    Role.MEDICAL_DIRECTOR: "Medical Director",
    Role.PROVIDER: "Provider",
    Role.FRONT_DESK: "Front Desk",
}


class Privilege(StrEnum):
    """One thing that staff may do. The word is what handlers and routes are declared with."""

    OWN_ACCOUNT = "account.own"  # one's own name on the bar, devices, names of passkeys
    OWN_FACTORS = "account.factors"  # one's own authenticator, recovery codes and passkeys
    CLIENTS_VIEW = "clients.view"
    CLIENTS_EDIT = "clients.edit"
    CLIENTS_MERGE = "clients.merge"
    CLIENTS_EXPORT = "clients.export"
    PORTAL_ACCESS = "portal-access.manage"  # invite, correct a contact, sign out everywhere
    COMMUNICATION = "communication.manage"  # Do Not SMS, Do Not Email
    CHANGES_REVIEW = "changes.review"  # what clients changed by themselves
    LOYALTY_MANAGE = "loyalty.manage"
    LOYALTY_REVEAL = "loyalty.reveal"
    REFERRALS_MANAGE = "referrals.manage"
    VISITS_VIEW = "visits.view"
    VISITS_MANAGE = "visits.manage"
    PAPERWORK_VIEW = "paperwork.view"
    PAPERWORK_ASSIGN = "paperwork.assign"
    PAPERWORK_RESET = "paperwork.reset"
    PAPERWORK_WITNESS = "paperwork.witness"
    MEDICAL_VIEW = "medical.view"
    MEDICAL_EDIT = "medical.edit"
    NOTES_VIEW = "notes.view"
    NOTES_WRITE = "notes.write"
    NOTICES_VIEW = "notices.view"  # the practice's own feed
    AUDIT_SEARCH = "audit.search"
    TEMPLATES_MANAGE = "templates.manage"
    CARDS_DELETE = "cards.delete"
    WALLET_ADJUST = "wallet.adjust"
    PAYMENTS_REFUND = "payments.refund"
    STAFF_MANAGE = "staff.manage"
    PRACTICE_MANAGE = "practice.manage"


_P = Privilege
_DESK = frozenset(
    {
        _P.OWN_ACCOUNT, _P.OWN_FACTORS, _P.CLIENTS_VIEW, _P.CLIENTS_EDIT, _P.PORTAL_ACCESS, _P.COMMUNICATION,
        _P.CHANGES_REVIEW, _P.LOYALTY_MANAGE, _P.VISITS_VIEW, _P.VISITS_MANAGE, _P.PAPERWORK_VIEW, _P.PAPERWORK_ASSIGN,
        _P.PAPERWORK_RESET, _P.PAPERWORK_WITNESS, _P.NOTES_VIEW, _P.NOTES_WRITE, _P.NOTICES_VIEW,
    }
)  # fmt: skip
_CLINICAL = frozenset(
    {
        _P.OWN_ACCOUNT, _P.OWN_FACTORS, _P.CLIENTS_VIEW, _P.CLIENTS_EDIT, _P.CHANGES_REVIEW, _P.VISITS_VIEW,
        _P.VISITS_MANAGE, _P.PAPERWORK_VIEW, _P.PAPERWORK_ASSIGN, _P.PAPERWORK_RESET, _P.PAPERWORK_WITNESS,
        _P.MEDICAL_VIEW, _P.MEDICAL_EDIT, _P.NOTES_VIEW, _P.NOTES_WRITE, _P.NOTICES_VIEW,
    }
)  # fmt: skip
_DIRECTOR = (_DESK | _CLINICAL | {_P.LOYALTY_REVEAL, _P.REFERRALS_MANAGE, _P.AUDIT_SEARCH, _P.TEMPLATES_MANAGE}) | {
    _P.CLIENTS_MERGE
}

ROLES: dict[Role, frozenset[Privilege]] = {
    Role.ADMIN: frozenset(Privilege),
    Role.MEDICAL_DIRECTOR: _DIRECTOR,
    Role.PROVIDER: _CLINICAL,
    Role.FRONT_DESK: _DESK,
}

# What an admin can give to, or take from, one person beside their role.
ADJUSTABLE = frozenset(
    {
        _P.CARDS_DELETE, _P.WALLET_ADJUST, _P.PAYMENTS_REFUND, _P.LOYALTY_REVEAL, _P.REFERRALS_MANAGE,
        _P.TEMPLATES_MANAGE, _P.CLIENTS_EXPORT,
    }
)  # fmt: skip

# Sensitive acts: the person proves anew, with authenticator or passkey, that it is them.
STEP_UP = frozenset(
    {_P.OWN_FACTORS, _P.LOYALTY_REVEAL, _P.CLIENTS_MERGE, _P.CLIENTS_EXPORT, _P.STAFF_MANAGE}
)  # fmt: skip


def needs_proof(privilege: Privilege, proved_at: datetime | None, now: datetime) -> bool:
    """Whether somebody must first prove anew that it is them, who last did so at `proved_at`."""
    return privilege in STEP_UP and (proved_at is None or now - proved_at > STEP_UP_LASTS)


def privileges(role: Role, given: Collection[str] = (), taken: Collection[str] = ()) -> frozenset[Privilege]:
    """What one person may do: their role's, with what was given and without what was taken. Unknown words count for
    nothing, and only what is `ADJUSTABLE` can be given or taken."""
    adjusted = {privilege.value: privilege for privilege in ADJUSTABLE}
    more = {adjusted[word] for word in given if word in adjusted}
    less = {adjusted[word] for word in taken if word in adjusted}
    return (ROLES[role] | more) - less
