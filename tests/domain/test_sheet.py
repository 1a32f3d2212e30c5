"""A supplier's list: its header, its columns, its cells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from advisor_desk.domain import sheet
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.sheet import FIELDS, Columns, Reader, Row, Said
from advisor_desk.domain.sheet_cells import Fault, count_of, key, text_of

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
LABELS = ("PO", "Part", "Qty", "ETA")
COLUMNS = Columns({"order_no": "PO", "number": "Part", "qty": "Qty", "eta": "ETA"})


def read(*cells: Any) -> Said | list[str]:
    said = Reader(LABELS, COLUMNS, ZoneInfo("America/New_York"), NOW).read(Row(7, cells))
    return said if isinstance(said, Said) else [wrong.sentence for wrong in said]


def rows(*cells: tuple[Any, ...]) -> list[Row]:
    return [Row(number, one) for number, one in enumerate(cells, 1)]


@pytest.mark.parametrize(
    ("labels", "meant"),
    [
        (("Order No.", "Part-No", "Qty confirmed", "Ship date"), {"order_no", "number", "qty", "eta"}),
        (("Customer PO", "Sales Order", "Item #", "Due Date"), {"order_no", "supplier_order_no", "number", "eta"}),
        (("Nº de pedido", "Numéro de pièce", "Quantité", "Date de livraison"), {"number", "qty", "eta"}),
        (("RO number", "SKU", "Expected delivery"), {"ro", "number", "eta"}),
        (("Colour", "Weight"), set()),
    ],
)
def test_columns_are_guessed_by_what_suppliers_call_them(labels: tuple[str, ...], meant: set[str]) -> None:
    assert set(sheet.guess(labels)) == meant


def test_the_header_is_found_below_the_suppliers_address() -> None:
    found = sheet.header(rows(("Northside Parts",), ("12 Dock Rd", "Buffalo"), LABELS, ("PO-1", "X", 1, "12/3")))
    assert found == sheet.Header(3, LABELS)


def test_a_header_of_strange_names_is_the_first_row_of_words_and_data_is_none() -> None:
    assert sheet.header(rows(("Teil", "Wann"), ("A-1", "12.3."))) == sheet.Header(1, ("Teil", "Wann"))
    assert sheet.header(rows(("PO-771", "45022", "12/3/2026"), ("PO-772", "45023", "12/4/2026"))) is None


def test_two_columns_of_one_name_are_told_apart() -> None:
    found = sheet.header(rows(("Part", "Date", "Date", "", "Date")))
    assert found is not None and found.labels == ("Part", "Date", "Date (2)", "", "Date (3)")


def test_a_row_says_what_its_cells_say() -> None:
    assert read(" PO-771 ", 45022.0, "2.0", date(2026, 12, 3)) == Said(
        7, "PO-771", "45022", "", 2, datetime(2026, 12, 3, 22, tzinfo=UTC)
    )
    assert read("PO-771") == Said(7, "PO-771")


def test_every_cell_that_is_wrong_is_named_by_row_and_column() -> None:
    assert read("=PO", "x" * 65, "two", "yesterday") == [
        "Row 7, PO: begins with = like a formula; put the value itself there.",
        "Row 7, Part: is 65 characters long; 64 at most.",
        "Row 7, Qty: is two, not a whole number.",
        "Row 7, ETA: is yesterday, not a date like 2026-12-03.",
    ]


def test_a_row_that_cannot_be_parted_is_named() -> None:
    said = Reader(LABELS, COLUMNS, UTC, NOW).read(Row(9, (), Fault("has a quotation mark that is not closed")))
    assert isinstance(said, list)
    assert [wrong.sentence for wrong in said] == ["Row 9: has a quotation mark that is not closed."]


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@SUM", "=", "a\x00b", "a\u202eb", True, 1e300, date(2026, 1, 1)]
)
def test_what_is_no_code_is_not_taken_for_one(value: Any) -> None:
    assert isinstance(text_of(value), Fault)


@pytest.mark.parametrize("value", ["-3", "1.5", "2 pcs", 1.5, -1, True, 10**8, float("nan"), float("inf")])
def test_what_is_no_count_is_not_taken_for_one(value: Any) -> None:
    assert isinstance(count_of(value), Fault)


def test_codes_are_alike_however_they_are_written() -> None:
    assert key("06L-121-111 J") == key("06l121111j")
    assert key("Nº") != ""


@pytest.mark.parametrize(
    "mapping",
    [
        {"columns": {"colour": "PO"}},
        {"columns": {"eta": 3}},
        {"columns": {"eta": "Nowhere"}},
        {"columns": {"eta": "PO", "number": "PO"}},
        {"columns": ["eta"]},
        {"day_first": "yes"},
        {"more": 1},
    ],
)
def test_a_mapping_that_is_none_is_refused_by_name(mapping: dict[str, Any]) -> None:
    with pytest.raises(BadArguments) as refused:
        sheet.columns_of(mapping, LABELS)
    assert set(refused.value.fields) == {"mapping"}


def test_a_mapping_goes_over_the_wire_and_back() -> None:
    assert sheet.columns_of(COLUMNS.to_wire(), LABELS) == COLUMNS
    assert not COLUMNS.lack()
    assert "first" not in Columns({"eta": "ETA"}).lack() and "order number" in Columns({"eta": "ETA"}).lack()
    assert "second column" in Columns({"number": "Part"}).lack()


def test_every_field_can_be_guessed() -> None:
    assert set(sheet.guess([*FIELDS.values(), "Qty"])) == FIELDS.keys()
