"""espeak-ng through ctypes: the library is process-global, so one call at a time.

The wheel of the extra `offline` carries the library and its data. Names and numbers below are
those of `speak_lib.h`.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_AUDIO_BY_CALLBACK = 2  # AUDIO_OUTPUT_SYNCHRONOUS
_CHUNK_MS = 60
_DO_NOT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: without it missing data ends the process
_RATE_PARAMETER = 1  # espeakRATE, words per minute
_PITCH_PARAMETER = 3  # espeakPITCH
_UTF8 = 1  # espeakCHARS_UTF8
_BY_CHARACTER = 1  # POS_CHARACTER
_END = 0  # espeakEVENT_LIST_TERMINATED
_WORD = 1  # espeakEVENT_WORD


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@dataclass(frozen=True, slots=True)
class WordBegins:
    """Where a word stands in the text, counted in characters, and when it begins."""

    position: int
    length: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """16-bit samples, and the words in them."""

    pcm: bytes
    words: tuple[WordBegins, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is said; set anew before each utterance, because the library remembers."""

    voice: str
    words_per_minute: int
    pitch: int = 50


class Espeak:
    """The loaded library."""

    def __init__(self, library: str, data: str) -> None:
        self._library = ctypes.CDLL(library)
        folder = str(Path(data)).encode()
        initialize = self._library.espeak_Initialize
        self.rate = int(initialize(_AUDIO_BY_CALLBACK, _CHUNK_MS, folder, _DO_NOT_EXIT))
        if self.rate <= 0:
            raise OSError(f"espeak-ng found no voices in {data}")
        self._callback: Callable[..., int] | None = None

    def say(self, text: str, manner: Manner) -> Spoken:
        """Return the text as audio; blocks for about a millisecond a sentence."""
        pcm = bytearray()
        words: list[WordBegins] = []

        def collect(samples: ctypes.Array[ctypes.c_short], count: int, events: list[_Event]) -> int:
            if samples and count:
                pcm.extend(ctypes.string_at(samples, count * 2))
            index = 0
            while events[index].type != _END:
                if events[index].type == _WORD:
                    words.append(_begins(events[index]))
                index += 1
            return 0

        # The library keeps only the address, so the callback must outlive the call.
        self._callback = _Callback(collect)
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_SetVoiceByName(manner.voice.encode())
        self._library.espeak_SetParameter(_RATE_PARAMETER, manner.words_per_minute, 0)
        self._library.espeak_SetParameter(_PITCH_PARAMETER, manner.pitch, 0)
        encoded = text.encode() + b"\0"
        size = ctypes.c_size_t(len(encoded))
        self._library.espeak_Synth(encoded, size, 0, _BY_CHARACTER, 0, _UTF8, None, None)
        return Spoken(bytes(pcm), tuple(words))


def _begins(event: _Event) -> WordBegins:
    return WordBegins(event.text_position - 1, event.length, event.audio_position)
