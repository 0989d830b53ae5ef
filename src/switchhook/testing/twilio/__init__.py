"""Twilio on 127.0.0.1: its REST API, its signed callbacks, its TwiML, its media streams.

    async with FakeTwilio(phones={"+15550100123": Phone([Said("Hello?")])}) as twilio:
        account = Account(twilio.account_sid, twilio.auth_token, base=twilio.base)

It dials nobody: a telephone is a `Phone`, whose callee follows a script. What was asked of it and
what it did stays in its ledger, which is the truth with which others can be compared.
"""

from switchhook.testing.twilio.faults import WELL, Mischief, Post
from switchhook.testing.twilio.ledger import Asked, FakeCall, Ledger, Posted
from switchhook.testing.twilio.phones import COOPERATIVE, Phone
from switchhook.testing.twilio.server import NUMBER, FakeTwilio
from switchhook.testing.twilio.signing import signature

__all__ = [
    "COOPERATIVE",
    "NUMBER",
    "WELL",
    "Asked",
    "FakeCall",
    "FakeTwilio",
    "Ledger",
    "Mischief",
    "Phone",
    "Post",
    "Posted",
    "signature",
]
