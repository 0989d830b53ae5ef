"""Conversations by speech, through their port, over a socket to a vendor that is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from switchhook.domain.agent import Mind as MindChoice
from switchhook.domain.agent import Voice as VoiceChoice
from switchhook.domain.errors import Misconfigured, Unavailable
from switchhook.engine.dialogue import Message, Role
from switchhook.engine.expectation import Expectation
from switchhook.ports import (
    FRAME_BYTES,
    Action,
    AnswerPiece,
    BrokeOff,
    Done,
    Duplexing,
    DuplexRequest,
    Frame,
    Heard,
    Voiced,
)
from switchhook.providers.openai.api import Api
from switchhook.providers.openai.duplex import RENEWAL_SECONDS, OpenAIDuplex
from switchhook.testing import Acts, Writes, run_virtually, sounds, virtual_clock
from switchhook.testing.openai import Fails, FakeOpenAI, Mishap, Scribe, when
from tests.providers.openai.asking import reaching

REQUEST = DuplexRequest("call-1", "en", "Book a table.", (), MindChoice(), VoiceChoice())
SILENCE = b"\xff" * FRAME_BYTES
LONG = " ".join(["and so on"] * 30)


@dataclass
class Call:
    """One conversation and everything that was told of it."""

    conversation: Duplexing
    running: asyncio.Task[None]
    pieces: list[tuple[int, AnswerPiece]] = field(default_factory=list[tuple[int, AnswerPiece]])
    words: list[Heard] = field(default_factory=list[Heard])
    ms: int = 0

    async def speaks(self, milliseconds: int) -> None:
        self.conversation.speech(self.ms, begins=True)
        for audio in sounds.syllables(milliseconds):
            self.conversation.push(Frame(audio), self.ms)
            self.ms += 20
            await asyncio.sleep(0.02)
        self.conversation.speech(self.ms, begins=False)

    async def listens(self, milliseconds: int) -> None:
        for _ in range(0, milliseconds, 20):
            self.conversation.push(Frame(SILENCE), self.ms)
            self.ms += 20
            await asyncio.sleep(0.02)

    async def asks(self, generation: int = 1, then: float = 1.0) -> None:
        self.conversation.answer(generation)
        await asyncio.sleep(then)

    @property
    def told(self) -> list[AnswerPiece]:
        return [piece for _, piece in self.pieces]

    @property
    def voiced(self) -> list[Voiced]:
        return [piece for piece in self.told if isinstance(piece, Voiced)]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.voiced).strip()


@asynccontextmanager
async def conversing(fake: FakeOpenAI, request: DuplexRequest = REQUEST) -> AsyncGenerator[Call]:
    pieces: list[tuple[int, AnswerPiece]] = []
    words: list[Heard] = []
    async with reaching(fake) as api, asyncio.TaskGroup() as tasks:
        duplex = OpenAIDuplex(api, virtual_clock())
        conversation = duplex.open(request, words.append, lambda g, p: pieces.append((g, p)))
        conversation.expect(Expectation())
        yield Call(conversation, tasks.create_task(conversation.run()), pieces, words)
        conversation.close()


def test_what_the_callee_says_is_written_down_and_answered_when_asked_for() -> None:
    async def main() -> None:
        scribe = Scribe(texts=["A table, please."])
        fake = FakeOpenAI(brain=when({"table": "For how many?"}), scribe=scribe)
        async with conversing(fake) as call:
            await call.speaks(600)
            await asyncio.sleep(1)
            assert call.words == [Heard("A table, please.", False, 0, 600, certain=True)]  # noqa: FBT003 - a field
            assert call.pieces == []
            await call.asks(7)
            assert call.text == "For how many?"
            assert {generation for generation, _ in call.pieces} == {7}
            assert call.told[-1] == Done(20, 10)

    run_virtually(main)


@pytest.mark.parametrize("finds_by", [("semantic_vad", "server_vad"), ("server_vad",)])
def test_it_finds_itself_when_the_callee_has_finished(finds_by: Sequence[str]) -> None:
    async def main() -> None:
        scribe = Scribe(texts=["A table, please."], seconds=[0.4])
        fake = FakeOpenAI(scribe=scribe, finds_turns_by=finds_by)
        async with conversing(fake, replace(REQUEST, eagerness="sensitive")) as call:
            await asyncio.sleep(0.5)
            await call.speaks(600)
            await call.listens(1000)
            over, said = call.words
            assert (over.text, over.final) == ("", True)
            assert 600 <= over.end_ms <= 1000
            assert (said.text, said.final) == ("A table, please.", False)
            assert call.pieces == []
            assert fake.received[-1]["type"] == "input_audio_buffer.append"

    run_virtually(main)


def test_an_answer_comes_as_whole_frames_to_its_end() -> None:
    async def main() -> None:
        async with conversing(FakeOpenAI()) as call:
            await call.asks()
            frames = [frame for piece in call.voiced for frame in piece.frames]
            assert {len(frame.audio) for frame in frames} == {FRAME_BYTES}
            assert len(frames) == len("Pardon?") * 60 // 20
            assert [piece.last for piece in call.voiced].count(True) == 1
            assert call.voiced[-1].last

    run_virtually(main)


def test_the_agent_s_choices_are_asked_for() -> None:
    async def main() -> None:
        choice = MindChoice(model="gpt-realtime-2.1-mini", reasoning_effort="low")
        voice = VoiceChoice(name="cedar", speed=1.2)
        fake = FakeOpenAI()
        async with conversing(fake, DuplexRequest("c", "de", "x", (), choice, voice)):
            await asyncio.sleep(1)
        session = fake.received[0]["session"]
        assert session["audio"]["output"]["voice"] == "cedar"
        assert session["audio"]["output"]["speed"] == 1.2
        assert session["audio"]["input"]["transcription"]["language"] == "de"
        assert session["reasoning"] == {"effort": "low"}

    run_virtually(main)


def test_an_action_is_carried_out_and_its_result_spoken() -> None:
    async def main() -> None:
        brain = when({"free": "It is booked.", "table": [Acts("book", '{"people": 2}')]})
        fake = FakeOpenAI(brain=brain, scribe=Scribe(texts=["A table, please."]))
        async with conversing(fake) as call:
            await call.speaks(600)
            await call.asks(1)
            (called,) = (piece for piece in call.told if isinstance(piece, Action))
            call.conversation.note(Message(Role.RESULT, "free", "book", called.call_id))
            await call.asks(2)
            assert call.text == "It is booked."

    run_virtually(main)


def test_the_model_knows_what_it_is_told() -> None:
    async def main() -> None:
        fake = FakeOpenAI(brain=when({"discount": "Is there a discount?"}))
        async with conversing(fake) as call:
            await asyncio.sleep(1)
            call.conversation.note(Message(Role.AGENT, "I am calling for Rosa."))
            call.conversation.note(Message(Role.INSTRUCTIONS, "Ask for a discount."))
            await call.asks()
            assert call.text == "Is there a discount?"

    run_virtually(main)


def test_an_interrupted_answer_is_cut_without_complaint() -> None:
    async def main() -> None:
        fake = FakeOpenAI(brain=lambda _: [Writes(LONG)], pace=0.05)
        async with conversing(fake) as call:
            await call.asks(1, then=0.5)
            call.conversation.cut(call.voiced[-1].item, 10**6, "and so on")
            heard = len(call.pieces)
            await call.asks(2, then=20)
            assert {generation for generation, _ in call.pieces[heard:]} == {2}
            assert [isinstance(piece, Done) for piece in call.told].count(True) == 1
        complaints = [m for m in fake.sent if m["type"] == "error"]
        assert complaints == []
        assert "conversation.item.truncated" in [m["type"] for m in fake.sent]

    run_virtually(main)


def test_a_cancelled_answer_is_heard_no_more() -> None:
    async def main() -> None:
        fake = FakeOpenAI(brain=lambda _: [Writes(LONG)], pace=0.05)
        async with conversing(fake) as call:
            await call.asks(1, then=0.5)
            call.conversation.cancel()
            heard = len(call.pieces)
            await asyncio.sleep(20)
            assert len(call.pieces) == heard

    run_virtually(main)


async def _talk(call: Call, times: int) -> None:
    for _ in range(times):
        await call.asks(then=60)


def test_a_long_conversation_is_renewed_between_turns() -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        async with conversing(fake) as call:
            await _talk(call, 1)
            await asyncio.sleep(RENEWAL_SECONDS)
            await _talk(call, 2)
            assert call.text.count("Pardon?") == 3
        again = [m["item"] for m in fake.received if m["type"] == "conversation.item.create"]
        assert [item["content"][0]["text"] for item in again] == ["Pardon? ", "Pardon? "]

    run_virtually(main)


def test_silence_does_not_keep_a_conversation_from_its_renewal() -> None:
    async def main() -> None:
        fake = FakeOpenAI()
        async with conversing(fake) as call:
            await asyncio.sleep(RENEWAL_SECONDS + 1)
            call.conversation.push(Frame(b"\xff" * 160), 0)
            await asyncio.sleep(5)
        assert [m["type"] for m in fake.sent].count("session.created") == 2

    run_virtually(main)


def test_a_session_that_is_lost_is_replaced() -> None:
    async def main() -> None:
        fake = FakeOpenAI(lasts=30.0)
        async with conversing(fake) as call:
            await asyncio.sleep(40)
            await call.asks()
            assert call.text == "Pardon?"

    run_virtually(main)


def test_what_a_lost_session_had_taken_and_not_written_down_is_written_by_the_next() -> None:
    async def main() -> None:
        said = "A table, please."
        scribe = Scribe(texts=[said, said], seconds=[100.0])
        fake = FakeOpenAI(brain=when({"table": "For how many?"}), scribe=scribe, lasts=15.0)
        async with conversing(fake) as call:
            await asyncio.sleep(13)
            await call.speaks(600)
            await asyncio.sleep(1)
            assert call.words == []
            call.conversation.answer(1)
            await asyncio.sleep(5)
            assert call.words == [Heard(said, False, 0, 600, certain=True)]  # noqa: FBT003 - a field
            assert call.text.endswith("For how many?")

    run_virtually(main)


def test_an_answer_that_is_lost_with_its_session_breaks_off() -> None:
    async def main() -> None:
        fake = FakeOpenAI(brain=lambda _: [Writes(LONG)], pace=0.1, mishaps=[Mishap(cut_after=60)])
        async with conversing(fake) as call:
            await asyncio.sleep(15)
            await call.asks(then=20)
            assert isinstance(call.told[-1], BrokeOff)
            assert call.text.startswith("and so on")

    run_virtually(main)


@pytest.mark.parametrize(
    ("mishap", "error"),
    [
        (Mishap(status=401), Misconfigured),
        (Mishap(status=500), Unavailable),
        (Mishap(hang_after=0), Unavailable),
        (Mishap(cut_after=2), Unavailable),
    ],
)
def test_a_session_that_cannot_be_had_is_given_up(mishap: Mishap, error: type[Unavailable]) -> None:
    async def main() -> None:
        async with reaching(FakeOpenAI(mishaps=[mishap])) as api:
            conversation = unheard(api)
            conversation.answer(1)
            with pytest.raises(error):
                await conversation.run()

    run_virtually(main)


def unheard(api: Api) -> Duplexing:
    """A conversation nobody listens to."""
    return OpenAIDuplex(api, virtual_clock()).open(REQUEST, lambda _: None, lambda _, __: None)


def test_a_configuration_that_is_refused_is_given_up() -> None:
    async def main() -> None:
        fake = FakeOpenAI(refuses="session.update")
        async with reaching(fake) as api:
            with pytest.raises(Misconfigured, match="is not accepted"):
                await unheard(api).run()

    run_virtually(main)


def test_what_is_refused_and_no_answer_is_passed_over() -> None:
    async def main() -> None:
        fake = FakeOpenAI(refuses="conversation.item.create")
        async with conversing(fake) as call:
            await asyncio.sleep(1)
            call.conversation.note(Message(Role.AGENT, "Hello."))
            await call.asks()
            assert call.text == "Pardon?"

    run_virtually(main)


def test_an_answer_that_fails_breaks_off() -> None:
    async def main() -> None:
        fake = FakeOpenAI(brain=lambda _: [Fails("rate_limit_exceeded")])
        async with conversing(fake) as call:
            await call.asks(3)
            ((generation, piece),) = call.pieces
            assert generation == 3
            assert isinstance(piece, BrokeOff)
            assert "rate_limit_exceeded" in piece.detail

    run_virtually(main)
