"""Which actions a phrase can start: those that need nothing else to be said."""

from __future__ import annotations

from switchhook.domain.actions import Action, CallApi, OnPhrase, SendDigits
from switchhook.domain.errors import InvalidInput, UnsupportedParameter
from switchhook.engine.words import plain

_FIELD = "actions.trigger"


def check(action: Action) -> None:
    """Let an action pass that its trigger can start."""
    if not isinstance(action.trigger, OnPhrase):
        return
    if isinstance(action, SendDigits):
        raise UnsupportedParameter(
            "a phrase cannot start 'send_digits': it does not tell which keys to press",
            field=_FIELD,
            hint="leave the trigger out, so that the mind decides when, and which",
        )
    if isinstance(action, CallApi) and action.input_schema.get("required"):
        raise UnsupportedParameter(
            f"a phrase cannot start {action.name!r}: it gives it no arguments",
            field=_FIELD,
            hint="require nothing in input_schema, or leave the trigger out",
        )
    if not all(map(plain, action.trigger.phrases)):
        raise InvalidInput(
            "a phrase that starts an action has no word in it",
            field=_FIELD,
            hint="write words that will be said; their case and punctuation do not matter",
        )
