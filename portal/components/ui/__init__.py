"""The design system: small functions that return components, named in the field's terms.

    from portal.components import ui
    ui.button("Confirm", kind="primary", on_click=State.confirm)

`/dev/gallery` shows each of them in each of its states.
"""

from portal.components.ui.appearance import appearance
from portal.components.ui.button import button, button_link, icon_button
from portal.components.ui.calendar import CalendarDay, month_calendar
from portal.components.ui.captcha import captcha
from portal.components.ui.card import card, due_card, lit, thread, thread_step, visit_card, well
from portal.components.ui.choice import check, choice_group, slots, switch
from portal.components.ui.copy import copy_button
from portal.components.ui.countdown import countdown
from portal.components.ui.dialog import confirm, dialog, opens, sheet
from portal.components.ui.feedback import (
    banner,
    empty_state,
    error_state,
    feedback,
    loading,
    reconnecting_banner,
    saved,
    skeleton,
    skeleton_card,
    toast,
)
from portal.components.ui.field import field, field_error, fields, phone_field, select_field, text_area, text_field
from portal.components.ui.icon import icon
from portal.components.ui.idle import idle_timer
from portal.components.ui.in_place import in_place
from portal.components.ui.layout import cluster, page_head, prose, rule, section, split, stack
from portal.components.ui.link import anchor, download_link, link, link_button, phone_link, skip_link
from portal.components.ui.live import live_region
from portal.components.ui.menu import menu, menu_button, menu_link
from portal.components.ui.otp import otp
from portal.components.ui.progress import meter, progress
from portal.components.ui.rows import day, doc_row, kv, reminders, row, rows, total, totals
from portal.components.ui.signature import (
    signature_block,
    signature_blocks,
    signature_ink,
    signature_pad,
    typed_signature,
)
from portal.components.ui.status import avatar, count, dot, flag, flags, pill, status_pill
from portal.components.ui.table import table, table_row, toolbar
from portal.components.ui.tabs import segment, segments, tab, tab_link, tab_links, tab_panel, tabs
from portal.components.ui.unsaved import unsaved_work

__all__ = [
    "CalendarDay", "anchor", "appearance", "avatar", "banner", "button", "button_link", "captcha", "card",
    "check", "choice_group", "cluster", "confirm", "copy_button", "count", "countdown", "day", "dialog", "doc_row",
    "dot", "download_link", "due_card", "empty_state", "error_state", "feedback", "field", "field_error", "fields",
    "flag", "flags", "icon", "icon_button", "idle_timer", "in_place", "kv", "link", "link_button", "lit", "live_region",
    "loading", "menu", "menu_button", "menu_link", "meter", "month_calendar", "opens", "otp", "page_head",
    "phone_field", "phone_link", "pill", "progress", "prose", "reconnecting_banner", "reminders", "row", "rows",
    "rule", "saved", "section", "segment", "segments", "select_field", "sheet", "signature_block",
    "signature_blocks", "signature_ink", "signature_pad", "skeleton", "skeleton_card", "skip_link", "slots",
    "split", "stack", "status_pill", "switch", "tab", "tab_link", "tab_links", "tab_panel", "table", "table_row",
    "tabs", "text_area", "text_field", "thread", "thread_step", "toast", "toolbar", "total", "totals",
    "typed_signature", "unsaved_work", "visit_card", "well",
]  # fmt: skip
