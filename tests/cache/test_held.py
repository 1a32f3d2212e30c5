"""Which unsent edits wait for a person, as the screen reads it and the sender obeys it."""

from __future__ import annotations

from advisor_desk.cache import outbox, reads
from tests.cache.shop import Shop, refused, server_row


def test_the_screen_says_of_the_same_edits_that_they_are_held_as_the_sender_holds(shop: Shop) -> None:
    first = shop.edit("repair_order", "ro-1", tag="T55")
    shop.settle(refused(first, server_row("repair_order", "ro-1", 5)))
    again = shop.edit("repair_order", "ro-1", tag="T56")
    other = shop.edit("repair_order", "ro-1", spot="C2")
    with shop.reader() as conn:
        shown = {row["id"]: row["state"] for row in reads.outbox(conn)}
    with shop.cache.read() as conn:
        held = outbox.held(conn)
    assert shown == {again: "held", other: "waiting"}
    assert held == {again}
