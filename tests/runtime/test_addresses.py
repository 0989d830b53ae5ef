from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from switchhook.runtime.addresses import Refused, checked, public, resolve

pytestmark = pytest.mark.anyio

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e")
OURS = (
    *("127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
    *("::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::"),
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
)
BAD_URLS = (
    *("http://desk.example/", "ftp://desk.example/", "https://", "https:///path", "desk.example"),
    *("https://user@desk.example/", "https://user:word@desk.example/", "//desk.example/"),
    *("https://desk.example:8443/", "https://desk.example:99999/", "https://[::1/", ""),
)


async def found(*addresses: str) -> Any:
    async def look_up(host: str) -> tuple[str, ...]:
        return addresses

    return await checked("https://desk.example", look_up)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    assert public(address)


@pytest.mark.parametrize("address", OURS)
def test_addresses_of_networks_are_not_public_however_they_are_written(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("url", BAD_URLS)
async def test_only_plain_https_is_asked_for(url: str) -> None:
    with pytest.raises(Refused, match="URL"):
        await checked(url)


async def test_a_name_with_one_address_of_our_own_is_refused_altogether() -> None:
    assert (await found(*PUBLIC)).addresses == PUBLIC

    with pytest.raises(Refused, match="public internet"):
        await found(*PUBLIC, "10.0.0.1")
    with pytest.raises(Refused, match="public internet"):
        await found()


@pytest.mark.parametrize("failure", [OSError("unknown"), UnicodeError("label too long")])
async def test_a_name_that_nobody_knows_is_refused(failure: Exception) -> None:
    async def look_up(host: str) -> tuple[str, ...]:
        raise failure

    with pytest.raises(Refused, match="not known"):
        await checked("https://desk.example", look_up)


async def test_the_path_is_kept_and_the_name_is_not_asked_for_again() -> None:
    target = await found(PUBLIC[0])

    assert target.host == "desk.example"
    assert target.at(PUBLIC[0]) == "https://93.184.215.14/"


async def test_names_are_resolved_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)

    assert await resolve("desk.example") == ("93.184.215.14",)
