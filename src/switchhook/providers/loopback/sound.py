"""How the callee's end sounds: the voice, how fast it speaks, and the noise around it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from switchhook.audio import g711
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.ports import FRAME_BYTES, Frame
from switchhook.providers.loopback.personas import Persona

_SPEEDS = {Persona.HURRIED: 1.2, Persona.HARD_OF_HEARING: 0.85}
_SECONDS = 3


def callee_voice(who: Persona) -> VoiceChoice:
    """Return the voice of a persona."""
    return VoiceChoice(name="callee", speed=_SPEEDS.get(who, 1.0))


@dataclass(frozen=True, slots=True)
class Sound:
    """The voice, and the RMS of the noise in 16-bit samples; zero is a silent room."""

    voice: VoiceChoice = field(default_factory=lambda: VoiceChoice(name="callee"))
    noise: int = 0
    seed: int = 0


ORDINARY = Sound()


class Room:
    """Adds the noise of the room to what is said in it."""

    def __init__(self, sound: Sound) -> None:
        count = FRAME_BYTES * 50 * _SECONDS if sound.noise else 0
        self._noise = np.random.default_rng(sound.seed).normal(0, sound.noise or 1, count)
        self._place = 0

    def heard(self, frame: Frame) -> Frame:
        """Return the frame as it reaches the telephone."""
        if not self._noise.size:
            return frame
        noise = self._noise[self._place : self._place + FRAME_BYTES]
        self._place = (self._place + FRAME_BYTES) % self._noise.size
        spoken = np.frombuffer(g711.decode(frame.audio), "<i2")
        mixed = np.clip(spoken + noise[: len(spoken)], -32768, 32767).astype("<i2")
        return Frame(g711.encode(mixed.tobytes()), frame.words)
