from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from switchhook.domain.numbers import NumberSearch


def test_a_search_is_for_local_numbers_that_can_be_called() -> None:
    assert NumberSearch().capabilities == ("voice",)
    assert (NumberSearch(country="de").country, NumberSearch().kind) == ("DE", "local")


@pytest.mark.parametrize(
    "wrong",
    [{"country": "USA"}, {"area_code": "41 5"}, {"contains": "?"}, {"limit": 0}, {"kind": "pink"}],
)
def test_a_search_that_no_carrier_understands_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NumberSearch(**wrong)
