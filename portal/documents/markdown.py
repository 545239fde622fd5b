"""The text of a consent: what the practice wrote, with the names filled in, as HTML that is safe to show.

Order matters. Markdown becomes HTML first, so that a patient's name cannot act as markup; fields are merged second,
each value escaped; the whole is sanitised last. What comes out is what is read, hashed and signed.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import nh3
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt

from portal.errors import PortalError

LONGEST_TEXT = 60_000
LONGEST_VALUE = 500
LONGEST_RESULT = 400_000
_TAGS = {
    *("h2", "h3", "h4", "p", "br", "hr", "ul", "ol", "li", "strong", "em", "blockquote", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"https", "http", "mailto", "tel"}

_markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
_sandbox = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
_HEADING_ONE = re.compile(r"<(/?)h1>")
# Fields are names and nothing more: no filter, call, loop or condition has a place in a legal text.
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name)


class TemplateError(PortalError):
    """The text cannot be used as it stands; the sentence is for the person who wrote it."""


@dataclass(frozen=True)
class RenderedText:
    """The exact text that is shown and signed. `sha256` is the hex digest of `html` in UTF-8."""

    html: str
    sha256: str


def render_consent(text: str, fields: Mapping[str, str]) -> RenderedText:
    """The consent `text` (Markdown with `{{ field }}`) with `fields` filled in.

    Raises `TemplateError` for an unknown field, for anything but plain fields, and for what is too long.
    """
    if len(text) > LONGEST_TEXT:
        raise TemplateError(f"The text is too long: at most {LONGEST_TEXT:,} characters.")
    merged = _merge(_template(text), {name: str(value)[:LONGEST_VALUE] for name, value in fields.items()})
    # The document's title is its only first-level heading.
    html = sanitise(_HEADING_ONE.sub(r"<\1h2>", merged)).strip()
    if len(html) > LONGEST_RESULT:
        raise TemplateError("The text becomes too long once its fields are filled in.")
    return RenderedText(html, hashlib.sha256(html.encode()).hexdigest())


def sanitise(html: str) -> str:
    """`html` with nothing but the tags of a plain document; links keep only harmless addresses."""
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)


def fields_of(text: str) -> frozenset[str]:
    """The names of the fields that `text` uses. Raises `TemplateError` as `render_consent` does."""
    return frozenset(node.name for node in _parse(_markdown.render(text[:LONGEST_TEXT])).find_all(nodes.Name))


@lru_cache(maxsize=64)
def _template(text: str) -> tuple[Template, frozenset[str]]:
    """The text ready to be merged, and its fields. Kept: a practice has few texts, and this is most of the work."""
    tree = _parse(_markdown.render(text))
    return _sandbox.from_string(tree), frozenset(field.name for field in tree.find_all(nodes.Name))


def _merge(template: tuple[Template, frozenset[str]], fields: Mapping[str, str]) -> str:
    compiled, wanted = template
    if unknown := sorted(wanted - fields.keys()):
        known = ", ".join(sorted(fields)) or "none"
        raise TemplateError(f"The field {{{{ {unknown[0]} }}}} does not exist. You can use: {known}.")
    return compiled.render(fields)


def _parse(html: str) -> nodes.Template:
    try:
        tree = _sandbox.parse(html)
    except TemplateSyntaxError as error:
        raise TemplateError(f"A field is not well written near line {error.lineno}: write {{{{ name }}}}.") from None
    except RecursionError:
        raise TemplateError("A field is not written correctly: write {{ name }}.") from None
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _ALLOWED):
            raise TemplateError("Only plain fields such as {{ patient }} can be used in the text.")
    return tree
