"""Phone numbers as people type them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.desk import phones


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("(716) 555-0100", {"raw": "(716) 555-0100", "use": "mobile", "e164": "+17165550100"}),
        ("work: 716 555 0100 x12", {"raw": "716 555 0100 x12", "use": "work", "e164": "+17165550100", "ext": "12"}),
        ("Home 716-555-0100", {"raw": "716-555-0100", "use": "home", "e164": "+17165550100"}),
        ("+49 30 901820", {"raw": "+49 30 901820", "use": "mobile", "e164": "+4930901820"}),
        ("ask for Joe", {"raw": "ask for Joe", "use": "mobile"}),
        ("555", {"raw": "555", "use": "mobile"}),
        ("work", {"raw": "work", "use": "mobile"}),
    ],
)
def test_a_number_is_kept_as_typed_and_read_where_it_can_be(typed: str, read: dict[str, Any]) -> None:
    assert phones.read([typed], "US") == [read]


def test_a_number_without_its_country_is_one_of_the_stores() -> None:
    assert phones.read(["030 901820"], "DE")[0]["e164"] == "+4930901820"
    assert phones.read(["716 555 0100", ""], "")[0]["e164"] == "+17165550100"


_TYPED = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"\A\+?[0-9() .-]{3,20}( ?(x|ext\.?) ?[0-9]{1,5})?\Z"),
)


@given(_TYPED, st.sampled_from(["US", "DE", "MX", ""]))
def test_whatever_is_typed_is_kept_and_what_would_be_dialled_is_only_digits(typed: str, country: str) -> None:
    for phone in phones.read([typed], country):
        assert phone["raw"] in typed
        assert re.fullmatch(r"\+[0-9]{3,17}", phone.get("e164", "+12345"))
        assert re.fullmatch(r"[0-9]{1,20}", phone.get("ext", "1"))
        # Read again as it would be dialled, it is the same number.
        if "e164" in phone:
            (again,) = phones.read([phone["e164"]], country)
            assert again["e164"] == phone["e164"]
