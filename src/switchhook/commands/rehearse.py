"""`switchhook call --rehearse`: calls against simulated callees, and how each went."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from switchhook.app import personas, stage
from switchhook.commands.call import Wish
from switchhook.commands.outcome import FAILED
from switchhook.domain.errors import InvalidInput
from switchhook.domain.rehearsal import Scenario
from switchhook.ports import Ears, Voice
from switchhook.service.rehearsal import Part, Report, rehearse
from switchhook.services import listening, speaking
from switchhook.settings import Settings
from switchhook.testing import run_virtually, virtual_clock


@dataclass(frozen=True, slots=True)
class Batch:
    """Scenarios to be played, each so many times, and in which time."""

    scenarios: tuple[Scenario, ...]
    runs: int = 1
    virtual: bool = False


def run(settings: Settings, batch: Batch, *, as_json: bool) -> None:
    """Play the batch, report it, and exit with 1 when an expectation was missed."""
    reports: list[Report] = []
    with speaking() as voice, listening(settings.ears) as ears:
        for report in _played(settings, batch, voice, ears):
            reports.append(report)
            if not as_json:
                print(_line(report))
    if as_json:
        facts = {"simulated": True, "reports": [r.model_dump(mode="json") for r in reports]}
        print(json.dumps(facts))
    else:
        _conclude(reports)
    if not all(report.passed for report in reports):
        sys.exit(FAILED)


def scenarios_in(paths: Sequence[Path]) -> tuple[Scenario, ...]:
    """Return the scenarios of the files, and of all files in the folders."""
    found: list[Scenario] = []
    for path in paths:
        files = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
        for file in files:
            found += _scenarios(file)
    return tuple(found)


def casting(wish: Wish) -> tuple[Scenario, ...]:
    """Return the call that somebody typed, once for every callee that may answer it."""
    if wish.agent is not None:
        raise InvalidInput(
            "a rehearsal knows no stored agents",
            field="agent",
            hint="write the agent into a --scenario file, or use simulate_call",
        )
    who = (wish.persona,) if wish.persona else personas()
    return tuple(
        Scenario(
            name=wish.task or "rehearsal",
            task=wish.task,
            variables=dict(wish.variables),
            result_schema=wish.schema,
            persona=persona,
        )
        for persona in who
    )


def _scenarios(path: Path) -> Iterator[Scenario]:
    try:
        documents = list(yaml.safe_load_all(path.read_text()))
    except OSError as unreadable:
        raise InvalidInput(
            f"cannot read {path}: {unreadable.strerror}", field="scenario", hint="check the path"
        ) from None
    except yaml.YAMLError as broken:
        raise InvalidInput(
            f"{path} is no YAML: {str(broken).splitlines()[0]}",
            field="scenario",
            hint="see examples/rehearsal.yaml",
        ) from None
    for document in documents:
        yield _scenario(path, document)


def _scenario(path: Path, document: object) -> Scenario:
    if not isinstance(document, dict):
        raise InvalidInput(
            f"{path} holds no scenario", field="scenario", hint="see examples/rehearsal.yaml"
        )
    written = {"name": path.stem, **cast("dict[str, Any]", document)}
    try:
        return Scenario.model_validate(written)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        problem = first["msg"].removeprefix("Value error, ")
        raise InvalidInput(
            f"{path}: {place}: {problem}", field="scenario", hint="see examples/rehearsal.yaml"
        ) from None


def _played(settings: Settings, batch: Batch, voice: Voice, ears: Ears) -> Iterator[Report]:
    for scenario in batch.scenarios:
        for seed in range(1, batch.runs + 1):
            yield _one(settings, scenario, Part(seed), (voice, ears), virtual=batch.virtual)


def _one(
    settings: Settings,
    scenario: Scenario,
    part: Part,
    speech: tuple[Voice, Ears],
    *,
    virtual: bool,
) -> Report:
    async def play() -> Report:
        clock = virtual_clock() if virtual else None
        return await rehearse(stage(settings, *speech, clock), scenario, part)

    return run_virtually(play) if virtual else asyncio.run(play())


def _line(report: Report) -> str:
    mark = "ok" if report.passed else "NO"
    known = sum(field.known for field in report.outcome.fields.values())
    slowest = max(report.turn_seconds, default=0.0)
    first = (
        f"{mark}  {report.scenario[:28]:<28} {report.persona or 'script':<16} {report.seed:>3}"
        f"  {report.outcome.verdict.value:<12} {known}/{len(report.outcome.fields)} known"
        f"  {report.reason.value:<18} {report.seconds:>6.1f} s, slowest answer {slowest:.1f} s"
    )
    return "\n".join([first, *(f"    {problem}" for problem in report.problems)])


def _conclude(reports: Sequence[Report]) -> None:
    passed = sum(report.passed for report in reports)
    print(f"\n{passed} of {len(reports)} rehearsals went as expected; all of them were simulated.")
