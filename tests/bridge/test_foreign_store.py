"""Two stores on one bridge: whatever a person of the one asks, nothing of the other is told, found or changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from advisor_desk.bridge.books import Books
from advisor_desk.bridge.schema import TABLES, lease
from advisor_desk.domain.records import KINDS
from tests.bridge.conftest import SignIn
from tests.bridge.line import Line
from tests.bridge.rooftop import Rooftop, Signed

SECRET = "Zwierzchowska"
"""A customer's name of the other store, that must not be in any reply."""


@pytest.fixture
def lake(shelf: Books, owner: Books, rooftop: Rooftop) -> Rooftop:
    """The other store, with a record of every kind whose words give it away."""
    other = Rooftop(shelf, "lake").opened(owner)
    manager = other.desk("manager")
    manager.does("customer", other.customer, {"name": SECRET, "notes": SECRET})
    admin = other.desk("admin")
    said = {"customer_id": other.customer, "body": SECRET, "at": "2026-11-20T10:00:00Z"}
    assert admin.does("contact_event", "lake-contact_event", said, op="create")["outcome"] == "applied"
    for kind in KINDS:
        if kind not in {
            "store",
            "employee",
            "customer",
            "vehicle",
            "repair_order",
            "job",
            "part_line",
            "contact_event",
        }:
            name = next(name for name, field in KINDS[kind].fields.items() if field.policy.ref == "customer")
            whole = {"state": "cancelled", "reason": SECRET} if kind == "promise" else {}
            made = admin.does(kind, f"lake-{kind}", whole | {name: other.customer, "note": SECRET}, op="create")
            assert made["outcome"] == "applied", (kind, made)
    return other


class Call(NamedTuple):
    """One way to ask the bridge, as its own description has it."""

    method: str
    path: str
    parameters: tuple[tuple[str, str], ...]


def calls(line: Line) -> Iterator[Call]:
    """Every call of the API that takes an id in its path."""
    for path, methods in line.get("/openapi.json").json()["paths"].items():
        for method, call in methods.items():
            names = tuple((one["in"], one["name"]) for one in call.get("parameters", ()))
            yield Call(method.upper(), path, names)


def foreign_ids(lake: Rooftop) -> dict[str, list[str]]:
    """The other store's ids, by kind, as its own snapshot tells them."""
    out: dict[str, list[str]] = {}
    for kind in KINDS:
        with lake.shelf.read(lake.store_id) as conn:
            table = TABLES[kind]
            out[kind] = list(conn.execute(select(table.c.id).where(table.c.store_id == lake.store_id)).scalars())
        assert out[kind], f"the other store has no {kind}"
    return out


def filled(path: str, kind: str, id: str) -> str | None:
    """The path with the ids put in; None when it is about another kind."""
    if "{kind}" in path:
        return path.replace("{kind}", kind).replace("{id}", id)
    owner = {"/v1/customers/{id}/history": "customer"}[path]
    return path.replace("{id}", id) if kind == owner else None


ASKED = {
    "GET /v1/records/{kind}/{id}",
    "GET /v1/customers/{id}/history",
    "GET /v1/capabilities",
    "GET /v1/me",
    "GET /v1/snapshot",
    "GET /v1/changes",
    "GET /v1/search",
    "POST /v1/mutations",
    "POST /v1/leases",
}
"""What the tests below ask of the other store; of the stream, test_stream does."""


def test_no_call_is_left_out(line: Line) -> None:
    described = {f"{call.method} {call.path}" for call in calls(line)}
    assert {call for call in described if "/v1/" in call} == ASKED | {"GET /v1/stream"}


def test_every_call_with_an_id_answers_404_for_every_record_of_another_store(
    line: Line, rooftop: Rooftop, lake: Rooftop, signed: SignIn
) -> None:
    asked = 0
    with_id = [call for call in calls(line) if "{" in call.path]
    assert {call.path for call in with_id} == {"/v1/records/{kind}/{id}", "/v1/customers/{id}/history"}
    for who in ("advisor", "admin"):
        spy = signed(who)
        for kind, ids in foreign_ids(lake).items():
            for id in ids:
                for call in with_id:
                    path = filled(call.path, kind, id)
                    if path is not None:
                        reply = line.request(call.method, path, headers=spy.headers)
                        assert reply.status_code == 404, (call, kind, id)
                        assert SECRET not in reply.text
                        assert lake.store_id not in reply.text
                        asked += 1
    assert asked > 2 * len(KINDS)


def test_a_foreign_record_and_one_that_never_was_are_answered_alike(
    rooftop: Rooftop, lake: Rooftop, signed: SignIn
) -> None:
    spy = signed()
    for path in ("/v1/records/customer/{}", "/v1/customers/{}/history"):
        foreign, never = spy.get(path.format(lake.customer)), spy.get(path.format("lake-nobody"))
        assert (foreign.status_code, foreign.content) == (never.status_code, never.content)


def test_nothing_of_another_store_is_in_what_a_person_can_read(
    line: Line, rooftop: Rooftop, lake: Rooftop, signed: SignIn
) -> None:
    """Every call that reads, with every parameter it takes set to what the other store is known by."""
    spy = signed("admin")
    foreign = {id for ids in foreign_ids(lake).values() for id in ids}
    head = rooftop.shelf.head(rooftop.store_id)
    theirs = lake.shelf.head(lake.store_id)
    places = {
        "cursor": [f"{head.epoch}.{head.seq}", f"{theirs.epoch}.{theirs.seq}", f"{head.epoch}.1"],
        "after": ["", *(f"{head.epoch}.1.1.0.{step}.~" for step in range(26))],
        "before": ["", "9999"],
        "q": [SECRET, SECRET[:3].lower(), "48", "lake"],
    }
    read = 0
    for call in calls(line):
        if call.method != "GET" or "{" in call.path or call.path == "/v1/stream" or "oauth" in call.path:
            continue
        names = [name for where, name in call.parameters if where == "query" and name in places] or [""]
        for name in names:
            for value in places.get(name, [""]):
                reply = spy.get(call.path, **({name: value} if name else {}))
                assert SECRET not in reply.text, call
                assert not any(f'"{id}"' in reply.text for id in foreign), call
                read += 1
    assert read > 30
    lines, _ = spy.snapshot()
    assert {record["id"] for record in lines}.isdisjoint(foreign)


@pytest.mark.parametrize("op", ["create", "update", "delete", "restore"])
def test_no_edit_reaches_another_stores_record(rooftop: Rooftop, lake: Rooftop, signed: SignIn, op: str) -> None:
    spy = signed("admin")
    before = [lake.record(kind, id) for kind, ids in foreign_ids(lake).items() for id in ids]
    desk = rooftop.desk("admin")
    edits = [
        desk.edit(kind, id, {} if op == "delete" else {"note": "x"}, op=op, base_rev=99, was={})
        for kind, ids in foreign_ids(lake).items()
        for id in ids
    ]
    for edit in edits:
        reply = spy.post("/v1/mutations", {"desk": desk.name, "mutations": [edit]})
        assert reply.status_code == 200
        assert SECRET not in reply.text
        (result,) = reply.json()["results"]
        if op != "create":
            assert (result["outcome"], result["record"]) == ("rejected", None)
    after = [lake.record(record.kind, record.id) for record in before]
    assert after == before, "an id made here is this store's own, though another store has one like it"


def test_no_reference_to_another_stores_record_is_taken(rooftop: Rooftop, lake: Rooftop) -> None:
    desk = rooftop.desk("admin")
    ids = foreign_ids(lake)
    tried = 0
    for kind in KINDS.values():
        for name, field in kind.fields.items():
            if field.policy.ref and kind.name != "store":
                answer = desk.does(kind.name, f"new-{kind.name}-{name}", {name: ids[field.policy.ref][0]}, op="create")
                assert answer["problem"]["fields"] == {name: "is not in this store"}
                tried += 1
    assert tried > 30


def test_numbers_are_lent_by_ones_own_store_alone(rooftop: Rooftop, lake: Rooftop, signed: SignIn) -> None:
    reply = signed().post("/v1/leases", {"desk": "lake-desk", "store_id": lake.store_id})
    assert reply.status_code == 200
    for store, lent in ((rooftop, 1), (lake, 0)):
        with store.shelf.read(store.store_id) as conn:
            rows = conn.execute(select(lease.c.first).where(lease.c.store_id == store.store_id)).all()
        assert len(rows) == lent


def test_the_same_edit_id_of_another_store_is_not_recognised(rooftop: Rooftop, lake: Rooftop) -> None:
    theirs = lake.desk("advisor", "same-desk")
    theirs.does("repair_order", lake.ro, {"tag": "T-7"})
    ours = rooftop.desk("advisor", "same-desk")
    assert ours.does("repair_order", rooftop.ro, {"tag": "T-8"})["outcome"] == "applied"


def test_a_store_named_in_a_request_is_not_listened_to(rooftop: Rooftop, lake: Rooftop, signed: SignIn) -> None:
    spy: Signed = signed()
    for path in ("/v1/me", "/v1/capabilities"):
        reply = spy.line.get(
            path, params={"store_id": lake.store_id}, headers=spy.headers | {"X-Store-Id": lake.store_id}
        )
        assert reply.json()["store"]["id"] == rooftop.store_id
    edit: dict[str, Any] = rooftop.desk().edit("job", lake.job, {"cause": "x"}, base_rev=9, was={})
    body = {"desk": "d", "store_id": lake.store_id, "mutations": [edit | {"store_id": lake.store_id}]}
    assert spy.post("/v1/mutations", body).json()["results"][0]["outcome"] == "rejected"
