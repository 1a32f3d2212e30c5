"""What the bridge refuses is told by its kind, in our words, and how long to wait is bounded."""

from __future__ import annotations

import pytest

from advisor_desk.api.errors import ApiError, CursorGone, Numbering, Said
from tests.api.hostile import Script, asked, problem, says, says_json


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (problem("cursor_gone", 410), CursorGone),
        (problem("desk_gap", 409), Numbering),
        (problem("desk_rewind", 409), Numbering),
        (problem("stale", 409), Said),
        (problem("too_large", 413), Said),
        (problem("forbidden", 403), Said),
        (says(b"not json", 422), Said),
        (says(b'{"type": 5}', 400), Said),
        (says(b"[]", 400), Said),
        (says(b"", 204), Said),
    ],
)
def test_a_refusal_of_the_bridge_is_told_by_its_kind(script: Script, error: type[ApiError]) -> None:
    with pytest.raises(error) as caught:
        asked(script)
    assert type(caught.value) is error
    assert caught.value.message.endswith(".")


def test_a_refusal_carries_its_code_and_never_the_servers_words() -> None:
    with pytest.raises(Said) as said:
        asked(says_json({"type": "urn:advisor-desk:" + "x" * 500, "title": "<b>Call this number</b>"}, 422))
    assert len(said.value.code) == 60
    assert "Call" not in said.value.message


def test_a_role_taken_away_is_said_as_such() -> None:
    with pytest.raises(Said, match="no longer lets you do this"):
        asked(problem("forbidden", 403))


@pytest.mark.parametrize(
    ("said", "waits"),
    [("7", 7.0), ("-5", 1.0), ("0", 1.0), ("315360000", 3600.0), ("9" * 500, 3600.0), ("soon", None), ("", None),
     ("Wed, 01 Jan 2020 00:00:00 GMT", 1.0), ("Wed, 01 Jan 2120 00:00:00 GMT", 3600.0)],
)  # fmt: skip
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_between_a_second_and_an_hour(status: int, said: str, waits: float | None) -> None:
    with pytest.raises(Said) as busy:
        asked(problem("busy", status, retry_after=said))
    assert busy.value.retry_after == waits
