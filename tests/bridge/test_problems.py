"""A refusal is a problem document (RFC 9457): a stable type, the status, one sentence; never a customer's data."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from advisor_desk.api import wire
from tests.bridge.conftest import SignIn
from tests.bridge.line import Line
from tests.bridge.rooftop import Rooftop

SIGNED_PATHS = ["/v1/me", "/v1/snapshot", "/v1/changes?cursor=x", "/v1/stream", "/v1/search?q=xx", "/v1/records/job/x"]


def is_problem(reply: Any, status: int, code: str) -> dict[str, Any]:
    assert reply.status_code == status, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = reply.json()
    assert document["type"] == wire.PROBLEM + code
    assert document["status"] == status
    assert document["title"]
    assert document["detail"].endswith(".")
    return document


@pytest.mark.parametrize("path", SIGNED_PATHS)
@pytest.mark.parametrize("token", [None, "", "made-up", "a.b.c"])
def test_without_a_good_token_one_is_asked_to_sign_in(line: Line, path: str, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    reply = line.get(path, headers=headers)
    is_problem(reply, 401, "sign_in")
    assert reply.headers["WWW-Authenticate"] == "Bearer"


def test_capabilities_answer_anybody_but_name_the_store_only_to_its_people(line: Line, signed: SignIn) -> None:
    assert line.get("/v1/capabilities").json()["store"] is None
    assert signed().get("/v1/capabilities").json()["store"]["name"] == "Harbor Motors"
    is_problem(line.get("/v1/capabilities", headers={"Authorization": "Bearer bad"}), 401, "sign_in")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "bad_request"),
        (b"{", 400, "bad_json"),
        (b"[]", 422, "bad_request"),
        (b"nothing", 400, "bad_json"),
        (b'{"desk":"d","desk":"e","mutations":[]}', 400, "bad_json"),
        (b'{"desk":"d","mutations":NaN}', 400, "bad_json"),
        (b'{"desk":"d","mutations":[{"n":1e400}]}', 400, "bad_json"),
        (b'{"desk":"d\\u0000","mutations":[]}', 400, "bad_json"),
        (b'{"desk":"\\ud800","mutations":[]}', 400, "bad_json"),
        (b'{"desk":"d","mutations":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "bad_json"),
        (b'{"desk":"d","mutations":' + b"1" * 5_000 + b"}", 400, "bad_json"),
        (b"\xff\xfe", 400, "bad_json"),
        (b'{"desk":"d","mutations":[]}', 422, "bad_request"),
        (b'{"desk":"a b","mutations":[{}]}', 422, "bad_request"),
    ],
    ids=lambda value: str(value[:40]) if isinstance(value, bytes) else None,
)
def test_a_body_that_is_not_right_is_refused_in_words(
    line: Line, signed: SignIn, body: bytes, status: int, code: str
) -> None:
    headers = signed().headers | {"Content-Type": "application/json"}
    is_problem(line.post("/v1/mutations", content=body, headers=headers), status, code)


def test_more_than_a_hundred_edits_at_once_are_refused(rooftop: Rooftop, signed: SignIn) -> None:
    desk = rooftop.desk()
    edits = [desk.edit("repair_order", rooftop.ro, {"spot": "A1"}) for _ in range(101)]
    is_problem(signed().post("/v1/mutations", {"desk": desk.name, "mutations": edits}), 422, "bad_request")


def test_a_refusal_names_the_place_and_never_the_value(rooftop: Rooftop, signed: SignIn) -> None:
    edit = rooftop.desk().edit("customer", rooftop.customer, {"name": "Kowalski"}, n="Kowalski")
    document = is_problem(signed().post("/v1/mutations", {"desk": "d", "mutations": [edit]}), 422, "bad_request")
    assert list(document["fields"]) == ["body.mutations.0.n"]
    assert "Kowalski" not in str(document)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/changes", "query.cursor"),
        ("/v1/changes?cursor=x&limit=0", "query.limit"),
        ("/v1/changes?cursor=x&limit=2001", "query.limit"),
        ("/v1/snapshot?limit=20001", "query.limit"),
        ("/v1/search?q=x", "query.q"),
        ("/v1/search?q=a%00b", "query.q"),
        (f"/v1/search?q={'x' * 101}", "query.q"),
        (f"/v1/records/job/{'x' * 65}", "path.id"),
        ("/v1/records/job/%00", "path.id"),
        ("/v1/customers/c/history?before=%00", "query.before"),
        ("/v1/customers/c/history?limit=501", "query.limit"),
    ],
)
def test_a_question_that_is_not_right_is_refused_by_name(signed: SignIn, path: str, field: str) -> None:
    assert list(is_problem(signed().get(path), 422, "bad_request")["fields"]) == [field]


def test_what_is_not_there_and_what_cannot_be_done_are_told_apart(line: Line) -> None:
    is_problem(line.get("/v2/snapshot"), 404, "not_found")
    refused = line.request("DELETE", "/v1/mutations")
    is_problem(refused, 405, "method_not_allowed")
    assert refused.headers["Allow"] == "POST"


def test_a_database_that_is_away_is_said_so_with_when_to_ask_again(app: FastAPI, line: Line, expected_log: Any) -> None:
    class DiskFull(Exception):
        """What a driver raises when nothing can be written."""

    @app.get("/v1/full")
    def full() -> None:
        raise OperationalError("INSERT … Kowalski", {}, DiskFull("disk is full"))

    log = expected_log(logging.WARNING, "the database did not answer: DiskFull")
    reply = line.get("/v1/full")
    assert "Kowalski" not in str(is_problem(reply, 503, "database_away"))
    assert reply.headers["Retry-After"] == "2"
    assert log.seen
