"""Dialogs: centred on a wide screen, a bottom sheet on a phone.

Both use the browser's own modal dialog: focus stays inside, the page behind is inert, Escape asks to close, and focus
returns to where it was. `dialog` follows a var of a state; `sheet` opens in the browser alone.
"""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx
from reflex.event import no_args_event_spec

from portal.components.ui.button import button, icon_button
from portal.components.ui.kit import Child, Event, Flag, Text, attributes, inline, present

#: Shown as a modal for as long as it is mounted. Escape asks the state, which unmounts it.
COMPONENT = """
const showModal = (dialog) => {
  if (!dialog) return;
  const changed = () => document.dispatchEvent(new Event("modalchange"));  // the live regions follow
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[data-first-focus]")?.focus();
  changed();
  return () => {
    dialog.close();
    changed();
  };
};
function ModalDialog({ onDismiss, ...dialog }) {
  const asked = (event) => {
    if (event.target !== event.currentTarget) return;
    event.preventDefault();
    onDismiss?.();
  };
  const closed = (event) => {
    if (event.target === event.currentTarget && !event.currentTarget.open) onDismiss?.();
  };
  return jsx("dialog", { ...dialog, ref: showModal, onCancel: asked, onClose: closed });
}
"""


class ModalDialog(rx.Component):
    """The browser's dialog, modal while it is mounted."""

    tag = "ModalDialog"
    on_dismiss: rx.EventHandler[no_args_event_spec]

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def dialog(
    title: Text,
    *children: Child,
    open: Flag,
    id: str,
    actions: Sequence[Child] = (),
    on_close: Event = None,
    close_label: Text = "Close",
    width: str = "35rem",
    alert: bool = False,
) -> rx.Component:
    """A dialog shown while `open` is true.

    `on_close` handles Escape and the Close button; without it neither closes. `actions` go into the foot, the filled
    button first. `alert` is for a question that must be answered (`role="alertdialog"`).
    """
    close = None if on_close is None else icon_button("x", close_label, on_click=on_close)
    foot = None if not actions else rx.el.div(*present(*actions), class_name="sheet__foot sheet__foot--pair")
    panel = rx.el.div(
        *present(
            rx.el.div(
                *present(
                    rx.el.h2(
                        title,
                        class_name="title1",
                        custom_attrs={"id": f"{id}-title", "tabIndex": -1, "data-first-focus": True},
                    ),
                    close,
                ),
                class_name="sheet__head",
            ),
            rx.el.div(*present(*children), class_name="sheet__body", custom_attrs={"id": f"{id}-body"}),
            foot,
        ),
        class_name="sheet",
        custom_attrs=inline(_sheet_w=width),
    )
    modal = ModalDialog.create(
        panel,
        class_name="scrim",
        custom_attrs=attributes(
            id=id,
            role="alertdialog" if alert else None,
            **{"aria-labelledby": f"{id}-title", "aria-describedby": f"{id}-body" if alert else None},
        ),
        **({} if on_close is None else {"on_dismiss": on_close}),
    )
    return rx.cond(open, modal) if isinstance(open, rx.Var) else modal if open else rx.fragment()


def opens(id: str) -> dict[str, Any]:
    """Attributes of a button that opens the sheet `id`, in the browser alone."""
    return {
        "onClick": rx.Var(f'(() => document.getElementById("{id}")?.showModal())'),
        "aria-haspopup": "dialog",
    }


def sheet(
    *children: Child, id: str, label: Text, head: Child = None, foot: Child = None, width: str = "26rem"
) -> rx.Component:
    """A sheet that opens without the server, see `opens`. A link followed in it, Close, Escape, the scrim close it."""
    close = icon_button("x", "Close", custom_attrs={"data-close": True})
    closes = rx.Var('((event) => event.target.closest("a, [data-close]") && event.currentTarget.close())')
    panel = rx.el.div(
        *present(
            rx.el.div(*present(head, close), class_name="sheet__head"),
            rx.el.div(*present(*children), class_name="sheet__body"),
            None if foot is None else rx.el.div(foot, class_name="sheet__foot"),
        ),
        class_name="sheet",
        custom_attrs=inline(_sheet_w=width),
    )
    return rx.el.dialog(
        panel, class_name="scrim", custom_attrs={"id": id, "aria-label": label, "closedby": "any", "onClick": closes}
    )


def confirm(
    title: Text,
    words: Child,
    *,
    open: Flag,
    id: str,
    action: Child,
    keep: Text,
    on_close: Event,
    kind: Literal["alert", "plain"] = "alert",
) -> rx.Component:
    """A question before what cannot be undone: the act and its cost, and the safe way by its name ("Keep it")."""
    stay = button(keep, kind="quiet", on_click=on_close)
    return dialog(
        title,
        rx.el.p(words, class_name="muted"),
        open=open,
        id=id,
        actions=[action, stay],
        on_close=on_close,
        alert=kind == "alert",
    )
