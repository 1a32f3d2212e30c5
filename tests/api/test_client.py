"""The client believes a reply only when it comes from its own bridge, whole, and makes sense."""

from __future__ import annotations

import gzip
import json
import logging
from typing import Any

import pytest

from advisor_desk.api.errors import (
    ApiError,
    CutShort,
    NotOurs,
    Offline,
    Portal,
    Said,
    TooNew,
    TooOld,
    Unreadable,
    WrongServer,
)
from tests.api.hostile import (
    CAPABILITIES,
    EMPTY_PAGE,
    PORTALS,
    SERVER_ID,
    Hostile,
    Script,
    asked,
    client,
    digest,
    head,
    raw,
    says,
    says_json,
    snapshot,
    taken,
    whole,
    zipped,
)


def test_a_true_reply_is_believed_plain_and_packed() -> None:
    body = json.dumps(EMPTY_PAGE).encode()
    assert asked(says(body)).next == "c2"
    assert asked(zipped(body)).next == "c2"


def test_a_question_carries_the_token_and_no_cookie_or_other_name() -> None:
    with Hostile(says_json(EMPTY_PAGE, set_cookie="a=b")) as server:
        one = client(server)
        one.changes("c1")
        one.changes("c2")
    first, second = server.asked
    assert first.path == "/v1/changes?cursor=c1&limit=500"
    assert first.headers["authorization"] == "Bearer eyJ.old.one"
    assert "cookie" not in second.headers
    assert server.connections == 1  # kept open between questions


SOMEBODY = raw(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"ok": true}\n')
"""A server of some other kind."""


def test_another_program_at_the_known_address_counts_as_offline() -> None:
    with pytest.raises(Offline, match="not the bridge"):
        asked(SOMEBODY)


@pytest.mark.parametrize("portal", PORTALS)
def test_a_page_in_place_of_the_known_bridge_is_a_portal(portal: Script) -> None:
    with pytest.raises(Portal, match="sign in to it first"):
        asked(portal)


@pytest.mark.parametrize("portal", [*PORTALS[:2], SOMEBODY])
def test_a_page_at_an_address_never_seen_before_is_no_bridge(portal: Script) -> None:
    with pytest.raises(NotOurs):
        asked(portal, known=False)


def test_a_network_that_says_511_wants_a_sign_in_even_before_the_bridge_is_known() -> None:
    with pytest.raises(Portal):
        asked(PORTALS[2], known=False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_and_no_token_goes_on(status: int) -> None:
    with Hostile(says_json({})) as elsewhere:
        location = f"{elsewhere.url}/login"
        for move in (
            head(status, length=0, location=location, advisor_desk_api=""),
            whole(b"", status, location=location),
        ):
            with pytest.raises((Portal, Said)):
                asked(raw(move))
            with Hostile(raw(move)) as server, pytest.raises((Portal, Said)):
                client(server).push("d1", [])
        assert elsewhere.asked == []


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_gateways_error_page_is_an_outage_and_not_a_portal(status: int) -> None:
    with pytest.raises(Said) as said:
        asked(raw(b"HTTP/1.1 %d No\r\nContent-Type: text/html\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n" % status))
    assert (said.value.status, said.value.retry_after, said.value.state) == (status, 7.0, "offline")


def test_another_bridge_at_the_known_address_is_refused() -> None:
    with pytest.raises(WrongServer, match="not the bridge this desk belongs to"):
        asked(says_json(EMPTY_PAGE, advisor_desk_server="srv-2"))


@pytest.mark.parametrize("missing", ["advisor_desk_api", "advisor_desk_server"])
def test_a_reply_without_our_headers_is_not_ours(missing: str) -> None:
    with pytest.raises(Offline, match="not the bridge"):
        asked(says_json(EMPTY_PAGE, **{missing: ""}))


@pytest.mark.parametrize(
    ("version", "error"), [("2", TooNew), ("0", TooOld), ("x", TooOld), ("²", TooOld), ("9" * 99, TooNew)]
)
def test_a_bridge_of_another_age_is_told_apart(version: str, error: type[ApiError]) -> None:
    with pytest.raises(error):
        asked(says_json(EMPTY_PAGE, advisor_desk_api=version))


@pytest.mark.parametrize(
    ("change", "error"), [({"min_client": 2}, TooNew), ({"api_version": 0}, TooOld), ({"epoch": None}, Unreadable)]
)
def test_capabilities_decide_whether_this_desk_may_go_on(change: dict[str, Any], error: type[ApiError]) -> None:
    with Hostile(says_json(CAPABILITIES | change)) as server, pytest.raises(error):
        client(server).capabilities()


def test_capabilities_are_asked_for_without_a_token() -> None:
    with Hostile(says_json(CAPABILITIES)) as server:
        assert client(server, known=False).capabilities().server_id == SERVER_ID
    assert "authorization" not in server.asked[0].headers


BODY = json.dumps(EMPTY_PAGE | {"padding": "x" * 3000}).encode()
PACKED = gzip.compress(BODY)

NOT_WHOLE: dict[str, Script] = {
    "no digest": raw(head(length=len(BODY)) + BODY),
    "another digest": raw(head(length=len(BODY), content_digest=digest(b"other")) + BODY),
    "a digest of another kind": raw(head(length=len(BODY), content_digest="md5=:AAAA:") + BODY),
    "a garbled digest": raw(head(length=len(BODY), content_digest="sha-256=:\xff:") + BODY),
    "cut before its length": raw(head(length=len(BODY), content_digest=digest(BODY)) + BODY[:100]),
    "cut without a length": raw(head(content_digest=digest(BODY), connection="close") + BODY[:100]),
    "nothing of it": raw(head(length=len(BODY), content_digest=digest(BODY))),
    "gzip cut, its length told right": zipped(BODY, cut=len(PACKED) // 2),
    "gzip without its last byte": zipped(BODY, cut=-1),
    "gzip that is none": says(BODY, content_encoding="gzip"),
    "gzip with a wrong sum": says(PACKED[:-8] + b"\0" * 8, content_encoding="gzip"),
    "one bit turned": raw(whole(BODY)[:-1] + b"!"),
    "a cut chunk": raw(head(content_digest=digest(BODY), transfer_encoding="chunked") + b"fff\r\n" + BODY[:50]),
    "no chunk": raw(head(content_digest=digest(BODY), transfer_encoding="chunked") + b"zzz\r\nabc"),
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_WHOLE)
def test_what_is_not_whole_counts_as_offline(what: str) -> None:
    with pytest.raises(Offline):
        asked(NOT_WHOLE[what])


@pytest.mark.expected_log(logging.WARNING, "Failed to parse headers")
def test_a_reply_cut_at_any_byte_is_never_believed() -> None:
    reply = whole(json.dumps(EMPTY_PAGE).encode())
    cuts = list(range(0, len(reply), 7))
    with Hostile(*(raw(reply[:cut]) for cut in cuts)) as server:
        one = client(server)
        for _ in cuts:
            with pytest.raises(Offline):
                one.changes("c1")


def test_a_digest_among_others_is_found() -> None:
    body = json.dumps(EMPTY_PAGE).encode()
    assert asked(says(body, content_digest=f"md5=:AAAA:, {digest(body)}")).next == "c2"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"a":NaN}', b'{"next":"a","next":"b"}', b"[" * 100_000, b'{"a":"\\u0000"}',
        b'{"a":"\\ud800"}', b"\xff\xfe", b"1e400", b"9" * 5000, json.dumps(EMPTY_PAGE | {"count": "0"}).encode(),
        json.dumps(EMPTY_PAGE | {"changes": [{"seq": "x"}], "count": 1}).encode(),
    ],
)  # fmt: skip
def test_what_makes_no_sense_counts_as_offline_and_says_no_more(body: bytes) -> None:
    with pytest.raises(Unreadable, match="could not be read; it is asked again"):
        asked(says(body))


def test_a_page_whose_count_is_wrong_is_cut_short() -> None:
    with pytest.raises(CutShort):
        asked(says_json(EMPTY_PAGE | {"count": 1}))


RECORD = json.dumps({"kind": "job", "id": "j1", "rev": 1, "fields": {"complaint": "says \u2028 this"}}).encode()


def test_a_snapshot_page_is_taken_with_its_records_and_its_place() -> None:
    records, end = taken(snapshot([RECORD, RECORD]))
    assert [record["id"] for record in records] == ["j1", "j1"]
    assert (end.cursor, end.part) == ("k", "open")
    assert taken(snapshot([]))[0] == []


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\n\n", RECORD, snapshot([RECORD], count=2), snapshot([RECORD], sha256="0" * 64),
        snapshot([RECORD])[:-20], snapshot([RECORD]).partition(b"\n")[2], snapshot([b"{"]), snapshot([b'{"a":NaN}']),
        snapshot([b'{"a":"\\ud800"}']), snapshot([b"[" * 5000]), snapshot([b'{"id":1,"id":2}']), b'{"end":[]}\n',
        b'{"ende":{}}\n',
    ],
)  # fmt: skip
def test_a_snapshot_page_that_does_not_add_up_is_cut_short(body: bytes) -> None:
    with pytest.raises(CutShort):
        taken(body)
