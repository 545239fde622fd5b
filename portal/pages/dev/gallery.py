"""Every component in every state, light and dark beside each other. A test reads that none is missing."""

from collections.abc import Callable
from typing import Any, Literal

import reflex as rx

from portal.components import ui
from portal.components.ui.status import STATUSES
from portal.state.bridge import public_event

Theme = Literal["light", "dark"]
GROUP = {"display": "grid", "gap": "1rem", "gridTemplateColumns": "minmax(0, 1fr)"}
KIT = GROUP | {
    "gap": "2.25rem",
    "padding": "2rem var(--gutter) 3rem",
    "background": "var(--canvas)",
    "color": "var(--ink)",
}
SIDES = {"display": "grid", "gridTemplateColumns": "repeat(auto-fit, minmax(min(100%, 34rem), 1fr))"}


class GalleryState(rx.State):
    """What opens and closes in the gallery."""

    asking: str = ""
    message: str = ""

    @public_event
    async def ask(self, which: str) -> None:
        """Open one of the dialogs; an empty name closes it."""
        self.asking = which

    @public_event
    async def say(self, message: str) -> None:
        """Show a toast; an empty one takes it away."""
        self.message = message


ASK: Any = GalleryState.ask
SAY: Any = GalleryState.say


def gallery() -> rx.Component:
    """The page."""
    return rx.fragment(
        ui.skip_link(),
        rx.el.main(
            rx.el.header(
                ui.page_head("Components", sub="One set of parts in both themes."), custom_attrs={"style": KIT}
            ),
            rx.el.div(kit("light"), kit("dark"), custom_attrs={"style": SIDES}),
            custom_attrs={"id": "main", "tabIndex": -1},
        ),
        dialogs(),
        ui.feedback(GalleryState.message, on_dismiss=SAY("")),
        ui.reconnecting_banner(),
        ui.live_region(rx.el.span(GalleryState.asking, class_name="vh")),
        ui.idle_timer(idle_seconds=3600, warn_seconds=60, on_active=rx.noop(), on_warn=rx.noop(), on_expire=rx.noop()),
    )


def kit(theme: Theme) -> rx.Component:
    """All parts in one theme."""
    title = rx.el.h2(theme.title(), class_name="display")
    return rx.el.section(
        title,
        *(group(words, make(theme)) for words, make in GROUPS),
        class_name=theme,
        custom_attrs={"style": KIT, "aria-label": theme.title()},
    )


def group(title: str, parts: list[rx.Component]) -> rx.Component:
    """One family."""
    return rx.el.div(rx.el.h3(title, class_name="title2"), *parts, custom_attrs={"style": GROUP})


def typography(_: Theme) -> list[rx.Component]:
    """The type scale, text helpers, a rule."""
    return [
        rx.el.p("Good morning, Amelia", class_name="display"),
        rx.el.p("Botox, forehead and glabella", class_name="title1"),
        rx.el.p("Important Reminders", class_name="title2"),
        rx.el.p("Neurotoxin Treatment Consent", class_name="title3"),
        ui.rule(),
        ui.prose(rx.el.h4("What to expect"), rx.el.p("Lines that show at rest may soften without disappearing.")),
        ui.split(rx.el.p("With Naomi Reyes, NP", class_name="sm muted"), rx.el.p("45 minutes", class_name="xs faint")),
    ]


def buttons(theme: Theme) -> list[rx.Component]:
    """Buttons, icon buttons, links, downloads, a menu."""
    return [
        ui.cluster(
            ui.button("Confirm", kind="primary", icon_name="check"),
            ui.button("Reschedule"),
            ui.button("Cancel", kind="quiet"),
            ui.button("Cancel visit", kind="danger"),
            ui.button("Delete", kind="danger-solid"),
            ui.button("Remove", kind="quiet-danger"),
        ),
        ui.cluster(
            ui.button("Sign", kind="primary", disabled=True),
            ui.button("Save", kind="primary", loading=True, loading_text="Saving"),
            ui.button("Edit", small=True, icon_name="pencil"),
            ui.button_link("View", href="/dev/gallery", small=True, label="View HydraFacial Consent"),
            ui.icon_button("download", "Download", lined=True),
            ui.icon_button("x", "Close"),
            ui.icon("star", 24, label="Member"),
        ),
        ui.cluster(
            ui.link("Try another way", href="/dev/gallery"),
            ui.link_button("Use email to log in", on_click=rx.noop(), icon_name="mail"),
            ui.download_link("/documents/none.pdf", "Download the sample"),
            ui.phone_link("(503) 555-0142", "tel:+15035550142"),
            ui.anchor("A plain link", href="#main"),
            ui.menu(
                ui.menu_link("My Profile", "/dev/gallery", "user-round"),
                ui.menu_button("Log out", rx.noop(), "log-out"),
                id=f"menu-{theme}",
                trigger="Actions",
            ),
        ),
    ]


def inputs(theme: Theme) -> list[rx.Component]:
    """Fields in rest, hint, error and read-only, and every kind of choice."""
    yes_no = [("yes", "Yes"), ("no", "No"), ("unsure", "Unsure")]
    p = theme
    return [
        ui.fields(
            ui.phone_field(id=f"{p}-phone", default_value="(503) 555-0187", hint="Your passcodes arrive here."),
            ui.text_field("Email address", "email", id=f"{p}-email", type="email", optional=True),
            ui.text_field(
                "Date of birth", "dob", id=f"{p}-dob", default_value="03/14/19", error="Use 4 digits for the year"
            ),
            ui.text_field("Member since", "since", id=f"{p}-since", default_value="2021", read_only=True),
            ui.select_field(
                "Primary clinic", "clinic", [("a", "Pearl District"), ("b", "Lake Oswego")], id=f"{p}-clinic"
            ),
            ui.field(
                "Anything",
                rx.el.input(id=f"{p}-any", class_name="input"),
                id=f"{p}-any",
                hint="A frame for any control",
            ),
            ui.text_area("Anything else?", "more", id=f"{p}-more", optional=True, wide=True),
        ),
        ui.otp(name=f"{p}-code", hint="Use the most recent text.", on_complete=rx.noop()),
        ui.otp("One-time passcode, refused", name=f"{p}-wrong", error="This passcode has expired. Choose Resend."),
        ui.countdown(24, on_done=rx.noop()),
        ui.copy_button("Tue, Nov 24 at 10:30 AM", "Copy the time"),
        ui.choice_group("Are you pregnant?", f"{p}-pregnant", yes_no, value="no", row=True),
        ui.choice_group(
            "Have you had any of these?", f"{p}-had", [("flu", "A cold, flu or fever")], many=True, values=["flu"]
        ),
        ui.choice_group("Blood thinners?", f"{p}-blood", yes_no[:2], row=True, error="Choose Yes or No"),
        ui.check("I intend this to be my legal signature", name=f"{p}-intent", default_checked=True),
        ui.check("I have read the notice", name=f"{p}-notice", error="Tick this to go on"),
        ui.switch("Text messages", f"{p}-texts", checked=True, note=" about visits"),
        ui.slots("Morning", f"{p}-slot", [("9", "9:00 AM"), ("10", "10:30 AM"), ("11", "11:45 AM")]),
        ui.captcha(name=f"{p}-altcha"),
        ui.field_error("A problem beside its question", f"{p}-problem"),
    ]


def statuses(_: Theme) -> list[rx.Component]:
    """Pills, counts, flags, marks."""
    return [
        ui.cluster(*map(ui.status_pill, STATUSES), gap=".5rem"),
        ui.cluster(
            ui.count(3, "to complete"),
            ui.count(2, "overdue", tone="alert"),
            ui.count(4, "new", tone="quiet"),
            ui.dot("New"),
            ui.avatar("AH"),
            ui.avatar("AH", large=True),
            ui.flag("allergy"),
            ui.flags(allergy=True, member=True, on_hold=True, expiring=True),
            ui.pill("48 px", icon_name="info", tone="brand"),
        ),
    ]


def lit_cards(theme: Theme) -> list[rx.Component]:
    """The visit, its thread, what is due, a plain lit card."""
    steps = ui.thread(
        ui.thread_step("1", "Confirmed", state="done"),
        ui.thread_step("2", "Complete 3 forms", "About 8 minutes", href="/dev/gallery", state="now"),
        ui.thread_step("3", "Arrive at 10:20 AM"),
    )
    return [
        ui.visit_card(
            eyebrow=f"Your next visit is in 3 days ({theme})",
            wide=False,
            day="24",
            weekday="Tuesday",
            month="November",
            time="10:30 AM",
            title="Botox, forehead and glabella",
            details="With Naomi Reyes, NP, 45 minutes, Pearl District",
            acts=[ui.button("Confirm", kind="primary"), ui.button("Reschedule"), ui.button("Cancel", kind="quiet")],
            steps=steps,
            id=f"{theme}-visit",
        ),
        ui.due_card(
            "3",
            f"forms to complete before Tuesday, November 24 ({theme})",
            "About 8 minutes.",
            ui.button("Start with the first form", kind="primary"),
            done=5,
            of=8,
            id=f"{theme}-due",
        ),
        ui.lit(rx.el.p("The halo", class_name="title2")),
    ]


def cards(theme: Theme) -> list[rx.Component]:
    """Cards, rows, terms, money."""
    return [
        ui.section(
            f"Paperwork, {theme}",
            ui.rows(
                ui.row("HydraFacial Consent", meta="Signed on October 20, 2026", icon_name="file-pen-line"),
                ui.row(
                    "HydraFacial Deluxe", meta="2:00 PM, 60 minutes", lead=ui.day("10", "Thu, Dec"), href="/dev/gallery"
                ),
                tight=True,
            ),
            tools=ui.link("Task Management", href="/dev/gallery"),
            id=f"{theme}-paperwork",
        ),
        ui.card(
            ui.rows(
                ui.doc_row(
                    "Neurotoxin Treatment Consent",
                    ui.status_pill("Not Signed"),
                    "For Botox on Tue, Nov 24. About 3 minutes.",
                    ui.button("Sign", small=True, label="Sign Neurotoxin Treatment Consent"),
                )
            )
        ),
        ui.well(ui.kv(("Date of birth", "03/14/1988"), ("Age", "38"))),
        ui.reminders(("clock", "Arrive 10 minutes early."), ("square-parking", "Park in the garage on Hoyt Street.")),
        ui.totals(ui.total("HydraFacial Deluxe", "$185.00"), ui.total("Total", "$185.00", last=True)),
    ]


def tabs_and_calendar(theme: Theme) -> list[rx.Component]:
    """Tabs, segments, appearance, a month."""
    blank, day = ui.CalendarDay(), ui.CalendarDay
    weeks = [
        [blank, day(1, "2026-12-01", "December 1"), day(2, "2026-12-02", "December 2, today", today=True)],
        [
            day(3, "2026-12-03", "December 3, 2 visits", visits=2),
            day(4, "2026-12-04", "December 4, past", 1, past=True),
        ],
    ]
    free = [[day(7, "2026-12-07", "Monday 7", chosen=True), day(8, "2026-12-08", "Tuesday 8", open=False)]]
    return [
        ui.tab_links(
            f"Task Management, {theme}",
            ui.tab_link("Consents", "/dev/gallery", current=True, count=ui.count(2, "to complete", tone="alert")),
            ui.tab_link("Questionnaires", "/dev/gallery"),
        ),
        ui.tabs(
            f"Sample, {theme}",
            ui.tab("Upcoming", f"{theme}-a", selected=True, on_click=rx.noop()),
            ui.tab("Past", f"{theme}-b", selected=False, on_click=rx.noop()),
        ),
        ui.tab_panel(f"{theme}-a", rx.el.p("What the tab shows")),
        rx.el.div(custom_attrs={"id": f"panel-{theme}-b", "hidden": True}),
        ui.segments(
            "How to sign",
            ui.segment("Draw", pressed=True, on_click=rx.noop(), icon_name="pen-line"),
            ui.segment("Type", pressed=False, on_click=rx.noop(), icon_name="type"),
        ),
        ui.appearance(),
        ui.month_calendar("December 2026", weeks, id=f"{theme}-cal", on_day=lambda date: SAY(date)),
        ui.month_calendar("Choose a day", free, id=f"{theme}-free", on_day=lambda date: SAY(date), every_day=True),
    ]


def tables(theme: Theme) -> list[rx.Component]:
    """A table with its toolbar, at staff density."""
    return [
        rx.el.div(
            ui.card(
                ui.toolbar(ui.button("Unsigned paperwork", small=True), ui.button("Members", small=True)),
                ui.table(
                    f"Clients, {theme}",
                    ["Client", "Paperwork", ("Total sales", "r")],
                    ui.table_row(
                        ui.split("Amelia Hart", ui.flags(allergy=True)), ui.status_pill("Signed"), ("$1,985.00", "r")
                    ),
                    ui.table_row("Beatriz Okafor", ui.status_pill("Not Signed"), ("$6,420.00", "r"), selected=True),
                ),
                flush=True,
            ),
            class_name="staff",
        )
    ]


def feedback(theme: Theme) -> list[rx.Component]:
    """Toasts, banners, progress, waiting, nothing, faults; dialogs and sheets behind buttons."""
    return [
        ui.toast("Visit confirmed", action=ui.link_button("Undo", on_click=rx.noop())),
        ui.banner("You are offline.", "We save your answers when you are back.", tone="warn", icon_name="wifi-off"),
        ui.banner("1 question still needs an answer.", tone="danger"),
        ui.banner("Back online.", "All answers saved at 9:14 AM.", tone="ok"),
        ui.progress(f"Sample progress, {theme}", 2, 4),
        ui.meter(4, 6, "sessions left"),
        ui.loading(f"Loading the sample, {theme}", ui.skeleton("2rem", "70%"), ui.skeleton_card()),
        ui.empty_state("check", "Nothing to complete", "New forms appear here and we text you.", heading="h4"),
        ui.error_state(
            "This page did not load",
            "The problem is on our side. Nothing that you entered was lost.",
            "LM-7Q4K-2291",
            ui.button("Try again", small=True),
            heading="h4",
        ),
        ui.saved("Saved at 9:14 AM"),
        ui.cluster(
            ui.button("Open a dialog", on_click=ASK("dialog")),
            ui.button("Open a question", on_click=ASK("confirm")),
            ui.button("Edit in place", on_click=ASK("place"), custom_attrs={"id": f"edit-{theme}"}),
            ui.button("Open a sheet", custom_attrs=ui.opens("gallery-sheet")),
            ui.button("Show a toast", on_click=SAY("Visit confirmed for Tue, Nov 24")),
        ),
    ]


def signing(theme: Theme) -> list[rx.Component]:
    """The pad, the typed name, signature lines."""
    ink = ui.signature_ink("M16 88C26 58 44 16 58 12c9-2 3 40 6 76", "0 0 360 110", "Signature of Amelia Hart")
    return [
        ui.signature_pad(label=f"Draw your signature, {theme}", caption="Amelia Hart, November 21, 2026"),
        ui.typed_signature("Amelia Hart", "Amelia Hart, November 21, 2026"),
        ui.signature_blocks(
            ui.signature_block(
                "Amelia Hart", "Patient, November 20, 2026 at 6:42 PM", ink=ink, pill=ui.status_pill("Signed")
            ),
            ui.signature_block("Daniel Hart", "Guardian", typed="Daniel Hart"),
            ui.signature_block("Witness", "Any adult who is not treating you", waiting=True),
            label=f"Signatures, {theme}",
        ),
    ]


def _edited_in_place(close: Any) -> rx.Component:
    """A datum while it is edited, and what is not saved of it."""
    on_file: Any = rx.Var.create({"street": "41 Marlow Street"})
    form = rx.el.form(
        ui.text_field("Street", "street", default_value="41 Marlow Street"),
        ui.unsaved_work(on_file, on_file, on_keep=lambda typed: rx.noop(), on_discard=close),
        ui.button("Cancel", on_click=close),
        class_name="stack",
    )
    return ui.in_place(form, opener="edit-light", on_leave=close)


def dialogs() -> rx.Component:
    """What opens over the page."""
    close = ASK("")
    return rx.fragment(
        ui.dialog(
            "Sign",
            ui.stack(rx.el.p("Neurotoxin Treatment Consent, version 4.2"), ui.signature_pad(caption="Amelia Hart")),
            open=GalleryState.asking == "dialog",
            id="gallery-dialog",
            actions=[ui.button("Sign", kind="primary"), ui.button("Cancel", kind="quiet", on_click=close)],
            on_close=close,
        ),
        ui.confirm(
            "Cancel this visit?",
            "Botox on Tue, Nov 24 at 10:30 AM.",
            open=GalleryState.asking == "confirm",
            id="gallery-confirm",
            action=ui.button("Cancel visit", kind="danger"),
            keep="Keep it",
            on_close=close,
        ),
        rx.cond(GalleryState.asking == "place", _edited_in_place(close)),
        ui.sheet(
            ui.rows(ui.row("Prescriptions", icon_name="pill", href="/dev/gallery")),
            id="gallery-sheet",
            label="More",
            head=rx.el.h2("More", class_name="title1"),
        ),
    )


GROUPS: tuple[tuple[str, Callable[[Theme], list[rx.Component]]], ...] = (
    ("Type", typography),
    ("Buttons and links", buttons),
    ("Fields and choices", inputs),
    ("Status, always an icon and a word", statuses),
    ("The lit card", lit_cards),
    ("Cards and rows", cards),
    ("Tabs and calendar", tabs_and_calendar),
    ("Table, staff density", tables),
    ("Feedback", feedback),
    ("Signature", signing),
)
