"""Edits: what a command decides, and how it is taken back."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_desk.domain import changes
from advisor_desk.domain.changes import CREATE, DELETE, OPS, RESTORE, UPDATE, Edit

FIELDS = st.dictionaries(st.sampled_from(["tag", "spot", "stage", "notes"]), st.none() | st.text(max_size=5))


@settings(max_examples=40)
@given(now=FIELDS, to=FIELDS)
def test_an_update_holds_only_what_differs_and_remembers_what_it_was(now: dict[str, Any], to: dict[str, Any]) -> None:
    edit = changes.update("repair_order", "r1", now, **to)
    after = now | to
    if edit is None:
        assert {name: value for name, value in after.items() if value is not None} == {
            name: value for name, value in now.items() if value is not None
        }
        return
    assert edit.set.keys() == edit.was.keys()
    assert all(edit.set[name] != edit.was[name] for name in edit.set)
    assert {name: after.get(name) for name in edit.set} == edit.set


@settings(max_examples=40)
@given(now=FIELDS, to=FIELDS)
def test_undo_of_undo_is_the_edit_itself(now: dict[str, Any], to: dict[str, Any]) -> None:
    edit = changes.update("repair_order", "r1", now, **to)
    assert edit is None or edit.reversed().reversed() == edit


def test_undo_deletes_what_was_made_and_restores_what_was_deleted() -> None:
    made = Edit("contact_event", "e1", CREATE, {"body": "Called."})
    assert made.reversed() == Edit("contact_event", "e1", DELETE, {}, {"body": "Called."})
    assert made.reversed().reversed() == Edit("contact_event", "e1", RESTORE, {"body": "Called."}, {})


def test_every_operation_can_be_taken_back_by_another() -> None:
    assert {Edit("job", "j", op).reversed().op for op in OPS} == {UPDATE, DELETE, RESTORE}


def test_no_edits_are_made_of_nothing() -> None:
    assert changes.edits(None, None) == []
