"""What an agent may do during a call besides talking."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from switchhook.domain.values import Frozen


class OnModel(Frozen):
    """The mind decides when."""

    type: Literal["function_call"] = "function_call"


class OnPhrase(Frozen):
    """A spoken phrase starts the action."""

    type: Literal["phrase"] = "phrase"
    phrases: tuple[str, ...] = Field(min_length=1)
    speaker: Literal["agent", "callee"] = "agent"


Trigger = Annotated[OnModel | OnPhrase, Field(discriminator="type")]


class _Action(Frozen):
    trigger: Trigger = OnModel()


class EndCall(_Action):
    """Say goodbye and hang up."""

    type: Literal["end_call"] = "end_call"


class SendDigits(_Action):
    """Press keys on the telephone."""

    type: Literal["send_digits"] = "send_digits"


class TransferCall(_Action):
    """Hand the caller over to another number."""

    type: Literal["transfer_call"] = "transfer_call"
    phone_number: str
    warm: bool = False


class AddToConference(_Action):
    """Bring a third person into the call."""

    type: Literal["add_to_conference"] = "add_to_conference"
    phone_number: str
    hold_first: bool = True


class SetHold(_Action):
    """Put the caller on hold, or take them back."""

    type: Literal["set_hold"] = "set_hold"


class CallApi(_Action):
    """Ask another system over HTTPS while the call goes on."""

    type: Literal["call_api"] = "call_api"
    name: str
    description: str
    url: str
    input_schema: dict[str, Any]


NEED_AUDIO = (AddToConference, SetHold)
"""What can be done only where the audio of the call passes through us."""

Action = Annotated[
    EndCall | SendDigits | TransferCall | AddToConference | SetHold | CallApi,
    Field(discriminator="type"),
]
