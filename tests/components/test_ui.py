"""What the components promise to assistive technology, read from what they render."""

import pytest
import reflex as rx

from portal.components import ui
from portal.components.ui.status import STATUSES


class SampleState(rx.State):
    """Vars to bind to."""

    busy: bool = False
    wrong: str = ""
    open: bool = False
    status: str = "Signed"
    done: int = 1


def html(component: rx.Component) -> str:
    """Everything that a component renders, as text."""
    return str(component.render())


class TestButton:
    def test_disabled_keeps_focus_and_says_so(self):
        shown = html(ui.button("Sign", disabled=True))
        assert '"aria-disabled":"true"' in shown
        assert "disabled:true" not in shown

    def test_enabled_has_no_aria_disabled(self):
        assert "aria-disabled" not in html(ui.button("Sign"))

    def test_loading_shows_the_verb_and_blocks(self):
        shown = html(ui.button("Pay", loading=True, loading_text="Paying $185.00"))
        assert "spinner" in shown
        assert "Paying $185.00" in shown
        assert '"aria-disabled":"true"' in shown

    def test_loading_by_var_is_decided_in_the_browser(self):
        assert "busy" in html(ui.button("Save", loading=SampleState.busy, loading_text="Saving"))

    def test_a_submit_button_that_is_off_does_not_submit(self):
        assert "preventDefault" in html(ui.button("Go", type="submit", disabled=SampleState.busy))

    def test_icon_button_is_named(self):
        assert '"aria-label":"Close"' in html(ui.icon_button("x", "Close"))


class TestIcon:
    def test_beside_words_it_is_hidden(self):
        assert '"aria-hidden":"true"' in html(ui.icon("check"))

    def test_alone_it_is_named(self):
        shown = html(ui.icon("star", label="Member"))
        assert 'role:"img"' in shown
        assert '"aria-label":"Member"' in shown

    def test_an_unknown_one_is_refused(self):
        with pytest.raises(KeyError):
            ui.icon("no-such-icon")


class TestField:
    def test_label_points_to_the_input(self):
        shown = html(ui.text_field("Email address", "email"))
        assert 'htmlFor:"email"' in shown
        assert 'id:"email"' in shown

    def test_error_and_hint_describe_the_input(self):
        shown = html(ui.text_field("Birth", "dob", error="Use 4 digits", hint="As on your card"))
        assert '"aria-describedby":"dob-error dob-hint"' in shown
        assert '"aria-invalid":"true"' in shown
        assert 'role:"alert"' in shown

    def test_without_error_only_the_hint(self):
        shown = html(ui.text_field("Birth", "dob", hint="As on your card"))
        assert '"aria-describedby":"dob-hint"' in shown
        assert "aria-invalid" not in shown

    def test_optional_is_said_and_not_required(self):
        shown = html(ui.text_field("Email", "email", optional=True))
        assert "Optional" in shown
        assert "aria-required" not in shown

    def test_inputs_are_uncontrolled(self):
        """A controlled input brings a debouncing library and waits for the server."""
        field = ui.text_field("Email", "email", default_value=SampleState.wrong, on_change=rx.noop())
        assert "DebounceInput" not in html(field)

    def test_passcode_fills_itself_from_a_text(self):
        shown = html(ui.otp(on_complete=rx.noop()))
        assert '"autoComplete":"one-time-code"' in shown or 'autoComplete:"one-time-code"' in shown
        assert 'inputMode:"numeric"' in shown


class TestChoice:
    def test_group_has_a_legend(self):
        assert '"legend"' in html(ui.choice_group("Pregnant?", "q1", [("y", "Yes"), ("n", "No")]))

    def test_switch_is_a_switch(self):
        assert 'role:"switch"' in html(ui.switch("Text messages", "sms"))


@pytest.mark.parametrize("word", STATUSES)
def test_a_status_is_a_word_with_an_icon(word: str):
    shown = html(ui.status_pill(word))
    assert word in shown
    assert '"path"' in shown


def test_a_status_var_finds_its_icon_in_the_browser():
    shown = html(ui.status_pill(SampleState.status, ("Signed", "Not Signed")))
    assert "circle-check" in shown
    assert "circle-alert" in shown
    assert "users-round" not in shown


class TestDialog:
    def test_is_named_by_its_title(self):
        shown = html(ui.dialog("Sign", open=True, id="sign", on_close=rx.noop()))
        assert '"aria-labelledby":"sign-title"' in shown
        assert "ModalDialog" in shown

    def test_a_question_is_an_alert_dialog(self):
        question = ui.confirm(
            "Cancel?",
            "It is free.",
            open=True,
            id="c",
            action=ui.button("Cancel visit"),
            keep="Keep it",
            on_close=rx.noop(),
        )
        assert 'role:"alertdialog"' in html(question)

    def test_closed_is_not_there(self):
        assert "ModalDialog" not in html(ui.dialog("Sign", open=False, id="sign"))

    def test_glue_is_declared_once_for_a_page(self):
        page = rx.fragment(ui.dialog("A", open=True, id="a"), ui.dialog("B", open=True, id="b"))
        assert sum("function ModalDialog" in code for code in page._get_all_custom_code()) == 1


def test_what_is_said_stays_above_an_open_dialog():
    """All that is outside a modal dialog is inert: a live region there would be neither seen nor heard."""
    code = " ".join(ui.reconnecting_banner()._get_all_custom_code())
    assert "dialog:modal" in code
    assert "modalchange" in code
    assert any("modalchange" in one for one in ui.dialog("A", open=True, id="a")._get_all_custom_code())


def test_a_menu_opens_from_its_button():
    shown = html(ui.menu(ui.menu_link("Edit", "/edit"), id="acts", trigger="Actions"))
    assert 'popoverTarget:"acts"' in shown
    assert 'popover:"auto"' in shown


def test_only_the_chosen_tab_is_in_the_tab_order():
    chosen = html(ui.tab("Upcoming", "a", selected=True, on_click=rx.noop()))
    other = html(ui.tab("Past", "b", selected=False, on_click=rx.noop()))
    assert "tabIndex:0" in chosen
    assert "tabIndex:-1" in other


def test_progress_follows_a_var():
    bar = ui.progress("Questions", SampleState.done, 4)
    assert 'role:"progressbar"' in html(bar)
    assert "sample_state" in str(bar._get_all_hooks()), "the width would be read from nowhere"


def test_a_download_is_followed_by_the_browser_itself():
    shown = html(ui.download_link("/documents/forms/1.pdf", "Download the consent"))
    assert "'\"a\"'" in shown  # the element, not the router's Link
    assert '"aria-label":"Download the consent"' in shown


@pytest.mark.parametrize(
    ("component", "library"),
    [(ui.captcha(), "altcha@3.2.2"), (ui.signature_pad(), "react-signature-pad-wrapper@4.3.3")],
    ids=["captcha", "signature"],
)
def test_heavy_parts_are_fetched_on_need(component: rx.Component, library: str):
    imports = component._get_all_imports()[library]
    assert all(not one.render for one in imports), "a static import would load it with the page"
    assert any(f'import("{library.split("@")[0]}")' in code for code in component._get_all_custom_code())
