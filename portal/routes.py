"""Every address of the portal, once: a constant, or a builder where it has a part that varies."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

HOME = "/"
LOGIN = "/login"
SIGN_UP = "/sign-up"
INVITE = "/invite/[token]"
DASHBOARD = "/dashboard"
APPOINTMENTS = "/appointments"
APPOINTMENT = "/appointments/[visit_id]"
RESCHEDULE = "/appointments/[visit_id]/reschedule"
NOTIFICATIONS = "/notifications"
TASK_MANAGEMENT = "/task-management"
CONSENT = "/consent/[form_id]"
CONSENT_SIGN = "/consent/[form_id]/sign"
CONSENT_WITNESS = "/consent/[form_id]/witness"
QUESTIONNAIRE = "/questionnaire/[form_id]"
VERIFY = "/verify"
PROFILE = "/profile"
RECORD_ACCESS = "/profile/record-access"
HELP = "/help"
PRIVACY = "/privacy"
TERMS = "/terms"
NOT_FOUND = "404"  # any other address

STAFF = "/staff"
STAFF_LOGIN = "/staff/login"
STAFF_LOCK = "/staff/lock"
STAFF_ACCOUNT = "/staff/account"
STAFF_CLIENTS = "/staff/clients"
STAFF_CLIENT = "/staff/clients/[client_id]"
STAFF_CLIENT_EDIT = "/staff/clients/[client_id]/edit"
STAFF_CLIENT_MERGE = "/staff/clients/[client_id]/merge"
STAFF_APPOINTMENTS = "/staff/appointments"
STAFF_TASKS = "/staff/task-management"
STAFF_NOTICES = "/staff/notifications"
STAFF_SETTINGS = "/staff/settings"
STAFF_AUDIT = "/staff/audit-log"
STAFF_REFERRALS = "/staff/referral-sources"
PROVIDER = "/provider"

DEV_GALLERY = "/dev/gallery"
DEV_OUTBOX = "/dev/outbox"
DEV_OUTBOX_JSON = "/dev/outbox.json"

# Plain HTTP, not pages: forms post here and links to them must leave the client-side router (`reloadDocument`).
SESSION = "/session"
SESSION_END = "/session/end"
STAFF_SESSION = "/staff/session"
STAFF_DOCUMENTS = "/staff/documents"
STAFF_PHOTOS = "/staff/photos"
STAFF_SESSION_END = "/staff/session/end"
OPT_OUTS = "/api/opt-outs"
TWILIO_INBOUND = "/twilio/inbound"
CAPTCHA_CHALLENGE = "/captcha/challenge"
DOCUMENTS = "/documents"
PHOTOS = "/photos"
VERIFICATION = "/verify/document"
CALENDAR = "/calendar"
UNSUBSCRIBE = "/unsubscribe"
HEALTH = "/_health"
METRICS = "/metrics"


def login(back_to: str = "", ended: str = "") -> str:
    """Where one logs in: `back_to` is the address to go on to, `ended` the log-in page's word for why one was sent."""
    path = back_to[:200].partition("?")[0]  # two refusals must not pile up
    known = path.startswith("/") and not path.startswith("//") and path not in {HOME, LOGIN}
    words = [f"ended={ended}"] * bool(ended) + [f"next={quote(path)}"] * known
    return f"{LOGIN}?{'&'.join(words)}" if words else LOGIN


def inside(wanted: str) -> bool:
    """Whether it is an address of this portal, and no other site's in disguise."""
    parts = urlsplit(wanted)
    plain = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return plain and len(wanted) <= 300 and wanted.isprintable()


def is_staff(path: str) -> bool:
    """Whether a page is on the staff side."""
    return path.strip("/").partition("/")[0] in {"staff", "provider"}


def staff_login(back_to: str = "", ended: str = "") -> str:
    """Where staff log in, and go on from; `ended` is the page's word for why one was sent."""
    address = _back(STAFF_LOGIN, back_to)
    return f"{address}{'&' if '?' in address else '?'}ended={ended}" if ended else address


def staff_lock(back_to: str = "") -> str:
    """Where staff unlock their screen, and go on from."""
    return _back(STAFF_LOCK, back_to)


def staff_next(wanted: str) -> str:
    """A page of the staff side to go on to, or the clients: nobody is sent to another site, or to a door again."""
    path = wanted.partition("?")[0].partition("#")[0]
    doors = (STAFF_LOGIN, STAFF_LOCK, STAFF_SESSION)
    fit = inside(wanted) and is_staff(path) and not path.startswith(doors) and path.strip("/") != "staff"
    return wanted if fit else STAFF_CLIENTS


def staff_client(client_id: str, tab: str = "") -> str:
    """A client's profile, one of its tabs."""
    return f"{STAFF_CLIENTS}/{client_id}{f'?tab={tab}' if tab else ''}"


def staff_schedule(
    *,
    view: str = "day",
    day: object = None,
    provider: object = None,
    clinic: object = None,
    gone: bool = False,
    visit: object = None,
) -> str:
    """The schedule of a day or a week, of one provider or clinic or all, with one visit open over it."""
    given = {"view": view if view != "day" else "", "day": day, "provider": provider, "clinic": clinic}
    given |= {"gone": "1" if gone else "", "visit": visit}
    words = "&".join(f"{name}={quote(str(value))}" for name, value in given.items() if value)
    return f"{STAFF_APPOINTMENTS}?{words}" if words else STAFF_APPOINTMENTS


def staff_client_edit(client_id: str) -> str:
    """Where all of a client's record is edited."""
    return f"{STAFF_CLIENTS}/{client_id}/edit"


def _back(door: str, back_to: str) -> str:
    path, _, query = back_to[:200].partition("?")
    if not is_staff(path) or path.startswith((STAFF_LOGIN, STAFF_LOCK)):  # two refusals must not pile up
        return door
    return f"{door}?next={quote(f'{path}?{query}' if query else path)}"


def consent(form_id: str) -> str:
    """Where one consent is read."""
    return f"/consent/{form_id}"


def consent_sign(form_id: str) -> str:
    """Where one consent is signed."""
    return f"/consent/{form_id}/sign"


def consent_witness(form_id: str) -> str:
    """Where somebody who is present witnesses one consent."""
    return f"/consent/{form_id}/witness"


def questionnaire(form_id: str) -> str:
    """Where one questionnaire is filled, and read once it is."""
    return f"/questionnaire/{form_id}"


def verify(document_id: str) -> str:
    """Where anybody sees whether a document with this number is ours."""
    return f"{VERIFY}/{document_id}"


def photo(photo_id: str) -> str:
    """Where one photograph is seen by those who may."""
    return f"{PHOTOS}/{photo_id}"


def small_photo(photo_id: str) -> str:
    """The same, small."""
    return f"{PHOTOS}/{photo_id}?size=small"


def photos_of(form_id: str) -> str:
    """Where photographs for a questionnaire are sent."""
    return f"{PHOTOS}/forms/{form_id}"


def form_pdf(form_id: str) -> str:
    """Where one form is downloaded, open or sealed."""
    return f"{DOCUMENTS}/forms/{form_id}.pdf"


def staff_form_pdf(form_id: str) -> str:
    """Where staff download a client's form."""
    return f"{STAFF_DOCUMENTS}/forms/{form_id}.pdf"


def staff_photo(photo_id: str) -> str:
    """Where staff see a client's photograph."""
    return f"{STAFF_PHOTOS}/{photo_id}"


def appointment(visit_id: str) -> str:
    """Where one visit is seen."""
    return f"{APPOINTMENTS}/{visit_id}"


def reschedule(visit_id: str) -> str:
    """Where another time is chosen for a visit."""
    return f"{APPOINTMENTS}/{visit_id}/reschedule"


def visit_ics(visit_id: str) -> str:
    """Where one visit is taken into a calendar."""
    return f"{CALENDAR}/visits/{visit_id}.ics"


def calendar_feed(token: str) -> str:
    """The private address of a patient's calendar."""
    return f"{CALENDAR}/{token}.ics"


def unsubscribe(token: str) -> str:
    """Where emails are switched off without a log-in."""
    return f"{UNSUBSCRIBE}/{token}"


def invite(token: str) -> str:
    """The link in an invitation."""
    return f"/invite/{token}"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the patient's menu; `group` separates the hairlines of the left menu."""

    label: str
    href: str
    icon: str
    group: int


# In the order of the design. An entry joins when its page exists.
MENU: tuple[MenuItem, ...] = (
    MenuItem("Dashboard", DASHBOARD, "layout-grid", 0),
    MenuItem("Appointments", APPOINTMENTS, "calendar-days", 0),
    MenuItem("Task Management", TASK_MANAGEMENT, "clipboard-list", 0),
    MenuItem("Notifications", NOTIFICATIONS, "bell", 3),
)
