"""Whether a request comes from Twilio: its signature over the address that it was told."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from urllib.parse import SplitResult, urlsplit

from twilio.request_validator import RequestValidator

HEADER: Final = "x-twilio-signature"


class Signatures:
    """Checks signatures; the address is ours by configuration, never by what a request says."""

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._public = public_url

    def genuine(
        self, path: str, form: Mapping[str, Sequence[str]], headers: Mapping[str, str]
    ) -> bool:
        """Tell whether a callback with this form was signed with the account's token."""
        # With and without the port: the signer's two halves do not agree on it.
        return self._signed(_with_and_without_port(f"{self._public}{path}"), form, headers)

    def genuine_upgrade(self, path: str, headers: Mapping[str, str]) -> bool:
        """Tell whether a media socket was signed; both schemes are taken, and a last slash."""
        secure, plain = f"{self._public}{path}", f"{_web_socket(self._public)}{path}"
        urls = [url + end for url in (secure, plain) for end in ("", "/")]
        return self._signed([u for url in urls for u in _with_and_without_port(url)], {}, headers)

    def _signed(
        self, urls: Iterable[str], form: Mapping[str, Sequence[str]], headers: Mapping[str, str]
    ) -> bool:
        given = headers.get(HEADER, "").encode()
        # The library's own comparison takes longer the more is right, and fails without a header.
        matches = [hmac.compare_digest(self._signature(url, form), given) for url in urls]
        return any(matches)

    def _signature(self, url: str, form: Mapping[str, Sequence[str]]) -> bytes:
        compute = cast("Any", self._validator).compute_signature
        return str(compute(url, _Form(form))).encode()


class _Form(dict[str, Sequence[str]]):
    """A form whose names may have several values, as the library reads it."""

    def getall(self, name: str) -> Sequence[str]:
        """Return all values of a name."""
        return self[name]


def _web_socket(url: str) -> str:
    return "ws" + url.removeprefix("http")


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    standard = 443 if parts.scheme in {"https", "wss"} else 80
    return _at(parts, f"{parts.hostname}:{parts.port or standard}"), _at(
        parts, parts.hostname or ""
    )


def _at(parts: SplitResult, place: str) -> str:
    return parts._replace(netloc=place).geturl()
