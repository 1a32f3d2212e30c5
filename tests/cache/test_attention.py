"""Needs attention: both values are kept, and a person's decision is a new edit, judged afresh."""

from __future__ import annotations

import pytest

from advisor_desk.cache import attention
from advisor_desk.domain.errors import BadArguments, Refused
from tests.cache.shop import ADVISOR, PARTS, Shop, applied, refused, server_row

LINE = ("part_line", "line-1")
MINE, THEIRS = "2026-11-25T15:00:00Z", "2026-11-27T15:00:00Z"


@pytest.fixture
def clash(shop: Shop) -> str:
    """An ETA that somebody in parts set otherwise first; the refused edit's id."""
    edit = shop.edit(*LINE, eta=MINE)
    shop.batch()
    row = server_row(*LINE, 5)
    row.fields.update(eta=THEIRS)
    answer = refused(edit, row)
    said = {"yours": MINE, "theirs": THEIRS, "by": PARTS, "at": "2026-11-23T11:59:00.000Z", "why": "set it first"}
    answer["problem"]["fields"] = {"eta": said}
    shop.settle(answer)
    return edit


def test_both_values_are_shown_with_who_set_theirs_and_when(shop: Shop, clash: str) -> None:
    with shop.reader() as conn:
        from advisor_desk.cache import reads

        (entry,) = reads.attention(conn)
    assert entry["id"] == clash
    assert entry["mine"] == {"eta": MINE} and entry["theirs"] == {"eta": THEIRS}
    assert (entry["by"], entry["author"], entry["at"]) == ("Luis Prado", "Maria Oakes", "2026-11-23T11:59:00.000Z")
    assert entry["repair_order_id"] == "ro-1" and "Front pads" in entry["title"]
    assert not entry["deleted"]


def test_keeping_theirs_closes_the_entry_and_sends_nothing(shop: Shop, clash: str) -> None:
    assert shop.resolve(clash, "keep_theirs") == {"part_line": {"line-1"}}
    assert shop.fields(*LINE)["eta"] == THEIRS
    assert shop.batch() == []
    assert _open(shop) == 0


def test_setting_mine_again_is_a_new_edit_made_on_what_stands_now(shop: Shop, clash: str) -> None:
    shop.resolve(clash, "set_mine")
    (sent,) = shop.batch()
    assert sent["id"] != clash and sent["base_rev"] == 5
    assert sent["set"] == {"eta": MINE} and sent["was"] == {"eta": THEIRS}
    assert shop.fields(*LINE)["eta"] == MINE
    assert _open(shop) == 0


def test_an_edited_value_goes_instead_of_mine(shop: Shop, clash: str) -> None:
    shop.resolve(clash, "edit", {"eta": "2026-11-26T15:00:00Z"})
    (sent,) = shop.batch()
    assert sent["set"] == {"eta": "2026-11-26T15:00:00Z"}


def test_an_edit_without_values_is_refused_and_decides_nothing(shop: Shop, clash: str) -> None:
    with pytest.raises(BadArguments):
        shop.resolve(clash, "edit", {})
    assert _open(shop) == 1


def test_an_entry_is_decided_once(shop: Shop, clash: str) -> None:
    shop.resolve(clash, "keep_theirs")
    with pytest.raises(Refused, match="decided already"):
        shop.resolve(clash, "set_mine")
    with pytest.raises(Refused, match="decided already"):
        shop.resolve("no-such-entry", "keep_theirs")


def test_what_was_held_goes_once_it_is_decided_after_the_edit_set_again(shop: Shop) -> None:
    bad = shop.edit(*LINE, eta=MINE)
    later = shop.edit(*LINE, eta="2026-11-28T15:00:00Z")
    shop.batch(1)
    shop.settle(refused(bad, server_row(*LINE, 5)))
    assert shop.batch() == []
    shop.resolve(bad, "set_mine")
    again, held = shop.batch()
    assert again["set"] == {"eta": MINE} and held["id"] == later
    assert shop.fields(*LINE)["eta"] == "2026-11-28T15:00:00Z"


def test_an_edit_of_a_record_deleted_elsewhere_can_bring_it_back(shop: Shop) -> None:
    edit = shop.edit("customer", "cust-2", notes="Call after five")
    shop.batch()
    gone = server_row("customer", "cust-2", 5, deleted=True)
    shop.settle(refused(edit, gone, "deleted"))
    with shop.reader() as conn:
        from advisor_desk.cache import reads

        (entry,) = reads.attention(conn)
    assert entry["deleted"] and entry["mine"] == {"notes": "Call after five"}
    shop.resolve(edit, "set_mine")
    (sent,) = shop.batch()
    assert (sent["op"], sent["set"]) == ("restore", {"notes": "Call after five"})
    assert shop.fields("customer", "cust-2")["notes"] == "Call after five"


def test_a_record_made_here_and_refused_can_be_sent_again_whole(shop: Shop) -> None:
    edit = shop.create("contact_event", "note-new", customer_id="cust-1", channel="note", body="Wants a quote")
    shop.batch()
    shop.settle(refused(edit, None, "forbidden", "rejected"))
    assert shop.seen("contact_event", "note-new") is None
    shop.resolve(edit, "set_mine")
    (sent,) = shop.batch()
    assert (sent["op"], sent["set"]["body"], sent["base_rev"]) == ("create", "Wants a quote", 0)


def test_a_delete_that_clashed_can_be_asked_for_again(shop: Shop) -> None:
    edit = shop.delete("contact_event", "said-1")
    shop.batch()
    shop.settle(refused(edit, server_row("contact_event", "said-1", 5), "edited"))
    assert shop.fields("contact_event", "said-1")
    shop.resolve(edit, "set_mine")
    (sent,) = shop.batch()
    assert (sent["op"], sent["base_rev"]) == ("delete", 5)


def test_a_decision_refused_again_comes_back_with_its_own_text(shop: Shop, clash: str) -> None:
    shop.resolve(clash, "edit", {"eta": "2026-11-26T15:00:00Z"})
    (sent,) = shop.batch()
    shop.settle(refused(sent["id"], server_row(*LINE, 6)))
    assert _open(shop) == 1
    shop.resolve(sent["id"], "set_mine")
    (again,) = shop.batch()
    shop.settle(applied(again["id"], server_row(*LINE, 7)))
    assert _open(shop) == 0


def test_the_author_of_a_decision_is_whoever_made_it(shop: Shop, clash: str) -> None:
    shop.resolve(clash, "set_mine")
    (sent,) = shop.batch()
    assert (sent["actor"], sent["intent"]) == (ADVISOR, "attention.resolve")


def _open(shop: Shop) -> int:
    with shop.cache.read() as conn:
        return attention.count(conn)
