from __future__ import annotations

import json
from pathlib import Path

import pytest

from switchhook.commands.call import Wish
from switchhook.commands.doctor import examine
from switchhook.commands.rehearse import Batch, casting, run, scenarios_in
from switchhook.domain.errors import InvalidInput
from switchhook.domain.rehearsal import Scenario
from switchhook.settings import Settings, read_settings

EXAMPLES = Path(__file__).parents[1] / "examples"


def test_the_example_goes_as_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenarios = scenarios_in([EXAMPLES])
    run(Settings(data=tmp_path), Batch(scenarios, virtual=True), as_json=False)

    told = capsys.readouterr().out
    assert "3 of 3 rehearsals went as expected; all of them were simulated." in told
    assert "NO  " not in told


def test_what_was_missed_is_told_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = Scenario.model_validate({"task": "ask", "expect": {"said": "bananas"}})
    batch = Batch((scenario,), runs=2, virtual=True)

    with pytest.raises(SystemExit, match="1"):
        run(Settings(data=tmp_path), batch, as_json=True)

    facts = json.loads(capsys.readouterr().out)
    assert facts["simulated"] is True
    assert [report["seed"] for report in facts["reports"]] == [1, 2]
    assert all(report["simulated"] for report in facts["reports"])
    assert facts["reports"][0]["problems"] == ["it did not say 'bananas'"]


def test_missed_expectations_are_listed_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = Scenario.model_validate({"persona": "busy", "expect": {"said": "bananas"}})

    with pytest.raises(SystemExit):
        run(Settings(data=tmp_path), Batch((scenario,), virtual=True), as_json=False)

    assert "    it did not say 'bananas'" in capsys.readouterr().out


def test_a_rehearsal_in_real_time_runs_as_fast_as_the_line(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, loopback_speed=200)

    run(settings, Batch((Scenario(persona="busy"),)), as_json=True)


def test_a_call_that_was_typed_is_played_to_everybody_or_to_one() -> None:
    assert len(casting(Wish("", "ask"))) > 10
    [one] = casting(Wish("", "ask", persona="hurried"))
    assert (one.persona, one.task) == ("hurried", "ask")
    with pytest.raises(InvalidInput, match="no stored agents"):
        casting(Wish("", "ask", agent="Ada"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "no YAML"),
        ("- 1", "holds no scenario"),
        ("steps: [{say: hi, wait: 1}]", "steps.0: a step does exactly one thing"),
        ("colour: red", "colour"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_the_reason(
    tmp_path: Path, text: str, problem: str
) -> None:
    file = tmp_path / "call.yaml"
    file.write_text(text)

    with pytest.raises(InvalidInput, match=problem):
        scenarios_in([file])


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot read"):
        scenarios_in([Path("nowhere.yaml")])


@pytest.mark.parametrize("ears", ["text", "offline"])
def test_the_doctor_tells_how_is_heard(tmp_path: Path, ears: str) -> None:
    settings = read_settings({"SWITCHHOOK_DATA": str(tmp_path), "SWITCHHOOK_EARS": ears})
    [finding] = [found for found in examine(settings) if found.name == "ears"]

    assert ("no general recognition" in finding.says) or ears == "text" or not finding.works


def test_unknown_ears_are_refused() -> None:
    with pytest.raises(InvalidInput, match="SWITCHHOOK_EARS"):
        read_settings({"SWITCHHOOK_EARS": "big"})
