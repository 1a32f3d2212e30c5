"""Vehicle identification numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain import vin

ALPHABET = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
VINS = st.text(ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(
    ("number", "year"), [("1M8GDM9AXKP042788", 1989), ("1HGCM82633A004352", 2003), ("5YJSA1E26MF000001", 2021)]
)
def test_real_numbers_hold_and_say_their_year(number: str, year: int) -> None:
    assert vin.is_valid(vin.with_check_digit(number))
    assert vin.model_year(number) == year


def test_the_standards_own_example_has_its_check_digit() -> None:
    assert vin.check_digit("1M8GDM9AXKP042788") == "X"
    assert vin.is_valid("11111111111111111")


@pytest.mark.parametrize(
    "number",
    ["", "1M8GDM9AXKP04278", "1M8GDM9AXKP0427889", "1M8GDM9A1KP042788", "1M8GDM9AXKP04278I", "1m8gdm9axkp042788"],
)
def test_short_long_mistyped_and_impossible_numbers_fail(number: str) -> None:
    assert not vin.is_valid(number)


@given(VINS)
def test_a_number_with_its_check_digit_set_is_valid(number: str) -> None:
    assert vin.is_valid(vin.with_check_digit(number))


@given(VINS, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_mistyped_digit_is_noticed(number: str, place: int, digit: str) -> None:
    right = vin.with_check_digit(number)
    if place == 8 or not right[place].isdigit() or right[place] == digit:
        return
    wrong = right[:place] + digit + right[place + 1 :]
    assert not vin.is_valid(wrong)


@given(st.integers(1980, 2039))
def test_a_year_and_its_code_agree(year: int) -> None:
    place_seven = "1" if year < 2010 else "A"
    number = "1FAHP3" + place_seven + "F0" + vin.year_code(year) + "W123456"
    assert vin.model_year(number) == year


@pytest.mark.parametrize("number", ["", "1FAHP3", "1FAHP3FF00W123456", "1FAHP3FF0UW123456"])
def test_no_year_is_guessed_from_what_has_none(number: str) -> None:
    assert vin.model_year(number) is None


@given(st.text(max_size=20))
def test_any_text_is_judged_without_falling_over(text: str) -> None:
    vin.is_valid(text)
    vin.model_year(text)
