"""Every screen of the staff side, one after the other, as an admin sees it: for pictures, axe and the layout rules."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from portal import routes
from portal.pages.table import DOORS, PAGES, STAFF
from portal.state.staff.menu import CLIENT_TABS
from tests.support import tour, visits
from tests.support.portal_server import PortalServer
from tests.support.signed_in import let_staff_in
from tests.support.tour import AMELIA, open_page, settle

ELENA, NAOMI = "elena.marsh@lumiere.example", "naomi.reyes@lumiere.example"
VISITED = {
    routes.STAFF_LOGIN,
    routes.STAFF_LOCK,
    routes.STAFF_CLIENTS,
    routes.STAFF_CLIENT,
    routes.STAFF_CLIENT_EDIT,
    routes.STAFF_CLIENT_MERGE,
    routes.STAFF_APPOINTMENTS,
    routes.STAFF_TASKS,
    routes.STAFF_NOTICES,
    routes.STAFF_AUDIT,
    routes.STAFF_REFERRALS,
    routes.STAFF_ACCOUNT,
    routes.PROVIDER,
}


def unseen() -> set[str]:
    """The routes of the page table that no tour goes to."""
    return {page.route for page in (*PAGES, *DOORS, *STAFF)} - VISITED - tour.VISITED


def staff(page: Page, server: PortalServer) -> Iterator[str]:
    """What somebody of the practice sees, from the log-in to the lock."""
    open_page(page, server, routes.STAFF_LOGIN)
    yield "staff-login"
    let_staff_in(page.context, server, ELENA)
    yield from _clients(page, server)
    yield from _client(page, server)
    for name, address in (
        ("staff-appointments", routes.STAFF_APPOINTMENTS),
        ("staff-week", f"{routes.STAFF_APPOINTMENTS}?view=week"),
        ("staff-task-management", routes.STAFF_TASKS),
        ("staff-notifications", routes.STAFF_NOTICES),
        ("staff-audit-log", routes.STAFF_AUDIT),
        ("staff-referral-sources", routes.STAFF_REFERRALS),
        ("staff-account", routes.STAFF_ACCOUNT),
        ("provider", routes.PROVIDER),
    ):
        open_page(page, server, address)
        yield name
    open_page(page, server, routes.STAFF_CLIENTS)
    page.locator(".sbar .profilebtn").click()
    page.get_by_role("button", name="Lock screen").click()
    page.wait_for_url(f"**{routes.STAFF_LOCK}**")
    settle(page)
    yield "staff-lock"


def provider(page: Page, server: PortalServer) -> Iterator[str]:
    """The Provider App of somebody who treats clients."""
    let_staff_in(page.context, server, NAOMI)
    open_page(page, server, routes.PROVIDER)
    yield "provider"
    page.get_by_role("button", name="View").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    settle(page)
    yield "provider-form"


def _clients(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.STAFF_CLIENTS)
    yield "staff-clients"
    page.get_by_role("button", name="New client").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "staff-new-client"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def _client(page: Page, server: PortalServer) -> Iterator[str]:
    client = str(visits.patient_of(server, AMELIA))
    for tab in CLIENT_TABS:
        open_page(page, server, routes.staff_client(client, tab.place))
        yield f"staff-client-{tab.place or 'dashboard'}"
    open_page(page, server, routes.STAFF_CLIENT_EDIT.replace("[client_id]", client))
    yield "staff-client-edit"
    open_page(page, server, routes.STAFF_CLIENT_MERGE.replace("[client_id]", client))
    yield "staff-client-merge"
