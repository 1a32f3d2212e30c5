"""The story a screen reads: what was said, with the repair order's own turns between."""

from __future__ import annotations

from advisor_desk.cache import reads
from tests.cache.shop import ADVISOR, Shop

_APPROVED = {"by": "customer", "at": "2026-11-22T16:02:00Z", "how": "text"}


def test_a_job_names_who_works_it(shop: Shop) -> None:
    shop.edit("job", "job-1", technician_id=ADVISOR)
    with shop.reader() as conn:
        name = reads.employees(conn)[ADVISOR]["name"]
        assert name
        assert [job["technician"] for job in reads.repair_order(conn, "ro-1")["jobs"]] == [name]


def test_what_was_approved_in_one_breath_is_one_turn_of_the_story(shop: Shop) -> None:
    shop.create("job", "job-2", repair_order_id="ro-1", letter="B", state="approved", authorised=_APPROVED)
    shop.create("job", "job-3", repair_order_id="ro-1", letter="C", state="declined")
    shop.edit("job", "job-1", state="approved", authorised=_APPROVED)
    with shop.reader() as conn:
        turns = [turn for turn in reads.repair_order(conn, "ro-1")["story"] if turn["kind"] == "approval"]
    assert [(turn["at"], turn["by"], turn["how"], turn["letters"]) for turn in turns] == [
        ("2026-11-22T16:02:00Z", "customer", "text", ["A", "B"])
    ]


def test_older_words_come_without_the_turns_a_second_time(shop: Shop) -> None:
    shop.edit("job", "job-1", state="approved", authorised=_APPROVED)
    with shop.reader() as conn:
        order = reads.repair_order(conn, "ro-1")
        older = reads.story(conn, order["customer"]["id"], before="2030-01-01T00:00:00Z")
    assert {turn["kind"] for turn in older} <= {"contact"}
