"""The outbox: edits go in their order with numbers that never skip, and a refused one holds only what needs it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from advisor_desk.cache import meta, outbox
from advisor_desk.domain.changes import CREATE, Edit
from tests.cache.shop import ADVISOR, PARTS, Shop, applied, refused, server_row

RO = ("repair_order", "ro-1")


def _ids(shop: Shop, limit: int = 100) -> list[str]:
    return [sent["id"] for sent in shop.batch(limit)]


def _ok(shop: Shop, edit: str, kind: str = "repair_order", id: str = "ro-1", rev: int = 5) -> None:
    shop.settle(applied(edit, server_row(kind, id, rev)))


def test_edits_go_in_the_order_they_were_made_with_consecutive_numbers(shop: Shop) -> None:
    made = [shop.edit(*RO, tag=f"T{n}") for n in range(40, 45)]
    batch = shop.batch()
    assert [sent["id"] for sent in batch] == made
    assert [sent["n"] for sent in batch] == [1, 2, 3, 4, 5]


def test_an_edit_keeps_its_number_when_it_is_sent_again(shop: Shop) -> None:
    shop.edit(*RO, tag="T55")
    first = shop.batch()
    shop.edit(*RO, spot="C2")
    second = shop.batch()
    assert second[0] == first[0]
    assert [sent["n"] for sent in second] == [1, 2]


def test_numbers_go_on_after_edits_are_settled_and_forgotten(shop: Shop) -> None:
    edit = shop.edit(*RO, tag="T55")
    shop.batch()
    _ok(shop, edit)
    shop.later(timedelta(days=15))
    shop.settle()
    assert shop.sql("SELECT count(*) FROM mutation") == [(0,)]
    shop.edit(*RO, tag="T56")
    assert [sent["n"] for sent in shop.batch()] == [2]


def test_a_batch_says_all_the_bridge_needs_to_judge_an_edit(shop: Shop) -> None:
    edit = shop.edit(*RO, tag="T55")
    (sent,) = shop.batch()
    assert sent == {
        "id": edit,
        "n": 1,
        "kind": "repair_order",
        "record_id": "ro-1",
        "op": "update",
        "base_rev": 1,
        "set": {"tag": "T55"},
        "was": {"tag": "T21"},
        "intent": "ro.set_tag",
        "made_at": "2026-11-23T12:01:00.000Z",
        "actor": ADVISOR,
    }


def test_a_batch_is_never_more_than_asked_for(shop: Shop) -> None:
    made = [shop.edit(*RO, tag=f"T{n}") for n in range(30, 37)]
    assert _ids(shop, 3) == made[:3]
    assert _ids(shop, 3) == made[:3], "sent and not answered: the same again"
    shop.settle(*(applied(id, server_row(*RO, 5)) for id in made[:3]))
    assert _ids(shop, 3) == made[3:6]


def test_a_batch_stays_below_what_the_bridge_takes_and_always_holds_one(shop: Shop) -> None:
    long = "x" * 64_000
    for n in range(20):
        shop.create("contact_event", f"note-{n}", customer_id="cust-1", channel="note", body=long)
    assert 1 < len(shop.batch()) < 12
    with shop.cache.write() as conn:
        huge = Edit("contact_event", "note-huge", CREATE, {"body": "y" * 900_000}, {})
        outbox.add(conn, [huge], shop.origin(actor=PARTS), shop.new_id)
    assert [sent["record_id"] for sent in shop.batch(actor=PARTS)] == ["note-huge"]


def test_only_the_edits_of_whoever_is_signed_in_are_sent(shop: Shop) -> None:
    mine = shop.edit(*RO, tag="T55")
    theirs = shop.edit("part_line", "line-2", actor=PARTS, bin="A-4")
    assert _ids(shop) == [mine]
    assert [sent["id"] for sent in shop.batch(actor=PARTS)] == [theirs]
    assert shop.waiting() == 2


def test_a_refused_edit_holds_what_depends_on_it_and_nothing_else(shop: Shop) -> None:
    bad = shop.edit(*RO, tag="T55")
    same_field = shop.edit(*RO, tag="T56")
    other_field = shop.edit(*RO, spot="C2")
    other_record = shop.edit("repair_order", "ro-2", tag="T80")
    assert _ids(shop, 1) == [bad]
    shop.settle(refused(bad, server_row(*RO, 5)))
    assert _ids(shop) == [other_field, other_record]
    with shop.cache.read() as conn:
        assert outbox.held(conn) == {same_field}


def test_what_names_a_record_whose_making_was_refused_is_held_with_it(shop: Shop) -> None:
    bad = shop.create("customer", "cust-new", name="Okafor, Ada")
    note = shop.create("contact_event", "note-new", customer_id="cust-new", channel="note", body="Wants a quote")
    in_list = shop.edit("vehicle", "car-2", customer_ids=["cust-2", "cust-new"])
    free = shop.edit(*RO, tag="T55")
    assert _ids(shop, 1) == [bad]
    shop.settle(refused(bad, None, "forbidden", "rejected"))
    assert _ids(shop) == [free]
    with shop.cache.read() as conn:
        assert outbox.held(conn) == {note, in_list}


def test_what_was_numbered_before_the_refusal_still_goes(shop: Shop) -> None:
    bad, second = shop.edit(*RO, tag="T55"), shop.edit(*RO, tag="T56")
    assert _ids(shop) == [bad, second]
    shop.settle(refused(bad, server_row(*RO, 5)))
    assert _ids(shop) == [second], "the bridge waits for its number"


def test_a_refused_edit_is_in_the_tray_with_its_values_and_off_the_screen(shop: Shop) -> None:
    edit = shop.edit(*RO, tag="T55")
    shop.batch()
    shop.settle(refused(edit, server_row(*RO, 5)))
    assert shop.state_of(edit) == "refused"
    assert shop.sql("SELECT mine FROM mutation WHERE id = ?", edit) == [('{"tag":"T55"}',)]
    assert shop.fields(*RO)["tag"] == "T21"
    assert shop.waiting() == 0


@pytest.mark.parametrize("outcome", ["applied", "merged", "duplicate"])
def test_an_edit_that_stands_becomes_what_the_next_is_laid_on(shop: Shop, outcome: str) -> None:
    edit = shop.edit(*RO, tag="T55")
    shop.edit(*RO, spot="C2")
    shop.batch()
    row = server_row(*RO, 7)
    row.fields.update(tag="T55", transport="waiter")
    shop.settle(applied(edit, row, outcome))
    assert shop.state_of(edit) == "acked"
    assert {name: shop.fields(*RO)[name] for name in ("tag", "spot", "transport")} == {
        "tag": "T55",
        "spot": "C2",
        "transport": "waiter",
    }


def test_an_answer_that_comes_twice_changes_nothing_the_second_time(shop: Shop) -> None:
    edit = shop.edit(*RO, tag="T55")
    shop.batch()
    _ok(shop, edit)
    assert shop.settle(refused(edit, server_row(*RO, 5))) == {}
    assert shop.state_of(edit) == "acked"


def test_an_answer_older_than_what_is_known_does_not_take_the_record_back(shop: Shop) -> None:
    edit = shop.edit(*RO, tag="T55")
    shop.batch()
    newer = server_row(*RO, 9)
    newer.fields.update(tag="T60")
    shop.take(newer)
    shop.settle(applied(edit, server_row(*RO, 5)))
    stored = shop.seen(*RO)
    assert stored is not None and (stored.rev, stored.fields["tag"]) == (9, "T60")


def test_an_acknowledged_edit_is_kept_for_fourteen_days(shop: Shop) -> None:
    edit = shop.edit(*RO, tag="T55")
    shop.batch()
    _ok(shop, edit)
    shop.later(timedelta(days=13, hours=23))
    shop.settle()
    assert shop.state_of(edit) == "acked"
    shop.later(timedelta(hours=2))
    shop.settle()
    assert shop.sql("SELECT count(*) FROM mutation") == [(0,)]


def test_a_refused_edit_is_kept_until_somebody_decides(shop: Shop) -> None:
    edit = shop.edit(*RO, tag="T55")
    shop.batch()
    shop.settle(refused(edit, server_row(*RO, 5)))
    shop.later(timedelta(days=100))
    shop.settle()
    assert shop.state_of(edit) == "refused"


def test_counting_anew_keeps_the_order_and_begins_at_one_under_another_name(shop: Shop) -> None:
    first = shop.edit(*RO, tag="T55")
    shop.batch()
    _ok(shop, first)
    made = [shop.edit(*RO, tag="T56"), shop.edit(*RO, tag="T57")]
    assert [sent["n"] for sent in shop.batch()] == [2, 3]
    with shop.cache.write() as conn:
        outbox.renumber(conn, "desk-2")
        assert meta.get(conn, "desk_id") == "desk-2"
    assert [(sent["id"], sent["n"]) for sent in shop.batch()] == [(made[0], 1), (made[1], 2)]


def test_after_the_bridge_was_put_back_all_that_was_acknowledged_is_offered_again_in_order(shop: Shop) -> None:
    acked = [shop.edit(*RO, tag="T55"), shop.edit("repair_order", "ro-2", spot="C2")]
    shop.batch()
    _ok(shop, acked[0])
    _ok(shop, acked[1], id="ro-2")
    waiting = shop.edit(*RO, tag="T56")
    with shop.cache.write() as conn:
        outbox.reoffer(conn, "desk-2")
    assert [(sent["id"], sent["n"]) for sent in shop.batch()] == [(acked[0], 1), (acked[1], 2), (waiting, 3)]
    assert shop.waiting() == 3


def test_the_last_change_of_ones_own_is_what_undo_takes_back(shop: Shop) -> None:
    shop.edit(*RO, tag="T55")
    shop.edit("part_line", "line-2", actor=PARTS, bin="A-4")
    with shop.cache.write() as conn:
        mine = outbox.change(conn, None, ADVISOR)
        assert mine is not None and [edit.set for edit in mine.edits] == [{"tag": "T55"}]
        assert [edit.reversed().set for edit in mine.edits] == [{"tag": "T21"}]
        outbox.mark_undone(conn, mine.id, "2026-11-23T13:00:00Z")
        assert outbox.change(conn, None, ADVISOR) is None
        assert outbox.change(conn, mine.id, ADVISOR) is None


def test_a_change_is_remembered_by_its_id_so_that_a_repeated_command_does_nothing(shop: Shop) -> None:
    shop.edit(*RO, tag="T55")
    ((change_id,),) = shop.sql("SELECT change_id FROM mutation")
    with shop.cache.read() as conn:
        done = outbox.answered(conn, change_id)
        assert done is not None and [edit.record_id for edit in done.edits] == ["ro-1"]
        assert outbox.answered(conn, "another-key") is None
