"""What hears and speaks for the agent in a call of a seed, and what is wrong with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from random import Random

from switchhook.domain.agent import Language
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.testing import NO_FAULTS, Faults, Pieces, PlainEars, PlainVoice
from switchhook.testing.voices import Murmuring

_DRIPS = Pieces(most=1, between=0.5)


@dataclass(frozen=True)
class Senses:
    """The ears and the voice of a call, and whether others stand by for them."""

    voice: Faults = NO_FAULTS
    pieces: Pieces | None = None
    loses_voice_after: float | None = None
    ears: Faults = NO_FAULTS
    drops: tuple[int, ...] = ()
    spare_voice: bool = False
    spare_ears: bool = False

    @property
    def swift(self) -> bool:
        """Whether they do their part at once."""
        pieces = self.pieces
        drips = pieces is not None and pieces.between >= _DRIPS.between
        slow = self.voice.hang or self.voice.nothing or drips
        return not slow and self.ears == NO_FAULTS and not self.drops

    def ear(self) -> PlainEars:
        """Return the ears of the call."""
        return PlainEars(self.ears, drops=self.drops)

    def mouth(self) -> PlainVoice:
        """Return the voice of the call."""
        return FrailVoice(self.voice, self.pieces, self.loses_voice_after)


class FrailVoice(PlainVoice):
    """A voice whose connections are lost after so many seconds."""

    def __init__(self, faults: Faults, pieces: Pieces | None, lost_after: float | None) -> None:
        super().__init__(faults, pieces)
        self.lost_after = lost_after

    def open(self, language: Language, choice: VoiceChoice) -> FrailMurmuring:
        """Start to murmur in one call."""
        del language, choice
        self.opened += 1
        return FrailMurmuring(self)


class FrailMurmuring(Murmuring):
    """One call's murmur."""

    def __init__(self, voice: FrailVoice) -> None:
        super().__init__(voice)
        self._lost_after = voice.lost_after

    async def run(self) -> None:
        """Keep a connection until `close`, or until it is lost."""
        try:
            async with asyncio.timeout(self._lost_after):
                await super().run()
        except TimeoutError:
            raise OSError("the connection of the voice was lost") from None


def senses(random: Random, trouble: str, seed: int) -> Senses:
    """Draw what hears and speaks; the trouble may be theirs."""
    weak_voice, weak_ears = trouble == "voice", trouble == "ears"
    return Senses(
        voice=_voice(random) if weak_voice else Faults(jitter=0.2, seed=seed),
        pieces=_pieces(random) if random.random() < 0.5 else None,
        loses_voice_after=random.uniform(0.0, 8.0) if random.random() < 0.1 else None,
        ears=_ears(random) if weak_ears else NO_FAULTS,
        drops=(random.randint(1, 8),) if weak_ears and random.random() < 0.5 else (),
        spare_voice=random.random() < 0.2,
        spare_ears=random.random() < 0.2,
    )


def _voice(random: Random) -> Faults:
    return Faults(
        latency=random.choice((0.0, 0.3, 1.5)),
        jitter=0.5,
        error=random.choice((0.0, 0.3)),
        hang=random.choice((0.0, 0.3)),
        nothing=random.choice((0.0, 0.2)),
        garbage=random.choice((0.0, 0.2)),
        seed=random.randrange(1 << 30),
    )


def _pieces(random: Random) -> Pieces:
    return Pieces(
        most=random.choice((1, 10, 50)),
        between=random.choice((0.01, 0.1, 0.5, 1.5)),
        broken=random.choice((0.0, 0.0, 0.0, 0.1)),
        seed=random.randrange(1 << 30),
    )


def _ears(random: Random) -> Faults:
    return Faults(
        latency=random.choice((0.0, 0.3, 1.0)),
        error=random.choice((0.0, 0.0, 0.3)),
        hang=random.choice((0.0, 0.3)),
        nothing=random.choice((0.0, 0.4)),
        garbage=random.choice((0.0, 0.4)),
        seed=random.randrange(1 << 30),
    )
