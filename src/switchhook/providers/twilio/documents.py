"""The TwiML that a call follows."""

from __future__ import annotations

from typing import Any, cast

from twilio.twiml.voice_response import VoiceResponse

from switchhook.domain.agent import AgentSpec, Language
from switchhook.engine.phrases import phrases
from switchhook.ports import Refusal
from switchhook.providers.twilio.manner import LOCALES, manner
from switchhook.providers.twilio.routes import PARAMETER


def connect(media_url: str, token: str, events_url: str) -> str:
    """Return the document that gives the call's audio to us; when we let go, the call ends."""
    response = cast("Any", VoiceResponse())
    # The address may not have a query, so the token is repeated in a parameter.
    stream = response.connect().stream(url=media_url, status_callback=events_url)
    stream.parameter(name=PARAMETER, value=token)
    return str(response)


def relay(relay_url: str, token: str, agent: AgentSpec, ended_url: str) -> str:
    """Return the document that gives the call's words to us; when we let go, the call ends."""
    response = cast("Any", VoiceResponse())
    connected = response.connect(action=ended_url)
    words = connected.conversation_relay(url=relay_url, **manner(agent))
    words.parameter(name=PARAMETER, value=token)
    return str(response)


def turned_away(refusal: Refusal) -> str:
    """Return the document for a caller whom nobody answers; only an answered call can be told."""
    response = cast("Any", VoiceResponse())
    if refusal is Refusal.BUSY:
        response.reject(reason="busy")
    else:
        response.say("Sorry, nobody can be reached at this number. Goodbye.")
        response.hangup()
    return str(response)


def apology(language: Language) -> str:
    """Return the document that says sorry and goodbye to who came for nothing."""
    response = cast("Any", VoiceResponse())
    said = phrases(language)
    response.say(f"{said.apology} {said.goodbye}", language=LOCALES[language])
    response.hangup()
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
