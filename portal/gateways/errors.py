"""How an outside service can fail, in the words a job runner needs: try again, do not, or ask first.

Messages are for the operator's log. They never carry a recipient, a code or a body.
"""


class GatewayError(Exception):
    """Something outside did not do what was asked."""


class TemporaryFailure(GatewayError):
    """Worth another try later: a timeout, a limit, an outage, a credential that an operator can mend."""


class Unanswered(TemporaryFailure):
    """The service had the request and did not answer: it may have done what was asked, or not."""


class PermanentFailure(GatewayError):
    """Another try of the same request would be refused again."""


class Blocked(PermanentFailure):
    """The recipient told the carrier to STOP: no text reaches this number until they text START."""
