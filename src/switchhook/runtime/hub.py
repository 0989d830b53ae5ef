"""Who wants to hear when something happened to a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changed:
    """Something happened to a call; read the store for what."""

    org_id: str
    call_id: str
    seq: int


Listener = Callable[[Changed], None]


class Hub:
    """Tells listeners of this process; they are called on the loop and must not raise."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._next = 0

    def publish(self, changed: Changed) -> None:
        """Tell everybody."""
        for listener in list(self._listeners.values()):
            listener(changed)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call the listener from now on; the returned function ends that."""
        number = self._next = self._next + 1
        self._listeners[number] = listener

        def stop() -> None:
            self._listeners.pop(number, None)

        return stop
