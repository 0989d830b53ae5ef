"""Where Twilio tells what became of messages."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from switchhook.providers.twilio.hooks import Form, one, signed
from switchhook.providers.twilio.messages import TwilioMessages
from switchhook.providers.twilio.reach import ROOT
from switchhook.providers.twilio.signing import Signatures


def message_routes(messages: TwilioMessages, signatures: Signatures) -> list[BaseRoute]:
    """Return what Twilio may call for messages."""

    async def delivered(request: Request, form: Form) -> Response:
        messages.report(
            request.path_params["token"],
            one(form, "MessageSid"),
            one(form, "MessageStatus"),
            one(form, "ErrorCode"),
        )
        return Response(status_code=204)

    path = f"{ROOT}/{{token}}/message"
    return [Route(path, signed(delivered, signatures), methods=["POST"])]
