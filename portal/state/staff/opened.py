"""Which client, and which of the tabs beside the panel, a member of staff has open: read from the tab's own address."""

import re
from uuid import UUID

import reflex as rx

from portal.errors import NotFound
from portal.security import presence

_CLIENT_ID = re.compile(r"/staff/clients/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/edit)?$")


def client_of(state: rx.State) -> UUID:
    """The client whose profile is open; from now on the tab hears of their changes. `NotFound` anywhere else."""
    named = _CLIENT_ID.search(str(state.router.url.path).rstrip("/"))
    if named is None:
        raise NotFound
    client_id = UUID(named[1])
    presence.follows(state.router.session.session_id, client_id)
    return client_id


def tab_of(state: rx.State) -> str:
    """The word of the tab in the address; empty is the client's Dashboard."""
    return str(state.router.url.query_parameters.get("tab", ""))[:40]
