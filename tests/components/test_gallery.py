"""The gallery shows everything, and everything has its style."""

import ast
import re
from pathlib import Path

import reflex as rx

from portal import routes
from portal.components import layout, ui
from portal.pages.dev import gallery

CSS = Path("assets/components.css").read_text() + Path("assets/tokens.css").read_text()
#: Class names without rules of their own: they mark an element for its parent's rule.
WITHOUT_RULES = {"light", "dark", "thread__step", "visit__thread", "row__body", "auth__foot", "sigblock", "r"}


def test_every_component_is_shown():
    tree = ast.parse(Path(gallery.__file__).read_text())
    shown = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ui"
    }
    assert set(ui.__all__) - shown == set()


def test_every_component_is_documented():
    assert [name for name in ui.__all__ if not getattr(ui, name).__doc__] == []


def test_every_class_has_a_rule():
    frames = [
        gallery.gallery(),
        layout.patient_page("Dashboard", today="Today"),
        layout.patient_page("Notifications"),
        layout.focused_page(("/", "Dashboard"), "Sign", actions=[ui.button("Sign")]),
        layout.auth_page("Hello"),
        layout.staff_page("Clients"),
    ]
    known = set(re.findall(r"\.([a-z][\w-]*)", CSS)) | WITHOUT_RULES
    used = {name for frame in frames for name in class_names(frame)}
    assert used - known == set()


def class_names(component: rx.Component) -> set[str]:
    """The class names in what a component renders, those chosen in the browser included."""
    found: set[str] = set()
    for text in re.findall(r"className:(.*?)(?:'|$)", str(component.render())):
        for literal in re.findall(r'(?<!\[)"([^"]*)"', text):
            found.update(word for word in literal.split() if re.fullmatch(r"[a-z][a-z0-9_-]*", word))
    return found


def test_the_menu_marks_where_one_is():
    shown = str(layout.patient_page("Dashboard").render())
    assert '"aria-current":"page"' in shown
    assert 'href:"#main"' in shown


def test_no_entry_for_a_page_that_does_not_exist():
    shown = str(layout.patient_page("Dashboard").render())
    labels = {item.label for item in routes.MENU}
    for label in ("Appointments", "Prescriptions", "Client Wallet", "Notifications"):
        assert (f'"{label}"' in shown) == (label in labels)


def test_the_bell_counts_what_is_new_and_leads_there():
    shown = str(layout.patient_page("Dashboard").render())
    assert "bell__n" in shown
    assert shown.count(f'to:"{routes.NOTIFICATIONS}"') >= 2, "the bell and the menu"
    assert "unread_rx_state_" in shown
