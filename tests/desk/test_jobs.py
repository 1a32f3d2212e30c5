"""Jobs through the pipe: added, priced, sent, answered, worked on."""

from __future__ import annotations

import pytest

from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.trade import check_writers, free_car, held, jobs, made, write_up


@pytest.fixture
def order(manager: DeskProcess) -> str:
    """An order just written up, with two jobs."""
    return write_up(manager, free_car(manager), "Oil and filter", "Brakes grind")


def technician(desk: DeskProcess) -> str:
    """A technician of the store."""
    people = ((id, fields) for (kind, id), fields in desk.records().items() if kind == "employee")
    return next(id for id, fields in people if "technician" in fields["roles"])


def test_a_finding_is_priced_sent_approved_and_done_and_the_bridge_knows_each_step(
    manager: DeskProcess, bridge: BridgeProcess, order: str
) -> None:
    found = manager.ask("job.add", repair_order_id=order, complaint="Coolant leak", severity="red")
    id = made(found, "job")
    assert jobs(manager, order)[-1]["letter"] == "C"
    manager.ask("job.recommend", job_id=id, cause="pump seal", hours=3.4, labour_amount=64_000, parts_amount=28_400)
    manager.ask("job.send", job_ids=[id, jobs(manager, order)[1]["id"]])
    fields = held(bridge, manager, "job", id)
    assert (fields["state"], fields["hours"], fields["labour_amount"], fields["severity"]) == (
        "sent", 3.4, 64_000, "red"
    )  # fmt: skip
    assert fields["sent_at"] == jobs(manager, order)[1]["sent_at"]
    manager.ask("job.authorise", job_id=id, by="Ann", how="call")
    manager.ask("job.assign", job_id=id, technician_id=technician(manager))
    manager.ask("job.start", job_id=id)
    assert held(bridge, manager, "job", id)["state"] == "in_progress"
    manager.ask("job.finish", job_id=id, correction="pump replaced")
    fields = held(bridge, manager, "job", id)
    assert (fields["state"], fields["correction"], fields["technician_id"]) == (
        "done", "pump replaced", technician(manager)
    )  # fmt: skip
    manager.ask("undo")
    manager.ask("undo")
    assert held(bridge, manager, "job", id)["state"] == "approved"


def test_another_price_is_answered_anew(manager: DeskProcess, bridge: BridgeProcess, order: str) -> None:
    id = jobs(manager, order)[0]["id"]
    manager.ask("job.recommend", job_id=id, labour_amount=4_500)
    manager.ask("job.authorise", job_id=id, by="Ann", how="in_person")
    manager.ask("job.recommend", job_id=id, labour_amount=9_900)
    fields = held(bridge, manager, "job", id)
    assert (fields["state"], fields["labour_amount"]) == ("recommended", 9_900)
    assert "authorised" not in fields


def test_estimates_are_sent_together_or_not_at_all(manager: DeskProcess, order: str) -> None:
    first, second = jobs(manager, order)
    manager.ask("job.authorise", job_id=second["id"], by="Ann", how="in_person")
    with pytest.raises(Refusal) as refused:
        manager.ask("job.send", job_ids=[first["id"], second["id"]])
    assert refused.value.code == "illegal_move"
    assert jobs(manager, order)[0]["state"] == "recommended"
    with pytest.raises(Refusal) as refused:
        manager.ask("job.send", job_ids=[])
    assert set(refused.value.fields) == {"job_ids"}


def test_work_nobody_approved_is_not_begun(manager: DeskProcess, order: str) -> None:
    for command in ("job.start", "job.finish"):
        with pytest.raises(Refusal) as refused:
            manager.ask(command, job_id=jobs(manager, order)[0]["id"])
        assert refused.value.message.endswith("Record the approval first.")


def test_a_job_is_given_to_a_technician_and_to_nobody_else(manager: DeskProcess, order: str) -> None:
    people = ((id, row) for (kind, id), row in manager.records().items() if kind == "employee")
    advisor = next(id for id, row in people if "advisor" in row["roles"])
    with pytest.raises(Refusal) as refused:
        manager.ask("job.assign", job_id=jobs(manager, order)[0]["id"], technician_id=advisor)
    assert refused.value.fields == {"technician_id": "is no technician"}


def test_a_closed_order_takes_no_more_work(manager: DeskProcess, order: str) -> None:
    manager.ask("ro.close", repair_order_id=order)
    with pytest.raises(Refusal) as refused:
        manager.ask("job.add", repair_order_id=order, complaint="One more thing")
    assert refused.value.fields == {"repair_order_id": "is closed"}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("job.add", ("repair_order_id", "letter", "complaint", "cause", "correction", "op_code", "pay", "severity",
                     "hours", "labour_amount", "parts_amount", "state")),
        ("job.recommend", ("complaint", "cause", "correction", "hours", "labour_amount", "parts_amount", "state",
                           "sent_at", "authorised", "decline_reason")),
        ("job.send", ("state", "sent_at", "decline_reason")),
        ("job.assign", ("technician_id",)),
        ("job.start", ("state",)),
        ("job.finish", ("state", "correction")),
    ],
)  # fmt: skip
def test_whoever_may_give_a_command_may_write_what_it_sets(name: str, fields: tuple[str, ...]) -> None:
    check_writers(name, "job", *fields)
