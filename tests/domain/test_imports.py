"""What a row of a supplier's list does to the part lines it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from advisor_desk.domain.changes import Edit
from advisor_desk.domain.imports import Judge, Line, Lines, refusal
from advisor_desk.domain.sheet import Said, Wrong

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
DUE = datetime(2026, 12, 3, 22, tzinfo=UTC)
LABELS = {"order_no": "PO", "number": "Part", "ro": "RO", "qty": "Qty", "eta": "ETA"}


def line(id: str, ro: str, **fields: Any) -> Line:
    return Line(id, {"number": "45022-TLA", "state": "ordered", "order_no": "PO-771", **fields}, ro)


SHOP = (
    line("pads", "48101"),
    line("filter", "48101", number="90915", qty=2),
    line("filter-too", "48102", number="90915", qty=1),
    line("hub", "48103", number="H-1", order_no="PO-772", supplier="Elsewhere"),
    line("belt", "48104", number="B-1", order_no="", state="requested"),
    line("belt-too", "48105", number="B-1", order_no="", state="quoted"),
    line("lamp", "48106", number="L-1", order_no="PO-773", state="received"),
    line("pump", "48107", number="P-1", order_no="PO-774", state="partly_received", qty=3, qty_filled=1),
)


def judge(*said: Said) -> list[Any]:
    decided = Judge(LABELS, Lines.of(SHOP), "Northside", NOW)
    return [decided.judge(one) for one in said]


def edits(**said: Any) -> dict[str, Edit]:
    (judged,) = judge(Said(2, **said))
    assert not judged.wrong, judged.wrong
    return {edit.record_id: edit for edit in judged.edits}


def sentence(**said: Any) -> str:
    (judged,) = judge(Said(2, **said))
    assert not judged.edits
    (wrong,) = judged.wrong
    return str(wrong.sentence)


def test_a_line_is_found_by_order_and_part_however_they_are_written() -> None:
    found = edits(order_no="po 771", number="45022TLA", qty=1, eta=DUE)
    assert found["pads"].set["eta"] == "2026-12-03T22:00:00Z"
    assert found["pads"].set["eta_source"] == "import"


def test_an_order_alone_dates_every_line_of_it() -> None:
    assert edits(order_no="PO-771", eta=DUE).keys() == {"pads", "filter", "filter-too"}


def test_a_part_on_one_order_for_two_cars_is_one_delivery() -> None:
    assert edits(order_no="PO-771", number="90915", qty=3, eta=DUE).keys() == {"filter", "filter-too"}
    assert edits(order_no="PO-771", number="90915", ro="48102", qty=1, eta=DUE).keys() == {"filter-too"}


def test_a_part_not_ordered_yet_is_ordered_by_the_number_the_list_gives() -> None:
    (order,) = edits(ro="48104", number="B-1", order_no="NS-9", qty=1, eta=DUE).values()
    assert {name: order.set[name] for name in ("state", "order_no", "supplier", "eta")} == {
        "state": "ordered", "order_no": "NS-9", "supplier": "Northside", "eta": "2026-12-03T22:00:00Z",
    }  # fmt: skip
    (order,) = edits(ro="48104", number="B-1", supplier_order_no="NS-10").values()
    assert order.set["order_no"] == "NS-10"


def test_none_confirmed_is_a_backorder() -> None:
    assert edits(order_no="PO-772", qty=0)["hub"].set["state"] == "backordered"


def test_what_has_come_of_a_line_is_not_asked_of_the_supplier_again() -> None:
    assert edits(order_no="PO-774", qty=2, eta=DUE).keys() == {"pump"}
    assert edits(order_no="PO-774", qty=3, eta=DUE).keys() == {"pump"}


def test_a_row_that_says_nothing_new_changes_nothing() -> None:
    assert edits(order_no="PO-772", qty=1) == {}


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"order_no": "PO-1"}, "Row 2, PO: PO-1 is no open order of this store."),
        ({"ro": "1", "eta": DUE}, "Row 2, RO: 1 is no open RO of this store with parts to come."),
        ({"number": "X", "eta": DUE}, "Row 2, Part: no open part of this store has the number X."),
        ({"eta": DUE}, "Row 2, PO: is empty; the row names no part."),
        (
            {"order_no": "PO-772", "number": "90915"},
            "Row 2, Part: order PO-772 and part 90915 are not on one open line of this store.",
        ),
        (
            {"number": "B-1", "eta": DUE},
            "Row 2, Part: two open lines match, on RO 48104, 48105; name the order, the part and the RO.",
        ),
        ({"order_no": "PO-773"}, "Row 2, PO: the part is here already, or nobody needs it any more; take the row out."),
        (
            {"order_no": "PO-771", "number": "90915", "qty": 2},
            "Row 2, Qty: only 2 of 3 confirmed; set that ETA by hand and take the row out.",
        ),
        ({"order_no": "PO-772", "qty": 5}, "Row 2, Qty: 5 confirmed, but 1 ordered; set that ETA by hand."),
        (
            {"ro": "48104", "number": "B-1", "eta": DUE},
            "Row 2, PO: the part is not ordered yet; order it, or give its order number.",
        ),
        ({"order_no": "PO-774", "qty": 0}, "Row 2, Qty: Partly received cannot become backordered. Order it first."),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_where(said: dict[str, Any], says: str) -> None:
    assert sentence(**said) == says


def test_two_rows_say_one_thing_of_a_part_or_the_second_is_wrong() -> None:
    first, same = Said(2, "PO-772", eta=DUE), Said(3, "PO-772", "H-1", eta=DUE)
    other = Said(4, "PO-772", eta=DUE.replace(day=9))
    judged = judge(first, same, other)
    assert [bool(one.edits) for one in judged] == [True, False, False]
    assert judged[2].wrong[0].sentence == "Row 4, ETA: row 2 says something else of the same part."


def test_the_suppliers_own_lines_come_first() -> None:
    mine = line("mine", "48201", number="S-1", order_no="7", supplier="Northside")
    theirs = line("theirs", "48202", number="S-1", order_no="7", supplier="Elsewhere")
    decided = Judge(LABELS, Lines.of((mine, theirs)), "NORTHSIDE", NOW).judge(Said(2, "7", eta=DUE))
    assert [edit.record_id for edit in decided.edits] == ["mine"]


def test_a_refusal_names_the_row_and_says_that_nothing_was_done() -> None:
    refused = refusal(Wrong(1_207, "ETA", "is in the past"))
    assert refused.message == "Nothing was imported. Row 1,207, ETA: is in the past."
    assert refused.fields == {"row 1207, ETA": "is in the past"}
