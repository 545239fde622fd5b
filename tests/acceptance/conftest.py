"""A signed-in page, without the sign-in where that is not the subject."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support import tour
from tests.support.portal_server import PortalServer
from tests.support.signed_in import let_staff_in, sign_in

SignedIn = Callable[..., Page]


@pytest.fixture
def signed_in(page: Page, portal: PortalServer) -> SignedIn:
    """Open an address as the patient who has a contact; Amelia unless another is given."""

    def opened(address: str, contact: str = tour.AMELIA) -> Page:
        _id, token = sign_in(portal, contact)
        page.context.add_cookies([{"name": "portal_session", "value": token, "url": portal.url}])
        tour.open_page(page, portal, address)
        return page

    return opened


@pytest.fixture
def staff_in(page: Page, portal: PortalServer) -> SignedIn:
    """Open an address as a member of staff; Marisol of the front desk unless another's email is given."""

    def opened(address: str, email: str = "marisol.vega@lumiere.example") -> Page:
        let_staff_in(page.context, portal, email)
        tour.open_page(page, portal, address)
        return page

    return opened
