"""Following calls, in the way of each era, and nobody else's."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import anyio
import pytest
from mcp import Client, MCPError
from mcp.server import MCPServer
from mcp.server.connection import Connection
from mcp.server.session import ServerSession
from mcp.server.subscriptions import ToolsListChanged
from mcp.types import ResourceUpdatedNotification

from switchhook.domain.happenings import Fact, Kind
from switchhook.domain.interaction import Recording
from switchhook.faces.mcp import announcer, uris
from switchhook.faces.mcp.followers import Follower
from switchhook.faces.mcp.identity import carrying
from switchhook.runtime.hub import Changed
from switchhook.service.identity import Principal, Scope
from tests.faces.mcp.rig import PATIENCE, Mode, Rig, simulated_call, spoken

pytestmark = pytest.mark.anyio


@dataclass
class Ear:
    """What a client was told, in both eras alike."""

    heard: list[str] = field(default_factory=list[str])
    _news: anyio.Event = field(default_factory=anyio.Event)

    async def __call__(self, message: Any) -> None:
        if isinstance(message, ResourceUpdatedNotification):
            self.hear(str(message.params.uri))

    def hear(self, uri: str) -> None:
        self.heard.append(uri)
        self._news.set()
        self._news = anyio.Event()

    async def until(self, *uris_: str) -> None:
        """Wait until each address was named."""
        with anyio.fail_after(PATIENCE):
            while not set(uris_) <= set(self.heard):
                await self._news.wait()


class Follow(Protocol):
    """Follows addresses for as long as the context lasts."""

    def __call__(self, *uris_: str) -> Any: ...


@asynccontextmanager
async def following(rig: Rig, mode: Mode) -> AsyncGenerator[tuple[Client, Ear, Follow]]:
    ear = Ear()
    async with rig.client(mode, message_handler=ear) as client:
        yield client, ear, _modern(client, ear) if mode == "auto" else _legacy(client)


def _modern(client: Client, ear: Ear) -> Follow:
    @asynccontextmanager
    async def follow(*uris_: str) -> AsyncGenerator[None]:
        async with client.listen(resource_subscriptions=list(uris_)) as events:

            async def listen() -> None:
                async for event in events:
                    ear.hear(getattr(event, "uri", type(event).__name__))

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(listen)
                yield
                tasks.cancel_scope.cancel()

    return follow


def _legacy(client: Client) -> Follow:
    @asynccontextmanager
    async def follow(*uris_: str) -> AsyncGenerator[None]:
        for uri in uris_:
            await client.subscribe_resource(uri)  # pyright: ignore[reportDeprecated] - the way of this era
        yield
        for uri in uris_:
            await client.unsubscribe_resource(uri)  # pyright: ignore[reportDeprecated] - as above

    return follow


async def test_a_follower_is_told_of_everything_that_happens(rig: Rig, mode: Mode) -> None:
    async with following(rig, mode) as (client, ear, follow):
        call_id = await simulated_call(client)
        addresses = [uris.call(call_id), *(uris.call(call_id, part) for part in uris.PARTS)]
        async with follow(*addresses, uris.RECENT):
            await rig.pick_up(call_id)
            await ear.until(uris.call(call_id), uris.call(call_id, "events"), uris.RECENT)
            assert uris.call(call_id, "transcript") not in ear.heard
            await rig.write(call_id, spoken("agent", "Hello"))
            await ear.until(uris.call(call_id, "transcript"))
            assert uris.call(call_id, "recording") not in ear.heard
            await rig.finish(call_id, recording=Recording(path="a.wav", seconds=1, bytes=1))
            await rig.write(call_id, Fact(kind=Kind.RECORDING, text="recorded"))
            await ear.until(uris.call(call_id, "recording"))


async def test_a_follower_hears_of_nothing_else(rig: Rig, mode: Mode) -> None:
    async with following(rig, mode) as (client, ear, follow):
        mine, other = await simulated_call(client), await simulated_call(client)
        async with follow(uris.call(mine)):
            await rig.write(other, Fact(kind=Kind.NOTE, text="not yours"))
            await rig.write(mine, Fact(kind=Kind.NOTE, text="yours"))
            await ear.until(uris.call(mine))

    assert set(ear.heard) == {uris.call(mine)}


async def test_who_stops_following_hears_nothing_more(rig: Rig, mode: Mode) -> None:
    async with following(rig, mode) as (client, ear, follow):
        call_id = await simulated_call(client)
        async with follow(uris.call(call_id)):
            await rig.write(call_id, Fact(kind=Kind.NOTE, text="one"))
            await ear.until(uris.call(call_id))
        ear.heard.clear()
        async with follow(uris.RECENT):
            await rig.write(call_id, Fact(kind=Kind.NOTE, text="two"))
            await ear.until(uris.RECENT)

    assert uris.call(call_id) not in ear.heard


async def test_followers_are_told_of_calls_of_their_own_account_only(rig: Rig) -> None:
    ears = {rig.alice.org_id: Ear(), rig.bob.org_id: Ear()}

    def added(principal: Principal) -> None:
        async def tell(uri: str) -> None:
            ears[principal.org_id].hear(uri)

        rig.face.announcer.followers.add(Follower(principal, tell))

    added(rig.alice)
    added(rig.bob)
    async with rig.client("auto") as client:
        made: dict[str, str] = {}
        for principal in (rig.alice, rig.bob):
            with carrying(principal):
                made[principal.org_id] = await simulated_call(client)
        for org_id, call_id in made.items():
            await ears[org_id].until(uris.call(call_id), uris.RECENT)

    for org_id, call_id in made.items():
        addresses = {uris.call(call_id), uris.call(call_id, "events"), uris.RECENT}
        assert set(ears[org_id].heard) == addresses


@pytest.mark.parametrize(
    "address",
    ["call://{call}", "call://{call}/events", "call://nobody", "agent://a", "file:///etc/hosts"],
)
async def test_nobody_follows_what_is_not_theirs(rig: Rig, mode: Mode, address: str) -> None:
    async with following(rig, mode) as (client, _, follow):
        with carrying(rig.alice):
            uri = address.format(call=await simulated_call(client))
        with carrying(rig.bob), pytest.raises(MCPError):
            async with follow(uri):
                pass


async def test_following_needs_the_scope_to_read(rig: Rig, mode: Mode) -> None:
    dialler = replace(rig.alice, key_id="k", scopes=frozenset({Scope.CALLS_CREATE}))
    async with following(rig, mode) as (client, _, follow):
        with carrying(dialler):
            call_id = await simulated_call(client)
            for uri in (uris.RECENT, uris.call(call_id)):
                with pytest.raises(MCPError, match="lacks the scope"):
                    async with follow(uri):
                        pass


async def test_nobody_follows_the_whole_world(rig: Rig, mode: Mode) -> None:
    async with following(rig, mode) as (client, _, follow):
        call_id = await simulated_call(client)
        # Two spellings of each letter make many addresses of one call.
        names = [_spelled(call_id, number) for number in range(300)]
        with pytest.raises(MCPError, match="more than 256"):
            async with follow(*(f"call://{name}" for name in names)):
                pass


def _spelled(call_id: str, number: int) -> str:
    """Write the id with the letters escaped that the number's bits name."""
    return "".join(
        f"%{ord(letter):02X}" if number >> place & 1 else letter
        for place, letter in enumerate(call_id)
    )


async def test_following_twice_tells_once(rig: Rig) -> None:
    async with following(rig, "legacy") as (client, ear, follow):
        call_id = await simulated_call(client)
        async with follow(uris.call(call_id), uris.call(call_id), uris.RECENT):
            await rig.write(call_id, Fact(kind=Kind.NOTE, text="one"))
            await ear.until(uris.RECENT)

    assert ear.heard.count(uris.call(call_id)) == 1


async def test_letting_go_of_what_was_never_followed_is_harmless(rig: Rig) -> None:
    async with rig.client("legacy") as client:
        await client.unsubscribe_resource(uris.RECENT)  # pyright: ignore[reportDeprecated] - the way of this era


async def test_a_connection_that_ends_is_forgotten(rig: Rig, mode: Mode) -> None:
    async with following(rig, mode) as (client, _, follow):
        call_id = await simulated_call(client)
        async with follow(uris.call(call_id)):
            assert rig.face.announcer.followers.of(rig.alice.org_id)
    assert rig.face.announcer.followers.of(rig.alice.org_id) == []


async def test_closing_the_face_ends_listeners_in_good_order(rig: Rig) -> None:
    async with rig.client("auto") as client:
        call_id = await simulated_call(client)
        with anyio.fail_after(PATIENCE):
            async with client.listen(resource_subscriptions=[uris.call(call_id)]) as events:
                rig.face.close()
                assert [event async for event in events] == []


async def test_what_concerns_everybody_reaches_everybody(rig: Rig) -> None:
    async with rig.client("auto") as client:
        with anyio.fail_after(PATIENCE):
            async with client.listen(tools_list_changed=True) as events:
                await rig.face.announcer.followers.publish(ToolsListChanged())
                assert isinstance(await anext(aiter(events)), ToolsListChanged)


async def test_a_call_that_was_forgotten_meanwhile_is_read_from_its_beginning(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcer, "_REMEMBERED", 1)
    ear = Ear()
    async with rig.client("auto") as client:
        first, second = await simulated_call(client), await simulated_call(client)

        async def tell(uri: str) -> None:
            ear.hear(uri)

        rig.face.announcer.followers.add(Follower(rig.alice, tell))
        await rig.write(first, spoken("agent", "Hello"))
        await rig.write(second, Fact(kind=Kind.NOTE, text="one"))
        await rig.write(first, Fact(kind=Kind.NOTE, text="two"))
        await ear.until(uris.call(first, "transcript"), uris.call(second))


async def test_a_stuck_follower_does_not_hold_up_the_others(rig: Rig) -> None:
    told = anyio.Event()

    async def never(_: str) -> None:
        await anyio.sleep_forever()

    async def note(_: str) -> None:
        told.set()

    rig.face.announcer.patience = 0.01
    followers = rig.face.announcer.followers
    followers.add(Follower(rig.alice, never))
    followers.add(Follower(rig.alice, note))
    async with rig.client("auto") as client:
        await simulated_call(client)
        with anyio.fail_after(PATIENCE):
            await told.wait()

    assert len(followers.of(rig.alice.org_id)) == 1


async def test_one_call_that_cannot_be_told_does_not_end_the_telling(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    told = anyio.Event()

    async def fail_once(uri: str) -> None:
        if uri == uris.RECENT:
            told.set()
        if not caplog.records:
            raise OSError("the pipe is broken")

    rig.face.announcer.followers.add(Follower(rig.alice, fail_once))
    async with rig.client("auto") as client:
        rig.exchange.hub.publish(Changed(rig.alice.org_id, "call_gone", 1))
        await simulated_call(client)
        await simulated_call(client)
        with anyio.fail_after(PATIENCE):
            await told.wait()

    assert "followers were not told" in caplog.text


def test_the_sdk_keeps_what_we_touch_of_it() -> None:
    """Fail here, and not in a live server, when the SDK moves its private parts."""
    low = MCPServer("probe")._lowlevel_server  # pyright: ignore[reportPrivateUsage] - what is tested
    assert callable(low.add_request_handler)
    assert "self._connection = connection" in inspect.getsource(ServerSession.__init__)
    assert {"state", "exit_stack"} <= set(Connection.__annotations__)
    assert inspect.iscoroutinefunction(Connection.send_resource_updated)
