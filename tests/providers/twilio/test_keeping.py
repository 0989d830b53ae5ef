"""Recordings that Twilio keeps, fetched from a fake of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from switchhook.audio import wav
from switchhook.domain.errors import RecordingNotFound, SwitchhookError, TooLarge, Unavailable
from switchhook.providers.twilio.keeping import KeptByTwilio
from switchhook.providers.twilio.rest import Account, Credentials
from switchhook.testing import run_virtually
from switchhook.testing.twilio import FakeTwilio, signature
from tests.providers.twilio.town import TOKEN, town

FILE = wav.write(wav.Wav(8000, 2, bytes(4 * 8000 * 3)))


@asynccontextmanager
async def kept(*statuses: str, file: bytes | None = FILE) -> AsyncGenerator[KeptByTwilio]:
    """Open an account with recordings of one call."""
    async with FakeTwilio().open() as fake:
        for number, status in enumerate(statuses):
            recorded = {"sid": f"RE{number}", "call_sid": "CA1", "status": status}
            fake.ledger.recordings[f"RE{number}"] = recorded
            if file is not None:
                fake.ledger.media[f"RE{number}"] = file
        account = Account(Credentials(fake.account_sid, fake.auth_token), fake.base)
        try:
            yield KeptByTwilio(account, most_bytes=200_000)
        finally:
            await account.close()


def test_the_file_is_written_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "recordings" / "call.wav"

    async def main() -> None:
        async with kept("absent", "completed") as there:
            found = await there.fetch("CA1", path)
        assert (found.path, found.seconds, found.bytes) == (str(path), 3.0, len(FILE))

    run_virtually(main)

    assert path.read_bytes() == FILE
    assert path.stat().st_mode & 0o077 == 0
    assert [entry.name for entry in path.parent.iterdir()] == ["call.wav"]


@pytest.mark.parametrize(
    ("statuses", "file", "trouble", "said"),
    [
        ((), FILE, Unavailable, "not ready"),
        (("processing",), FILE, Unavailable, "not ready"),
        (("absent",), FILE, RecordingNotFound, "recorded nothing"),
        (("completed",), None, RecordingNotFound, "404"),
        (("completed",), b"<html>sorry</html>", Unavailable, "no WAV file"),
        (("completed",), bytes(200_001), TooLarge, "more than 200000 bytes"),
    ],
)
def test_what_cannot_be_had_leaves_no_file_behind(
    tmp_path: Path,
    statuses: tuple[str, ...],
    file: bytes | None,
    trouble: type[SwitchhookError],
    said: str,
) -> None:
    async def main() -> None:
        async with kept(*statuses, file=file) as there:
            with pytest.raises(trouble, match=said):
                await there.fetch("CA1", tmp_path / "call.wav")

    run_virtually(main)

    assert list(tmp_path.iterdir()) == []


def test_a_twilio_that_is_not_reached_is_asked_later(tmp_path: Path) -> None:
    async def main() -> None:
        account = Account(Credentials("AC1", "token"), "http://127.0.0.1:9")
        try:
            with pytest.raises(Unavailable, match="cannot be fetched now"):
                await KeptByTwilio(account).fetch("CA1", tmp_path / "call.wav")
        finally:
            await account.close()

    run_virtually(main)


def test_the_callback_of_a_recording_is_believed_only_with_its_signature() -> None:
    async def main() -> list[str]:
        told: list[str] = []
        async with town() as here:
            here.carrier.recorded = told.append
            path = f"/carriers/twilio/{TOKEN}/recording"
            form = {"CallSid": "CA1", "RecordingStatus": "completed"}
            stamp = signature(here.twilio.auth_token, here.public_url + path, form)
            assert await here.post(path, form, {"X-Twilio-Signature": "x" * 28}) == 403
            assert await here.post(path, form, {"X-Twilio-Signature": stamp}) == 204
            await asyncio.sleep(0)
        return told

    assert run_virtually(main) == ["CA1"]


def test_a_recording_that_twilio_does_not_let_us_delete_is_deleted_later() -> None:
    async def main() -> None:
        async with FakeTwilio().open() as fake:
            account = Account(Credentials("AC1", "t"), fake.base)
            with pytest.raises(Unavailable, match="cannot be deleted now"):
                await KeptByTwilio(account).discard("CA1")
            await account.close()

    run_virtually(main)


def test_what_was_recorded_is_deleted_as_soon_as_all_of_it_is_ready() -> None:
    async def main() -> None:
        async with FakeTwilio().open() as fake:
            for sid, status in (("RE0", "absent"), ("RE1", "completed"), ("RE2", "processing")):
                recorded = {"sid": sid, "call_sid": "CA1", "status": status}
                fake.ledger.recordings[sid] = recorded
            account = Account(Credentials(fake.account_sid, fake.auth_token), fake.base)
            there = KeptByTwilio(account)
            with pytest.raises(Unavailable, match="not ready"):
                await there.discard("CA1")
            fake.ledger.recordings["RE2"] |= {"status": "completed"}
            for _ in range(2):
                await there.discard("CA1")
                assert [*fake.ledger.recordings] == ["RE0"]
            await account.discard("RE1")
            await account.close()

    run_virtually(main)
