"""The TwiML that a call follows."""

from __future__ import annotations

from typing import Any, cast

from twilio.twiml.voice_response import VoiceResponse

from switchhook.providers.twilio.routes import PARAMETER


def connect(media_url: str, token: str, events_url: str) -> str:
    """Return the document that gives the call's audio to us; when we let go, the call ends."""
    response = cast("Any", VoiceResponse())
    # The address may not have a query, so the token is repeated in a parameter.
    stream = response.connect().stream(url=media_url, status_callback=events_url)
    stream.parameter(name=PARAMETER, value=token)
    return str(response)


def conference(room: str) -> str:
    """Return the document that lets a caller talk in a room, which is closed when one leaves."""
    response = cast("Any", VoiceResponse())
    # An empty waiting URL is silence: the first who comes waits for a moment only.
    response.dial().conference(
        room,
        beep="false",
        wait_url="",
        start_conference_on_enter=True,
        end_conference_on_exit=True,
    )
    return str(response)
