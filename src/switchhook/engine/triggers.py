"""The phrases that start an action, and what exactly each of them starts.

A phrase is found whatever its case, punctuation and spaces, and as whole words only: "end" is not
in "weekend". Where a language writes without spaces, or hangs particles on its words, its own way
of writing tells what a whole word is.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from switchhook.domain.actions import (
    Action,
    AddToConference,
    CallApi,
    EndCall,
    OnPhrase,
    SendDigits,
    SetHold,
    TransferCall,
)
from switchhook.domain.agent import Language
from switchhook.engine.offers import END_CALL, Offer, bring_in, request_of, transfer_to
from switchhook.engine.words import Phrases, plain, words_of

Speaker = Literal["agent", "callee"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """An action that somebody's words start, with its arguments as a mind would write them."""

    speaker: Speaker
    phrases: Phrases
    action: Action
    offer: Offer
    arguments: str


def triggers_of(actions: Sequence[Action], language: Language) -> tuple[Trigger, ...]:
    """Return what phrases start, in the order in which the agent lists it."""
    found: list[Trigger] = []
    for action in actions:
        started = _started(action)
        if isinstance(action.trigger, OnPhrase) and started is not None:
            phrases = _phrases(action.trigger, language)
            offer, given = started
            speaker = action.trigger.speaker
            found.append(Trigger(speaker, phrases, action, offer, json.dumps(given)))
    return tuple(found)


def startable(action: Action) -> bool:
    """Tell whether a phrase is enough to start this."""
    return _started(action) is not None


def started_by(
    triggers: Sequence[Trigger], speaker: Speaker, said: str, already: Collection[int] = ()
) -> list[int]:
    """Return the places of those that somebody's words start, but for those started already."""
    return [
        place
        for place, trigger in enumerate(triggers)
        if trigger.speaker == speaker and place not in already and trigger.phrases.within(said)
    ]


def _phrases(trigger: OnPhrase, language: Language) -> Phrases:
    script = words_of(language).answering.human.script
    words = (plain(phrase, script) for phrase in trigger.phrases)
    return Phrases(frozenset(phrase for phrase in words if phrase), script)


def _started(action: Action) -> tuple[Offer, dict[str, Any]] | None:
    """Return what a mind would call with which arguments, unless a phrase tells too little."""
    match action:
        case EndCall():
            return END_CALL, {}
        case TransferCall(phone_number=number):
            return transfer_to([number]), {"to": number}
        case CallApi(input_schema=schema) if not schema.get("required"):
            return request_of(action), {}
        case AddToConference(phone_number=number):
            return bring_in([number]), {"to": number}
        case CallApi() | SendDigits() | SetHold():
            return None
        case _:
            assert_never(action)
