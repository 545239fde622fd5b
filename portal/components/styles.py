"""How the stylesheets are built: plain CSS, joined into one hashed file."""

from typing import Any

from reflex.plugins import Plugin

POSTCSS = """export default { plugins: { "postcss-import": {} } };
"""


class PlainStyles(Plugin):
    """No CSS framework: assets/tokens.css and assets/components.css are all there is.

    Written at every build, as the build directory may hold the configuration of an earlier one.
    """

    def pre_compile(self, **context: Any) -> None:
        """Replace the configuration of PostCSS."""
        context["add_modify_task"]("postcss.config.js", lambda _: POSTCSS)
