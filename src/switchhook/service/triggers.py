"""Which actions a phrase can start: those that need nothing else to be said."""

from __future__ import annotations

from switchhook.domain.actions import Action, OnPhrase
from switchhook.domain.errors import InvalidInput, UnsupportedParameter
from switchhook.engine.triggers import startable
from switchhook.engine.words import plain

_FIELD = "actions.trigger"


def check(action: Action) -> None:
    """Let an action pass that its trigger can start."""
    if not isinstance(action.trigger, OnPhrase):
        return
    if not startable(action):
        raise UnsupportedParameter(
            f"a phrase cannot start {action.type!r}, which needs arguments that only a mind gives",
            field=_FIELD,
            hint="leave the trigger out, so that the mind decides; a call_api that requires nothing"
            " in its input_schema can be started by a phrase",
        )
    if not all(map(plain, action.trigger.phrases)):
        raise InvalidInput(
            "a phrase that starts an action has no word in it",
            field=_FIELD,
            hint="write words that will be said; their case and punctuation do not matter",
        )
