"""Every fault of the list is let happen by a test that exists, case by case."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from tests.faults.rows import NOT_YET, ROWS, Proof
from tests.faults.test_matrix import MATRIX

HERE = Path(__file__).parent
LAYERS = {
    "media socket": 7,
    "ears": 5,
    "mind": 7,
    "voice": 3,
    "the carrier's REST API": 4,
    "the carrier's callbacks": 6,
    "receivers of actions": 5,
    "store": 2,
    "time and process": 4,
}
"""How many faults each of them has."""
PROOFS = sorted({*chain(*(proofs for rows in ROWS.values() for proofs in rows.values()))})


def test_every_layer_has_all_of_its_faults_and_every_fault_a_test() -> None:
    assert {layer: len(rows) for layer, rows in ROWS.items()} == LAYERS
    assert all(proofs for rows in ROWS.values() for proofs in rows.values())
    assert all(len(reason) > 20 for reason in NOT_YET.values())


@pytest.mark.parametrize("proof", PROOFS, ids=": ".join)
def test_the_test_of_a_fault_exists_with_its_cases(proof: Proof) -> None:
    test, *cases = proof
    file, name = test.split("::")
    text = (HERE / file).read_text()

    assert f"def {name}(" in text
    for case in cases:
        assert f'"{case}"' in text or any(known.startswith(case) for known in MATRIX)
