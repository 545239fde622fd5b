"""Who has what open, in this process: one entry for each socket, kept by the guard as events pass it.

An entry says whom a tab belonged to when its last event passed. It grants nothing: whatever a live page does comes past
the guard again, under the headers of the socket's own handshake.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.work import Actor

CONNECTION = ("sid", "token", "headers", "ip")  # of Reflex's router data: what belongs to the socket


@dataclass(slots=True)
class Tab:
    """An open page of somebody signed in. `connection` is the router data of its socket."""

    socket: str
    token: str
    kind: str
    patient_id: UUID | None
    page: str
    connection: dict[str, Any]
    client_id: UUID | None = None  # whose profile a member of staff has open

    def concerned(self, patient_id: UUID | None) -> bool:
        """Whether a change is this tab's business; None is the practice's own feed, for staff alone."""
        return self.kind == "staff" if patient_id is None else patient_id in (self.patient_id, self.client_id)


_tabs: dict[str, Tab] = {}


def note(router_data: dict[str, Any], actor: Actor) -> None:
    """An event of a tab passed the guard, or a visitor's did: those are not kept."""
    socket = str(router_data.get("sid", ""))
    if not socket or not (actor.is_patient or actor.kind == "staff"):
        _tabs.pop(socket, None)
        return
    page = str(router_data.get("pathname", "")).strip("/")
    tab = _tabs.get(socket)
    if tab is not None and (tab.kind, tab.patient_id) == (actor.kind, actor.patient_id):
        tab.page = page
        return
    connection = {name: router_data[name] for name in CONNECTION if name in router_data}
    patient_id = actor.patient_id if actor.is_patient else None
    _tabs[socket] = Tab(socket, str(router_data.get("token", "")), actor.kind, patient_id, page, connection)


def follows(socket: str, client_id: UUID | None) -> None:
    """A member of staff opened the profile of a client, whose changes concern the tab from now on; None: of nobody."""
    tab = _tabs.get(socket)
    if tab is not None and tab.kind == "staff":
        tab.client_id = client_id


def turned(router_data: dict[str, Any]) -> None:
    """A tab is on its way to another page."""
    tab = _tabs.get(str(router_data.get("sid", "")))
    if tab is not None:
        tab.page = str(router_data.get("pathname", "")).strip("/")


def forget(socket: str) -> None:
    """The tab says good-bye by itself."""
    _tabs.pop(socket, None)


def forget_gone(connected: Container[str]) -> None:
    """Those whose socket is closed."""
    for socket in [socket for socket in _tabs if socket not in connected]:
        del _tabs[socket]


def is_signed_in(socket: str) -> bool:
    """Whether the tab still belonged to somebody signed in when its last event passed."""
    return socket in _tabs


def tabs() -> list[Tab]:
    """Every tab of somebody signed in that this process serves."""
    return list(_tabs.values())
