"""The recordings that Twilio keeps of calls: fetched once they are ready, and then deleted."""

from __future__ import annotations

import asyncio
import os
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from switchhook.domain.errors import RecordingNotFound, TooLarge, Unavailable
from switchhook.domain.interaction import Recording
from switchhook.providers.twilio.rest import Account, Refused, Unanswered, Unreached

MOST_BYTES: Final = 128 * 1024 * 1024
"""More than an hour of both sides, which is longer than any call of ours."""

_READY: Final = "completed"
_NEVER: Final = "absent"
_UNKNOWN: Final = 404


class KeptByTwilio:
    """One account's recordings."""

    def __init__(self, account: Account, most_bytes: int = MOST_BYTES) -> None:
        self._account = account
        self._most_bytes = most_bytes

    async def fetch(self, ref: str, into: Path) -> Recording:
        """Write the recording of a call as a WAV file.

        Raise `Unavailable` while there is none yet, `RecordingNotFound` where there will be none.
        """
        draft = into.with_suffix(".part")
        try:
            await self._download(await self._ready(ref), draft)
            return await asyncio.to_thread(_kept, draft, into)
        except Refused as refusal:
            if refusal.status == _UNKNOWN:
                raise _absent(str(refusal)) from None
            raise _later(str(refusal)) from None
        except (Unreached, Unanswered) as failure:
            raise _later(str(failure)) from None
        finally:
            draft.unlink(missing_ok=True)

    async def discard(self, ref: str) -> None:
        """Delete the recordings of a call, for good.

        Raise `Unavailable` while one of them is still being made.
        """
        try:
            found = await self._account.recordings(ref)
            for recorded in found:
                if recorded.status == _READY:
                    await self._account.discard(recorded.sid)
        except (Refused, Unreached, Unanswered) as failure:
            raise _undeleted(str(failure)) from None
        if any(recorded.status not in (_READY, _NEVER) for recorded in found):
            raise _undeleted("it is not ready")

    async def _ready(self, ref: str) -> str:
        found = await self._account.recordings(ref)
        for recorded in found:
            if recorded.status == _READY:
                return recorded.sid
        if found and all(recorded.status == _NEVER for recorded in found):
            raise _absent("Twilio recorded nothing")
        raise _later("it is not ready")

    async def _download(self, recording: str, draft: Path) -> None:
        async with self._account.media(recording) as pieces:
            await asyncio.to_thread(draft.parent.mkdir, mode=0o700, parents=True, exist_ok=True)
            await self._write(draft, pieces)

    async def _write(self, draft: Path, pieces: AsyncIterator[bytes]) -> None:
        size = 0
        descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            async for piece in pieces:
                size += len(piece)
                if size > self._most_bytes:
                    raise TooLarge(f"Twilio's recording has more than {self._most_bytes} bytes")
                await asyncio.to_thread(file.write, piece)


def _kept(draft: Path, into: Path) -> Recording:
    """Move a whole file to its place; what is none stays a draft."""
    try:
        with wave.open(str(draft)) as recorded:
            seconds = recorded.getnframes() / recorded.getframerate()
    except (wave.Error, EOFError) as broken:
        raise _later(f"it is no WAV file ({broken})") from None
    draft.replace(into)
    return Recording(path=str(into), seconds=seconds, bytes=into.stat().st_size)


def _later(why: str) -> Unavailable:
    return Unavailable(f"Twilio's recording cannot be fetched now: {why}", hint="try again later")


def _undeleted(why: str) -> Unavailable:
    return Unavailable(f"Twilio's recording cannot be deleted now: {why}", hint="try again later")


def _absent(why: str) -> RecordingNotFound:
    return RecordingNotFound(f"there is no recording at Twilio: {why}", field="call_id")
