"""The table of who may do what, as Markdown: printed by the command line, and pasted into docs/security.md."""

from portal.domain.access import ADJUSTABLE, ROLE_NAMES, ROLES, STEP_UP, Privilege

WORDS = {
    Privilege.OWN_ACCOUNT: "See one's own account, sign out one's devices",
    Privilege.OWN_FACTORS: "Change one's own passkeys, recovery codes, authenticator",
    Privilege.CLIENTS_VIEW: "Find clients, see their profile",
    Privilege.CLIENTS_EDIT: "Edit a client's profile",
    Privilege.CLIENTS_MERGE: "Merge two clients",
    Privilege.CLIENTS_EXPORT: "Export clients",
    Privilege.PORTAL_ACCESS: "Invite, correct a contact, sign a client out",
    Privilege.COMMUNICATION: "Do Not SMS, Do Not Email",
    Privilege.CHANGES_REVIEW: "Review what clients changed",
    Privilege.LOYALTY_MANAGE: "Keep loyalty log-ins",
    Privilege.LOYALTY_REVEAL: "Reveal loyalty log-ins",
    Privilege.REFERRALS_MANAGE: "Manage referral sources",
    Privilege.VISITS_VIEW: "See the schedule and visits",
    Privilege.VISITS_MANAGE: "Book, move, cancel, check in",
    Privilege.PAPERWORK_VIEW: "See paperwork, download it",
    Privilege.PAPERWORK_ASSIGN: "Assign paperwork",
    Privilege.PAPERWORK_RESET: "Reset paperwork",
    Privilege.PAPERWORK_WITNESS: "Witness signatures",
    Privilege.MEDICAL_VIEW: "See the medical history",
    Privilege.MEDICAL_EDIT: "Edit the medical history, allergies",
    Privilege.NOTES_VIEW: "Read notes",
    Privilege.NOTES_WRITE: "Write notes",
    Privilege.NOTICES_VIEW: "See the practice's notifications",
    Privilege.AUDIT_SEARCH: "Search the audit log",
    Privilege.TEMPLATES_MANAGE: "Manage templates",
    Privilege.CARDS_DELETE: "Delete cards",
    Privilege.WALLET_ADJUST: "Adjust the wallet",
    Privilege.PAYMENTS_REFUND: "Refund payments",
    Privilege.STAFF_MANAGE: "Manage staff",
    Privilege.PRACTICE_MANAGE: "Manage the practice's settings",
}


def privilege_table() -> str:
    """One row for each privilege: its word, what it is, who has it. *: each person can be given it or have it taken;
    †: asks for a fresh second factor first."""
    head = ["Privilege", "What", *ROLE_NAMES.values()]
    rows = [
        [
            f"`{one.value}`{' *' if one in ADJUSTABLE else ''}{' †' if one in STEP_UP else ''}",
            WORDS[one],
            *("yes" if one in ROLES[role] else "" for role in ROLE_NAMES),
        ]
        for one in Privilege
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
