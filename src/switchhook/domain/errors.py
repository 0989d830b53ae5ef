"""Every failure a user can meet, in one tree.

    SwitchhookError
    ├── InvalidInput ............ the request cannot be understood
    │   ├── UnsupportedParameter
    │   └── ProtocolBroken ...... a vendor's message is not what its protocol promises
    ├── NotAuthenticated, NotAllowed
    ├── NotFound ................ CallNotFound, AgentNotFound, ConnectionNotFound, KeyNotFound,
    │                             QuestionNotFound, RecordingNotFound, NumberNotFound
    ├── Conflict ................ IdempotencyConflict, CallIdTaken, CallOver, NumberTaken,
    │                             CarrierRefused
    ├── ConfirmationRequired
    ├── DialRefused ............. a rule of the dial policy said no
    │   └── LimitReached ........ … for now
    │       └── SwitchedOff ..... … to everybody
    ├── TooLarge
    └── Unavailable ............. draining, switched off, or a vendor cannot be reached
        ├── Misconfigured ....... … until somebody changes a setting
        └── EarsLost ............ the ears of a call have ended for good

A message names the offending thing and never repeats a secret; the hint is the way out.
`retry_safe` says that sending the same request again cannot place a second call.
"""

from __future__ import annotations

from typing import Any, ClassVar


class SwitchhookError(Exception):
    """A failure with a code that programs can use and a sentence that people can."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    retry_safe: ClassVar[bool] = True

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        hint: str | None = None,
        next_action: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.hint = hint
        self.next_action = next_action

    def facts(self) -> dict[str, Any]:
        """Return the failure as every face presents it."""
        return {
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "hint": self.hint,
            "retry_safe": self.retry_safe,
            "next_action": self.next_action,
        }


class InvalidInput(SwitchhookError):
    """The request cannot be understood."""

    code = "invalid_input"
    status = 400


class UnsupportedParameter(InvalidInput):
    """A parameter that would change behaviour is not known here."""

    code = "unsupported_parameter"


class ProtocolBroken(InvalidInput):
    """The far end sent what its protocol does not know."""

    code = "protocol_broken"


class TooLarge(SwitchhookError):
    """The request is larger than we take."""

    code = "too_large"
    status = 413


class NotAuthenticated(SwitchhookError):
    """No valid credential came with the request."""

    code = "not_authenticated"
    status = 401


class NotAllowed(SwitchhookError):
    """The credential lacks a scope."""

    code = "not_allowed"
    status = 403


class NotFound(SwitchhookError):
    """There is no such thing, or it belongs to somebody else."""

    code = "not_found"
    status = 404


class CallNotFound(NotFound):
    """No call of this account has that id."""

    code = "call_not_found"

    def __init__(self, call_id: str) -> None:
        super().__init__(
            f"there is no call with id {call_id[:80]!r}",
            field="call_id",
            hint="list_calls shows the ids of recent calls",
            next_action="list_calls",
        )


class AgentNotFound(NotFound):
    """No agent of this account has that id or name."""

    code = "agent_not_found"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"there is no agent with id or name {reference[:80]!r}",
            field="agent",
            hint="list_agents shows the agents; create_agent makes one",
            next_action="list_agents",
        )


class ConnectionNotFound(NotFound):
    """The account has no key to a vendor under that id."""

    code = "connection_not_found"

    def __init__(self, connection_id: str) -> None:
        super().__init__(
            f"there is no connection with id {connection_id[:80]!r}",
            field="connections",
            hint="GET /api/connections shows them; POST /api/connections/create stores a key",
        )


class KeyNotFound(NotFound):
    """No API key has that id."""

    code = "key_not_found"


class QuestionNotFound(NotFound):
    """The call has no open question with that id."""

    code = "question_not_found"


class RecordingNotFound(NotFound):
    """The call was not recorded, or its recording is gone."""

    code = "recording_not_found"


class NumberNotFound(NotFound):
    """The account has no such number."""

    code = "number_not_found"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"you have no number {reference[:80]!r}",
            field="number",
            hint="list_numbers shows yours; search_numbers shows what can be had",
            next_action="list_numbers",
        )


class Conflict(SwitchhookError):
    """The request contradicts what is already there."""

    code = "conflict"
    status = 409


class IdempotencyConflict(Conflict):
    """The idempotency key was used for another request."""

    code = "idempotency_conflict"


class CallIdTaken(Conflict):
    """The call id was used for another call."""

    code = "call_id_taken"


class CallOver(Conflict):
    """The call has ended, so it cannot be steered any more."""

    code = "call_over"


class NumberTaken(Conflict):
    """Somebody has the number already."""

    code = "number_taken"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} cannot be had any more",
            field="number",
            hint="search_numbers shows others",
            next_action="search_numbers",
        )


class CarrierRefused(Conflict):
    """The carrier does not do what it was asked for, and says why."""

    code = "carrier_refused"


class ConfirmationRequired(SwitchhookError):
    """A person has to agree before this call is placed."""

    code = "confirmation_required"
    status = 409

    def __init__(self, message: str, *, token: str, hint: str) -> None:
        super().__init__(message, field="confirm_token", hint=hint, next_action="create_call")
        self.token = token

    def facts(self) -> dict[str, Any]:
        """Return the failure with the token that confirms it."""
        return super().facts() | {"confirm_token": self.token}


class DialRefused(SwitchhookError):
    """A rule of the dial policy refuses the number or the moment."""

    status = 400

    def __init__(self, rule: str, message: str, *, hint: str, field: str | None = None) -> None:
        super().__init__(message, field=field, hint=hint, next_action="check_call")
        self.rule = rule

    def facts(self) -> dict[str, Any]:
        """Return the failure under the code of its rule."""
        return super().facts() | {"code": f"policy_blocked.{self.rule}"}


class LimitReached(DialRefused):
    """A cap is used up for now."""

    status = 429

    def __init__(
        self, rule: str, message: str, *, hint: str, retry_after: int, field: str | None = None
    ) -> None:
        super().__init__(rule, message, hint=hint, field=field)
        self.retry_after = retry_after

    def facts(self) -> dict[str, Any]:
        """Return the failure with the seconds to wait."""
        return super().facts() | {"retry_after_seconds": self.retry_after}


class SwitchedOff(LimitReached):
    """An administrator has switched calling off."""

    status = 503


class Unavailable(SwitchhookError):
    """We are stopping, calling is switched off, or what we depend on is not there."""

    code = "unavailable"
    status = 503

    def __init__(self, message: str, *, hint: str, retry_after: int = 30) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after


class Misconfigured(Unavailable):
    """A vendor refuses a key, a model or a voice: asking again cannot help.

    The message names the setting.
    """

    code = "misconfigured"


class EarsLost(Unavailable):
    """The ears of a call have ended before the call, and cannot go on by themselves."""

    code = "ears_lost"
