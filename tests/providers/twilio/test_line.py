from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.audio import g711
from switchhook.audio.tones import KeyEar
from switchhook.ports import DigitPressed, Frame, LineClosed, LineEvent, MarkEchoed
from switchhook.providers.twilio.line import MediaLine
from switchhook.providers.twilio.media import LONGEST, Start
from switchhook.providers.twilio.stream import MOST_STRANGE, Stream
from switchhook.testing import run_virtually
from tests.providers.twilio.sockets import (
    CONNECTED,
    FRAME,
    SID,
    FakeSocket,
    compact,
    dtmf,
    mark,
    media,
    start,
    stop,
)

START = Start(SID, "CA1", "AC1")
CLEAR = {"event": "clear", "streamSid": SID}


def heard(*messages: Any) -> list[LineEvent]:
    """Return what a line makes of the messages."""

    async def main() -> list[LineEvent]:
        socket = FakeSocket()
        socket.says(*messages)
        socket.leaves()
        return [event async for event in MediaLine(START, socket).events()]

    return run_virtually(main)


def played(message: Any) -> bytes:
    return base64.b64decode(message["media"]["payload"])


# ---- what comes in ------------------------------------------------------------------------------


def test_audio_arrives_as_frames_of_twenty_milliseconds() -> None:
    assert heard(media(), media()) == [Frame(FRAME), Frame(FRAME), LineClosed()]


@given(st.lists(st.integers(1, 700), max_size=8))
def test_audio_cut_otherwise_arrives_as_the_same_frames(cuts: Sequence[int]) -> None:
    audio = bytes(i % 251 for i in range(sum(cuts)))
    stream, pieces, at = Stream(START), list[bytes](), 0
    for size in cuts:
        pieces.append(audio[at : at + size])
        at += size
    found = [event for piece in pieces for event in stream.receive(compact(media(piece)))]
    if all(len(piece) != len(FRAME) for piece in pieces):
        whole = len(audio) - len(audio) % len(FRAME)
        assert found == [Frame(frame) for frame in g711.frames(audio[:whole])]


def test_a_whole_frame_behind_half_a_frame_keeps_its_place() -> None:
    audio = bytes(i % 251 for i in range(400))
    assert heard(media(audio[:100]), media(audio[100:260]), media(audio[260:])) == [
        Frame(audio[:160]),
        Frame(audio[160:320]),
        LineClosed(),
    ]


def test_marks_and_keys_arrive_in_their_order() -> None:
    assert heard(mark("g0:200"), dtmf("#"), mark("g0:400")) == [
        MarkEchoed("g0:200"),
        DigitPressed("#"),
        MarkEchoed("g0:400"),
        LineClosed(),
    ]


def test_a_stop_closes_the_line_and_nothing_follows() -> None:
    assert heard(stop(), media(), stop()) == [LineClosed()]


def test_what_nobody_understands_is_left_out() -> None:
    assert heard({"event": "weather"}, "{", CONNECTED, start(), media()) == [
        Frame(FRAME),
        LineClosed(),
    ]


def test_after_its_end_a_stream_means_nothing() -> None:
    stream = Stream(START)
    assert stream.receive(compact(stop())) == (LineClosed(),)
    assert stream.receive(compact(media())) == ()
    assert stream.end() == ()


def test_a_stream_counts_what_it_did_not_understand() -> None:
    stream = Stream(START)
    for message in ("{", compact(media()), compact({"event": "weather"})):
        stream.receive(message)
    assert stream.strange == 2


def test_a_socket_that_only_babbles_is_given_up() -> None:
    assert heard(*["?"] * (MOST_STRANGE + 1), media()) == [LineClosed()]
    patient: list[Any] = [*["?"] * MOST_STRANGE, media()] * 2
    assert heard(*patient) == [Frame(FRAME), Frame(FRAME), LineClosed()]


def test_a_message_longer_than_any_honest_one_ends_the_line() -> None:
    assert heard("x" * (LONGEST + 1), media()) == [LineClosed()]


def test_bytes_in_place_of_text_end_the_line() -> None:
    async def main() -> list[LineEvent]:
        socket = FakeSocket()
        socket.arriving.put_nowait({"type": "websocket.receive", "bytes": b"\x00"})
        return [event async for event in MediaLine(START, socket).events()]

    assert run_virtually(main) == [LineClosed()]


# ---- what goes out ------------------------------------------------------------------------------


def sent_by(act: Callable[[MediaLine], None]) -> list[Any]:
    """Return what leaves the socket when all this is done to the line at once."""

    async def main() -> list[Any]:
        socket = FakeSocket()
        line = MediaLine(START, socket)
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(line.serve())
            act(line)
            await asyncio.sleep(1)
            line.close()
            await serving
        return socket.texts

    return run_virtually(main)


def test_frames_and_marks_leave_in_their_order() -> None:
    def act(line: MediaLine) -> None:
        line.send(Frame(FRAME, ("hello",)))
        line.mark("g0:20")
        line.send(Frame(FRAME))

    first, second, third = sent_by(act)
    assert (played(first), played(third)) == (FRAME, FRAME)
    assert second == {"event": "mark", "streamSid": SID, "mark": {"name": "g0:20"}}


def test_a_clear_overtakes_the_audio_that_has_not_left_but_no_mark() -> None:
    def act(line: MediaLine) -> None:
        line.send(Frame(FRAME))
        line.mark("g0:20")
        line.clear()
        line.send(Frame(FRAME[::-1]))

    marked, cleared, after = sent_by(act)
    assert marked["event"] == "mark"
    assert cleared == CLEAR
    assert played(after) == FRAME[::-1]


def test_keys_leave_as_tones() -> None:
    texts = sent_by(lambda line: line.send_digits("1w#"))
    ear = KeyEar()
    pressed = [ear.push(g711.decode(played(text))) for text in texts]
    assert [key for key in pressed if key] == ["1", "#"]
    assert len(texts) * 20 == 2 * 200 + 500


def test_a_closed_line_says_nothing_more() -> None:
    def act(line: MediaLine) -> None:
        line.close()
        line.send(Frame(FRAME))
        line.mark("g0:20")
        line.clear()
        line.send_digits("1")

    assert sent_by(act) == []


def test_what_waits_when_the_line_is_closed_never_leaves() -> None:
    async def main() -> list[Any]:
        socket, gate = FakeSocket(), asyncio.Event()

        async def slowly(message: Any) -> None:
            socket.sent.append(dict(message))
            await gate.wait()

        socket.send = slowly
        line = MediaLine(START, socket)
        async with asyncio.TaskGroup() as group:
            group.create_task(line.serve())
            line.send(Frame(FRAME))
            line.send(Frame(FRAME))
            await asyncio.sleep(1)
            line.close()
            gate.set()
        return socket.texts

    assert len(run_virtually(main)) == 1


def test_a_socket_that_is_gone_ends_the_writing_and_the_line() -> None:
    async def main() -> list[LineEvent]:
        socket = FakeSocket()
        line = MediaLine(START, socket)
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(line.serve())
            socket.gone = True
            line.send(Frame(FRAME))
            await serving
            socket.leaves()
            return [event async for event in line.events()]

    assert run_virtually(main) == []


def test_whoever_stops_listening_closes_the_line() -> None:
    async def main() -> None:
        socket = FakeSocket()
        line = MediaLine(START, socket)
        async with asyncio.TaskGroup() as group:
            group.create_task(line.serve())

            async def listen() -> None:
                async for _ in line.events():
                    pass

            listening = group.create_task(listen())
            await asyncio.sleep(1)
            listening.cancel()

    run_virtually(main)


def test_a_line_counts_strange_messages() -> None:
    async def main() -> int:
        socket = FakeSocket()
        socket.says("?", media())
        socket.leaves()
        line = MediaLine(START, socket)
        async for _ in line.events():
            pass
        return line.strange

    assert run_virtually(main) == 1


def test_marks_of_any_name_survive_the_way() -> None:
    name = 'g0:"\\\u00e9'
    (text,) = sent_by(lambda line: line.mark(name))
    assert text["mark"]["name"] == name
    assert heard(json.loads(json.dumps(mark(name)))) == [MarkEchoed(name), LineClosed()]


@pytest.mark.parametrize("event", ["media", "mark", "clear"])
def test_every_message_names_the_stream(event: str) -> None:
    def act(line: MediaLine) -> None:
        line.clear()
        line.send(Frame(FRAME))
        line.mark("m")

    (text,) = [text for text in sent_by(act) if text["event"] == event]
    assert text["streamSid"] == SID
