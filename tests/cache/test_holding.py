"""Which edits wait for another: a table of cases."""

from __future__ import annotations

import pytest

from advisor_desk.domain.depends import Blocked, Link

TAG = Link("repair_order", "ro-1", "update", {"tag": "T1"})


@pytest.mark.parametrize(
    ("blocked", "edit", "held"),
    [
        (TAG, Link("repair_order", "ro-1", "update", {"tag": "T2"}), True),
        (TAG, Link("repair_order", "ro-1", "update", {"spot": "C2"}), False),
        (TAG, Link("repair_order", "ro-2", "update", {"tag": "T2"}), False),
        (TAG, Link("vehicle", "ro-1", "update", {"tag": "T2"}), False),
        (TAG, Link("repair_order", "ro-1", "delete", {}), True),
        (Link("repair_order", "ro-1", "delete", {}), Link("repair_order", "ro-1", "update", {"spot": "C2"}), True),
        (Link("repair_order", "ro-1", "delete", {}), Link("job", "j", "update", {"repair_order_id": "ro-1"}), False),
        (Link("customer", "c", "create", {}), Link("customer", "c", "update", {"notes": "x"}), True),
        (Link("customer", "c", "create", {}), Link("vehicle", "v", "update", {"customer_ids": ["b", "c"]}), True),
        (Link("customer", "c", "create", {}), Link("promise", "p", "create", {"subject": {"id": "c"}}), True),
        (Link("customer", "c", "create", {}), Link("customer", "d", "create", {"name": "see"}), False),
    ],
)
def test_an_edit_waits_for_what_it_builds_on(blocked: Link, edit: Link, held: bool) -> None:
    assert Blocked([blocked]).holds(edit) is held


def test_nothing_waits_for_nothing() -> None:
    assert not Blocked().holds(TAG)
