"""The carriers that the settings can name: a part of the composition root, as `app` is.

Twilio's library is heavy, so it is loaded where an account is set, and for nobody else.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from switchhook.domain.errors import Unavailable, UnsupportedParameter
from switchhook.domain.interaction import Interaction
from switchhook.ports import Books, Callers, Carrier, Clock, Ears, Numbers, Recordings, Switch
from switchhook.settings import Settings

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from switchhook.providers.twilio.carrier import TwilioCarrier
    from switchhook.providers.twilio.messages import TwilioMessages
    from switchhook.testing.twilio import FakeTwilio

LOOPBACK = "loopback"
TWILIO = "twilio"
TWILIO_FAKE = "twilio-fake"


@dataclass(frozen=True, slots=True)
class Telephones:
    """Carriers beside the loopback line, with their books, their numbers and their callbacks."""

    carrier: TwilioCarrier | None = None
    books: Mapping[str, Books] = field(default_factory=dict[str, Books])
    recordings: Mapping[str, Recordings] = field(default_factory=dict[str, Recordings])
    routes: Sequence[BaseRoute] = ()
    numbers: Mapping[str, Numbers] = field(default_factory=dict[str, Numbers])
    callers: Mapping[str, Callers] = field(default_factory=dict[str, Callers])
    switches: Mapping[str, Switch] = field(default_factory=dict[str, Switch])

    @property
    def carriers(self) -> dict[str, Carrier]:
        """The carriers under their names."""
        return {} if self.carrier is None else {self.carrier.name: self.carrier}

    messages: TwilioMessages | None = None

    @property
    def real(self) -> bool:
        """Whether telephones ring that somebody pays for."""
        return self.carrier is not None and not self.carrier.simulated

    @property
    def want_ears(self) -> bool:
        """Whether somebody here has to hear what is said on real telephones."""
        return self.carrier is not None and self.real and not self.carrier.talks({})

    def talks(self, call: Interaction) -> bool:
        """Tell whether the line of a call hears and speaks by itself."""
        carrier = self.carrier
        if carrier is None or call.carrier != carrier.name:
            return False
        return carrier.talks(call.options.model_dump())


@asynccontextmanager
async def telephones_of(
    settings: Settings, clock: Clock, address: str
) -> AsyncGenerator[Telephones]:
    """Open the carrier that the settings name."""
    token = settings.twilio_auth_token
    if settings.dials_by == TWILIO_FAKE:
        from switchhook.testing.twilio import COOPERATIVE, FakeTwilio  # noqa: PLC0415 - as above

        town = FakeTwilio(anybody=COOPERATIVE)
        async with town.open() as fake, _twilio(fake_at(fake, address, settings), clock) as found:
            yield replace(found, callers={TWILIO_FAKE: fake})
    elif settings.dials_by == TWILIO and token is not None:
        there = Subscription(
            TWILIO,
            settings.twilio_account_sid or "",
            token.get_secret_value(),
            settings.public_url or "",
            settings.twilio_media,
            login=settings.twilio_login,
        )
        async with _twilio(there, clock) as found:
            yield found
    else:
        yield Telephones()


@dataclass(frozen=True, slots=True)
class Subscription:
    """An account at Twilio, and the address under which Twilio reaches us."""

    name: str
    account_sid: str
    auth_token: str = field(repr=False)
    public_url: str
    media: str = "stream"
    base: str | None = None
    login: tuple[str, str] | None = field(default=None, repr=False)
    """A key of the account and its secret, where it has one for us."""


def fake_at(fake: FakeTwilio, address: str, settings: Settings) -> Subscription:
    """Return the account of a fake, which is on this machine as we are."""
    account = (TWILIO_FAKE, fake.account_sid, fake.auth_token)
    return Subscription(*account, address, settings.twilio_media, fake.base)


@dataclass(frozen=True, slots=True)
class Incoming:
    """Who is asked about calls to the number at Twilio that calls come from, and who should be."""

    asked: str
    ours: str


async def incoming_at_twilio(settings: Settings, base: str | None = None) -> Incoming | None:
    """Return who is asked about calls to the number, if the account has it; nothing is dialled."""
    from switchhook.providers.twilio import reach, rest  # noqa: PLC0415 - the library is heavy

    token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else ""
    sid = settings.twilio_account_sid or ""
    credentials = rest.Credentials(sid, token, settings.twilio_login)
    account = rest.Account(credentials, base or rest.API)
    try:
        asked = await account.leads_to(settings.twilio_from or "")
        ours = reach.Reach(settings.public_url or "").voice
        return None if asked is None else Incoming(asked, ours)
    except (rest.Refused, rest.Unreached, rest.Unanswered) as failure:
        raise Unavailable(
            f"the account at Twilio cannot be used ({failure})",
            hint="check SWITCHHOOK_TWILIO_ACCOUNT_SID and SWITCHHOOK_TWILIO_AUTH_TOKEN, or the"
            " SWITCHHOOK_TWILIO_API_KEY that asks in place of the token, and that"
            " this machine reaches api.twilio.com",
        ) from None
    finally:
        await account.close()


@asynccontextmanager
async def _twilio(there: Subscription, clock: Clock) -> AsyncGenerator[Telephones]:
    from switchhook.providers.twilio import (  # noqa: PLC0415 - the library is heavy
        hooks,
        inbound,
        message_hooks,
        rest,
    )
    from switchhook.providers.twilio.carrier import TwilioCarrier  # noqa: PLC0415 - as above
    from switchhook.providers.twilio.conferences import Conferences  # noqa: PLC0415 - as above
    from switchhook.providers.twilio.keeping import KeptByTwilio  # noqa: PLC0415 - as above
    from switchhook.providers.twilio.messages import TwilioMessages  # noqa: PLC0415 - as above
    from switchhook.providers.twilio.numbers import TwilioNumbers  # noqa: PLC0415 - as above
    from switchhook.providers.twilio.reach import Reach  # noqa: PLC0415 - as above
    from switchhook.providers.twilio.signing import Signatures  # noqa: PLC0415 - as above

    credentials = rest.Credentials(there.account_sid, there.auth_token, there.login)
    account = rest.Account(credentials, there.base or rest.API)
    reach, simulated = Reach(there.public_url), there.name != TWILIO
    carrier = TwilioCarrier(
        account, reach, clock, name=there.name, simulated=simulated, media=there.media
    )
    messages = TwilioMessages(account, reach, name=there.name, simulated=simulated)
    signatures = Signatures(there.auth_token, there.public_url)
    async with carrier.open():
        yield Telephones(
            carrier,
            books={there.name: account},
            recordings={there.name: KeptByTwilio(account)},
            numbers={there.name: TwilioNumbers(account, carrier.reach)},
            switches={there.name: Conferences(account)},
            messages=messages,
            routes=[
                *inbound.routes(carrier, signatures),
                *hooks.routes(carrier, signatures),
                *message_hooks.message_routes(messages, signatures),
            ],
        )


def own_numbers(settings: Settings) -> dict[str, str]:
    """Return from which number each carrier calls, where a request names none."""
    if settings.dials_by == TWILIO_FAKE:
        from switchhook.testing.twilio import NUMBER  # noqa: PLC0415 - only where wanted

        return {TWILIO_FAKE: NUMBER}
    return {TWILIO: settings.twilio_from} if settings.twilio_from else {}


def check_telephony(carrier: str, params: Mapping[str, str]) -> None:
    """Let pass what can be asked of a carrier besides."""
    if carrier == LOOPBACK:
        raise UnsupportedParameter(
            "the loopback line has no telephony_params",
            field="options.telephony_params",
            hint="leave them out, or call by a carrier that has them",
        )
    from switchhook.providers.twilio.orders import check  # noqa: PLC0415 - only where asked

    check(params)


def recorded_by_carrier(call: Interaction) -> bool:
    """Tell whether the carrier was asked to record the call."""
    return (call.options.telephony_params or {}).get("Record") == "true"


def text_ears(carrier: TwilioCarrier | None) -> Ears:
    """Return ears for simulated lines; a fake's callees write their words into the audio."""
    from switchhook.providers.loopback import TextEars  # noqa: PLC0415 - numpy is heavy

    if carrier is None or not carrier.simulated:
        return TextEars()
    from switchhook.testing.inscribed import ReadingEars  # noqa: PLC0415 - only where wanted

    return ReadingEars(TextEars())
