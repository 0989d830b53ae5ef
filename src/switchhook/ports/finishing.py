"""Those who still have something to do with a call when it is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from switchhook.domain.analysis import Judgement
from switchhook.domain.interaction import Recording
from switchhook.domain.transcript import Line


class Analyst(Protocol):
    """Judges a call that is over."""

    name: str

    async def analyse(
        self, transcript: Sequence[Line], schema: Mapping[str, Any] | None, purpose: str
    ) -> Judgement:
        """Return what came of the call; what cannot be known stays unknown."""
        ...


class Recordings(Protocol):
    """What a carrier recorded itself."""

    async def fetch(self, ref: str, into: Path) -> Recording:
        """Write the recording of a call as a WAV file.

        Raise `Unavailable` while there is none yet, `RecordingNotFound` where there will be none.
        """
        ...

    async def discard(self, ref: str) -> None:
        """Delete what the carrier itself has recorded of a call, for good.

        Raise `Unavailable` while it is still being made.
        """
        ...
