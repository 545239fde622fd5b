"""The machine's own Chromium, driven by Playwright, at the two widths of the design."""

import os
import shutil
from typing import Any

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
VIEWPORTS = {"phone": PHONE, "desktop": DESKTOP}
# The staff side's own: a large screen at the desk, and the Provider App's tablet, held upright.
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
TABLET: dict[str, Any] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}

# Nothing leaves the machine on its own account: no updates, no safe browsing, no field trials.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-pings",
)


def executable() -> str:
    """The browser's program: $CHROMIUM, or the one on the PATH. RuntimeError says what to type when there is none."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError("No Chromium: type `apt-get install -y chromium`, or set CHROMIUM to a browser's program.")
    return found


def launch_options() -> dict[str, Any]:
    """Arguments for `chromium.launch`. A root has no sandbox to start from."""
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {"executable_path": executable(), "args": [*QUIET, *sandbox, "--disable-dev-shm-usage"]}
