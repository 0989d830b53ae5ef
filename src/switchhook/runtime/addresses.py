"""Where a request of ours may go: https, and public addresses only.

A name is resolved once; all of its addresses must be public, and the connection goes to one of
those that were checked, so that a name which answers differently the second time gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str], Awaitable[tuple[str, ...]]]

_HTTPS = 443
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """A URL leads where no request of ours may go."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL whose addresses were checked."""

    host: str
    addresses: tuple[str, ...]
    path: str

    def at(self, address: str) -> str:
        """Return the URL that connects to this address, without asking for the name again."""
        return (
            f"https://[{address}]{self.path}" if ":" in address else f"https://{address}{self.path}"
        )


async def resolve(host: str) -> tuple[str, ...]:
    """Return every address of a name."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, _HTTPS, type=socket.SOCK_STREAM)
    return tuple(str(entry[4][0]) for entry in found)


def check(url: str) -> None:
    """Raise Refused where a URL leads nowhere public, whatever address its host has."""
    _split(url)


async def checked(url: str, look_up: Resolve = resolve) -> Target:
    """Return where a URL leads; raise Refused if that is nowhere public."""
    parts = _split(url)
    host = parts.hostname or ""
    try:
        addresses = await look_up(host)
    except (OSError, UnicodeError) as failure:
        raise Refused("the name of the host is not known") from failure
    if not addresses or not all(public(address) for address in addresses):
        raise Refused("the host is not on the public internet")
    query = f"?{parts.query}" if parts.query else ""
    return Target(host, addresses, f"{parts.path or '/'}{query}")


def public(address: str) -> bool:
    """Tell whether an address, and the one inside it, belongs to the public internet."""
    outer = ipaddress.ip_address(address.partition("%")[0])
    inner = _unwrapped(outer)
    both = {inner} if inner.version != outer.version else {inner, outer}
    return all(ip.is_global and not ip.is_multicast for ip in both)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port or _HTTPS
    except ValueError as failure:
        raise Refused("the URL cannot be read") from failure
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise Refused("the URL must be https, without a user")
    if port != _HTTPS:
        raise Refused("the URL must be on port 443")
    return parts


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that some IPv6 addresses only stand for."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and address.teredo is not None:
        inside = address.teredo[1]
    return inside or address
