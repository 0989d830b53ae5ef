"""What every voice on a vendor's socket owes its call; each demand is one test per voice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import pytest

from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.domain.transcript import Word
from switchhook.ports import FRAME_BYTES, FRAME_MS, Speaking, Speech
from switchhook.testing import virtual_clock
from switchhook.testing.vendors import Mishap
from switchhook.testing.voices import murmured
from tests.providers.rigs import Speaker, VoiceRig

FIRST = "Sure, I can do Tuesday - is ten fine?"
SECOND = "Then see you at 10:30, Mr. O'Neil."


@asynccontextmanager
async def speaking(
    rig: VoiceRig, fake: Speaker, *, key: str | None = None
) -> AsyncGenerator[Speaking]:
    async with fake.reception.serving() as url:
        voice = rig.voice(key or fake.key, virtual_clock(), url)
        open_voice = voice.open("en", VoiceChoice())
        async with asyncio.TaskGroup() as group:
            running = group.create_task(open_voice.run())
            try:
                yield open_voice
            finally:
                open_voice.close()
                await running
    assert fake.reception.live == 0


@dataclass
class Said:
    """An utterance, put together."""

    pieces: list[Speech] = field(default_factory=list[Speech])

    @property
    def audio(self) -> bytes:
        return b"".join(frame.audio for piece in self.pieces for frame in piece.frames)

    @property
    def words(self) -> list[Word]:
        return [word for piece in self.pieces for word in piece.words]


async def said(voice: Speaking, text: str) -> Said:
    heard = Said()
    await _listen(voice.say(text), heard)
    return heard


async def _listen(pieces: AsyncIterator[Speech], heard: Said) -> None:
    async for piece in pieces:
        heard.pieces.append(piece)


def begun(pieces: AsyncIterator[Speech]) -> aclosing[AsyncGenerator[Speech]]:
    """Return an utterance that is closed early, as a generator is."""
    return aclosing(cast("AsyncGenerator[Speech]", pieces))


def murmur(text: str) -> bytes:
    return b"".join(frame.audio for frame in murmured(text).frames)


def faring(rig: VoiceRig, *mishaps: Mishap, pace: float = 0.0) -> Speaker:
    """Return a fake whose first connections meet these mishaps."""
    fake = rig.fake()
    fake.pace = pace
    fake.reception.mishaps += mishaps
    return fake


# ---- what is said -------------------------------------------------------------------------------


async def what_is_said_is_what_was_written(rig: VoiceRig) -> None:
    async with speaking(rig, faring(rig)) as voice:
        assert (await said(voice, FIRST)).audio == murmur(FIRST)
        assert (await said(voice, SECOND)).audio == murmur(SECOND)


async def odd_chunks_come_as_whole_frames(rig: VoiceRig) -> None:
    for chunk in (1, 159, 161, 4001):
        fake = faring(rig)
        fake.chunk = chunk
        async with speaking(rig, fake) as voice:
            heard = await said(voice, "Hello.")
        assert heard.audio == murmur("Hello.")
        assert {len(f.audio) for p in heard.pieces for f in p.frames} == {FRAME_BYTES}
        assert all(piece.frames for piece in heard.pieces)


async def every_word_is_timed_as_it_is_written(rig: VoiceRig) -> None:
    async with speaking(rig, faring(rig)) as voice:
        words = (await said(voice, FIRST)).words
    if not rig.timed:
        assert words == []
        return
    written = murmured(FIRST).words
    assert [word.text for word in words] == FIRST.split()
    for word, exact in zip(words, written, strict=True):
        if any(character.isalnum() for character in exact.text):
            assert abs(word.start_ms - exact.start_ms) <= 1
            assert exact.end_ms - 100 <= word.end_ms <= exact.end_ms + 1


async def a_word_never_comes_before_its_audio(rig: VoiceRig) -> None:
    fake = faring(rig)
    fake.chunk = 641
    async with speaking(rig, fake) as voice:
        until_ms = 0
        for piece in (await said(voice, FIRST)).pieces:
            until_ms += FRAME_MS * len(piece.frames)
            assert all(word.start_ms < until_ms for word in piece.words)


async def the_first_piece_comes_long_before_the_last(rig: VoiceRig) -> None:
    fake = faring(rig, pace=0.5)
    async with speaking(rig, fake) as voice, begun(voice.say(FIRST)) as pieces:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await anext(pieces)
        assert loop.time() - began < 1.2
        async for _ in pieces:
            pass
        assert loop.time() - began > 2


async def two_utterances_at_once_do_not_mix(rig: VoiceRig) -> None:
    async with speaking(rig, faring(rig, pace=0.05)) as voice:
        first, second = await asyncio.gather(said(voice, FIRST), said(voice, SECOND))
    assert (first.audio, second.audio) == (murmur(FIRST), murmur(SECOND))


async def words_wait_for_the_connection(rig: VoiceRig) -> None:
    async with speaking(rig, faring(rig, Mishap(wait=2.0))) as voice:
        assert (await said(voice, FIRST)).audio == murmur(FIRST)


# ---- cancelling ---------------------------------------------------------------------------------


async def nothing_of_a_cancelled_utterance_is_heard_later(rig: VoiceRig) -> None:
    async with speaking(rig, faring(rig, pace=0.3)) as voice:
        for _ in range(3):
            async with begun(voice.say(FIRST)) as pieces:
                await anext(pieces)
        assert (await said(voice, SECOND)).audio == murmur(SECOND)


async def an_utterance_cancelled_before_its_first_sound_is_forgotten(rig: VoiceRig) -> None:
    async with speaking(rig, faring(rig, Mishap(latency=0.5))) as voice:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await said(voice, FIRST)
        assert (await said(voice, SECOND)).audio == murmur(SECOND)


async def twenty_interruptions_in_a_row_leave_a_voice(rig: VoiceRig) -> None:
    fake = faring(rig, pace=0.02)
    async with speaking(rig, fake) as voice:
        for _ in range(20):
            async with begun(voice.say(FIRST)) as pieces:
                await anext(pieces)
        assert (await said(voice, SECOND)).audio == murmur(SECOND)
    assert len(fake.reception.visits) == 1


# ---- losing the connection ----------------------------------------------------------------------


async def a_voice_recovers_between_two_sentences(rig: VoiceRig) -> None:
    counting = faring(rig)
    async with speaking(rig, counting) as voice:
        await said(voice, FIRST)
    first_takes = len(counting.reception.visits[0].sent)
    for code in (None, 1000, 1011):
        fake = faring(rig, Mishap(cut_after=first_takes, close_code=code))
        async with speaking(rig, fake) as voice:
            assert (await said(voice, FIRST)).audio == murmur(FIRST)
            await asyncio.sleep(5)
            assert (await said(voice, SECOND)).audio == murmur(SECOND)
        assert rig.asked(fake) == [FIRST, SECOND]
        assert len(fake.reception.visits) == 2


async def a_sentence_lost_before_its_first_sound_is_spoken_once(rig: VoiceRig) -> None:
    fake = faring(rig, Mishap(cut_after=0, close_code=1011))
    async with speaking(rig, fake) as voice:
        assert (await said(voice, FIRST)).audio == murmur(FIRST)
    assert rig.asked(fake).count(FIRST) == 1
    assert len(fake.reception.visits) == 2


async def a_sentence_cut_in_the_middle_is_given_up(rig: VoiceRig) -> None:
    async with speaking(rig, faring(rig, Mishap(cut_after=2), pace=0.1)) as voice:
        heard = Said()
        with pytest.raises(Unavailable) as raised:
            await _listen(voice.say(FIRST), heard)
        assert not isinstance(raised.value, Misconfigured)
        assert murmur(FIRST).startswith(heard.audio)
        assert heard.audio
        assert (await said(voice, SECOND)).audio == murmur(SECOND)


async def a_sentence_that_is_lost_twice_is_given_up(rig: VoiceRig) -> None:
    fake = faring(rig, *[Mishap(cut_after=0)] * 2)
    async with speaking(rig, fake) as voice:
        with pytest.raises(Unavailable):
            await said(voice, FIRST)


async def a_vendor_that_hangs_is_left(rig: VoiceRig) -> None:
    fake = faring(rig, Mishap(hang_after=2))
    async with speaking(rig, fake) as voice:
        began = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await said(voice, FIRST)
        assert asyncio.get_running_loop().time() - began < 3.5
        assert (await said(voice, SECOND)).audio == murmur(SECOND)


async def garbage_is_not_spoken(rig: VoiceRig) -> None:
    fake = faring(rig, Mishap(garbage_after=0))
    async with speaking(rig, fake) as voice:
        assert (await said(voice, FIRST)).audio == murmur(FIRST)
    assert len(fake.reception.visits) == 2


# ---- being refused ------------------------------------------------------------------------------


async def a_wrong_key_is_told_at_once_and_tried_once(rig: VoiceRig) -> None:
    fake = faring(rig)
    async with speaking(rig, fake, key="wrong") as voice:
        began = asyncio.get_running_loop().time()
        for _ in range(2):
            with pytest.raises(Misconfigured, match=r"SWITCHHOOK_[A-Z]+_API_KEY"):
                await said(voice, FIRST)
        assert asyncio.get_running_loop().time() - began < 1
        await asyncio.sleep(60)
    assert fake.reception.attempts == 1


async def what_asking_again_does_not_mend_is_misconfigured(rig: VoiceRig) -> None:
    for status in (400, 401, 402, 403, 404):
        async with speaking(rig, faring(rig, Mishap(status=status))) as voice:
            with pytest.raises(Misconfigured):
                await said(voice, FIRST)


async def a_vendor_that_is_busy_for_a_moment_is_asked_again(rig: VoiceRig) -> None:
    for status in (429, 500, 503):
        fake = faring(rig, Mishap(status=status))
        async with speaking(rig, fake) as voice:
            assert (await said(voice, FIRST)).audio == murmur(FIRST)
        assert fake.reception.attempts == 2


async def a_vendor_that_asks_for_patience_gets_it(rig: VoiceRig) -> None:
    fake = faring(rig, Mishap(status=429, retry_after=30))
    async with speaking(rig, fake) as voice:
        with pytest.raises(Unavailable):
            await said(voice, FIRST)
        await asyncio.sleep(15)
        assert fake.reception.attempts == 1
        await asyncio.sleep(25)
        assert (await said(voice, SECOND)).audio == murmur(SECOND)


async def a_vendor_that_is_down_is_not_hammered(rig: VoiceRig) -> None:
    fake = faring(rig, *[Mishap(status=503)] * 100)
    async with speaking(rig, fake):
        await asyncio.sleep(60)
    assert 8 <= fake.reception.attempts <= 20


# ---- ending -------------------------------------------------------------------------------------


async def a_minute_of_silence_ends_nothing(rig: VoiceRig) -> None:
    fake = faring(rig)
    async with speaking(rig, fake) as voice:
        await said(voice, FIRST)
        await asyncio.sleep(60)
        assert (await said(voice, SECOND)).audio == murmur(SECOND)
    assert len(fake.reception.visits) == 1


async def closing_ends_an_attempt_to_connect(rig: VoiceRig) -> None:
    fake = faring(rig, Mishap(wait=2.5))
    async with speaking(rig, fake):
        await asyncio.sleep(1)


async def a_call_that_is_cancelled_cancels_its_voice(rig: VoiceRig) -> None:
    fake = faring(rig, pace=0.2)
    async with fake.reception.serving() as url:
        voice = rig.voice(fake.key, virtual_clock(), url).open("en", VoiceChoice())
        async with asyncio.TaskGroup() as group:
            running = group.create_task(voice.run())
            talking = group.create_task(said(voice, FIRST))
            await asyncio.sleep(0.5)
            assert fake.reception.live == 1
            running.cancel()
            talking.cancel()
        await asyncio.sleep(1)
        assert fake.reception.live == 0


DEMANDS = (
    what_is_said_is_what_was_written,
    odd_chunks_come_as_whole_frames,
    every_word_is_timed_as_it_is_written,
    a_word_never_comes_before_its_audio,
    the_first_piece_comes_long_before_the_last,
    two_utterances_at_once_do_not_mix,
    words_wait_for_the_connection,
    nothing_of_a_cancelled_utterance_is_heard_later,
    an_utterance_cancelled_before_its_first_sound_is_forgotten,
    twenty_interruptions_in_a_row_leave_a_voice,
    a_voice_recovers_between_two_sentences,
    a_sentence_lost_before_its_first_sound_is_spoken_once,
    a_sentence_cut_in_the_middle_is_given_up,
    a_sentence_that_is_lost_twice_is_given_up,
    a_vendor_that_hangs_is_left,
    garbage_is_not_spoken,
    a_wrong_key_is_told_at_once_and_tried_once,
    what_asking_again_does_not_mend_is_misconfigured,
    a_vendor_that_is_busy_for_a_moment_is_asked_again,
    a_vendor_that_asks_for_patience_gets_it,
    a_vendor_that_is_down_is_not_hammered,
    a_minute_of_silence_ends_nothing,
    closing_ends_an_attempt_to_connect,
    a_call_that_is_cancelled_cancels_its_voice,
)
