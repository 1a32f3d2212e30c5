"""The story in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from advisor_desk.domain.lights import Settings
from tests.ui.orders import marchetti, said
from ui.contact import entries
from ui.contact.entries import Entry


def one(event: dict[str, Any], now: datetime, settings: Settings) -> Entry:
    """The entry of one event."""
    return entries.make([event], now, settings)[1]


def contact(**fields: Any) -> dict[str, Any]:
    """A contact of this morning."""
    return said("e", "2026-11-23T13:05:00Z", **fields)


def test_the_story_is_grouped_by_day_newest_first(now: datetime, settings: Settings) -> None:
    made = entries.make(marchetti()["story"], now, settings)
    assert [entry.words if entry.is_day else entry.clock for entry in made] == [
        "Today", "8:05", "Yesterday", "16:20", "16:12",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "words", "suffix", "icon"),
    [
        (
            {"channel": "call", "outcome": "voicemail", "employee": "Maria Keller"},
            "Called, voicemail.",
            "Maria K.",
            "call",
        ),
        ({"channel": "call", "outcome": "reached", "body": "Went over it."}, "Went over it.", "call, reached", "call"),
        ({"channel": "text", "outcome": "sent", "body": "It is ready."}, "It is ready.", "text", "text"),
        (
            {"channel": "text", "direction": "in", "outcome": "received", "body": "Thanks"},
            "“Thanks”",
            "text in",
            "text",
        ),
        ({"channel": "email", "outcome": "sent"}, "E-mail sent.", "", "mail"),
        (
            {"channel": "in_person", "outcome": "reached", "body": "At the drive."},
            "At the drive.",
            "in person",
            "person",
        ),
        ({"channel": "note", "outcome": "", "body": "Squeaks when cold."}, "Squeaks when cold.", "note", "note"),
        ({"channel": "portal", "direction": "in", "outcome": "received"}, "Portal.", "", "globe"),
        ({"channel": "fax", "outcome": "sent", "body": "Hm"}, "Hm", "fax", "note"),
    ],
)
def test_each_channel_has_its_words_and_icon(
    fields: dict[str, Any], words: str, suffix: str, icon: str, now: datetime, settings: Settings
) -> None:
    entry = one(contact(**fields), now, settings)
    assert (entry.words, entry.suffix, entry.icon) == (words, suffix, icon)


def test_a_message_that_failed_needs_someone_and_is_red(now: datetime, settings: Settings) -> None:
    failed = one(contact(channel="text", outcome="failed", body="It is ready."), now, settings)
    assert (failed.suffix, failed.tone) == ("text, not delivered", "late")


def test_turns_of_the_repair_order_stand_between(now: datetime, settings: Settings) -> None:
    at = "2026-11-23T14:38:00Z"
    moved = one(
        {
            "id": "1",
            "kind": "eta",
            "at": at,
            "was": "2026-11-24T15:00:00Z",
            "to": "2026-11-26T15:00:00Z",
            "part": "Pump",
        },
        now,
        settings,
    )
    assert (moved.words + moved.bold, moved.icon) == ("ETA of Pump moved from Tue 24 to Thu 26.", "box")
    promised = one(
        {"id": "2", "kind": "repromise", "at": at, "was": "2026-11-23T17:00:00Z", "to": "2026-11-26T22:00:00Z",
         "reason": "pump is late", "employee": "Maria Keller"},
        now,
        settings,
    )  # fmt: skip
    assert promised.words + promised.bold == "Re-promised from 12:00 to Thu 17:00."
    assert promised.suffix == "Maria K. · pump is late"
    approved = one(
        {"id": "3", "kind": "approval", "at": at, "by": "Sofia", "how": "text", "letters": ["A", "C"]}, now, settings
    )
    assert (approved.words, approved.suffix, approved.icon) == ("Approved A, C.", "Sofia · text", "sign")


def test_every_icon_the_story_names_is_drawn(now: datetime, settings: Settings) -> None:
    from advisor_desk.host.resources import resource

    named = {*entries._ICON.values(), "promise", "box", "sign"}
    assert [name for name in named if not resource("icons", f"{name}.svg").is_file()] == []


def test_marks_that_turn_text_round_do_not_reach_the_words_beside_them(now: datetime, settings: Settings) -> None:
    sly = one(contact(channel="text", direction="in", body="pay \u202etxt\u2066 now\x07"), now, settings)
    assert sly.words == "“pay txt now ”"


def test_a_contact_without_a_date_is_not_lost(now: datetime, settings: Settings) -> None:
    made = entries.make([{"id": "x", "kind": "contact", "channel": "call"}], now, settings)
    assert [entry.words for entry in made] == ["No date", "Called."]


def test_an_empty_story_says_so(now: datetime, settings: Settings) -> None:
    assert [entry.words for entry in entries.make([], now, settings)] == ["Nothing said yet"]


def test_older_words_are_asked_for_before_the_oldest_that_is_shown() -> None:
    story = [*marchetti()["story"], {"id": "e", "kind": "eta", "at": "2020-01-01T00:00:00Z"}]
    assert entries.older_first_moment(story) == "2026-11-22T21:12:00Z"
    assert entries.older_first_moment([]) == ""
