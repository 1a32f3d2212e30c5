"""Records in the cache: the server's versions come in, unsent edits stay on top, and nothing goes backwards."""

from __future__ import annotations

import pytest

from advisor_desk.cache import meta, records
from tests.cache.shop import ADVISOR, Shop, applied, server_row

RO = ("repair_order", "ro-1")


def _ro(rev: int, **changed: object) -> records.ServerRow:
    row = server_row(*RO, rev)
    fields = {name: value for name, value in {**row.fields, **changed}.items() if value is not None}
    return row._replace(fields=fields)


def test_a_newer_version_replaces_what_was_known(shop: Shop) -> None:
    assert shop.take(_ro(5, tag="T40")) == {"repair_order": {"ro-1"}}
    assert shop.fields(*RO)["tag"] == "T40"


def test_a_version_as_old_as_what_is_known_is_left_out(shop: Shop) -> None:
    shop.take(_ro(5, tag="T40"))
    assert shop.take(_ro(4, tag="T39"), _ro(5, tag="T38")) == {}
    assert shop.fields(*RO)["tag"] == "T40"


def test_a_field_the_server_no_longer_has_is_gone_here(shop: Shop) -> None:
    shop.take(_ro(5, tag=None))
    assert "tag" not in shop.fields(*RO)


def test_a_kind_nobody_has_heard_of_is_left_out(shop: Shop) -> None:
    assert shop.take(server_row("spaceship", "s-1", 9, {"name": "Apollo"})) == {}


def test_fields_and_values_of_a_newer_bridge_are_kept_and_written_back(shop: Shop) -> None:
    shop.take(_ro(5, drone_pad="B", transport="teleport"))
    shop.edit(*RO, tag="T55")
    seen = shop.fields(*RO)
    assert seen["drone_pad"] == "B" and seen["transport"] == "teleport"
    edit = shop.edit(*RO, drone_pad="C")
    assert [sent["set"] for sent in shop.batch() if sent["id"] == edit] == [{"drone_pad": "C"}]


def test_a_deleted_record_leaves_no_fields_and_no_card(shop: Shop) -> None:
    shop.take(server_row(*RO, 5, {}, deleted=True))
    stored = shop.seen(*RO)
    assert stored is not None and stored.deleted and stored.fields == {}
    assert shop.sql("SELECT body, number, customer_id FROM repair_order WHERE id = 'ro-1'") == [("{}", "", "")]
    assert shop.sql("SELECT count(*) FROM board WHERE repair_order_id = 'ro-1'") == [(0,)]


def test_what_is_unsent_stays_on_top_of_what_the_server_sends(shop: Shop) -> None:
    shop.edit(*RO, tag="T55")
    shop.take(_ro(5, tag="T40", spot="C2"))
    seen = shop.fields(*RO)
    assert (seen["tag"], seen["spot"]) == ("T55", "C2")
    with shop.cache.read() as conn:
        kept = records.base(conn, *RO)
    assert kept is not None and kept.rev == 5 and kept.fields is not None and kept.fields["tag"] == "T40"


def test_a_stale_version_moves_neither_the_base_nor_what_is_seen(shop: Shop) -> None:
    shop.edit(*RO, tag="T55")
    shop.take(_ro(5, spot="C2"))
    assert shop.take(_ro(4, spot="A1")) == {}
    assert shop.fields(*RO)["spot"] == "C2"


def test_an_edit_keeps_the_revision_it_was_made_on(shop: Shop) -> None:
    shop.edit(*RO, tag="T55")
    shop.take(_ro(5, spot="C2"))
    shop.edit(*RO, spot="D1")
    assert [(sent["set"], sent["base_rev"]) for sent in shop.batch()] == [({"tag": "T55"}, 1), ({"spot": "D1"}, 5)]


def test_several_edits_of_one_record_are_replayed_in_their_order(shop: Shop) -> None:
    for tag in ("T55", "T56", "T57"):
        shop.edit(*RO, tag=tag)
    shop.take(_ro(5, tag="T40"))
    assert shop.fields(*RO)["tag"] == "T57"


def test_once_nothing_is_unsent_the_servers_version_is_what_is_seen(shop: Shop) -> None:
    edit = shop.edit(*RO, tag="T55")
    shop.batch()
    shop.settle(applied(edit, _ro(5, tag="T55", spot="C2")))
    assert shop.fields(*RO)["spot"] == "C2"
    assert shop.sql("SELECT count(*) FROM base") == [(0,)]


def test_a_record_deleted_elsewhere_stays_deleted_whatever_was_edited_here(shop: Shop) -> None:
    shop.edit("customer", "cust-1", notes="Prefers text")
    shop.take(server_row("customer", "cust-1", 5, {}, deleted=True))
    stored = shop.seen("customer", "cust-1")
    assert stored is not None and stored.deleted


def test_a_delete_made_here_is_seen_at_once_and_survives_the_servers_next_version(shop: Shop) -> None:
    shop.delete("contact_event", "said-1")
    shop.take(server_row("contact_event", "said-1", 5))
    stored = shop.seen("contact_event", "said-1")
    assert stored is not None and stored.deleted


def test_added_and_removed_phones_are_laid_over_the_servers(shop: Shop) -> None:
    mobile, office, home = ({"raw": raw} for raw in ("555-010-1001", "555-010-1002", "555-010-1003"))
    shop.take(server_row("customer", "cust-2", 2, {"name": "Müller, Jürgen", "phones": [mobile, office]}))
    shop.edit("customer", "cust-2", phones=[office])
    shop.take(server_row("customer", "cust-2", 3, {"name": "Müller, Jürgen", "phones": [mobile, office, home]}))
    assert shop.fields("customer", "cust-2")["phones"] == [office, home]


def test_a_page_of_a_first_sync_takes_the_newest_of_a_record_named_twice(shop: Shop) -> None:
    with shop.cache.write() as conn:
        records.load_page(conn, [_ro(5, tag="T40"), _ro(6, tag="T41"), server_row("job", "job-9", 6, {"letter": "Z"})])
    assert shop.fields(*RO)["tag"] == "T41"
    assert shop.fields("job", "job-9") == {"letter": "Z"}


def test_a_page_of_a_first_sync_never_covers_unsent_work(shop: Shop) -> None:
    shop.edit(*RO, tag="T55")
    with shop.cache.write() as conn:
        records.load_page(conn, [_ro(5, tag="T40", spot="C2")])
    assert (shop.fields(*RO)["tag"], shop.fields(*RO)["spot"]) == ("T55", "C2")


def test_after_a_fresh_copy_what_it_did_not_hold_is_gone_but_for_unsent_work(shop: Shop) -> None:
    shop.edit("customer", "cust-2", notes="Call after five")
    with shop.cache.write() as conn:
        records.distrust(conn)
        records.load_page(conn, [server_row(*RO, 1), server_row("employee", ADVISOR, 1)])
        touched = records.drop_unconfirmed(conn)
    assert shop.seen("customer", "cust-1") is None and "cust-1" in touched["customer"]
    assert shop.fields("customer", "cust-2")["notes"] == "Call after five"
    assert shop.fields(*RO)["tag"] == "T21"


def test_an_unchanged_record_is_confirmed_by_a_fresh_copy_of_the_same_revision(shop: Shop) -> None:
    with shop.cache.write() as conn:
        records.distrust(conn)
        records.load_page(conn, [server_row(*RO, 1)])
        records.drop_unconfirmed(conn)
    stored = shop.seen(*RO)
    assert stored is not None and stored.rev == 1


def test_find_answers_living_records_by_their_keys(shop: Shop) -> None:
    with shop.cache.read() as conn:
        found = records.find(conn, "repair_order", customer_id="cust-1", stage="closed")
    assert [stored.id for stored in found] == ["ro-old"]


def test_only_declared_settings_are_kept(shop: Shop) -> None:
    with pytest.raises(KeyError, match="not declared"), shop.cache.write() as conn:
        meta.put(conn, "colour_of_the_day", "blue")
    with shop.cache.write() as conn:
        meta.put(conn, "cursor", "e.5")
        meta.put(conn, "cursor", "e.6")
        assert meta.get(conn, "cursor") == "e.6"
        meta.put(conn, "cursor", None)
        assert meta.get(conn, "cursor") is None
