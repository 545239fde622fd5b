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


class OfClient(rx.State, mixin=True):
    """A part of a client's profile. What is done there is done for the client that it was loaded for: the address
    may be another's already, by the browser's way back, while the former one is still on the screen."""

    _client: str = ""

    def _opens(self) -> UUID:
        """The client of the address, who is this part's from now on."""
        client_id = client_of(self)
        self._client = str(client_id)
        return client_id

    def _whose(self) -> UUID:
        """The client that this part shows; where it shows none yet, that of the address."""
        return UUID(self._client) if self._client else client_of(self)


def tab_of(state: rx.State) -> str:
    """The word of the tab in the address; empty is the client's Dashboard."""
    return str(state.router.url.query_parameters.get("tab", ""))[:40]
