"""Where other systems speak to the portal: online booking's opt-outs, and Twilio's word of STOP and START.

Both are let past the edge with no cookie and from any origin, so that nothing counts here but the signature. What comes
back says that a message was taken, never whom it concerned.
"""

from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from portal import routes
from portal.clock import SystemClock
from portal.domain.contacts import read_phone
from portal.domain.entry import Unclear
from portal.domain.inbound import carrier_word
from portal.gateways.sms_inbound import is_from_twilio
from portal.http import door
from portal.jobs import wake
from portal.security import intake, signed_requests
from portal.security.pool import in_thread
from portal.services import inbound
from portal.services.inbound import OptOut
from portal.settings import settings
from portal.work import Actor, open_work

LARGEST = 16_000  # bytes
MOST_FIELDS = 100
TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

_Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00-\x1f]*$")]


class OptOutMessage(BaseModel):
    """What online booking posts (docs/operations.md)."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")]
    booking_client_id: _Word = ""
    phone: _Word = ""
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^\x00-\x1f]*$")] = ""
    do_not_sms: bool | None = None
    do_not_email: bool | None = None
    wording: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1_000, pattern=r"^[^\x00]*$")] = ""

    @model_validator(mode="after")
    def _whole(self) -> "OptOutMessage":
        if not (self.booking_client_id or self.phone or self.email):
            raise ValueError("name the client by booking_client_id, phone or email")
        if self.do_not_sms is None and self.do_not_email is None:
            raise ValueError("say do_not_sms, do_not_email, or both")
        return self


class _Refused(Exception):
    """A status and a sentence for the sender's log."""


async def opt_outs(request: Request) -> Response:
    """An opt-out, or an opt-in again, at online booking."""
    secret = settings().booking_secret.get_secret_value()
    if not secret:
        return PlainTextResponse("Not Found", 404)
    try:
        body = await _body(request, "application/json")
    except _Refused as refused:
        status, words = refused.args
        return _said(words, status)
    why = signed_requests.problem(secret, body, request.headers.get(signed_requests.HEADER, ""), SystemClock().now())
    if why:
        _note(request, "opt-outs", why)
        return _said("The signature or its time is not right.", 403)
    try:
        told = OptOutMessage.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return _said(f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}", 400)
    await in_thread(_opt_out, door.address(request), OptOut(**told.model_dump()))
    wake()
    return JSONResponse({"received": True})


async def twilio(request: Request) -> Response:
    """A text to the practice's number, as Twilio tells of it."""
    token = settings().twilio_auth_token.get_secret_value()
    if not token:
        return PlainTextResponse("Not Found", 404)
    try:
        body = await _body(request, "application/x-www-form-urlencoded")
        given = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"))
    except _Refused as refused:
        status, words = refused.args
        return PlainTextResponse(words, status)
    except ValueError:
        return PlainTextResponse("The form cannot be read.", 400)
    address = settings().public_url.rstrip("/") + routes.TWILIO_INBOUND
    query = request.scope.get("query_string", b"").decode("latin-1")
    url = f"{address}?{query}" if query else address
    if not is_from_twilio(token, url, given, request.headers.get("x-twilio-signature", "")):
        _note(request, "twilio", "signature")
        return PlainTextResponse("The signature is not right.", 403)
    try:
        number = read_phone(given.get("From", ""), "US")
    except Unclear:
        number = ""  # a short code, or a channel that is no telephone
    message_id = given.get("MessageSid", "")
    if not message_id.isalnum() or len(message_id) > 64:
        return PlainTextResponse("MessageSid is missing.", 400)
    said = carrier_word(given.get("Body", ""), given.get("OptOutType", ""))
    await in_thread(_carrier_said, door.address(request), message_id, number, said)
    wake()
    return Response(TWIML, media_type="text/xml")


async def _body(request: Request, kind: str) -> bytes:
    """The body, as small and of the type that it should be."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise _Refused(415, f"Send {kind}.")
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                raise _Refused(413, "That is too large.")
    except ClientDisconnect:
        raise _Refused(400, "The body is not whole.") from None
    return body


def _said(words: str, status: int) -> Response:
    return JSONResponse({"error": words}, status)


def _note(request: Request, what: str, why: str) -> None:
    intake.denied(Actor(address=door.address(request)), what, why)


def _opt_out(address: str, told: OptOut) -> str:
    with open_work(Actor(kind="system", label="Online booking", address=address)) as work:
        return inbound.opt_out(work, told)


def _carrier_said(address: str, message_id: str, number: str, said: inbound.Said) -> str:
    with open_work(Actor(kind="system", label="Carrier", address=address)) as work:
        return inbound.carrier_said(work, message_id, number, said)


ROUTES = [
    Route(routes.OPT_OUTS, opt_outs, methods=["POST"]),
    Route(routes.TWILIO_INBOUND, twilio, methods=["POST"]),
]
