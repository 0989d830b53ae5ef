"""OpenAI Realtime: the messages of a conversation by speech, without the socket.

The vendor makes audio faster than anybody hears it, takes only one answer at a time, and must be
told what of an answer was heard. So an answer that is wanted while another one is being made
waits for its end; results of actions wait for the end of the answer that called them; what
belongs to a cancelled answer is dropped. Where turns are ours, only spells of speech are sent, and
committed when they end. The words of both sides are kept as they were heard, so that a new session
can go on where an old one ends.

What is to be sent waits in `to_send`; before the session is ready, only its configuration does.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final, cast

from switchhook.providers.openai.answers import Answer, Item
from switchhook.providers.openai.conversing import (
    Audio,
    Called,
    Done,
    Ended,
    Event,
    Failed,
    Played,
    Ready,
    Settings,
    Text,
    TurnOver,
)
from switchhook.providers.openai.history import History, Role, message
from switchhook.providers.openai.spells import Spells
from switchhook.providers.openai.trouble import failure
from switchhook.providers.openai.unbroken import Unbroken

_AUDIO = re.compile(
    r'\{"type":"response\.output_audio\.delta","event_id":"[^"]*","response_id":"([^"]*)",'
    r'"item_id":"([^"]*)","output_index":[0-9]+,"content_index":[0-9]+,"delta":"([^"]*)"\}'
).fullmatch

_EMPTY: Final = "input_audio_buffer_commit_empty"

# What the vendor says about a cancel or a cut that came too late changes nothing.
_HARMLESS: Final = frozenset(
    {
        "response_cancel_not_active",
        "item_truncate_invalid_item_id",
        "item_delete_invalid_item_id",
    }
)
_CUTS: Final = "cut-"
_ANSWERS: Final = "answer-"
_OURS: Final = "note-"


class Realtime:
    """One conversation, through as many sessions as it takes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._history = History()
        self._spells = Spells() if settings.eagerness is None else Unbroken()
        self._number = 0
        self.open = False
        self._out: list[str] = []
        self._wanted: int | None = None
        self._answer: Answer | None = None
        self._items: dict[str, Item] = {}
        self._calls: dict[str, Answer] = {}

    # ---- what we do -----------------------------------------------------------------------------

    def to_send(self) -> list[str]:
        """Return the messages that are due, once."""
        due, self._out = self._out, []
        return due

    def hear(self, ulaw: bytes, at_ms: int) -> None:
        """Let the vendor hear the callee."""
        self._send_speech(self._spells.hear(ulaw, at_ms))

    def speech(self, at_ms: int, *, begins: bool) -> None:
        """Begin or end a spell of the callee's speech."""
        self._send_speech(self._spells.speech(at_ms, begins=begins))

    def ask(self, generation: int) -> None:
        """Ask for an answer, now or as soon as the present one is over."""
        if self._answer is not None or not self.open:
            self._wanted = generation
            return
        self._wanted = None
        self._number += 1
        asked = f"{_ANSWERS}{self._number}"
        self._answer = Answer(generation, asked)
        self._say({"type": "response.create", "event_id": asked})

    def cancel(self) -> None:
        """Stop the answer that is being made, and want no other."""
        self._wanted = None
        answer = self._answer
        if answer is None or answer.cancelled:
            return
        answer.cancelled = True
        self._say({"type": "response.cancel"})
        for key, item in answer.items.items():
            if not item.received:
                self._cut(Played(key, 0))

    def cut(self, played: Played) -> None:
        """Let the vendor know what was heard of an item; the answer it belongs to is stopped."""
        if self._answer is not None and played.item in self._answer.items:
            self.cancel()
        self._cut(played)

    def note(self, role: Role, text: str) -> None:
        """Add something to the conversation that nobody said in it."""
        self._number += 1
        item = message(f"{_OURS}{self._number}", role, text)
        self._history.place(item)
        self._history.heard(item["id"], text)
        self._add(item)

    def result(self, call_id: str, output: str) -> None:
        """Tell what came of an action, once the answer that called it is over."""
        answer = self._calls.pop(call_id, None)
        if answer is None:
            return
        item = {"type": "function_call_output", "call_id": call_id, "output": output}
        self._history.result(item)
        answer.results.append(item)
        self._tell_results(answer)

    @property
    def between_turns(self) -> bool:
        """Whether nobody speaks and nothing is waited for: the moment for a renewal."""
        idle = self._answer is None and self._wanted is None and not self._calls
        return self.open and idle and self._spells.over

    def renew(self) -> list[Event]:
        """Expect a new session: it is told what was said so far, and hears what is unwritten.

        An answer that had begun is over; one that had not is asked for again.
        """
        self.open = False
        self._out.clear()
        self._items.clear()
        self._spells.lost()
        lost, self._answer = self._answer, None
        if lost is None:
            return []
        lost.over = True
        if lost.id is None:
            if not lost.cancelled and self._wanted is None:
                self._wanted = lost.generation
            return []
        gone = failure({"code": "session_lost", "message": "the session ended before the answer"})
        return [Done(lost.generation, "failed", gone)]

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
        item.received += len(ulaw)
        return [Audio(self._generation, key, ulaw)]

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
            self._add(item)
        self._out += self._spells.again()
        if self._wanted is not None:
            self.ask(self._wanted)
        return [Ready()]

    def _placed(self, told: Mapping[str, Any]) -> list[Event]:
        self._history.place(told["item"])
        return []

    def _speech_begins(self, told: Mapping[str, Any]) -> list[Event]:
        self._spells.began(told["item_id"], int(told["audio_start_ms"]))
        return []

    def _speech_ends(self, told: Mapping[str, Any]) -> list[Event]:
        self._spells.ended(told["item_id"], int(told["audio_end_ms"]))
        return []

    def _committed(self, told: Mapping[str, Any]) -> list[Event]:
        end_ms = self._spells.placed(told["item_id"])
        return [] if end_ms is None else [TurnOver(end_ms)]

    def _answer_begins(self, told: Mapping[str, Any]) -> list[Event]:
        # One that we did not ask for is in our way, and nobody hears it.
        asked = self._answer is not None and self._answer.id is None
        answer = self._answer if self._answer and asked else Answer(cancelled=True)
        answer.id = told["response"]["id"]
        self._answer = answer
        return []

    def _item_begins(self, told: Mapping[str, Any]) -> list[Event]:
        answer = self._answer
        if told["item"]["type"] == "message" and answer and answer.id == told["response_id"]:
            key = told["item"]["id"]
            answer.items[key] = self._items[key] = Item()
            if answer.cancelled:
                self._cut(Played(key, 0))
        return []

    def _item_ends(self, told: Mapping[str, Any]) -> list[Event]:
        item = told["item"]
        if item["type"] == "function_call":
            return self._called(told["response_id"], item)
        if item["id"] not in self._items or not self._alive(told["response_id"]):
            return []
        self._items[item["id"]].complete = item["status"] == "completed"
        return [Ended(self._generation, item["id"])]

    def _called(self, response: str, item: Mapping[str, Any]) -> list[Event]:
        answer = self._answer
        if answer is None or not self._alive(response):
            return []
        self._calls[item["call_id"]] = answer
        self._history.called(item)
        return [Called(answer.generation, item["call_id"], item["name"], item["arguments"])]

    def _text(self, told: Mapping[str, Any]) -> list[Event]:
        if not self._alive(told["response_id"]):
            return []
        self._history.spoke(told["item_id"], told["delta"])
        return [Text(self._generation, told["item_id"], told["delta"])]

    def _answer_ends(self, told: Mapping[str, Any]) -> list[Event]:
        response = told["response"]
        answer = self._answer
        if answer is None or answer.id not in (None, response["id"]):
            return []
        self._answer, answer.over = None, True
        self._tell_results(answer)
        if self._wanted is not None:
            self.ask(self._wanted)
        details: Mapping[str, Any] = response.get("status_details") or {}
        error: object = details.get("error")
        usage: Mapping[str, Any] = response.get("usage") or {}
        return [
            Done(
                answer.generation,
                response["status"],
                failure(error) if error else None,
                int(usage.get("input_tokens") or 0),
                int(usage.get("output_tokens") or 0),
            )
        ]

    def _written(self, told: Mapping[str, Any]) -> list[Event]:
        text = told.get("transcript") or ""
        self._history.heard(told["item_id"], text)
        return [*self._spells.written(told["item_id"], text)]

    def _refused(self, told: Mapping[str, Any]) -> list[Event]:
        error: Mapping[str, Any] = told["error"]
        ours, code = str(error.get("event_id") or ""), error.get("code")
        if code == _EMPTY:
            self._spells.empty()
            return []
        if code in _HARMLESS or ours.startswith(_CUTS):
            return []
        if not self.open and self._settings.understands and _about_turns(error):
            self._settings = replace(self._settings, understands=False)
            return self._created(told)
        answer = self._answer
        if code == "conversation_already_has_active_response":
            # The vendor had not finished an answer when it read our wish, which its end fulfils.
            self._wanted = answer.generation if answer and self._wanted is None else self._wanted
            return []
        if answer is None or answer.asked != ours:
            return [Failed(failure(error))]
        self._answer = None
        if self._wanted is not None:
            self.ask(self._wanted)
        return [Failed(failure(error), answer.generation)]

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
        "input_audio_buffer.speech_started": _speech_begins,
        "input_audio_buffer.speech_stopped": _speech_ends,
        "input_audio_buffer.committed": _committed,
        "conversation.item.input_audio_transcription.completed": _written,
        "conversation.item.input_audio_transcription.failed": _written,
        "error": _refused,
    }

    # ---- within ---------------------------------------------------------------------------------

    def _say(self, message: Mapping[str, Any]) -> None:
        """Send it, unless there is no session: a new one is told what it must know."""
        if self.open:
            self._out.append(json.dumps(message))

    def _add(self, item: Mapping[str, Any]) -> None:
        self._say({"type": "conversation.item.create", "item": item})

    def _send_speech(self, messages: list[str]) -> None:
        if self.open:
            self._out += messages

    @property
    def _generation(self) -> int:
        return self._answer.generation if self._answer else 0

    def _alive(self, response: str) -> bool:
        answer = self._answer
        return answer is not None and answer.id == response and not answer.cancelled

    def _cut(self, played: Played) -> None:
        """Make the vendor know what was heard; it takes neither nothing nor more than there is."""
        key, item = played.item, self._items.get(played.item)
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

    def _tell_results(self, answer: Answer) -> None:
        if not answer.over:
            return
        for item in answer.results:
            self._add(item)
        answer.results.clear()


def _about_turns(error: Mapping[str, Any]) -> bool:
    """Tell whether a server refuses a configuration because it finds turns by silence alone."""
    told = f"{error.get('param') or ''} {error.get('message') or ''}"
    return "turn_detection" in told or "semantic_vad" in told


def _nonsense(what: str) -> Failed:
    return Failed(failure({"code": "protocol_broken", "message": f"it sent {what}"}))
