"""Calls with a guest in them, or one on the way."""

from __future__ import annotations

from typing import Any

from switchhook.domain.actions import AddToConference
from switchhook.domain.transcript import Speaker
from switchhook.engine import events, guest
from switchhook.engine.brief import Thinker
from switchhook.engine.effects import DropGuest, Effect, Invite, PlayMusic, SetAside
from switchhook.engine.events import GuestCame
from switchhook.engine.offers import offered
from tests.engine.conversation import Conversation
from tests.engine.leading import SCHEMA, Led
from tests.engine.shell import Shell

THEM, OTHERS = "+14155550177", "+14155550188"
SORRY = "agent: I am sorry, I could not reach anybody."
GONE = "I am sorry, they have hung up."


def wanted(call: Conversation) -> list[Effect]:
    return [e for e in call.effects if isinstance(e, Invite | SetAside | DropGuest)]


def music(call: Conversation) -> list[bool]:
    return [effect.on for effect in call.effects if isinstance(effect, PlayMusic)]


def results(call: Conversation) -> list[str]:
    told = [f.data for f in call.facts if f.data.get("action") == "add_to_conference"]
    return [data["result"] for data in told if "to" in data]


def asked(*, hold_first: bool = True, **known: Any) -> Shell:
    """Return a call in which somebody outside has asked for a third person, who rings."""
    call = Shell(**known).greeted()
    call.step(events.GuestAsked(7, THEM, hold_first))
    call.go(5)
    return call


def visited(*, hold_first: bool = True, **known: Any) -> Shell:
    """Return a call in which the third person has picked up."""
    call = asked(hold_first=hold_first, **{"thinker": Thinker.ASSISTANT} | known)
    call.step(GuestCame())
    return call


def led(*targets: AddToConference) -> Led:
    """Return a call whose mind has just been asked for something."""
    actions = targets or (AddToConference(phone_number=THEM),)
    offers = offered(actions, SCHEMA)
    call = Led(offers=offers, guests=actions).answered()
    call.callee("Can your colleague tell me?")
    return call


def brought(*targets: AddToConference, arguments: str = "{}") -> Led:
    """Return a call whose mind has said that it brings somebody in."""
    call = led(*targets)
    call.mind("I will ask Sam. ", over=False)
    call.act("add_to_conference", arguments)
    call.mind()
    call.hear_out()
    return call


def comes(call: Conversation) -> None:
    """Let the guest pick up and say nothing."""
    call.step(GuestCame())
    call.wait(guest.HELLO)


def speaks(call: Conversation, text: str, speaker: Speaker = "guest") -> None:
    """Let the guest say something, or somebody else."""
    start = call.ms
    call.wait(0.6)
    call.step(events.CalleeHeard(text, final=True, start_ms=start, end_ms=call.ms, speaker=speaker))
