"""From the record of a call to what the conversation core is told, and from commands to events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from switchhook.domain import templating
from switchhook.domain.actions import NEED_AUDIO, Action, AddToConference, TransferCall
from switchhook.domain.agent import MindKind, VoicemailSettings
from switchhook.domain.interaction import Direction, Interaction
from switchhook.engine import events
from switchhook.engine.brief import Brief, Thinker
from switchhook.engine.dialogue import SPOKEN_RULES
from switchhook.engine.offers import ASK_PRINCIPAL, Offer, by_mind, offered
from switchhook.engine.triggers import triggers_of
from switchhook.ports import (
    AnswerQuestion,
    BeQuiet,
    BringIn,
    Command,
    DuplexRequest,
    Guide,
    HangUp,
    PressKeys,
    PutThrough,
    Say,
)
from switchhook.runtime.casting import Cast

NOBODY = Cast((), ())
"""Who takes part where it does not matter."""

_NAMES = ("on_behalf_of", "caller_name", "company", "business_name")
_LONGEST_TASK = 200
_NAMELESS = ("", "Assistant")


def brief(
    call: Interaction,
    today: date,
    *,
    cast: Cast = NOBODY,
    offers: Sequence[Offer] = (),
    talks: bool = False,
) -> Brief:
    """Return what the agent needs to know before the call; a mind replaces the rules.

    Where the line talks by itself, it also decides who interrupts whom.
    """
    spec = call.agent.spec
    turns = spec.turns.model_copy(update={"interruption_mode": "off"}) if talks else spec.turns
    variables = {**spec.variables, **call.variables}
    minds, duplex = len(cast.minds), cast.duplex is not None and not talks
    actions = tuple(
        _addressed(action, variables)
        for action in spec.actions
        if not (talks and isinstance(action, NEED_AUDIO))
    )
    return Brief(
        today=today,
        name=_caller(variables, spec.name),
        task=templating.render(call.task or _speakable(spec.prompt.content), variables),
        first_message=templating.render(spec.first_message or "", variables),
        language=spec.language,
        result_schema=spec.result_schema,
        thinker=Thinker.MIND if duplex else _thinker(spec.mind.kind, minds),
        max_seconds=call.options.max_duration_seconds or spec.max_duration_seconds,
        idle_seconds=spec.idle_seconds,
        instructions=templating.render(spec.prompt.content, variables),
        offers=offered(actions, spec.result_schema, (*_principal(call), *offers)),
        transfers=tuple(a for a in actions if isinstance(a, TransferCall) and by_mind(a)),
        guests=_guests(actions),
        seats=not talks,
        triggers=triggers_of(actions, spec.language),
        duplex=duplex,
        cascade=duplex and minds > 0,
        spare_mind=minds > 1,
        spare_ears=len(cast.ears) - 1,
        turns=turns,
        idle=spec.idle,
        voicemail=_rendered(spec.voicemail, variables),
        hello_seconds=_hello(call),
        was_called=call.direction is Direction.INBOUND,
        navigates_menus=spec.ivr_navigation_mode == "default",
    )


def duplex_request(call: Interaction, told: Brief) -> DuplexRequest:
    """Return what a model that hears and speaks is told before the call."""
    spec = call.agent.spec
    return DuplexRequest(
        call.id,
        spec.language,
        f"{told.told}\n\n{SPOKEN_RULES}",
        told.offers,
        spec.mind,
        spec.voice,
        spec.turns.endpointing_sensitivity if spec.turns.endpointing_mode == "provider" else None,
    )


def _hello(call: Interaction) -> float:
    """Return how long to wait for a hello; who calls us waits for ours."""
    outbound = call.direction is Direction.OUTBOUND
    return call.agent.spec.turns.wait_for_hello_secs if outbound else 0.0


def _principal(call: Interaction) -> tuple[Offer, ...]:
    """Return the action by which a mind asks those it calls for; who answers calls for nobody."""
    return (ASK_PRINCIPAL,) if call.direction is Direction.OUTBOUND else ()


def _thinker(kind: MindKind, minds: int) -> Thinker:
    if minds:
        return Thinker.MIND
    return Thinker.ASSISTANT if kind == "assistant" else Thinker.INTERVIEW


def _addressed(action: Action, variables: dict[str, str]) -> Action:
    """Return the action with the number that the variables name."""
    if not isinstance(action, TransferCall | AddToConference):
        return action
    number = templating.render(action.phone_number, variables)
    return action.model_copy(update={"phone_number": number})


def _rendered(voicemail: VoicemailSettings, variables: dict[str, str]) -> VoicemailSettings:
    message = templating.render(voicemail.voicemail_message or "", variables) or None
    return voicemail.model_copy(update={"voicemail_message": message})


def asked(command: Command, number: int) -> events.Asked:
    """Return the command as the core sees it."""
    event: events.Asked
    match command:
        case Say(text, interrupt):
            event = events.SayAsked(number, text, interrupt)
        case PressKeys(digits):
            event = events.KeysAsked(number, digits)
        case Guide(text):
            event = events.GuideAsked(number, text)
        case BeQuiet() | PutThrough() | BringIn():
            event = _to_wait(command, number)
        case AnswerQuestion(question_id, answer):
            event = events.AnswerGiven(number, question_id, answer)
        case HangUp(reason):
            event = events.HangUpAsked(number, reason)
    return event


def _guests(actions: Sequence[Action]) -> tuple[AddToConference, ...]:
    """Return who may be brought in, first those whom the mind brings in when it thinks best."""
    guests = (action for action in actions if isinstance(action, AddToConference))
    return tuple(sorted(guests, key=by_mind, reverse=True))


def _to_wait(command: BeQuiet | PutThrough | BringIn, number: int) -> events.Asked:
    """Return a command that has the callee wait, for us or for somebody else, or no longer."""
    match command:
        case BeQuiet(wanted, text):
            return events.QuietAsked(number, wanted, text)
        case PutThrough(to, text):
            return events.TransferAsked(number, to, text)
        case BringIn(to, hold_first, text):
            return events.GuestAsked(number, to, hold_first, text)


def _speakable(prompt: str) -> str:
    """Return a prompt that is a task in a sentence; instructions to a model are not read aloud."""
    text = prompt.strip()
    short = len(text) <= _LONGEST_TASK and "\n" not in text
    return text if short and not text.lower().startswith("you ") else ""


def _caller(variables: dict[str, str], agent: str) -> str:
    """Return on whose behalf the agent calls; one without a name of its own names nobody."""
    named = next((variables[name] for name in _NAMES if variables.get(name)), "")
    return named or ("" if agent in _NAMELESS else agent)
