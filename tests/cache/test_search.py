"""Search as you type: by the beginning of a name, the tail of a phone or VIN, a tag, a plate or a number."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.cache import reads
from tests.cache.shop import Shop, refused, server_row


def _found(shop: Shop, text: str) -> list[dict[str, Any]]:
    with shop.reader() as conn:
        return reads.search(conn, text)


def _ids(shop: Shop, text: str) -> list[str]:
    return [item["id"] for item in _found(shop, text)]


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("mar", "cust-1"),
        ("MARCHETTI", "cust-1"),
        ("sofia march", "cust-1"),
        ("march sof", "cust-1"),
        ("muller", "cust-2"),
        ("Jürg", "cust-2"),
        ("4477", "cust-1"),
        ("0104477", "cust-1"),
        ("555-010-4477", "cust-1"),
        ("(555) 010-4477", "cust-1"),
        ("+1 555 010 4477", "cust-1"),
        ("9911", "cust-2"),
        ("3A004352", "car-1"),
        ("3A00", "car-1"),
        ("004352", "car-1"),
        ("1HGCM82633A004352", "car-1"),
        ("klm", "car-1"),
        ("KLM-4821", "car-1"),
        ("klm4821", "car-1"),
        ("T21", "ro-1"),
        ("t2", "ro-1"),
        ("104417", "ro-1"),
        ("1044", "ro-1"),
        ("98001", "ro-old"),
        ("L7", "loan-1"),
        ("PO-771", "line-1"),
        ("45022", "line-1"),
        ("sofia@example.com", "cust-1"),
        ("prado", "emp-luis"),
    ],
)
def test_it_is_found_by(shop: Shop, text: str, record: str) -> None:
    assert record in _ids(shop, text)


@pytest.mark.parametrize("text", ["", " ", "--", "zz", "archetti", "4471", "'", '"', "*", "a OR b", "NEAR(", "{x}: y"])
def test_nothing_is_found_by_and_nothing_breaks(shop: Shop, text: str) -> None:
    assert _found(shop, text) == []


@given(text=st.text(max_size=40))
def test_no_text_a_person_can_type_breaks_it(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    shop = _typed_at(tmp_path_factory)
    with shop.reader() as conn:
        reads.search(conn, text)


_desk: list[Shop] = []


def _typed_at(factory: pytest.TempPathFactory) -> Shop:
    if not _desk:
        _desk.append(Shop(factory.mktemp("typed") / "cache.db").stock())
    return _desk[0]


def test_a_hit_says_what_it_is_and_leads_to_its_repair_order(shop: Shop) -> None:
    (hit,) = _found(shop, "marchetti")
    assert hit["title"] == "Marchetti, Sofia"
    assert hit["repair_order_id"] == "ro-1" and hit["open"]
    assert "104417" in hit["detail"] and "2019 Honda CR-V" in hit["detail"]


def test_open_work_stands_before_what_is_closed(shop: Shop) -> None:
    hits = _found(shop, "10441") + _found(shop, "98001")
    assert [hit["open"] for hit in hits] == [True, True, False]


def test_the_tag_of_a_closed_repair_order_is_on_another_car_by_now(shop: Shop) -> None:
    assert _ids(shop, "T90") == []
    shop.edit("repair_order", "ro-2", tag="T90")
    assert _ids(shop, "T90") == ["ro-2"]


def test_an_old_name_is_not_found_any_more(shop: Shop) -> None:
    shop.edit("customer", "cust-1", name="Bianchi, Sofia")
    assert _ids(shop, "marchetti") == []
    assert "cust-1" in _ids(shop, "bianchi")


def test_an_unsent_edit_is_found_and_a_refused_one_no_longer(shop: Shop) -> None:
    edit = shop.edit("repair_order", "ro-1", tag="X99")
    assert _ids(shop, "x99") == ["ro-1"]
    shop.batch()
    shop.settle(refused(edit, server_row("repair_order", "ro-1", 5)))
    assert _ids(shop, "x99") == []


def test_a_deleted_customer_is_found_by_nothing(shop: Shop) -> None:
    shop.take(server_row("customer", "cust-1", 5, deleted=True))
    for text in ("marchetti", "4477", "sofia"):
        assert _ids(shop, text) == []


def test_no_more_than_the_limit_is_answered(shop: Shop) -> None:
    shop.take(*(server_row("customer", f"cust-x{n}", 5, {"name": f"Zimmer, Nr{n}"}) for n in range(50)))
    with shop.reader() as conn:
        assert len(reads.search(conn, "zimmer", limit=7)) == 7
