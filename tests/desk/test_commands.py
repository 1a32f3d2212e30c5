"""Every command an advisor can give, through the pipe: what it changes, when it is refused, how it is taken back."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from advisor_desk.domain.commands import COMMANDS
from advisor_desk.domain.records import KINDS, Role
from tests.support import board
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal

Cards = list[dict[str, Any]]


@pytest.fixture
def card(manager: DeskProcess, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A card in diagnosis or repair that no other test of this module works on."""
    taken: set[str] = request.module.__dict__.setdefault("_TAKEN", set())
    found = next(
        row
        for row in board.cards(manager)
        if row["stage"] in {"diagnosis", "repair", "parts"} and row["id"] not in taken
    )
    taken.add(found["id"])
    return found


@pytest.fixture
def ro(manager: DeskProcess, card: dict[str, Any]) -> dict[str, Any]:
    """The same card with all that stands beside it."""
    found: dict[str, Any] = manager.ask("read.repair_order", repair_order_id=card["id"])
    return found


def again(desk: DeskProcess, ro: dict[str, Any]) -> dict[str, Any]:
    """The repair order as it is now."""
    found: dict[str, Any] = desk.ask("read.repair_order", repair_order_id=ro["repair_order"]["id"])
    return found


def settled(desk: DeskProcess, bridge: BridgeProcess, kind: str, id: str) -> dict[str, Any]:
    """What the bridge holds once the desk has sent all it has."""
    desk.wait_live()
    record: dict[str, Any] = bridge.get(f"/v1/records/{kind}/{id}", "helen")
    return record["fields"]


def test_a_moved_stage_moves_the_card_at_once_and_reaches_the_bridge(
    manager: DeskProcess, bridge: BridgeProcess, card: dict[str, Any]
) -> None:
    since = len(manager.events)
    answer = manager.ask("ro.move_stage", repair_order_id=card["id"], stage="quality")
    assert answer["changed"]["repair_order"] == [card["id"]]
    assert board.card(manager, card["id"])["stage"] == "quality"
    manager.wait_event(lambda event: card["id"] in event.get("kinds", {}).get("repair_order", []), since=since)
    assert settled(manager, bridge, "repair_order", card["id"])["stage"] == "quality"


def test_a_stage_moved_to_where_it_is_changes_nothing(manager: DeskProcess, card: dict[str, Any]) -> None:
    assert manager.ask("ro.move_stage", repair_order_id=card["id"], stage=card["stage"])["changed"] == {}


def test_a_repair_order_is_not_closed_by_moving_it(manager: DeskProcess, card: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.move_stage", repair_order_id=card["id"], stage="closed")
    assert refused.value.code == "not_a_lane"
    assert "Close it" in refused.value.message
    assert board.card(manager, card["id"])["stage"] == card["stage"]


def test_a_closed_repair_order_is_not_opened_again_from_a_desk(manager: DeskProcess) -> None:
    records = manager.records()
    closed = next(id for (kind, id), ro in records.items() if kind == "repair_order" and ro["stage"] == "closed")
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.move_stage", repair_order_id=closed, stage="repair")
    assert refused.value.code == "illegal_move"
    assert refused.value.fields == {"stage": "cannot go from closed to repair"}
    assert manager.records()["repair_order", closed] == records["repair_order", closed]


def test_a_new_promise_keeps_the_first_one_and_says_why(
    manager: DeskProcess, bridge: BridgeProcess, ro: dict[str, Any]
) -> None:
    id, was = ro["repair_order"]["id"], ro["repair_order"]["promised_at"]
    to = board.after(was, hours=3)
    manager.ask("ro.repromise", repair_order_id=id, promised_at=to, reason="part late")
    fields = settled(manager, bridge, "repair_order", id)
    assert fields["promised_at"] == to
    assert fields["first_promised_at"] == ro["repair_order"]["first_promised_at"]
    assert fields["promise_moves"][-1] | {"at": "", "by": ""} == {
        "at": "", "by": "", "was": was, "to": to, "reason": "part late"
    }  # fmt: skip


def test_a_promise_in_the_past_is_refused(manager: DeskProcess, card: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.repromise", repair_order_id=card["id"], promised_at="2020-01-01T10:00:00Z")
    assert refused.value.fields == {"promised_at": "is in the past; promise a time to come"}


def test_tag_and_spot_are_set_and_an_empty_one_takes_them_off(
    manager: DeskProcess, bridge: BridgeProcess, card: dict[str, Any]
) -> None:
    manager.ask("ro.set_tag", repair_order_id=card["id"], tag="X-900")
    manager.ask("ro.set_spot", repair_order_id=card["id"], spot="Row 4")
    fields = settled(manager, bridge, "repair_order", card["id"])
    assert (fields["tag"], fields["spot"]) == ("X-900", "Row 4")
    manager.ask("ro.set_spot", repair_order_id=card["id"], spot="")
    assert "spot" not in settled(manager, bridge, "repair_order", card["id"])


def test_a_hold_names_its_reasons_and_none_releases_it(
    manager: DeskProcess, bridge: BridgeProcess, card: dict[str, Any]
) -> None:
    manager.ask("ro.hold", repair_order_id=card["id"], reasons=["warranty", "parts"])
    assert settled(manager, bridge, "repair_order", card["id"])["hold_reasons"] == ["parts", "warranty"]
    manager.ask("ro.hold", repair_order_id=card["id"], reasons=[])
    assert "hold_reasons" not in settled(manager, bridge, "repair_order", card["id"])


def test_a_logged_call_stands_in_the_story_and_turns_the_told_light(
    manager: DeskProcess, bridge: BridgeProcess, ro: dict[str, Any]
) -> None:
    id = ro["repair_order"]["id"]
    answer = manager.ask(
        "contact.log",
        customer_id=ro["customer"]["id"],
        repair_order_id=id,
        channel="call",
        body="  Told: ready at five.  ",
    )
    (event_id,) = answer["changed"]["contact_event"]
    event = next(item for item in again(manager, ro)["story"] if item["id"] == event_id)
    assert (event["body"], event["outcome"], event["employee"]) == ("Told: ready at five.", "reached", "Helen Brandt")
    assert board.light(board.card(manager, id), "told")["state"] == "told"
    assert settled(manager, bridge, "contact_event", event_id)["body"] == "Told: ready at five."


def test_a_call_nobody_answered_tells_nobody(manager: DeskProcess, ro: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask(
            "contact.log",
            customer_id=ro["customer"]["id"],
            channel="call",
            outcome="no_answer",
            tells=[line["id"] for line in ro["parts"]] or ["x"],
        )
    assert set(refused.value.fields) == {"tells"}
    assert again(manager, ro)["story"] == ro["story"]


def test_a_contact_for_a_customer_who_is_not_here_is_refused(manager: DeskProcess) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask("contact.log", customer_id="nobody", channel="note", body="x")
    assert (refused.value.code, set(refused.value.fields)) == ("not_found", {"customer_id"})


def test_telling_of_a_part_takes_its_untold_mark(manager: DeskProcess, bridge: BridgeProcess) -> None:
    line = board.lines(manager, "ordered")[0]
    manager.ask("part.set_eta", part_line_id=line.part["id"], eta=board.hence(days=3))
    manager.ask(
        "contact.log",
        customer_id=line.card["customer_id"],
        repair_order_id=line.card["id"],
        channel="text",
        body="It comes on Friday",
        tells=[line.part["id"]],
    )
    fields = settled(manager, bridge, "part_line", line.part["id"])
    assert fields["eta_told"]["eta"] == fields["eta"]


def test_an_authorised_job_says_who_how_and_when(manager: DeskProcess, bridge: BridgeProcess) -> None:
    job = job_in(manager, "sent", "recommended")
    manager.ask("job.authorise", job_id=job["id"], by="the customer's wife", how="call", number="716 555 0100")
    fields = settled(manager, bridge, "job", job["id"])
    assert fields["state"] == "approved"
    assert {name: fields["authorised"][name] for name in ("by", "how", "number")} == {
        "by": "the customer's wife", "how": "call", "number": "716 555 0100"
    }  # fmt: skip


def test_a_declined_job_keeps_the_customers_words(manager: DeskProcess, bridge: BridgeProcess) -> None:
    job = job_in(manager, "sent", "recommended")
    manager.ask("job.decline", job_id=job["id"], reason="next month")
    fields = settled(manager, bridge, "job", job["id"])
    assert (fields["state"], fields["decline_reason"]) == ("declined", "next month")


def test_a_job_that_is_done_is_not_declined(manager: DeskProcess) -> None:
    job = job_in(manager, "done")
    with pytest.raises(Refusal) as refused:
        manager.ask("job.decline", job_id=job["id"], reason="too dear")
    assert refused.value.code == "illegal_move"


def job_in(desk: DeskProcess, *states: str) -> dict[str, Any]:
    """A job in one of these states."""
    return next(
        {"id": id, **fields}
        for (kind, id), fields in desk.records().items()
        if kind == "job" and fields.get("state") in states
    )


def test_a_part_is_ordered_slips_and_is_received_in_two_boxes(manager: DeskProcess, bridge: BridgeProcess) -> None:
    line = board.lines(manager, "quoted", "requested")[0]
    id = line.part["id"]
    first, later = board.hence(days=1), board.hence(days=2)
    manager.ask("part.order", part_line_id=id, order_no="PO-7781", supplier="Northside", eta=first)
    manager.ask("part.set_eta", part_line_id=id, eta=later, source="supplier")
    fields = settled(manager, bridge, "part_line", id)
    assert (fields["state"], fields["eta"], fields["first_eta"], fields["eta_source"]) == (
        "ordered", later, first, "supplier"
    )  # fmt: skip
    manager.ask("part.receive", part_line_id=id, bin="C12")
    fields = settled(manager, bridge, "part_line", id)
    assert (fields["state"], fields["qty_filled"], fields["bin"]) == ("received", fields["qty"], "C12")
    with pytest.raises(Refusal) as refused:
        manager.ask("part.receive", part_line_id=id)
    assert refused.value.fields == {"part_line_id": "is received in full already"}
    with pytest.raises(Refusal) as refused:
        manager.ask("part.set_eta", part_line_id=id, eta=later)
    assert set(refused.value.fields) == {"part_line_id"}


def test_more_than_was_ordered_is_not_received(manager: DeskProcess) -> None:
    line = board.lines(manager, "ordered")[0]
    with pytest.raises(Refusal) as refused:
        manager.ask("part.receive", part_line_id=line.part["id"], qty=999)
    assert set(refused.value.fields) == {"qty"}


def test_an_advisor_does_not_order_parts(desk: DeskProcess) -> None:
    line = board.lines(desk, "quoted", "requested")[-1]
    with pytest.raises(Refusal) as refused:
        desk.ask("part.order", part_line_id=line.part["id"], order_no="1", supplier="x")
    assert refused.value.code == "forbidden"
    assert "parts" in refused.value.message


@pytest.mark.parametrize(
    ("name", "kind", "field"),
    [
        ("contact.log", "contact_event", "body"),
        ("ro.move_stage", "repair_order", "stage"),
        *(("ro.open", "repair_order", name) for name in ("number", "customer_id", "opened", "promised_at", "stage")),
        *(("ro.open", "job", name) for name in ("repair_order_id", "letter", "complaint", "state", "pay")),
        ("ro.repromise", "repair_order", "promised_at"),
        ("ro.set_tag", "repair_order", "tag"),
        ("ro.set_spot", "repair_order", "spot"),
        ("ro.hold", "repair_order", "hold_reasons"),
        ("job.authorise", "job", "authorised"),
        ("job.decline", "job", "decline_reason"),
        ("part.set_eta", "part_line", "eta"),
        ("part.order", "part_line", "order_no"),
        ("part.receive", "part_line", "qty_filled"),
    ],
)
def test_whoever_may_give_a_command_may_write_what_it_sets(name: str, kind: str, field: str) -> None:
    may_give = COMMANDS[name].roles or {role.value for role in Role}
    may_write = {role.value for role in KINDS[kind].fields[field].policy.writers}
    assert may_give <= may_write


def test_undo_takes_back_the_last_change_and_then_the_one_before(
    manager: DeskProcess, bridge: BridgeProcess, ro: dict[str, Any]
) -> None:
    id = ro["repair_order"]["id"]
    manager.ask("ro.set_tag", repair_order_id=id, tag="UNDO-1")
    logged = manager.ask("contact.log", customer_id=ro["customer"]["id"], channel="note", body="to be undone")
    (event_id,) = logged["changed"]["contact_event"]
    assert manager.ask("undo")["changed"] == {"contact_event": [event_id]}
    assert all(item["id"] != event_id for item in again(manager, ro)["story"])
    manager.ask("undo")
    assert again(manager, ro)["repair_order"].get("tag") == ro["repair_order"].get("tag")
    assert settled(manager, bridge, "repair_order", id).get("tag") == ro["repair_order"].get("tag")


def test_a_change_is_undone_by_its_name_and_only_once(manager: DeskProcess, card: dict[str, Any]) -> None:
    change = manager.ask("ro.set_spot", repair_order_id=card["id"], spot="A")["change"]
    manager.ask("ro.set_tag", repair_order_id=card["id"], tag="T-77")
    manager.ask("undo", change=change)
    now = board.card(manager, card["id"])
    assert (now.get("spot"), now["tag"]) == (card.get("spot"), "T-77")
    with pytest.raises(Refusal) as refused:
        manager.ask("undo", change=change)
    assert refused.value.code == "nothing_to_undo"


def test_what_somebody_has_gone_on_from_is_not_undone(
    manager: DeskProcess, desk: DeskProcess, card: dict[str, Any]
) -> None:
    change = manager.ask("ro.set_spot", repair_order_id=card["id"], spot="B")["change"]
    manager.wait_live()
    desk.wait_event(lambda event: card["id"] in event.get("kinds", {}).get("repair_order", ()))
    since = len(manager.events)
    desk.ask("ro.set_spot", repair_order_id=card["id"], spot="C")
    manager.wait_event(lambda event: card["id"] in event.get("kinds", {}).get("repair_order", ()), since=since)
    with pytest.raises(Refusal) as refused:
        manager.ask("undo", change=change)
    assert refused.value.code == "gone_on"
    assert "spot" in refused.value.message
    assert board.card(manager, card["id"])["spot"] == "C"


def test_somebody_elses_change_is_not_ones_own_to_undo(
    manager: DeskProcess, desk: DeskProcess, card: dict[str, Any]
) -> None:
    change = manager.ask("ro.set_spot", repair_order_id=card["id"], spot="D")["change"]
    with pytest.raises(Refusal) as refused:
        desk.ask("undo", change=change)
    assert refused.value.code == "nothing_to_undo"


def test_the_same_key_again_answers_the_same_and_does_nothing(manager: DeskProcess, ro: dict[str, Any]) -> None:
    key, args = uuid.uuid4().hex, {"customer_id": ro["customer"]["id"], "channel": "note", "body": "only once"}
    first = manager.ask("contact.log", key=key, **args)
    assert manager.ask("contact.log", key=key, **args) == first
    manager.restart()
    assert manager.ask("contact.log", key=key, **args) == first
    assert sum(item.get("body") == "only once" for item in again(manager, ro)["story"]) == 1


def test_a_key_of_a_command_that_changed_nothing_is_kept_too(manager: DeskProcess, card: dict[str, Any]) -> None:
    key = uuid.uuid4().hex
    asked = {"repair_order_id": card["id"], "tag": card["tag"]}
    first = manager.ask("ro.set_tag", key=key, **asked)
    assert first["changed"] == {}
    manager.ask("ro.set_tag", repair_order_id=card["id"], tag="T-88")
    assert manager.ask("ro.set_tag", key=key, **asked) == first
    assert board.card(manager, card["id"])["tag"] == "T-88"


def test_a_key_is_not_lent_to_another_command(manager: DeskProcess, card: dict[str, Any]) -> None:
    key = uuid.uuid4().hex
    manager.ask("ro.set_tag", key=key, repair_order_id=card["id"], tag="T-89")
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.set_spot", key=key, repair_order_id=card["id"], spot="E")
    assert refused.value.fields == {"key": "was used for another command"}


@pytest.mark.parametrize("key", ["short", "x" * 65, 12345678, ["a"]])
def test_a_key_that_is_none_is_refused(manager: DeskProcess, key: Any) -> None:
    with pytest.raises(Refusal) as refused:
        manager.ask("ro.set_tag", key=key, repair_order_id="x", tag="T")
    assert set(refused.value.fields) == {"key"}
