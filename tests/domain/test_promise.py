"""A promise's owner: one person or one role, whichever was named last."""

from __future__ import annotations

from typing import Any

import pytest

from advisor_desk.domain.promise import with_one_owner


@pytest.mark.parametrize(
    ("mine", "theirs", "stands"),
    [
        ({"owner_id": "emp-maria"}, {"owner_role": "parts"}, {"owner_id": "emp-maria", "owner_role": None}),
        ({"owner_role": "bdc"}, {"owner_id": "emp-maria"}, {"owner_id": None, "owner_role": "bdc"}),
        ({"state": "kept"}, {"owner_role": "parts"}, {"owner_role": "parts", "state": "kept"}),
    ],
)
def test_a_promise_taken_over_is_nobody_elses(
    mine: dict[str, Any], theirs: dict[str, Any], stands: dict[str, Any]
) -> None:
    assert {**theirs, **with_one_owner(mine)} == stands
