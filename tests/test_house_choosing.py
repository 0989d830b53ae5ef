"""Who hears, speaks and thinks in a call: by the settings, by the agent, and by what fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from switchhook.domain.agent import AgentSpec, Ears, Mind, Voice
from switchhook.domain.errors import ConnectionNotFound, InvalidInput
from switchhook.domain.lifecycle import Reason, State
from switchhook.domain.rehearsal import Step
from switchhook.service import agents, connections
from switchhook.service.status import get_status
from switchhook.testing import Acts, Writes, run_virtually
from switchhook.testing.deepgram import FakeDeepgram
from switchhook.testing.elevenlabs import FakeElevenLabs
from switchhook.testing.openai import FakeOpenAI, Mishap, when
from switchhook.testing.vendors import Mishap as Cut
from tests.vendors import Vendors, engine

GOODBYE = [Writes("Thank you, goodbye."), Acts("end_call", '{"outcome": "achieved"}')]
BRAIN = when({"how many": "A table for four, please.", "of course": GOODBYE})
BISTRO = (
    Step(say="Hello, Bistro Ada."),
    Step(wait_for="book a table"),
    Step(say="For how many?"),
    Step(wait_for="for four"),
    Step(say="Of course."),
    Step(wait=30),
)


def thinking() -> Vendors:
    return Vendors(openai=FakeOpenAI(brain=BRAIN))


def texts(fake: FakeElevenLabs) -> str:
    """Everything that was to be spoken."""
    messages = [message for visit in fake.reception.visits for message in visit.messages]
    return " ".join(str(message.get("text", "")) for message in messages)


def test_a_model_thinks_and_a_vendor_speaks_where_there_are_keys(tmp_path: Path) -> None:
    vendors = thinking()

    async def main() -> None:
        async with vendors.serving() as there:
            given = there | vendors.keys("openai", "elevenlabs")
            async with engine(tmp_path, given) as running:
                call = await running.call(AgentSpec(), *BISTRO)
                said = await running.spoken(call)
        assert call.reason is Reason.AGENT_HANGUP
        assert said[-3:] == [
            "agent: A table for four, please.",
            "callee: Of course.",
            "agent: Thank you, goodbye.",
        ]

    run_virtually(main)
    assert "A table for four, please." in texts(vendors.elevenlabs)
    assert vendors.openai.live == vendors.elevenlabs.reception.live == 0


def test_without_any_key_the_interview_asks_and_nobody_is_connected_to(tmp_path: Path) -> None:
    vendors = Vendors()
    schema = {"properties": {"guests": {"type": "integer", "description": "How many guests?"}}}

    async def main() -> None:
        async with vendors.serving(), engine(tmp_path, {}) as running:
            call = await running.call(AgentSpec(result_schema=schema))
        assert call.state is State.ENDED
        assert call.outcome is not None
        assert call.outcome.fields["guests"].known

    run_virtually(main)
    assert vendors.elevenlabs.reception.visits == vendors.deepgram.reception.visits == []


def test_when_the_first_voice_is_dead_the_next_vendor_speaks_in_the_same_call(
    tmp_path: Path,
) -> None:
    vendors = thinking()
    vendors.elevenlabs.reception.mishaps += [Cut(status=503)] * 100

    async def main() -> list[str]:
        async with vendors.serving() as there:
            given = there | vendors.keys("openai", "elevenlabs", "cartesia")
            async with engine(tmp_path, given) as running:
                call = await running.call(AgentSpec(voice=Voice(name="anna")), *BISTRO)
                return await running.spoken(call)

    assert "agent: Thank you, goodbye." in run_virtually(main)
    (visit,) = vendors.cartesia.reception.visits
    spoken = [message for message in visit.messages if "transcript" in message]
    assert spoken
    # "anna" is a voice of the first vendor alone.
    assert all(message["voice"]["id"] != "anna" for message in spoken)


def test_when_every_vendor_of_a_voice_is_dead_the_offline_one_speaks(tmp_path: Path) -> None:
    vendors = thinking()
    for fake in (vendors.elevenlabs, vendors.cartesia):
        fake.reception.mishaps += [Cut(status=503)] * 100

    async def main() -> list[str]:
        async with vendors.serving() as there:
            given = there | vendors.keys("elevenlabs", "cartesia")
            async with engine(tmp_path, given) as running:
                return await running.spoken(await running.call(AgentSpec()))

    assert run_virtually(main)[-1].startswith("agent: Thank you")
    assert not vendors.cartesia.reception.visits


def test_the_agents_second_choice_answers_where_its_model_fails(tmp_path: Path) -> None:
    vendors = thinking()
    vendors.openai.mishaps += [Mishap(status=500)] * 3
    mind = Mind(kind="model", model="large", fallback_model="small")

    async def main() -> list[str]:
        async with (
            vendors.serving() as there,
            engine(tmp_path, there | vendors.keys("openai")) as running,
        ):
            agent = AgentSpec(mind=mind, voice=Voice(provider="offline"))
            return await running.spoken(await running.call(agent, *BISTRO))

    assert "agent: Thank you, goodbye." in run_virtually(main)
    tried = {body["model"] for _, body in vendors.openai.requests if body.get("stream")}
    assert tried == {"large", "small"}


def test_an_agent_may_name_its_ears_and_the_words_to_listen_for(tmp_path: Path) -> None:
    vendors = Vendors(
        openai=FakeOpenAI(brain=BRAIN), deepgram=FakeDeepgram(["Hello.", "Of course."])
    )
    ears = Ears(provider="deepgram", model="nova-3", keywords=("Vetrova",))

    async def main() -> list[str]:
        async with (
            vendors.serving() as there,
            engine(tmp_path, there | vendors.keys("openai", "deepgram")) as running,
        ):
            agent = AgentSpec(ears=ears, voice=Voice(provider="offline"))
            return await running.spoken(await running.call(agent, *BISTRO))

    assert "callee: Of course." in run_virtually(main)
    (visit,) = vendors.deepgram.reception.visits
    assert visit.query["keyterm"] == ["Vetrova"]


@pytest.mark.parametrize(
    ("agent", "setting"),
    [
        (AgentSpec(voice=Voice(provider="ElevenLabs")), "SWITCHHOOK_ELEVENLABS_API_KEY"),
        (AgentSpec(ears=Ears(provider="deepgram")), "SWITCHHOOK_DEEPGRAM_API_KEY"),
        (AgentSpec(mind=Mind(kind="model")), "SWITCHHOOK_OPENAI_API_KEY"),
        (AgentSpec(voice=Voice(provider="acme")), "elevenlabs, cartesia"),
        (AgentSpec(connections={"acme": "conn_1"}), "openai"),
    ],
)
def test_whoever_is_named_and_not_set_up_is_refused_with_the_way_out(
    agent: AgentSpec, setting: str, tmp_path: Path
) -> None:
    async def main() -> None:
        async with engine(tmp_path, {}) as running:
            with pytest.raises(InvalidInput) as made:
                await agents.create_agent(running.exchange, running.owner, agent)
            with pytest.raises(InvalidInput) as called:
                await running.call(agent)
        assert made.value.facts() == called.value.facts()
        assert setting in f"{made.value.message} {made.value.hint}"

    run_virtually(main)


def test_a_server_that_speaks_like_openai_thinks_without_a_key(tmp_path: Path) -> None:
    vendors = thinking()
    vendors.openai.key = ""

    async def main() -> None:
        async with vendors.serving() as there:
            local = {"OPENAI_BASE_URL": there["OPENAI_BASE_URL"], "OPENAI_MODEL": "llama"}
            async with engine(tmp_path, local) as running:
                call = await running.call(AgentSpec(), *BISTRO)
                said = await running.spoken(call)
                status = await get_status(running.exchange, running.owner)
        assert said[-1] == "agent: Thank you, goodbye."
        why = {"openai": "SWITCHHOOK_OPENAI_BASE_URL is set", "interview": "needs no key"}
        assert {link["name"]: link["why"] for link in status["chains"]["mind"]} == why

    run_virtually(main)
    assert {path for path, _ in vendors.openai.requests} == {"/chat/completions"}
    assert {body["model"] for _, body in vendors.openai.requests} == {"llama"}


def test_the_status_shows_the_chains_and_why_they_are_so(tmp_path: Path) -> None:
    async def main() -> None:
        given = {"CARTESIA_API_KEY": "ca-hush", "DEEPGRAM_API_KEY": "dg-hush", "VOICE": "deepgram"}
        async with engine(tmp_path, given) as running:
            status = await get_status(running.exchange, running.owner)
        voices = [(link["name"], link["works"]) for link in status["chains"]["voice"]]
        assert voices[:2] == [("deepgram", True), ("cartesia", True)]
        assert ("elevenlabs", False) in voices
        assert status["voice"] == "deepgram"
        assert status["chains"]["ears"][0]["name"] == "text"
        assert "hush" not in str(status)

    run_virtually(main)


def test_an_account_speaks_with_a_key_of_its_own(tmp_path: Path) -> None:
    vendors = thinking()
    vendors.elevenlabs.key = "xi-of-our-own"

    async def main() -> None:
        async with (
            vendors.serving() as there,
            engine(tmp_path, there | vendors.keys("openai")) as running,
        ):
            own = await connections.create_connection(
                running.exchange, running.owner, "elevenlabs", name="ours", key="xi-of-our-own"
            )
            voice = Voice(provider="elevenlabs")
            agent = AgentSpec(voice=voice, connections={"elevenlabs": own.id})
            said = await running.spoken(await running.call(agent, *BISTRO))
            status = await get_status(running.exchange, running.owner)
        assert "agent: Thank you, goodbye." in said
        # How an account's own keys fare is nobody else's business.
        assert "elevenlabs" not in {provider["name"] for provider in status["providers"]}

    run_virtually(main)
    assert "A table for four, please." in texts(vendors.elevenlabs)


def test_a_connection_that_was_deleted_or_is_to_another_vendor_is_refused(tmp_path: Path) -> None:
    async def main() -> None:
        async with engine(tmp_path, {}) as running:
            exchange, owner = running.exchange, running.owner
            own = await connections.create_connection(
                exchange, owner, "cartesia", name="", key="ca-of-our-own"
            )
            agent = AgentSpec(connections={"cartesia": own.id})
            stored = await agents.create_agent(exchange, owner, agent)
            with pytest.raises(InvalidInput, match="is one to cartesia"):
                await running.call(AgentSpec(connections={"deepgram": own.id}))
            await connections.delete_connection(exchange, owner, own.id)
            with pytest.raises(ConnectionNotFound):
                await running.call(agent)
            with pytest.raises(ConnectionNotFound):
                await agents.update_agent(exchange, owner, stored.id, agent)

    run_virtually(main)


def test_an_own_key_to_openai_never_goes_to_a_server_that_only_speaks_like_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local, vendor = FakeOpenAI(key=""), FakeOpenAI(brain=BRAIN, key="sk-of-our-own")

    async def main() -> list[str]:
        async with local.serving() as here, vendor.serving() as there:
            monkeypatch.setattr("switchhook.providers.openai.api.URL", there)
            given = {"OPENAI_BASE_URL": here, "OPENAI_MODEL": "llama"}
            async with engine(tmp_path, given) as running:
                own = await connections.create_connection(
                    running.exchange, running.owner, "openai", name="", key="sk-of-our-own"
                )
                agent = AgentSpec(connections={"openai": own.id})
                return await running.spoken(await running.call(agent, *BISTRO))

    assert "agent: Thank you, goodbye." in run_virtually(main)
    assert local.requests == []
    # Our server's name for its model would mean nothing to the vendor.
    assert "llama" not in {body["model"] for _, body in vendor.requests}
    assert {path for path, _ in vendor.requests} == {"/responses", "/audio/speech"}
