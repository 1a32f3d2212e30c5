"""Lines that come together: one ETA for all of them, an order received in full or in part, and what a scan means."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.domain import delivery, parts
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused

NOW = datetime(2026, 11, 23, 15, 8, tzinfo=UTC)
FRIDAY = "2026-11-27T17:00:00Z"


def line(name: str, order_no: str = "77120", supplier: str = "VW", **fields: Any) -> dict[str, Any]:
    made = {"description": name, "number": f"06L-{name}", "state": "ordered", "qty": 1}
    return made | {"order_no": order_no, "supplier": supplier} | fields


LINES = {
    "pump": line("Pump", eta=FRIDAY),
    "belt": line("Belt", qty=4, qty_filled=1, state="partly_received", eta=FRIDAY),
    "seal": line("Seal", "77 120", "vw"),
    "door": line("Door", "88000", number="06L-Pump", eta=FRIDAY),
    "wheel": line("Wheel", "77120", "Subaru", eta=FRIDAY),
    "came": line("Came", "66031", state="received", bin="S02"),
    "asked": {"description": "Asked", "state": "requested"},
}


def eta(lines: dict[str, dict[str, Any]]) -> list[Edit]:
    return delivery.each(lines, lambda id, one: parts.set_eta(id, one, FRIDAY, source="supplier", now=NOW))


def receive(order_no: str = "77120", supplier: str = "VW", pieces: dict[str, Any] | None = None) -> list[Edit]:
    def book_in(id: str, one: delivery.Line, qty: int | None) -> list[Edit]:
        return parts.receive(id, one, qty=qty, bin="S07", now=NOW)

    return delivery.receive(LINES, order_no, supplier=supplier, pieces=pieces, book_in=book_in)


def sets(edits: list[Edit], field: str) -> dict[str, Any]:
    return {edit.record_id: edit.set.get(field, LINES[edit.record_id].get(field)) for edit in edits}


def test_lines_of_one_order_one_part_or_one_delivery_go_together() -> None:
    assert delivery.together(LINES, "seal", delivery.ORDER) == ["seal", "pump", "belt"]
    assert delivery.together(LINES, "door", delivery.PART) == ["door", "pump"]
    assert delivery.together(LINES, "pump", delivery.DELIVERY) == ["pump", "belt", "door"], "one van"
    assert delivery.together(LINES, "seal", delivery.DELIVERY) == ["seal"], "it has no day yet"
    for by in (delivery.ORDER, delivery.PART, delivery.DELIVERY):
        assert delivery.together(LINES, "asked", by) == ["asked"], "what has no number belongs with nothing"


def test_one_eta_goes_to_every_line_of_the_order() -> None:
    assert sets(eta({id: LINES[id] for id in ("seal", "asked")}), "eta") == {"seal": FRIDAY, "asked": FRIDAY}


def test_one_line_that_needs_no_eta_is_named_and_none_is_set() -> None:
    with pytest.raises(BadArguments, match=r"^Also names Came, which is received already; it needs no ETA\.$") as no:
        eta({id: LINES[id] for id in ("seal", "came")})
    assert set(no.value.fields) == {"also"}
    with pytest.raises(BadArguments) as no:
        eta({id: LINES[id] for id in ("came", "seal")})
    assert set(no.value.fields) == {"part_line_id"}


def test_an_order_is_received_in_full_by_its_number_however_it_is_typed() -> None:
    for number in ("77120", " 77-120 ", "vw 77120", "VW77120"):
        edits = receive(number)
        assert sets(edits, "state") == dict.fromkeys(("pump", "belt", "seal"), "received")
        assert sets(edits, "qty_filled") == {"pump": 1, "belt": 4, "seal": 1}
        assert sets(edits, "bin") == dict.fromkeys(("pump", "belt", "seal"), "S07")
    assert sets(receive("subaru 77120", ""), "state") == {"wheel": "received"}, "the name says whose"


def test_an_order_is_received_in_part() -> None:
    edits = receive(pieces={"belt": 2, "pump": 1, "seal": 0})
    assert sets(edits, "state") == {"belt": "partly_received", "pump": "received"}
    assert sets(edits, "qty_filled") == {"belt": 3, "pump": 1}


@pytest.mark.parametrize(
    ("args", "field", "sentence"),
    [
        ({"order_no": "99999"}, "order_no", "No part on order 99999 is awaited at this store. Check the number."),
        ({"order_no": "66031"}, "order_no", "Everything on order 66031 has been received already. Check the number."),
        ({"supplier": ""}, "supplier", "Order number 77120 is used by Subaru and VW. Say whose came."),
        ({"supplier": "Ford"}, "order_no", "No part on order 77120 is awaited at this store. Check the number."),
        ({"pieces": {"pump": 1, "belt": 4}}, "pieces", "Pieces of Belt are 4, more than the 3 still awaited."),
        ({"pieces": {"pump": -1}}, "pieces", "Pieces of Pump must be a whole number from 0."),
        ({"pieces": {"pump": True}}, "pieces", "Pieces of Pump must be a whole number from 0."),
        ({"pieces": {"pump": 1, "wheel": 1}}, "pieces", "Pieces name a line that is not awaited on this order."),
        ({"pieces": {"pump": 0}}, "pieces", "Pieces are none; say how many of each line came."),
        ({"pieces": {}}, "pieces", "Pieces are none; say how many of each line came."),
    ],
)
def test_what_cannot_be_right_is_refused_in_one_sentence_that_names_the_field(
    args: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        receive(**args)
    assert refused.value.message == sentence
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ("text", "kind", "ids", "says"),
    [
        ("88000", "order", ("door",), "Door: 1 to receive."),
        ("K88000", "order", ("door",), "Door: 1 to receive."),
        ("VW 77120\r\n", "order", ("pump", "belt", "seal"), "Order VW 77120: 3 lines to receive."),
        ("77120", "order", ("pump", "belt", "seal", "wheel"),
         "Order number 77120 is used by Subaru and VW. Choose whose came."),
        ("06L-BELT", "part", ("belt",), "Belt: 3 of 4 to receive."),
        ("P06LBELT", "part", ("belt",), "Belt: 3 of 4 to receive."),
        ("06l pump", "part", ("pump", "door"), "2 lines wait for 06l pump. Choose the one it is for."),
        ("66031", "", (), "Came is not awaited: it is received, in bin S02."),
        ("06L-Came", "", (), "Came is not awaited: it is received, in bin S02."),
        ("4006381333931", "", (),
         "Nothing on order here goes by 4006381333931. Check the number, or find the line by name."),
        ("P", "", (), "Nothing on order here goes by P. Check the number, or find the line by name."),
        (" -- ", "", (), "Scan or type an order number or a part number."),
    ],
)  # fmt: skip
def test_a_scan_stands_for_an_order_a_part_or_nothing_and_says_so(
    text: str, kind: str, ids: tuple[str, ...], says: str
) -> None:
    assert delivery.scanned(text, LINES) == (kind, ids, says)


@given(st.text(max_size=40))
def test_whatever_a_scanner_sends_is_answered_with_a_sentence(text: str) -> None:
    found = delivery.scanned(text, LINES)
    assert found.says.endswith(".")
    assert bool(found.kind) == bool(found.ids)
