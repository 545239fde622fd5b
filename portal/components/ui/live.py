"""Live regions: places whose changes are read out."""

from typing import Any, Literal

import reflex as rx

from portal.components.ui.kit import Child, Text, present

#: Outside an open modal dialog all is inert and unseen: the region moves into the topmost one while it is open.
COMPONENT = """
function LiveRegion(region) {
  const [modal, setModal] = useState(null);
  useEffect(() => {
    const look = () => setModal([...document.querySelectorAll("dialog:modal")].at(-1) ?? null);
    look();
    document.addEventListener("modalchange", look);
    return () => document.removeEventListener("modalchange", look);
  }, []);
  const content = jsx("div", region);
  return modal ? createPortal(content, modal) : content;
}
"""


class LiveRegion(rx.Component):
    """A region that is always mounted, so that what appears in it is announced."""

    tag = "LiveRegion"
    role: rx.Var[str]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks and portal."""
        return {
            "react": [rx.ImportVar(tag="useState"), rx.ImportVar(tag="useEffect")],
            "react-dom": [rx.ImportVar(tag="createPortal")],
        }

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def live_region(*children: Child, class_name: Text = "", role: Literal["status", "alert"] = "status") -> rx.Component:
    """A place for what appears later, read out politely (`status`) or at once (`alert`), over an open dialog too."""
    return LiveRegion.create(*present(*children), class_name=class_name, role=role)
