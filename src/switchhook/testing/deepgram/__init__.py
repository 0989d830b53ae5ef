"""Deepgram on 127.0.0.1."""

from switchhook.testing.deepgram.server import FakeDeepgram

__all__ = ["FakeDeepgram"]
