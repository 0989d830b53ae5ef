"""Who may connect a media socket: for each call that is dialled, one token, once, for a while."""

from __future__ import annotations

import asyncio
import secrets
from typing import Final

from switchhook.domain.errors import Unavailable
from switchhook.ports import Clock
from switchhook.providers.twilio.line import MediaLine
from switchhook.providers.twilio.relay_line import RelayLine

PATIENCE: Final = 660.0
"""Seconds in which a token is good: the longest that a carrier lets a telephone ring, and more."""


TwilioLine = MediaLine | RelayLine
"""What a socket carries: audio, or words."""


class Admission:
    """A token, and the line of the socket that presents it."""

    def __init__(self, token: str, until: float, *, carries_words: bool) -> None:
        self.token = token
        self.until = until
        self.carries_words = carries_words
        self._line: asyncio.Future[TwilioLine | None] = asyncio.get_running_loop().create_future()

    async def line(self) -> TwilioLine:
        """Wait for the line."""
        line = await self._line
        if line is None:
            raise Unavailable(
                "the carrier's media socket did not come, or ended before it began",
                hint="check that the carrier reaches the public URL over wss",
            )
        return line

    def give(self, line: TwilioLine | None) -> bool:
        """Hand over the line, or that there will be none; tell whether anybody still wants it."""
        if self._line.done():
            return False
        self._line.set_result(line)
        return True


class Admissions:
    """The tokens that are good now; a fake's callees write their words into the audio."""

    def __init__(self, clock: Clock, *, carries_words: bool = False) -> None:
        self._clock = clock
        self._carries_words = carries_words
        self._open: dict[str, Admission] = {}

    def __len__(self) -> int:
        return len(self._open)

    def issue(self, seconds: float = PATIENCE) -> Admission:
        """Return a new token's admission; the eldest that nobody used are forgotten meanwhile."""
        now = self._clock.monotonic()
        for expired in [a for a in self._open.values() if a.until <= now]:
            self.withdraw(expired)
        token = secrets.token_urlsafe(32)
        admission = Admission(token, now + seconds, carries_words=self._carries_words)
        self._open[admission.token] = admission
        return admission

    def withdraw(self, admission: Admission) -> None:
        """Make the token worthless; who waits for its line is told that there is none."""
        self._open.pop(admission.token, None)
        admission.give(None)

    def redeem(self, token: str) -> Admission | None:
        """Return what the token admits to, and make it worthless."""
        admission = self._open.pop(token, None)
        if admission is None:
            return None
        if admission.until <= self._clock.monotonic():
            admission.give(None)
            return None
        return admission
