"""What a pipe remembers of a handshake-era session, so that it can open it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from switchhook.faces.mcp.wire import SESSION_HEADER, VERSION_HEADER, Body, Message, Reply

_INITIALIZED: Body = {"jsonrpc": "2.0", "method": "notifications/initialized"}


@dataclass(slots=True)
class Session:
    """The session with the engine; modern requests need none."""

    id: str | None = None
    version: str | None = None
    greeting: Message | None = None
    followed: dict[str, Message] = field(default_factory=dict[str, Message])

    @property
    def open(self) -> bool:
        """Whether the host has greeted the engine."""
        return self.greeting is not None

    def headers(self, message: Message) -> dict[str, str]:
        """Return the headers that belong to the message."""
        if message.version is not None:
            return message.headers
        return {} if message.method == "initialize" else self.standing_headers()

    def standing_headers(self) -> dict[str, str]:
        """Return the headers of everything that belongs to the session."""
        known = {SESSION_HEADER: self.id, VERSION_HEADER: self.version}
        return {name: value for name, value in known.items() if value is not None}

    def begin(self, greeting: Message, reply: Reply) -> None:
        """Remember the greeting and what the engine made of it."""
        if "result" not in reply.answer:
            return
        self.greeting = greeting
        self.id = reply.session
        self.version = reply.answer["result"].get("protocolVersion")

    def learn(self, message: Message, answer: Body) -> None:
        """Remember what the host follows."""
        if "result" not in answer:
            return
        uri = str(message.params.get("uri"))
        if message.method == "resources/subscribe":
            self.followed[uri] = message
        if message.method == "resources/unsubscribe":
            self.followed.pop(uri, None)

    def opening(self) -> Iterator[Message]:
        """Yield what opens the session once more; ids of our own keep apart from the host's."""
        if self.greeting is None:
            return
        yield Message({**self.greeting.body, "id": "switchhook-greeting"})
        yield Message(_INITIALIZED)
        for number, message in enumerate(self.followed.values()):
            yield Message({**message.body, "id": f"switchhook-follow-{number}"})
