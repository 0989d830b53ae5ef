"""What a conversation by speech has come to, in words: enough to go on in another session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Role = Literal["user", "assistant", "system"]

_CONTENT: Mapping[Role, str] = {
    "user": "input_text",
    "assistant": "output_text",
    "system": "input_text",
}


class History:
    """The items in their order; words of the agent are kept only as far as they were heard."""

    def __init__(self) -> None:
        self._roles: dict[str, Role] = {}
        self._texts: dict[str, str] = {}
        self._calls: dict[str, dict[str, Any]] = {}
        self._results: dict[str, dict[str, Any]] = {}

    def place(self, item: Mapping[str, Any]) -> None:
        """Take an item's place in the order; its words may come later."""
        if item["type"] == "message" and item["role"] in _CONTENT:
            self._roles.setdefault(item["id"], item["role"])
            self._texts.setdefault(item["id"], "")

    def heard(self, key: str, text: str) -> None:
        """Take what the callee said."""
        self._roles.setdefault(key, "user")
        self._texts[key] = text

    def spoke(self, key: str, delta: str) -> None:
        """Take more of what the agent says."""
        self._roles.setdefault(key, "assistant")
        self._texts[key] = self._texts.get(key, "") + delta

    def cut(self, key: str, text: str) -> None:
        """Keep only so much of an item."""
        self._texts[key] = text

    def drop(self, key: str) -> None:
        """Keep nothing of an item."""
        self._texts[key] = ""

    def called(self, item: Mapping[str, Any]) -> None:
        """Take an action that the agent wants."""
        call = {name: item[name] for name in ("type", "call_id", "name", "arguments")}
        self._calls[item["call_id"]] = call
        self._texts[item["call_id"]] = ""

    def result(self, item: dict[str, Any]) -> None:
        """Take what came of it."""
        self._results[item["call_id"]] = item

    def items(self) -> list[dict[str, Any]]:
        """Return everything that was said and done, as the vendor takes it."""
        items: list[dict[str, Any]] = []
        for key, text in self._texts.items():
            if key in self._calls:
                items.append(self._calls[key])
                items += [self._results[key]] if key in self._results else []
            elif text:
                items.append(message(key, self._roles[key], text))
        return items


def message(key: str, role: Role, text: str) -> dict[str, Any]:
    """Return a text as an item of a conversation."""
    content = [{"type": _CONTENT[role], "text": text}]
    return {"id": key, "type": "message", "role": role, "content": content}
