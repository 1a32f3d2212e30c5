"""The order number's barcode is a Code 128 that a scanner reads back."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.printing import scanner
from ui.printing import bars, special_label
from ui.printing.frame import Barcode
from ui.printing.layout import lay_out
from ui.printing.render import picture
from ui.printing.sheet import LABELS, Size
from ui.printing.shop import Shop

_DOTS_PER_MM = 203 / 25.4
"""An ordinary label printer's."""


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        # Code set B throughout, with the check symbol the standard's sum gives: (104 + 55 + 2*73 + ... ) mod 103 = 88.
        ("Wikipedia", [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88]),
        # Digits alone, two a symbol.
        ("123456", [105, 12, 34, 56, 44]),
    ],
)
def test_known_words_are_the_symbols_the_standard_names(text: str, symbols: list[int]) -> None:
    assert scanner.symbols(bars.modules(text)) == symbols


def test_the_scanner_reads_the_symbols_of_the_textbook() -> None:
    # The worked example of code set A in the encyclopaedia's article: PJJ123C, whose check symbol is 54.
    assert scanner.said([103, 48, 42, 42, 17, 18, 19, 35, 54]) == "PJJ123C"


@given(st.text(alphabet=string.ascii_letters + string.digits + string.punctuation, min_size=1, max_size=40))
def test_whatever_a_supplier_calls_an_order_is_read_back(text: str) -> None:
    assert scanner.read(bars.modules(text)) == text


@pytest.mark.parametrize("text", ["99", "9912345", "99A", "991234B", "A9912", "999999"])
def test_an_order_number_that_begins_with_99_is_read_back_whole(text: str) -> None:
    assert scanner.read(bars.modules(text)) == text


@pytest.mark.parametrize("text", ["", "   ", "Bestellung 12 – süd", "7\n7", "9" * 41, "7\x1d7"])
def test_what_no_scanner_could_read_has_no_bars(text: str) -> None:
    assert bars.modules(text) == ""


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("size", LABELS, ids=lambda size: str(size.name))
@pytest.mark.parametrize("number", ["77120", "VW-2026-0077120/B"])
def test_a_printed_label_is_read_back_off_the_paper(
    shop: Shop, arrived: dict[str, Any], size: Size, number: str
) -> None:
    arrived["parts"][0]["order_no"] = number
    label = special_label.make([arrived], shop)
    assert label is not None
    laid = lay_out(label, size)
    assert scanner.scan(picture(laid, 0, round(size.width * _DOTS_PER_MM))) == {number}


@pytest.mark.usefixtures("qapp")
def test_a_number_too_long_for_bars_that_can_be_read_stands_in_figures(shop: Shop, arrived: dict[str, Any]) -> None:
    arrived["parts"][0]["order_no"] = "AbCdEfGhIjKlMnOpQrStUvWxYz-0a1b2c3d4e5f6"
    label = special_label.make([arrived], shop)
    assert label is not None
    (page,) = lay_out(label, LABELS[0]).pages
    assert not [mark for mark in page.marks if isinstance(mark, Barcode)]
    assert any("AbCdEf" in getattr(mark, "text", "") for mark in page.marks)
