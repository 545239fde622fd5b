"""Every screen and state, one after the other, in a real browser: what pictures, axe and the layout rules see.

`visitor` and `patient` bring a page to a screen and give its name; what is done with it there is the caller's. Each
screen is reached as a person reaches it, on a phone and on a desktop alike.
"""

from collections.abc import Iterator

from playwright.sync_api import FloatRect, Locator, Page, expect

from portal import routes
from tests.support import asked, paper
from tests.support.portal_server import PortalServer
from tests.support.questions import QUESTIONS
from tests.support.signed_in import run, sign_in

HOUSEHOLD = "(503) 555-0143"  # Rosa and Mateo Delgado
AMELIA = "+15035550187"
SLOW = 30_000  # milliseconds: a lost connection comes back
READING = (routes.HELP, routes.PRIVACY, routes.TERMS)
VISITED = {
    routes.LOGIN,
    routes.SIGN_UP,
    routes.INVITE,
    *READING,
    routes.NOT_FOUND,
    routes.DASHBOARD,
    routes.NOTIFICATIONS,
    routes.APPOINTMENTS,
    routes.APPOINTMENT,
    routes.RESCHEDULE,
    routes.TASK_MANAGEMENT,
    routes.CONSENT,
    routes.CONSENT_SIGN,
    routes.CONSENT_WITNESS,
    routes.QUESTIONNAIRE,
    routes.PROFILE,
    routes.RECORD_ACCESS,
}


def settle(page: Page) -> None:
    """Wait until the page shows what it has to show, in its own typefaces."""
    expect(page.locator("h1").first).to_be_attached()
    expect(page.locator("main .loading:not([aria-label*=sample]), [aria-busy=true]")).to_have_count(0, timeout=15_000)
    page.evaluate("document.fonts.ready.then(() => true)")


def open_page(page: Page, server: PortalServer, address: str) -> None:
    """Go to an address and wait for its content."""
    page.goto(f"{server.url}{address}")
    settle(page)


def visitor(page: Page, server: PortalServer) -> Iterator[str]:
    """What somebody sees who is not logged in."""
    yield from _log_in(page, server)
    yield from _sign_up(page, server)
    yield from _invitation(page, server)
    for address in READING:
        open_page(page, server, address)
        yield address.strip("/")
    open_page(page, server, routes.HELP)
    for question in page.locator("details").all():
        question.locator("summary").click()
    yield "help-open"
    open_page(page, server, "/no-such-page")
    yield "not-found"
    yield from _verify(page, server)


def patient(page: Page, server: PortalServer, contact: str = AMELIA) -> Iterator[str]:
    """What a patient sees. `contact` says who, in E.164 or as an email address."""
    _id, token = sign_in(server, contact)
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": server.url}])
    yield from _dashboard(page, server)
    yield from _notifications(page, server)
    yield from _appointments(page, server)
    yield from _cancelling(page, server)
    yield from _reschedule(page, server)
    yield from _task_management(page, server)
    yield from _questionnaire(page, server, contact)
    yield from _consent(page, server)
    yield from _witness(page, server, contact)
    yield from _profile(page, server)
    yield from _away(page, server, token)


def _verify(page: Page, server: PortalServer) -> Iterator[str]:
    """Not a page of the table: it needs no script."""
    open_page(page, server, routes.VERIFY)
    yield "verify"
    open_page(page, server, routes.verify("C-0000-0000-0000"))
    expect(page.get_by_role("status")).to_contain_text("We sealed no document")
    yield "verify-unknown"


def _log_in(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.LOGIN)
    yield "login"
    page.get_by_role("button", name="Use email to log in").click()
    expect(page.get_by_label("Email address")).to_be_visible()
    page.get_by_label("Email address").fill("amelia@example")
    page.get_by_role("button", name="Send OTP").click()
    expect(page.locator("#email-error")).to_be_visible()
    yield "login-wrong"
    page.get_by_role("button", name="Use phone to log in").click()
    page.get_by_label("Phone number").fill(HOUSEHOLD)
    known = server.known()
    page.get_by_label("I am not a robot").check()
    page.get_by_role("button", name="Send OTP").click()
    field = page.locator("input[autocomplete=one-time-code]")
    expect(field).to_be_focused()
    yield "login-code"
    page.get_by_text("I didn't receive my code").click()
    code = server.newest_code(known)
    field.fill(f"{(int(code) + 1) % 1_000_000:06d}")
    expect(page.get_by_text("That code does not match")).to_be_visible()
    yield "login-code-wrong"
    field.fill(code)
    expect(page.get_by_role("heading", name="Who is logging in?")).to_be_visible()
    yield "login-household"
    page.get_by_role("button", name="Rosa D.").click()
    page.get_by_label("Date of birth").fill("01/01/1990")
    yield "login-birth-date"
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("That is not the date of birth")).to_be_visible()
    yield "login-birth-date-wrong"


def _sign_up(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.SIGN_UP)
    expect(page.get_by_label("Primary clinic").locator("option")).to_have_count(3)
    yield "sign-up"
    page.get_by_text("Add more now, if you like").click()
    page.get_by_label("Date of birth").fill("06/01/2014")
    page.get_by_label("First name").focus()
    expect(page.get_by_label("Parent or guardian's name")).to_be_visible()
    page.get_by_label("How did you hear about us?").select_option("Online search")
    expect(page.get_by_label("Where was that?")).to_be_visible()
    page.get_by_role("button", name="Sign Up").click()
    expect(page.get_by_text("Add your first name")).to_be_visible()
    yield "sign-up-wrong"


def _invitation(page: Page, server: PortalServer) -> Iterator[str]:
    known = server.known()
    server.cli("staff", "invite", "Vivian Cho")
    link = next(word for word in server.message(known, saying="/invite/")["text"].split() if "/invite/" in word)
    open_page(page, server, link.removeprefix(server.url))
    expect(page.get_by_label("Date of birth")).to_be_visible()
    yield "invite"
    open_page(page, server, routes.invite("no-such-link"))
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()
    yield "invite-over"


def _dashboard(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.DASHBOARD)
    yield "dashboard"
    page.locator("button.cal__d").first.click()
    expect(page.locator(".calday")).to_be_visible()
    yield "dashboard-day"
    page.locator(".profilebtn").click()
    expect(page.locator("#profile-menu")).to_be_visible()
    yield "dashboard-profile-menu"
    page.keyboard.press("Escape")
    more = page.get_by_role("button", name="More")
    if more.is_visible():
        more.click()
        expect(page.locator("#more")).to_be_visible()
        yield "dashboard-more"
        page.keyboard.press("Escape")


def _notifications(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.NOTIFICATIONS)
    yield "notifications"


def _appointments(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.APPOINTMENTS)
    yield "appointments"
    page.get_by_role("button", name="Get a private address").click()
    expect(page.locator(".feedaddress")).to_be_visible()
    yield "appointments-calendar"
    page.get_by_role("button", name="Turn off").click()
    expect(page.locator(".feedaddress")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    page.get_by_role("link", name="Past Appointments").click()
    expect(page.get_by_role("heading", level=3).first).to_be_visible()
    yield "appointments-past"
    page.get_by_role("link", name="View HydraFacial Deluxe").click()
    expect(page.get_by_role("region", name="Invoice")).to_be_visible()
    settle(page)
    yield "appointment-past"
    open_page(page, server, routes.appointment("0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"))
    yield "appointment-missing"


def _cancelling(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.APPOINTMENTS)
    page.get_by_role("link", name="View Botox").click()
    expect(page.get_by_role("region", name="Paperwork")).to_be_visible()
    settle(page)
    yield "appointment"
    page.get_by_role("button", name="Cancel Botox").click()
    dialog = page.get_by_role("dialog", name="Cancel this visit?")
    expect(dialog).to_be_visible()
    yield "appointment-cancel"
    dialog.get_by_role("button", name="Cancel visit").click()
    expect(dialog.get_by_text("Choose one of the reasons.")).to_be_visible()
    yield "appointment-cancel-wrong"
    dialog.get_by_label("Something came up").check()
    dialog.get_by_role("button", name="Cancel visit").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    open_page(page, server, routes.APPOINTMENTS)
    yield "appointments-cancelled"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Confirm Botox")).to_be_visible()
    page.get_by_role("button", name="Close").click()


def _reschedule(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.APPOINTMENTS)
    page.get_by_role("link", name="Reschedule Botox").click()
    sheet = page.get_by_role("dialog", name="Reschedule")
    expect(sheet.get_by_role("radio").first).to_be_attached()
    yield "reschedule"
    sheet.locator("label.slot").nth(2).click()
    expect(sheet.get_by_text("New time: ")).to_be_visible()
    yield "reschedule-chosen"
    open_page(page, server, routes.reschedule("0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"))
    expect(page.get_by_role("dialog", name="Reschedule")).to_contain_text("We could not find that appointment.")
    yield "reschedule-missing"


def _task_management(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.TASK_MANAGEMENT)
    yield "task-management"
    page.get_by_role("tab", name="Questionnaires").click()
    expect(page.get_by_role("tabpanel", name="Questionnaires")).to_be_visible()
    yield "task-management-questionnaires"
    page.get_by_role("tab", name="Consents").click()


def _questionnaire(page: Page, server: PortalServer, contact: str) -> Iterator[str]:
    """One with every type of question: each step, what it lacks, an answer that was changed elsewhere, the review, and
    filled."""
    form_id = asked.ask(server, contact, "Health Check", QUESTIONS)
    open_page(page, server, routes.questionnaire(str(form_id)))
    yield "questionnaire"
    page.get_by_label("Your weight").fill("9")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("2 questions still need an answer.")).to_be_visible()
    yield "questionnaire-lacks"
    page.context.set_offline(True)  # what is changed elsewhere is not heard of while the answer is typed
    page.get_by_label("Your weight").fill("140")
    asked.overwrite(server, form_id, "weight", "150")
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Use that answer")).to_be_visible(timeout=SLOW)
    page.get_by_label("Your birthday").fill("3/14/1988")
    expect(page.locator(".qsaved .saved")).to_be_hidden()
    yield "questionnaire-elsewhere"
    page.get_by_role("button", name="Use that answer").click()
    expect(page.locator("[data-unsaved]")).to_have_count(0)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Your health today")).to_be_visible()
    page.get_by_role("group", name="Are you pregnant?").get_by_label("No").check()
    page.get_by_label("Flu").check()
    page.get_by_label("Latex").check()
    expect(page.locator("[data-unsaved]")).to_have_count(0)
    yield "questionnaire-choices"
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Anything else")).to_be_visible()
    yield "questionnaire-signature"
    page.get_by_role("button", name="Type", exact=True).click()
    page.get_by_label("Type your name as your signature").fill("Amelia Hart")
    page.get_by_role("button", name="Keep this signature").click()
    expect(page.get_by_role("button", name="Sign again")).to_be_visible()
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", name="Review your answers")).to_be_visible()
    yield "questionnaire-review"
    page.get_by_role("button", name="Submit").click()
    expect(page.locator(".pill", has_text="Filled")).to_be_visible()
    yield "questionnaire-filled"


def _consent(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.TASK_MANAGEMENT)
    page.get_by_role("link", name="View ").first.click()
    expect(page.get_by_role("link", name="Sign", exact=True)).to_be_visible()
    settle(page)
    yield "consent"
    page.get_by_role("link", name="Sign", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("canvas")).to_be_visible()
    yield "consent-sign"
    scribble(page)
    dialog.locator("[name=intent]").check()
    for initials in dialog.get_by_label("Your initials").all():
        initials.fill("AH")
    for choice in dialog.get_by_role("radio").all()[:1]:
        choice.check()
    expect(dialog.locator("#lacks")).to_have_text("")
    yield "consent-sign-drawn"
    dialog.get_by_role("button", name="Type", exact=True).click()
    dialog.get_by_label("Type your full legal name").fill("Amelia Hart")
    expect(dialog.locator(".typed")).to_have_text("Amelia Hart")
    yield "consent-sign-typed"
    open_page(page, server, routes.TASK_MANAGEMENT)
    page.get_by_role("region", name="Completed").get_by_role("link", name="View ").first.click()
    expect(page.get_by_role("link", name="Download PDF")).to_be_visible()
    settle(page)
    yield "consent-signed"
    open_page(page, server, routes.consent("0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"))
    yield "consent-missing"


def _witness(page: Page, server: PortalServer, contact: str) -> Iterator[str]:
    form_id = paper.ask_for(server, contact, "Minor Procedure Consent", '{"needs_witness": true}')
    open_page(page, server, routes.consent_sign(str(form_id)))
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Type", exact=True).click()
    dialog.get_by_label("Type your full legal name").fill("Amelia Hart")
    dialog.locator("[name=intent]").check()
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="Witness details")).to_be_visible()
    settle(page)
    yield "consent-witness"
    page.get_by_label("Full legal name").fill("Amelia Hart")
    scribble(page)
    page.locator("[name=intent]").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Choose what you are to the patient.")).to_be_visible()
    yield "consent-witness-wrong"
    page.get_by_label("Full legal name").fill("Daniel Hart")
    page.get_by_label("Relation to the patient").select_option("Spouse or partner")
    page.locator("[name=adult]").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("img", name="Signature of Daniel Hart")).to_be_visible()
    settle(page)
    yield "consent-witnessed"


def scribble(page: Page) -> None:
    """Draw a signature on the pad with the mouse."""
    pad = page.locator(".sigpad canvas")
    pad.scroll_into_view_if_needed()
    box = at_rest(page, pad)
    left, middle = box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5
    page.mouse.move(left, middle)
    page.mouse.down()
    for step in range(24):
        page.mouse.move(left + step * box["width"] * 0.022, middle + (24 if step % 4 < 2 else -24))
    page.mouse.up()


def at_rest(page: Page, part: Locator) -> FloatRect:
    """Where a part of the page is, once it has stopped moving: the phone was turned, the sheet rises."""
    expect(part).to_be_visible()
    box, before = part.bounding_box(), None
    while box != before:
        page.wait_for_timeout(60)
        box, before = part.bounding_box(), box
    assert box
    return box


def _profile(page: Page, server: PortalServer) -> Iterator[str]:
    open_page(page, server, routes.PROFILE)
    yield "profile"
    page.get_by_label("Phone number").first.fill("555")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#phone-error")).to_be_visible()
    yield "profile-wrong"
    page.get_by_label("Phone number").first.fill("(971) 555-0298")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Confirm your phone number")).to_be_visible()
    yield "profile-confirm"
    page.get_by_role("button", name="Keep my old one").click()
    page.locator(".toast").get_by_role("button", name="Close").click()  # it rises over the next button
    page.get_by_role("button", name="Log out of all devices").click()
    expect(page.get_by_role("heading", name="Log out of all devices?")).to_be_visible()
    yield "profile-all-devices"
    page.get_by_role("button", name="Stay logged in").click()
    page.get_by_role("link", name="See who opened it").click()
    expect(page.get_by_role("heading", name="Who opened my record")).to_be_visible()
    settle(page)
    yield "record-access"


_LONG_AGO = """
import sys
from datetime import timedelta
from sqlmodel import select
from portal.models import Session
from portal.security.sessions import session_hash
from portal.work import open_work
with open_work() as work:
    session = work.db.exec(select(Session).where(Session.token_hash == session_hash(sys.argv[1]))).one()
    session.seen_at = work.now() - timedelta(minutes=13, seconds=10)
    work.db.add(session)
"""


def _away(page: Page, server: PortalServer, token: str) -> Iterator[str]:
    """Nobody has touched anything for 13 minutes."""
    page.clock.install()
    open_page(page, server, routes.DASHBOARD)
    run(server, _LONG_AGO, token)
    page.clock.fast_forward("13:05")
    expect(page.get_by_role("alertdialog", name="Are you still there?")).to_be_visible()
    yield "still-there"
    page.get_by_role("button", name="Stay logged in").click()
