"""Every reply is provably the bridge's, and no request is too big or too odd to be refused in words."""

from __future__ import annotations

import base64
import gzip
import hashlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from advisor_desk.api import wire
from tests.bridge.conftest import SignIn
from tests.bridge.line import Line
from tests.bridge.rooftop import Rooftop


def digest_of(raw: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(raw).digest()).decode()}:"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/capabilities"),
        ("GET", "/v1/me"),
        ("GET", "/nowhere"),
        ("DELETE", "/v1/me"),
        ("POST", "/v1/mutations"),
        ("GET", "/oauth/authorize"),
        ("GET", "/openapi.json"),
    ],
)
def test_every_reply_says_whose_it_is_and_what_it_must_hash_to(
    line: Line, rooftop: Rooftop, method: str, path: str
) -> None:
    reply = line.request(method, path)
    assert reply.headers[wire.API_HEADER] == "1"
    assert reply.headers[wire.SERVER_HEADER] == rooftop.shelf.server_id
    assert reply.headers["Content-Digest"] == digest_of(reply.extensions["raw"])
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_a_long_reply_is_zipped_for_who_takes_it_and_digested_as_sent(line: Line) -> None:
    zipped = line.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    raw = zipped.extensions["raw"]
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["Content-Digest"] == digest_of(raw)
    assert int(zipped.headers["Content-Length"]) == len(raw) < len(gzip.decompress(raw))
    plain = line.get("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.extensions["raw"] == gzip.decompress(raw)


def test_a_body_of_more_than_a_mebibyte_is_refused(line: Line, signed: SignIn) -> None:
    maria = signed()
    body = b'{"desk":"d","mutations":[],"x":"' + b"a" * wire.MAX_BODY + b'"}'
    reply = line.post("/v1/mutations", content=body, headers=maria.headers)
    assert (reply.status_code, reply.json()["type"]) == (413, "urn:advisor-desk:too_large")
    assert reply.headers[wire.API_HEADER] == "1"


def test_a_body_that_never_says_how_long_it_is_is_refused_at_the_same_size(line: Line, signed: SignIn) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"a" * 65_536

    reply = line.post("/v1/mutations", content=endless(), headers=signed().headers)
    assert reply.status_code == 413


def test_an_encoded_body_is_refused_unread(line: Line, signed: SignIn) -> None:
    body = gzip.compress(b'{"desk":"d","mutations":[]}')
    headers = {**signed().headers, "Content-Encoding": "gzip"}
    reply = line.post("/v1/mutations", content=body, headers=headers)
    assert (reply.status_code, reply.json()["type"]) == (415, "urn:advisor-desk:encoded_body")


def test_a_fault_is_answered_in_words_and_logged_without_them(app: FastAPI, line: Line, expected_log: Any) -> None:
    @app.get("/v1/breaks/{id}")
    def breaks(id: str) -> None:
        raise KeyError(f"Kowalski {id}")

    fault = expected_log(logging.ERROR, "fault in GET /v1/breaks/{id}: KeyError")
    reply = line.get("/v1/breaks/17")
    assert (reply.status_code, reply.json()["type"]) == (500, "urn:advisor-desk:fault")
    assert reply.headers[wire.SERVER_HEADER]
    assert "Kowalski" not in reply.text
    assert fault.seen
