"""pocketsphinx, one decoder a thread: a stretch of speech in, believable words out or none."""

from __future__ import annotations

import importlib
import importlib.util
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, cast

from switchhook.providers.offline import telephone
from switchhook.providers.offline.grammar import OWN_WORDS, Grammar, as_written

COVERED = 0.75
"""How much of the time in which somebody spoke the words must cover to be believed."""
LIKENESS = -5.0
"""How alike each word and its sound must be: a logarithm of how much less likely, every 10 ms, the
word's sound may be than whichever sound of the language is likeliest."""

_FRAME_MS = 10
_NEVER = -1e4
_VARIANT = re.compile(r"\(\d\)$")
_SILENT = re.compile(r"^[<\[+]")
_KEPT = 64
_TOP = 8  # of the densities of a sound; the model's own four are too few once it is adapted


class _Segment(Protocol):
    word: str
    start_frame: int
    end_frame: int
    ascore: float


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


@dataclass(frozen=True, slots=True)
class Stretch:
    """16-bit samples at 8 kHz in which somebody spoke for so long, and what may be said in them."""

    pcm: bytes
    spoken_ms: int
    grammars: tuple[Grammar, ...]


@dataclass(frozen=True, slots=True)
class Guess:
    """Words that may have been said, and for how long; `likeness` is that of the worst of them.

    `score` is the likelihood of the whole stretch, by which guesses are compared.
    """

    words: str
    covered_ms: int
    likeness: float
    score: float

    def believable(self, spoken_ms: int) -> bool:
        """Tell whether they are enough, and enough like what was heard."""
        return self.covered_ms >= COVERED * spoken_ms and self.likeness >= LIKENESS


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
        # One after the other: within one grammar, the beginnings of many sentences would push
        # the whole of a short one out of the search.
        tried = [mine.guess(stretch.pcm, grammar) for grammar in stretch.grammars]
        guesses = [guess for guess in tried if guess is not None]
        best = max(guesses, key=lambda guess: guess.score, default=None)
        if best is None or not best.believable(stretch.spoken_ms):
            return None
        return as_written(best.words)

    def _mine(self) -> _Mine:
        mine: _Mine | None = getattr(self._own, "mine", None)
        if mine is None:
            mine = self._own.mine = _Mine()
        return mine


class _Mine:
    """A decoder and the grammars that it has."""

    def __init__(self) -> None:
        self.decoder = _made()
        self._names: dict[str, str] = {}
        self._added = 0
        for word, known in OWN_WORDS.items():
            phones = self.decoder.lookup_word(known)
            self.decoder.add_word(word, phones or "", False)  # noqa: FBT003 - theirs

    def guess(self, pcm: bytes, grammar: Grammar) -> Guess | None:
        """Return the sentence of the grammar that fits best, if one fits at all."""
        self._listen_for(grammar)
        self.decoder.start_utt()
        # As a whole, so that the mean is taken of this stretch alone.
        self.decoder.process_raw(pcm, False, True)  # noqa: FBT003 - theirs
        self.decoder.end_utt()
        return self._read(tuple(self.decoder.seg() or ()), grammar)

    def _listen_for(self, grammar: Grammar) -> None:
        name = self._names.get(grammar.text)
        if name is None:
            if len(self._names) >= _KEPT:
                oldest = next(iter(self._names))
                self.decoder.remove_search(self._names.pop(oldest))
            self._added += 1
            name = self._names[grammar.text] = f"q{self._added}"
            self.decoder.add_jsgf_string(name, grammar.text)
        self.decoder.activate_search(name)

    def _read(self, segments: tuple[_Segment, ...], grammar: Grammar) -> Guess | None:
        spoken = [segment for segment in segments if not _SILENT.match(segment.word)]
        words = " ".join(_VARIANT.sub("", segment.word) for segment in spoken)
        if not grammar.whole(words):
            return None
        lengths = [segment.end_frame - segment.start_frame + 1 for segment in spoken]
        likeness = min(_logarithm(s) / frames for s, frames in zip(spoken, lengths, strict=True))
        score = sum(map(_logarithm, segments))
        return Guess(words, sum(lengths) * _FRAME_MS, likeness, score)


def _made() -> _Decoder:
    library = importlib.import_module("pocketsphinx")
    with TemporaryDirectory() as folder:
        features, adaptation = Path(folder) / "feat.params", Path(folder) / "mllr"
        features.write_text(telephone.features())
        adaptation.write_text(telephone.adaptation())
        made = library.Decoder(
            lm=None,
            samprate=telephone.RATE,
            featparams=str(features),
            mllr=str(adaptation),
            topn=_TOP,
            loglevel="FATAL",
        )
    return cast("_Decoder", made)


def _logarithm(segment: _Segment) -> float:
    # Theirs is a probability, and what is too unlikely for a float is zero.
    return log(segment.ascore) if segment.ascore > 0 else _NEVER
