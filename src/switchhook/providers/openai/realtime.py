"""OpenAI Realtime: the messages of a conversation by speech, without the socket.

The vendor makes audio faster than anybody hears it, takes only one answer at a time, and must be
told what of an answer was heard. So an answer that is wanted while another one is being made
waits for its end; results of actions wait for the end of the answer that called them, and are
followed by exactly one new answer; what belongs to a cancelled answer is dropped. The words of
both sides are kept as they were heard, so that a new session can go on where an old one ends.

What is to be sent waits in `to_send`; before the session is ready, only its configuration does.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, cast

from switchhook.providers.openai.conversing import (
    Audio,
    Called,
    CalleeSaid,
    Done,
    Event,
    Failed,
    Played,
    Ready,
    Settings,
    SpeechStarted,
    SpeechStopped,
    Text,
)
from switchhook.providers.openai.history import History
from switchhook.providers.openai.trouble import failure

BYTES_PER_MS: Final = 8
"""Of mu-law at 8 kHz."""

_APPEND: Final = '{"type":"input_audio_buffer.append","audio":"'
_AUDIO = re.compile(
    r'\{"type":"response\.output_audio\.delta","event_id":"[^"]*","response_id":"([^"]*)",'
    r'"item_id":"([^"]*)","output_index":[0-9]+,"content_index":[0-9]+,"delta":"([^"]*)"\}'
).fullmatch

# What the vendor says about a cancel, a cut or a commit that came too late changes nothing.
_HARMLESS: Final = frozenset(
    {
        "response_cancel_not_active",
        "input_audio_buffer_commit_empty",
        "item_truncate_invalid_item_id",
        "item_delete_invalid_item_id",
    }
)
_CUTS: Final = "cut-"
_ANSWERS: Final = "answer-"


@dataclass(slots=True)
class _Item:
    """A piece of the agent's speech: what was received, and whether its fate is sealed."""

    received: int = 0
    complete: bool = False
    settled: bool = False

    @property
    def ms(self) -> int:
        return self.received // BYTES_PER_MS


@dataclass(slots=True)
class _Answer:
    """An answer of the vendor, from the wish for it; without an id it was not begun yet."""

    asked: str = ""
    id: str | None = None
    cancelled: bool = False
    over: bool = False
    items: dict[str, _Item] = field(default_factory=dict[str, _Item])
    open_calls: set[str] = field(default_factory=set[str])
    results: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


class Realtime:
    """One conversation, through as many sessions as it takes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._history = History()
        self._number = 0
        self.open = False
        self._out: list[str] = []
        self._held: list[str] = []
        self._past = self._sent = 0  # bytes of audio, in earlier sessions and in this one
        self._wanted = False
        self._callee_speaks = False
        self._answer: _Answer | None = None
        self._latest: _Answer | None = None
        self._items: dict[str, _Item] = {}
        self._calls: dict[str, _Answer] = {}

    # ---- what we do -----------------------------------------------------------------------------

    def to_send(self) -> list[str]:
        """Return the messages that are due, once."""
        due, self._out = self._out, []
        return due

    def hear(self, ulaw: bytes) -> None:
        """Let the vendor hear the callee."""
        self._sent += len(ulaw)
        encoded = binascii.b2a_base64(ulaw, newline=False).decode("ascii")
        (self._out if self.open else self._held).append(f'{_APPEND}{encoded}"}}')

    def end_turn(self) -> None:
        """Say that the callee's turn is over, and ask for the answer, where the turns are ours."""
        self._say({"type": "input_audio_buffer.commit"})
        self.ask()

    def ask(self) -> None:
        """Ask for an answer, now or as soon as the present one is over."""
        if self._answer is not None or not self.open:
            self._wanted = True
            return
        self._wanted = False
        self._number += 1
        asked = f"{_ANSWERS}{self._number}"
        self._answer = self._latest = _Answer(asked)
        self._say({"type": "response.create", "event_id": asked})

    def interrupt(self, played: Iterable[Played]) -> None:
        """Stop the answer that is being made, and forget what of it nobody heard."""
        self._wanted = False
        if self._answer is not None and not self._answer.cancelled:
            self._answer.cancelled = True
            self._say({"type": "response.cancel"})
        heard = {one.item: one for one in played}
        for key in list(self._items):
            if key in heard or self._cancelled(key):
                self._cut(key, heard.get(key, Played(key, 0)))

    def result(self, call_id: str, output: str) -> None:
        """Tell what came of an action; the vendor answers once all of an answer's are told."""
        answer = self._calls.pop(call_id, None)
        if answer is None:
            return
        item = {"type": "function_call_output", "call_id": call_id, "output": output}
        self._history.result(item)
        answer.open_calls.discard(call_id)
        answer.results.append(item)
        self._tell_results(answer)

    @property
    def between_turns(self) -> bool:
        """Whether nobody speaks and nothing is waited for: the moment for a renewal."""
        idle = self._answer is None and not self._wanted and not self._callee_speaks
        return self.open and idle and not self._calls

    def renew(self) -> list[Event]:
        """Expect a new session: it is told what was said so far, and audio waits for it.

        An answer that had begun is over; one that had not is asked for again.
        """
        if self.open:
            self._past, self._sent = self._past + self._sent, 0
        self.open = self._callee_speaks = False
        self._out.clear()
        self._items.clear()
        lost, self._answer = self._answer, None
        if lost is None:
            return []
        lost.over = True
        if lost.id is None:
            self._wanted |= not lost.cancelled
            return []
        gone = failure({"code": "session_lost", "message": "the session ended before the answer"})
        return [Done("failed", gone)]

    # ---- what the vendor does -------------------------------------------------------------------

    def feed(self, message: str) -> list[Event]:
        """Return what a message of the vendor means; what is unknown means nothing."""
        regular = _AUDIO(message)
        if regular is not None:
            return self._audio(*regular.groups())
        try:
            event: object = json.loads(message)
        except (ValueError, RecursionError):
            return [_nonsense("a message that is no JSON")]
        if not isinstance(event, dict):
            return [_nonsense("a message that is no object")]
        told = cast("dict[str, Any]", event)
        reader = self._READERS.get(str(told.get("type")))
        try:
            return reader(self, told) if reader else []
        except (KeyError, TypeError, AttributeError):
            return [_nonsense(f"a malformed {told['type']}")]

    def _audio(self, response: str, key: str, delta: str) -> list[Event]:
        item = self._items.get(key)
        if item is None or not self._alive(response):
            return []
        try:
            ulaw = binascii.a2b_base64(delta, strict_mode=True)
        except ValueError:
            return [_nonsense("audio that is no base64")]
        begins, item.received = item.ms, item.received + len(ulaw)
        return [Audio(key, begins, ulaw)]

    def _audio_slowly(self, told: Mapping[str, Any]) -> list[Event]:
        return self._audio(told["response_id"], told["item_id"], told["delta"])

    def _created(self, _told: Mapping[str, Any]) -> list[Event]:
        update = {"type": "session.update", "session": self._settings.session()}
        self._out.append(json.dumps(update))
        return []

    def _updated(self, _told: Mapping[str, Any]) -> list[Event]:
        if self.open:
            return []
        self.open = True
        for item in self._history.items():
            self._say({"type": "conversation.item.create", "item": item})
        self._out += self._held
        self._held = []
        if self._wanted:
            self.ask()
        return [Ready()]

    def _placed(self, told: Mapping[str, Any]) -> list[Event]:
        self._history.place(told["item"])
        return []

    def _answer_begins(self, told: Mapping[str, Any]) -> list[Event]:
        # Where the turns are the vendor's, an answer begins that we never asked for.
        answer = self._answer if self._answer and self._answer.id is None else _Answer()
        answer.id = told["response"]["id"]
        self._answer = self._latest = answer
        return []

    def _item_begins(self, told: Mapping[str, Any]) -> list[Event]:
        answer = self._answer
        if told["item"]["type"] == "message" and answer and answer.id == told["response_id"]:
            key = told["item"]["id"]
            answer.items[key] = self._items[key] = _Item()
            if answer.cancelled:
                self._cut(key, Played(key, 0))
        return []

    def _item_ends(self, told: Mapping[str, Any]) -> list[Event]:
        item = told["item"]
        if item["type"] == "function_call":
            return self._called(told["response_id"], item)
        if item["id"] in self._items and item["status"] == "completed":
            self._items[item["id"]].complete = True
        return []

    def _called(self, response: str, item: Mapping[str, Any]) -> list[Event]:
        answer = self._answer
        if answer is None or not self._alive(response):
            return []
        answer.open_calls.add(item["call_id"])
        self._calls[item["call_id"]] = answer
        self._history.called(item)
        return [Called(item["call_id"], item["name"], item["arguments"])]

    def _text(self, told: Mapping[str, Any]) -> list[Event]:
        if not self._alive(told["response_id"]):
            return []
        self._history.spoke(told["item_id"], told["delta"])
        return [Text(told["item_id"], told["delta"])]

    def _answer_ends(self, told: Mapping[str, Any]) -> list[Event]:
        response = told["response"]
        answer = self._answer
        if answer is None or answer.id not in (None, response["id"]):
            return []
        self._answer, answer.over = None, True
        self._tell_results(answer)
        if self._wanted:
            self.ask()
        details: Mapping[str, Any] = response.get("status_details") or {}
        error: object = details.get("error")
        usage: Mapping[str, Any] = response.get("usage") or {}
        return [
            Done(
                response["status"],
                failure(error) if error else None,
                int(usage.get("input_tokens") or 0),
                int(usage.get("output_tokens") or 0),
            )
        ]

    def _callee_text(self, told: Mapping[str, Any]) -> list[Event]:
        delta = told.get("delta")
        return [CalleeSaid(told["item_id"], delta, final=False)] if delta else []

    def _callee_said(self, told: Mapping[str, Any]) -> list[Event]:
        self._history.heard(told["item_id"], told["transcript"])
        return [CalleeSaid(told["item_id"], told["transcript"], final=True)]

    def _speech_starts(self, told: Mapping[str, Any]) -> list[Event]:
        self._callee_speaks = True
        return [SpeechStarted(told["item_id"], self._ms(told["audio_start_ms"]))]

    def _speech_stops(self, told: Mapping[str, Any]) -> list[Event]:
        self._callee_speaks = False
        return [SpeechStopped(told["item_id"], self._ms(told["audio_end_ms"]))]

    def _refused(self, told: Mapping[str, Any]) -> list[Event]:
        error: Mapping[str, Any] = told["error"]
        ours, code = str(error.get("event_id") or ""), error.get("code")
        if code in _HARMLESS or ours.startswith(_CUTS):
            return []
        if code == "conversation_already_has_active_response":
            # The vendor began an answer before it read our wish for one, which its end fulfils.
            self._wanted = True
            return []
        if self._answer is not None and self._answer.asked == ours:
            self._answer = None
            if self._wanted:
                self.ask()
        return [Failed(failure(error))]

    _READERS: ClassVar[Mapping[str, Callable[..., list[Event]]]] = {
        "session.created": _created,
        "session.updated": _updated,
        "conversation.item.added": _placed,
        "response.created": _answer_begins,
        "response.output_item.added": _item_begins,
        "response.output_item.done": _item_ends,
        "response.output_audio.delta": _audio_slowly,
        "response.output_audio_transcript.delta": _text,
        "response.done": _answer_ends,
        "conversation.item.input_audio_transcription.delta": _callee_text,
        "conversation.item.input_audio_transcription.completed": _callee_said,
        "input_audio_buffer.speech_started": _speech_starts,
        "input_audio_buffer.speech_stopped": _speech_stops,
        "error": _refused,
    }

    # ---- within ---------------------------------------------------------------------------------

    def _say(self, message: Mapping[str, Any]) -> None:
        (self._out if self.open else self._held).append(json.dumps(message))

    def _ms(self, in_session: float) -> int:
        return self._past // BYTES_PER_MS + int(in_session)

    def _alive(self, response: str) -> bool:
        answer = self._answer
        return answer is not None and answer.id == response and not answer.cancelled

    def _cancelled(self, key: str) -> bool:
        answer = self._answer
        return answer is not None and answer.cancelled and key in answer.items

    def _cut(self, key: str, played: Played) -> None:
        """Make the vendor know what was heard; it takes neither nothing nor more than there is."""
        item = self._items.get(key)
        if item is None or item.settled:
            return
        item.settled = True
        if played.ms <= 0:
            self._history.drop(key)
            self._say_cut({"type": "conversation.item.delete", "item_id": key})
        elif not (item.complete and played.ms >= item.ms):
            self._history.cut(key, played.text)
            end = {"content_index": 0, "audio_end_ms": min(played.ms, item.ms)}
            self._say_cut({"type": "conversation.item.truncate", "item_id": key} | end)

    def _say_cut(self, message: dict[str, Any]) -> None:
        self._number += 1
        self._say(message | {"event_id": f"{_CUTS}{self._number}"})

    def _tell_results(self, answer: _Answer) -> None:
        if not answer.over or not answer.results:
            return
        for item in answer.results:
            self._say({"type": "conversation.item.create", "item": item})
        answer.results.clear()
        # Once the callee has been answered anew, a late result is only something to know.
        if not answer.open_calls and not answer.cancelled and answer is self._latest:
            self.ask()


def _nonsense(what: str) -> Failed:
    return Failed(failure({"code": "protocol_broken", "message": f"it sent {what}"}))
