"""What a client may send about calls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, JsonValue, WithJsonSchema

from switchhook.faces.http.native.members import (
    WHOLE,
    AnyCase,
    Limit,
    Metadata,
    Number,
    OwnId,
    Page,
    Reference,
)
from switchhook.faces.http.native.operations import Form

CallType = Annotated[Literal["phone_call", "web_call"], AnyCase()]
Direction = Annotated[Literal["inbound", "outbound"], AnyCase()]
Status = Annotated[
    Literal["scheduled", "registered", "ongoing", "not_connected", "ended", "error"], AnyCase()
]
SortOrder = Annotated[Literal["ascending", "descending"], AnyCase()]
SortBy = Annotated[
    Literal[
        "start_timestamp",
        "end_timestamp",
        "call_duration",
        "duration_ms",
        "created_at",
        "updated_at",
    ],
    AnyCase(),
]
Format = Annotated[Literal["json", "text"], AnyCase()]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


OneAgent = Annotated[
    list[Reference],
    BeforeValidator(_listed),
    Field(max_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1, "maxLength": 128},
                {
                    "type": "array",
                    "items": {"type": "string", "minLength": 1, "maxLength": 128},
                    "maxItems": 1,
                },
            ]
        }
    ),
]

_EXAMPLE: dict[str, JsonValue] = {
    "agent_id": "agent-123",
    "call_type": "PHONE_CALL",
    "direction": "OUTBOUND",
    "metadata": {"customer_id": "cust-001", "priority": "high", "campaign": "summer-2024"},
}


# Only an outbound phone call has a number to dial.
_NOT_DIALLED: list[JsonValue] = [
    {
        "required": ["to_number", name],
        "properties": {"to_number": {"type": "string"}, name: {"enum": [word, word.upper()]}},
    }
    for name, word in (("call_type", "web_call"), ("direction", "inbound"))
]


class CreateCall(Form):
    """A call to be registered; with a number it is dialled at once.

    `metadata.to_number`, `metadata.from_number` and `metadata.dynamic_variables` work like the
    members of the same name.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [_EXAMPLE], "not": {"anyOf": _NOT_DIALLED}}
    )

    agent_id: Reference
    call_id: OwnId | None = None
    call_type: CallType = "phone_call"
    direction: Direction = "outbound"
    metadata: Metadata | None = None
    to_number: Number | None = None
    from_number: Number | None = None


class CreatePhoneCall(Form):
    """A call to be dialled at once.

    Numbers have no agent of their own here, so that `override_agent_id` says who speaks.
    """

    to_number: Number
    from_number: Number
    override_agent_id: Reference
    metadata: Metadata | None = None


class CreateWebCall(Form):
    """A web call to be registered."""

    agent_id: Reference
    metadata: Metadata | None = None


class ChangeCall(Form):
    """What may change: metadata is merged, the from number only before dialling.

    `call_status` and `direction` are taken when they say what is so already: they follow the call.
    """

    call_status: Status | None = None
    direction: Direction | None = None

    metadata: Metadata | None = None
    from_number: Number | None = None


class TransferCall(Form):
    """Whom the callee is connected with, and what they are told first and asked."""

    to_number: Number
    text: str | None = Field(default=None, max_length=4096)


class AddToConference(Form):
    """Who joins the call, and whether the callee waits with music until the agent has briefed them.

    The text is said to the callee before they wait.
    """

    to_number: Number
    hold_first: bool = True
    text: str | None = Field(default=None, max_length=4096)


class Between(Form):
    """A span of durations."""

    lower_threshold: Annotated[int, Field(ge=0, le=10**9), WHOLE] | None = None
    upper_threshold: Annotated[int, Field(ge=0, le=10**9), WHOLE] | None = None


class CallCriteria(Form):
    """Which calls to list."""

    call_status: list[Status] = Field(default=[], max_length=6)
    call_type: list[CallType] = Field(default=[], max_length=2)
    agent_id: OneAgent = []
    duration_ms: Between | None = None
    transcript_search: str | None = Field(default=None, min_length=1, max_length=200)


class ListCalls(Form):
    """Which page of the calls, in which order."""

    page: Page = 0
    limit: Limit = 20
    sort_by: SortBy = "start_timestamp"
    sort_order: SortOrder = "descending"


class SearchCalls(ListCalls):
    """Which page of which calls, in which order."""

    filter_criteria: CallCriteria = CallCriteria()


class TranscriptForm(Form):
    """How the transcript is written; without it the Accept header decides."""

    format: Format | None = None
