"""How Deepgram tells what it hears: v1 by segments, v2 by turns."""

from __future__ import annotations

from collections.abc import Iterator

from switchhook.ports import FRAME_MS
from switchhook.testing.deepgram.hearing import Listener
from switchhook.testing.vendors import Json

INTERIM_MS = 200
EMPTY_MS = 3000
UPDATE_MS = 240
EAGER_MS = 300
TURN_MS = 700


class Segments:
    """v1: guesses that are replaced, until a pause makes them final."""

    def __init__(self, texts: list[str], endpointing_ms: int) -> None:
        self._listener = Listener(texts)
        self._endpointing_ms = endpointing_ms
        self._start_ms = 0

    def feed(self, ulaw: bytes) -> Iterator[Json]:
        """Yield the results that audio leads to."""
        listener = self._listener
        for _ in listener.feed(ulaw):
            spell = listener.spell
            if spell is None:
                if listener.now_ms - self._start_ms >= EMPTY_MS:
                    yield self._result(final=True)
            elif spell.quiet_ms >= self._endpointing_ms:
                yield self._result(final=True, speech_final=True)
                listener.end()
            elif not spell.quiet_ms and spell.voiced_ms % INTERIM_MS == 0:
                yield self._result(final=False)

    def finalize(self) -> Json:
        """Return what is known so far, as final."""
        result = self._result(final=True) | {"from_finalize": True}
        if self._listener.spell is not None:
            self._listener.end()
        return result

    def metadata(self) -> Json:
        """Return the last message of a stream."""
        seconds = self._listener.now_ms / 1000
        members = {"request_id": "r1", "sha256": "0", "created": "2026-11-21T12:00:00.000Z"}
        return {"type": "Metadata", "duration": seconds, "channels": 1, **members}

    def _result(self, *, final: bool, speech_final: bool = False) -> Json:
        spell, now_ms = self._listener.spell, self._listener.now_ms
        text = spell.text(all_of_it=final) if spell is not None else ""
        words = spell.heard(all_of_it=final) if spell is not None else []
        result: Json = {
            "type": "Results",
            "channel_index": [0, 1],
            "start": self._start_ms / 1000,
            "duration": (now_ms - self._start_ms) / 1000,
            "is_final": final,
            "speech_final": speech_final,
            "from_finalize": False,
            "channel": {"alternatives": [{"transcript": text, "confidence": 0.98, "words": words}]},
            "metadata": {"request_id": "r1"},
        }
        if final:
            self._start_ms = now_ms
        return result


class Turns:
    """v2: a turn from its first word to its end, which may be foreseen and taken back."""

    def __init__(self, texts: list[str], *, eager: bool) -> None:
        self._listener = Listener(texts)
        self._eager = eager
        self._foreseen = False
        self._turn = 0
        self._sequence = 0

    def connected(self) -> Json:
        """Return the greeting."""
        return {"type": "Connected", "request_id": "r1", "sequence_id": 0}

    def feed(self, ulaw: bytes) -> Iterator[Json]:
        """Yield the news of turns that audio leads to."""
        for voiced in self._listener.feed(ulaw):
            yield from self._step(voiced=voiced)

    def _step(self, *, voiced: bool) -> Iterator[Json]:
        spell = self._listener.spell
        if spell is None:
            return
        if voiced and self._foreseen:
            self._foreseen = False
            yield self._news("TurnResumed")
        elif voiced and spell.voiced_ms == FRAME_MS:
            yield self._news("StartOfTurn")
        elif voiced and spell.voiced_ms % UPDATE_MS == 0:
            yield self._news("Update")
        elif spell.quiet_ms == EAGER_MS and self._eager:
            self._foreseen = True
            yield self._news("EagerEndOfTurn")
        elif spell.quiet_ms >= TURN_MS:
            yield self._news("EndOfTurn")
            self._foreseen = False
            self._turn += 1
            self._listener.end()

    def _news(self, event: str) -> Json:
        self._sequence += 1
        spell = self._listener.spell
        whole = event in ("EagerEndOfTurn", "EndOfTurn")
        return {
            "type": "TurnInfo",
            "request_id": "r1",
            "sequence_id": self._sequence,
            "event": event,
            "turn_index": self._turn,
            "audio_window_start": spell.start_ms / 1000 if spell is not None else 0.0,
            "audio_window_end": self._listener.now_ms / 1000,
            "transcript": spell.text(all_of_it=whole) if spell is not None else "",
            "words": spell.heard(all_of_it=whole) if spell is not None else [],
            "end_of_turn_confidence": 0.8 if whole else 0.1,
        }
