"""The session of a member of staff as the screen knows it: who it is, what they may do, the lock, the step-up."""

import reflex as rx


class StaffSessionState(rx.State):
    """Who this tab belongs to on the staff side. `may` are the words of the privileges: what is not there is not on the
    screen, and the server refuses it anyway. `asking_proof` opens the question for a fresh second factor."""

    signed_in: bool = False
    name: str = ""
    initials: str = ""
    role: str = ""
    may: list[str] = []
    lock_seconds: int = 1800
    asking_proof: bool = False
