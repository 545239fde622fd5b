"""Keeps secrets and people out of the log: whatever a library chooses to print passes here first."""

import logging
import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\b(cookie|authorization|x-portal-\w+)(['\"]?\s*[:=]\s*['\"]?)[^'\",}\s]+"), r"\1\2[redacted]"),
    (re.compile(r"(?i)\b(token|ticket|code|secret|password)(['\"]?\s*[:=]\s*['\"]?)[^'\",}\s&]+"), r"\1\2[redacted]"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[email]"),
    (re.compile(r"\+\d[\d\s().-]{7,}\d"), "[phone]"),
    (re.compile(r"(?<![\w-])\d{6}(?![\w-])"), "[code]"),
)

# Reflex logs what it could not read, payload and all: keep the first words, drop the rest.
_PAYLOADS = (
    "Error transforming event",
    "Received event data",
    "Event data must be a dictionary",
    "Failed to deserialize event data",
    "Attempting to send delta to disconnected client",
)


def redact(text: str) -> str:
    """The text without cookies, tokens, codes, telephone numbers and email addresses."""
    for start in _PAYLOADS:
        if start in text:
            return f"{start} [the rest is not logged]"
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class Redacting(logging.Filter):
    """A filter for handlers: rewrites each record's message before it is printed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through, redacted."""
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info and record.exc_info[0] is KeyError and "No registered handler" in str(record.exc_info[1]):
            record.msg, record.exc_info, record.exc_text = (
                "an event for no handler",
                None,
                None,
            )  # anybody can send those
        return True


class RedactingFormatter(logging.Formatter):
    """Prints a record and, redacted too, its traceback."""

    def formatException(self, ei) -> str:  # noqa: N802  # the standard library's own name and type
        return redact(super().formatException(ei))


def install() -> None:
    """Let every handler of the process redact; call again after a library has set up handlers of its own."""
    root = logging.getLogger()
    if not root.handlers:
        logging.basicConfig(level=logging.INFO)
    names = [
        name
        for name in logging.root.manager.loggerDict
        if name.split(".")[0] in ("reflex", "reflex_base", "granian", "portal", "_granian")
    ]
    for logger in (root, *(logging.getLogger(name) for name in names)):
        for handler in logger.handlers:
            if not any(isinstance(filter_, Redacting) for filter_ in handler.filters):
                handler.addFilter(Redacting())
            if type(handler.formatter) in (type(None), logging.Formatter):
                handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
