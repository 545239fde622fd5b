"""The text of a consent as it is read and signed."""

from portal.documents.markdown import RenderedText, render_consent
from portal.queries.forms import Form


def content(form: Form) -> RenderedText:
    """The text as it was signed or, before that, as it reads now with the names filled in."""
    if form.frozen_html is not None and form.text_sha256 is not None:
        return RenderedText(form.frozen_html, form.text_sha256)
    return render_consent(form.text, form.words())
