"""What one program knows of records and another does not."""

from __future__ import annotations

from copy import deepcopy

from advisor_desk.domain.vocabulary import OURS, lacking


def test_a_bridge_of_the_same_age_lacks_nothing() -> None:
    assert lacking(OURS) == frozenset()


def test_a_newer_bridge_lacks_nothing() -> None:
    newer = {**deepcopy(dict(OURS)), "tow_request": {"plate": []}}
    newer["repair_order"] = {**newer["repair_order"], "bay_light": [], "stage": [*newer["repair_order"]["stage"], "x"]}
    assert lacking(newer) == frozenset()


def test_an_older_bridge_lacks_kinds_fields_and_values() -> None:
    older = {kind: dict(fields) for kind, fields in OURS.items() if kind != "loaner"}
    del older["repair_order"]["spot"]
    older["repair_order"]["hold_reasons"] = [
        value for value in OURS["repair_order"]["hold_reasons"] if value != "parts"
    ]
    assert lacking(older) == {"loaner", "repair_order.spot", "repair_order.hold_reasons=parts"}
