"""What each tool takes. Tolerant: JSON text for objects, enums in either case, nulls."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from switchhook.domain.agent import MindKind
from switchhook.domain.interaction import CallOptions
from switchhook.domain.rehearsal import Scenario
from switchhook.domain.templating import stringified
from switchhook.faces.mcp.strict import Arguments, folded, parsed

_PHONE_CALLS = {"phone_call": "call", "phone": "call"}


def _channel(value: object) -> object:
    word = folded(value)
    return _PHONE_CALLS.get(word, word) if isinstance(word, str) else word


def _listed(value: object) -> object:
    value = parsed(value)
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    return [folded(item) for item in cast("list[object]", value)] if _is_list(value) else value


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


JsonObject = Annotated[dict[str, Any], BeforeValidator(parsed)]
JsonList = Annotated[list[Any], BeforeValidator(parsed)]
Variables = Annotated[
    dict[str, Annotated[str, BeforeValidator(stringified)]], BeforeValidator(parsed)
]
Play = Annotated[Scenario, BeforeValidator(parsed), WithJsonSchema({"type": "object"})]
Options = Annotated[CallOptions, BeforeValidator(parsed)]
# Hosts show what is worth choosing; every other mind may be named as well.
MindName = Annotated[
    MindKind,
    BeforeValidator(folded),
    WithJsonSchema({"type": "string", "enum": ["interview", "assistant", "model"]}),
]
ChannelName = Annotated[Literal["call", "web_call"], BeforeValidator(_channel)]
# Hosts show the beginner's form, a plain string; the full form is an object.
Form = Annotated[str | dict[str, Any], WithJsonSchema({"type": "string"})]
Section = Literal["transcript", "recording", "events", "latency", "cost", "analysis"]
Sections = Annotated[tuple[Section, ...], BeforeValidator(_listed)]
StatusName = Annotated[
    Literal["live", "registered", "queued", "ringing", "in_progress", "ended", "failed"],
    BeforeValidator(folded),
]
Cursor = Annotated[int, Field(ge=0)]
Task = Annotated[str | None, Field(description="What the call is to achieve")]
AgentChoice = Annotated[
    str | dict[str, Any] | None,
    BeforeValidator(parsed),
    Field(description="Id, name, or object as in create_agent"),
]


class Nothing(Arguments):
    """No arguments."""


class CheckCall(Arguments):
    """A call to be examined."""

    # Only a web call does without a number, so that hosts are told to give one.
    model_config = ConfigDict(json_schema_extra={"required": ["to"]})

    to: str | None = Field(None, description="Number to dial, e.g. +14155550123")
    task: Task = None
    agent: AgentChoice = None
    variables: Variables | None = Field(None, description="Values for {{name}} in prompts")
    from_number: str | None = Field(None, alias="from", description="One of your numbers")
    channel: ChannelName = "call"
    result_schema: JsonObject | None = Field(None, description="JSON Schema of what to find out")
    mind: MindName | None = Field(None, description="assistant: you talk by control_call")
    options: Options | None = None
    metadata: JsonObject | None = None


class CreateCall(CheckCall):
    """A call to be made."""

    idempotency_key: str | None = Field(
        None, min_length=1, max_length=255, description="Makes repeating safe"
    )
    confirm_token: str | None = Field(None, description="From a refused create_call")


class SimulateCall(Arguments):
    """A call to be rehearsed."""

    to: str = "+15550100001"
    task: Task = None
    agent: AgentChoice = None
    persona: str | None = Field(None, description="Who answers, e.g. hurried, ivr, voicemail")
    scenario: Play | None = Field(None, description="{steps: [{say|wait_for|press: …}]}")
    variables: Variables | None = None
    result_schema: JsonObject | None = None
    mind: MindName | None = None
    idempotency_key: str | None = Field(None, min_length=1, max_length=255)


class GetCall(Arguments):
    """A call to be read."""

    call_id: str
    include: Sections = ()
    cursor: Cursor = Field(0, description="next_cursor of the page before")
    limit: int = Field(50, ge=1, le=200)


class WaitForCall(Arguments):
    """A call to be followed."""

    call_id: str
    cursor: Cursor = 0
    max_wait: float = Field(30, ge=0, le=45)


class ListCalls(Arguments):
    """Calls to be found."""

    status: StatusName | None = None
    agent: str | None = None
    to: str | None = None
    text: str | None = Field(None, description="Words to look for")
    cursor: Cursor = 0
    limit: int = Field(20, ge=1, le=50)


class EndCall(Arguments):
    """A call to be ended."""

    call_id: str


class ControlCall(Arguments):
    """A call to be steered."""

    call_id: str
    action: Annotated[
        Literal[
            "say",
            "press_keys",
            "guide",
            "mute",
            "unmute",
            "hold",
            "resume",
            "transfer",
            "add_to_conference",
        ],
        BeforeValidator(folded),
    ]
    text: str | None = Field(None, max_length=4096, description="What to say, or to guide it by")
    to: str | None = Field(None, description="Whom to transfer to (told text first) or add")
    hold_first: bool = Field(default=True, description="Add with the callee on hold")
    digits: str | None = Field(None, pattern=r"^[0-9*#A-Da-dwW,]{1,64}$")
    interrupt: bool = Field(default=False, description="Speak at once, over anybody")


class AnswerQuestion(Arguments):
    """An answer the agent waits for."""

    call_id: str
    question_id: str
    answer: str = Field(max_length=4096)


class _AgentForm(Arguments):
    prompt: Form | None = Field(None, description="Instructions; {{name}} is filled")
    first_message: str | None = None
    language: str | None = Field(None, description="e.g. en, es, de")
    voice: Form | None = None
    mind: Form | None = None
    ears: Form | None = None
    connections: JsonObject | None = None
    result_schema: JsonObject | None = Field(None, description="What every call is to find out")
    variables: JsonObject | None = None
    actions: JsonList | None = None
    max_duration_seconds: int | None = None
    idle_seconds: float | None = None
    turns: JsonObject | None = None
    idle: JsonObject | None = None
    voicemail: JsonObject | None = None
    background_sound: str | None = None
    record: bool | None = None


class CreateAgent(_AgentForm):
    """An agent to be made."""

    name: str = Field(min_length=1, max_length=80)


class UpdateAgent(_AgentForm):
    """An agent to be changed."""

    agent: str = Field(description="Id or name")
    name: str | None = Field(None, min_length=1, max_length=80)


class GetAgent(Arguments):
    """An agent to be read."""

    agent: str = Field(description="Id or name")


class ListAgents(Arguments):
    """Agents to be found."""

    name_contains: str | None = None
    cursor: Cursor = 0
    limit: int = Field(20, ge=1, le=50)
