"""Where one is on a page of several steps, in the address: it survives a reload and a server that starts anew."""

from typing import Any

import reflex as rx

from portal.components.ui.kit import Text

COMPONENT = """
function KeptPlace({ place }) {
  useEffect(() => {
    if (place) history.replaceState(history.state, "", "#" + encodeURIComponent(place));
  }, [place]);
  return null;
}
"""


class KeptPlace(rx.Component):
    """Draws nothing."""

    tag = "KeptPlace"
    place: rx.Var[str]

    def add_imports(self) -> dict[str, Any]:
        """React's hook."""
        return {"react": [rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def kept_place(place: Text) -> rx.Component:
    """Keep the name of the step behind the # of the address; there the state finds it (`router.url.fragment`)."""
    return KeptPlace.create(place=place)
