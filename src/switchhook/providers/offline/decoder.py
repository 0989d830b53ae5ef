"""pocketsphinx, one decoder a thread: a stretch of speech in, believable words out or none."""

from __future__ import annotations

import importlib
import importlib.util
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np

from switchhook.providers.offline.grammar import Grammar, as_written, own_words, pronounced

COVERED = 0.75
"""How much of the time in which somebody spoke the words must cover to be believed."""

_RATE = 16_000
_FRAME_MS = 10
_VARIANT = re.compile(r"\(\d\)$")
_SILENT = re.compile(r"^[<\[+]")
_KEPT = 64
_NOISE = 12


class _Segment(Protocol):
    word: str
    start_frame: int
    end_frame: int


class _Decoder(Protocol):
    def lookup_word(self, word: str) -> str | None: ...
    def add_word(self, word: str, phones: str, update: bool) -> int: ...  # noqa: FBT001 - theirs
    def add_jsgf_string(self, name: str, jsgf: str) -> None: ...
    def activate_search(self, name: str) -> None: ...
    def remove_search(self, name: str) -> None: ...
    def start_utt(self) -> None: ...
    def process_raw(self, data: bytes, no_search: bool, full_utt: bool) -> int: ...  # noqa: FBT001 - theirs
    def end_utt(self) -> None: ...
    def seg(self) -> Iterable[_Segment] | None: ...
    def get_cmn(self, update: bool) -> str: ...  # noqa: FBT001 - theirs
    def set_cmn(self, cmn: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """16-bit samples at 8 kHz in which somebody spoke for so long, and what may be said in them."""

    pcm: bytes
    spoken_ms: int
    grammar: Grammar


def installed() -> bool:
    """Tell whether the recogniser is there; it has no wheel for every Python."""
    return importlib.util.find_spec("pocketsphinx") is not None


class Decoders:
    """Gives every thread a decoder of its own."""

    def __init__(self) -> None:
        self._own = threading.local()

    def knows(self, word: str) -> bool:
        """Tell whether the dictionary has the word."""
        return self._mine().decoder.lookup_word(word) is not None

    def understand(self, stretch: Stretch) -> str | None:
        """Return what was said; blocks for a few hundredths of the time it took to say it."""
        mine = self._mine()
        decoder = mine.decoder
        mine.listen_for(stretch.grammar)
        # What it learned of one line would mislead it on the next.
        decoder.set_cmn(mine.mean)
        decoder.start_utt()
        decoder.process_raw(doubled(stretch.pcm), False, False)  # noqa: FBT003 - theirs
        decoder.end_utt()
        words, covered = _words(decoder.seg() or ())
        believed = stretch.grammar.whole(words) and covered >= COVERED * stretch.spoken_ms
        return as_written(words) if believed else None

    def _mine(self) -> _Mine:
        mine: _Mine | None = getattr(self._own, "mine", None)
        if mine is None:
            mine = self._own.mine = _Mine()
        return mine


class _Mine:
    """A decoder and the grammars that it has."""

    def __init__(self) -> None:
        library = importlib.import_module("pocketsphinx")
        made = library.Decoder(lm=None, samprate=_RATE, loglevel="FATAL")
        self.decoder = cast("_Decoder", made)
        self.mean = self.decoder.get_cmn(False)  # noqa: FBT003 - theirs
        self._names: dict[str, str] = {}
        self._added = 0
        for word in sorted(own_words()):
            phones = self.decoder.lookup_word(pronounced(word))
            self.decoder.add_word(word, phones or "", False)  # noqa: FBT003 - theirs

    def listen_for(self, grammar: Grammar) -> None:
        name = self._names.get(grammar.text)
        if name is None:
            if len(self._names) >= _KEPT:
                oldest = next(iter(self._names))
                self.decoder.remove_search(self._names.pop(oldest))
            self._added += 1
            name = self._names[grammar.text] = f"q{self._added}"
            self.decoder.add_jsgf_string(name, grammar.text)
        self.decoder.activate_search(name)


def doubled(pcm: bytes) -> bytes:
    """Return the samples at twice the rate, with a faint noise.

    Between two samples lies their middle. The mirror images which that leaves above 4 kHz are
    wanted: the recogniser learned from wide-band speech, and does far worse on an empty band.
    """
    samples = np.frombuffer(pcm, "<i2").astype(np.int32)
    twice = np.repeat(samples, 2)
    twice[1:-1:2] = (samples[:-1] + samples[1:]) // 2
    noise = np.random.default_rng(len(samples)).integers(-_NOISE, _NOISE, len(twice), endpoint=True)
    return np.clip(twice + noise, -32768, 32767).astype("<i2").tobytes()


def _words(segments: Iterable[_Segment]) -> tuple[str, int]:
    """Return the words, and for how many milliseconds they were spoken."""
    spoken = [segment for segment in segments if not _SILENT.match(segment.word)]
    frames = sum(segment.end_frame - segment.start_frame + 1 for segment in spoken)
    return " ".join(_VARIANT.sub("", s.word) for s in spoken), frames * _FRAME_MS
