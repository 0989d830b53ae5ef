"""Recordings as Twilio makes them: what came from the telephone left, what it played right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from switchhook.audio import g711, wav
from switchhook.ports import FRAME_BYTES, Frame, LineEvent
from switchhook.testing.playout import Played
from switchhook.testing.twilio.ledger import FakeCall, sid

_RATE = 8000
_SILENCE = g711.SILENCE * FRAME_BYTES


@dataclass(slots=True)
class Tape:
    """What both sides of a call sounded like, 20 ms at a time."""

    call: FakeCall
    sid: str = field(default_factory=lambda: sid("RE"))
    status: str = "in-progress"
    _left: bytearray = field(default_factory=bytearray)
    _right: bytearray = field(default_factory=bytearray)

    def beat(self, events: Iterable[LineEvent], played: Iterable[Played]) -> None:
        """Take 20 ms."""
        said = b"".join(event.audio for event in events if isinstance(event, Frame))
        heard = b"".join(piece.frame.audio for piece in played)
        self._left += said[:FRAME_BYTES] or _SILENCE
        self._right += heard[:FRAME_BYTES] or _SILENCE

    def wav(self) -> bytes:
        """Return the file."""
        both = wav.stereo(bytes(self._left), bytes(self._right))
        return wav.write(wav.Wav(_RATE, 2, both))

    def told(self) -> dict[str, str]:
        """Return what the callback says of it."""
        return {
            "AccountSid": self.call.account_sid,
            "CallSid": self.call.sid,
            "RecordingSid": self.sid,
            "RecordingUrl": self._uri(),
            "RecordingStatus": self.status,
            "RecordingDuration": str(self._seconds()),
            "RecordingChannels": "2",
            "RecordingTrack": "both",
            "RecordingSource": "OutboundAPI",
        }

    def resource(self) -> dict[str, Any]:
        """Return it as the REST API shows it."""
        return {
            "sid": self.sid,
            "account_sid": self.call.account_sid,
            "call_sid": self.call.sid,
            "status": self.status,
            "duration": str(self._seconds()),
            "channels": 2,
            "source": "OutboundAPI",
            "track": "both",
            "date_created": format_datetime(datetime.now(UTC)),
            "error_code": None,
            "uri": f"{self._uri()}.json",
        }

    def _uri(self) -> str:
        return f"/2010-04-01/Accounts/{self.call.account_sid}/Recordings/{self.sid}"

    def _seconds(self) -> int:
        return round(len(self._left) / _RATE)
