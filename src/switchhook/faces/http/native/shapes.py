"""What the API answers, member by member; every answer is made of these."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T", bound=BaseModel)

CallStatus = Literal["scheduled", "registered", "ongoing", "ended", "error"]
CallType = Literal["phone_call", "web_call"]
Direction = Literal["inbound", "outbound"]
UserSentiment = Literal["Negative", "Positive", "Neutral", "Unknown"]


class Shape(BaseModel):
    """A part of an answer; every member is always there."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Envelope(Shape, Generic[T]):
    """What every successful answer wears."""

    message: str
    status: Literal["success"] = "success"
    error: None = None
    data: T


class Details(Shape):
    """A failure as programs read it."""

    model_config = ConfigDict(extra="allow")

    code: str = Field(examples=["call_not_found"])
    message: str
    field: str | None
    hint: str | None
    retry_safe: bool
    next_action: str | None


class ErrorEnvelope(Shape):
    """What every failure wears; `error` starts with the code of the details."""

    message: str
    status: Literal["error"] = "error"
    error: str
    data: None = None
    details: Details


class CallEvent(Shape):
    """Something that happened; `session_time` is in seconds since the call was answered."""

    timestamp: int
    event: str
    session_time: float
    data: dict[str, Any]


class WordTiming(Shape):
    """A word and when it was heard, in seconds since the call was answered."""

    word: str
    start: float
    end: float


class Utterance(Shape):
    """What one side said in one turn."""

    role: Literal["agent", "user"]
    content: str
    heard_estimated: bool
    words: list[WordTiming]


class Digit(Shape):
    """A key that was pressed during the call."""

    role: Literal["dtmf"] = "dtmf"
    digit: str


class Analysis(Shape):
    """What the call achieved."""

    call_summary: str
    call_successful: bool
    user_sentiment: UserSentiment = "Unknown"
    in_voicemail: bool
    custom_analysis_data: dict[str, Any]


class TelephonyIdentifier(Shape):
    """The carrier's own ids of the call."""

    twilio_call_sid: str | None
    call_sid: str | None
    conference_sid: str | None = None


class LatencyStats(Shape):
    """How long one step took, in milliseconds."""

    p50: float
    p90: float
    p95: float
    p99: float
    min: float
    max: float
    num: int
    values: list[float]


class Call(Shape):
    """A call: the members of the API it is compatible with, and a few of our own."""

    call_id: str = Field(examples=["call_af26d2ba-d720-440d-aff1-7df8459eebc7"])
    agent_id: str = Field(examples=["agent-123"])
    organization_id: str
    call_status: CallStatus
    call_type: CallType
    direction: Direction
    start_timestamp: int | None
    end_timestamp: int | None
    call_duration: int | None
    disconnection_reason: str | None
    recording_url: str | None
    public_log_url: str | None = None
    opt_out_sensitive_data_storage: bool = False
    metadata: dict[str, Any]
    events: list[CallEvent]
    transcript: str | None
    transcript_object: list[Utterance]
    transcript_with_tool_calls: list[Utterance | Digit]
    latency: dict[str, LatencyStats] | None
    call_analysis: Analysis | None
    call_cost: dict[str, Any] | None = None
    telephony_identifier: TelephonyIdentifier | None
    id: str
    agent_version: int
    agent_name: str
    from_number: str
    to_number: str
    duration_ms: int | None
    data_storage_setting: Literal["everything"] = "everything"
    retell_llm_dynamic_variables: dict[str, str]
    collected_dynamic_variables: dict[str, str]
    created_at: int
    updated_at: int
    simulated: bool


class CallAndOrganization(Shape):
    """A call, and whose it is."""

    organization_id: str
    call: Call


class WholeCall(Call):
    """A call twice over, because clients look for it in `data` and in `data.call`."""

    call: Call


class PhoneCallInfo(Shape):
    """The line of a call that was just placed."""

    from_number: str
    to_number: str
    direction: Direction
    call_status: CallStatus


class PhoneCallPlaced(CallAndOrganization):
    """A call that is being dialled."""

    call_type: Literal["phone_call"] = "phone_call"
    status: Literal["call_initiated"] = "call_initiated"
    phone_call_info: PhoneCallInfo


class WebCallInfo(Shape):
    """How a browser would join; without a web line there is no room and no token."""

    room_name: str | None = None
    access_token: str | None = None
    call_status: CallStatus
    agent_id: str


class WebCallRegistered(CallAndOrganization):
    """A web call that was registered."""

    call_type: Literal["web_call"] = "web_call"
    web_call_info: WebCallInfo
    livekit_connection: None = None


Change = Literal["update", "end", "transfer", "add"]


class CallChanged(CallAndOrganization):
    """A call after something was done to it."""

    operation: Change


class CallDeleted(Shape):
    """What remains of a call that was wiped."""

    operation: Literal["deleted"] = "deleted"
    organization_id: str
    call_id: str


class Transcript(Shape):
    """What was said, as text and turn by turn."""

    organization_id: str
    call_id: str
    transcript: str | None
    transcript_object: list[Utterance]
    transcript_with_tool_calls: list[Utterance | Digit]


class Pagination(Shape):
    """Which page this is, and how many there are."""

    page: int
    limit: int
    total: int
    total_count: int
    total_pages: int
    has_next_page: bool
    has_previous_page: bool


class Paged(Shape):
    """A page of something."""

    organization_id: str
    pagination: Pagination
    returned_count: int
    sort_by: str
    sort_order: Literal["ascending", "descending"]


class Calls(Paged):
    """A page of calls."""

    calls: list[Call]
    applied_filters: dict[str, Any]
