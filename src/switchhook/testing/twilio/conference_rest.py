"""The conferences of Twilio's REST API: who takes part, who waits, who is heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from switchhook.testing.twilio.answers import page
from switchhook.testing.twilio.conferences import Participant, Room
from switchhook.testing.twilio.ledger import Asked

ROOM = "/Conferences/{room}.json"
PARTICIPANTS = "/Conferences/{room}/Participants.json"
PARTICIPANT = "/Conferences/{room}/Participants/{sid}.json"


class ConferenceApi:
    """What may be asked about the conferences of one account."""

    def __init__(self, rooms: Mapping[str, Room], missing: Callable[[Request], Response]) -> None:
        self._rooms = rooms
        self._missing = missing

    async def list(self, _request: Request, asked: Asked) -> Response:
        """Return the conferences, those of a name or in a status where one is given."""
        name, status = asked.value("FriendlyName"), asked.value("Status")
        found = [
            room.resource()
            for room in self._rooms.values()
            if name in ("", room.name) and status in ("", room.status)
        ]
        return page("conferences", found, asked)

    async def update(self, request: Request, asked: Asked) -> Response:
        """End a conference."""
        room = self._room(request)
        if room is None:
            return self._missing(request)
        if asked.value("Status") == "completed":
            room.close()
        return JSONResponse(room.resource())

    async def participants(self, request: Request, asked: Asked) -> Response:
        """Return who takes part."""
        room = self._room(request)
        if room is None:
            return self._missing(request)
        return page("participants", [one.resource(room) for one in room.present], asked)

    async def change(self, request: Request, asked: Asked) -> Response:
        """Mute a participant or have them wait with music, or undo it."""
        room, one = self._room(request), self._participant(request)
        if room is None or one is None:
            return self._missing(request)
        one.muted = asked.value("Muted", str(one.muted)).lower() == "true"
        one.hold = asked.value("Hold", str(one.hold)).lower() == "true"
        return JSONResponse(one.resource(room))

    async def kick(self, request: Request, _asked: Asked) -> Response:
        """Let a participant go."""
        one = self._participant(request)
        if one is None:
            return self._missing(request)
        one.left.set()
        return Response(status_code=204)

    def _room(self, request: Request) -> Room | None:
        wanted = request.path_params["room"]
        return next((r for r in self._rooms.values() if wanted in (r.sid, r.name)), None)

    def _participant(self, request: Request) -> Participant | None:
        room = self._room(request)
        wanted = request.path_params["sid"]
        present = room.present if room else []
        return next((one for one in present if one.call.sid == wanted), None)
