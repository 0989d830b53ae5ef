"""Music for those who wait on a line of words: Twilio fetches it, and plays it again and again."""

from __future__ import annotations

from functools import cache
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from switchhook.audio import tune, wav

_KEPT: Final = {"Cache-Control": "public, max-age=86400"}
"""Twilio keeps a sound for as long as we let it, and need not ask for it while somebody waits."""


async def music(_request: Request) -> Response:
    """Answer with the music; there is no secret in it, so anybody may ask."""
    return Response(_file(), media_type="audio/wav", headers=_KEPT)


@cache
def _file() -> bytes:
    return wav.write(wav.Wav(tune.RATE, 1, tune.whole()))
