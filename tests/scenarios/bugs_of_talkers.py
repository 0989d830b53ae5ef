"""Bugs in how a model that hears and speaks by itself is told what was heard."""

from __future__ import annotations

import pytest

from switchhook.engine import asking, settling, thinking
from switchhook.engine.mind import Mind
from switchhook.engine.state import Session, Utterance
from switchhook.engine.thoughts import MindEvent, Truncate
from switchhook.providers.openai.answers import Item
from switchhook.providers.openai.history import History
from switchhook.providers.openai.realtime import Realtime
from tests.simulation.bugs import planted


@planted("the clock alone says what was heard")
def heard_by_the_clock(patch: pytest.MonkeyPatch) -> None:
    whole = Utterance.heard
    patch.setattr(Utterance, "heard", lambda u, position: whole(u, position) + 8000)  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType] - an utterance
    patch.setattr(Item, "ms", property(lambda _: 10**6))


@planted("what was heard of everything is taken for what was heard of this")
def place_in_the_call(patch: pytest.MonkeyPatch) -> None:
    def heard(utterance: Utterance, position: int) -> int:
        return min(position, utterance.sent)

    patch.setattr(Utterance, "heard", heard)


@planted("what nobody has heard stays in the conversation")
def unheard_is_kept(patch: pytest.MonkeyPatch) -> None:
    whole = Realtime._cut  # pyright: ignore[reportPrivateUsage] - a bug lies inside

    def cut(codec: Realtime, played: object) -> None:
        if getattr(played, "ms", 0) > 0:
            whole(codec, played)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - played

    patch.setattr(Realtime, "_cut", cut)


@planted("what was heard is cut all the same")
def what_was_heard_is_cut(patch: pytest.MonkeyPatch) -> None:
    whole = settling.settle

    def settle(session: Session, utterance: Utterance, result: str, said: str = "") -> None:
        whole(session, utterance, result, said)
        if utterance.item:
            session.emit(Truncate(utterance.item, 500, said))

    patch.setattr(settling, "settle", settle)


@planted("what comes late is said all the same")
def late_audio_is_played(patch: pytest.MonkeyPatch) -> None:
    def came(mind: Mind, event: MindEvent, now: float) -> None:
        mind.round.items.clear()
        thinking._answered(mind, event, now)  # pyright: ignore[reportPrivateUsage] - as above

    patch.setattr(Realtime, "_alive", lambda *_: True)  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType] - whatever it is
    patch.setattr(thinking, "came", came)


@planted("a new session knows nothing")
def nothing_is_carried_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(History, "items", lambda _: list[object]())  # pyright: ignore[reportUnknownLambdaType,reportUnknownArgumentType] - a history


@planted("an answer that is wanted too early is forgotten")
def answers_get_in_each_other_s_way(patch: pytest.MonkeyPatch) -> None:
    whole = Realtime.ask

    def ask(codec: Realtime, generation: int) -> None:
        if codec._answer is None:  # pyright: ignore[reportPrivateUsage] - as above
            whole(codec, generation)

    patch.setattr(Realtime, "ask", ask)
    patch.setattr(asking, "VOICED_PATIENCE", 60.0)
