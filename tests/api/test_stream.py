"""The live stream only nudges: what is no nudge ends it, and costs nothing but time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_desk.api.client import Client
from advisor_desk.api.errors import NotOurs, Said, SignInNeeded, WrongServer
from advisor_desk.api.stream import events
from advisor_desk.api.wire import Head
from tests.api.hostile import QUICK, Hostile, Line, Purse, client, head, problem, raw

HEAD = b'event: head\ndata: {"epoch": "1", "seq": 7}\n\n'
SEVEN = Head(epoch="1", seq=7)


def read(*chunks: bytes) -> list[Head | None]:
    return list(events(iter(chunks), lambda: False))


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (HEAD, [SEVEN]),
        (HEAD.replace(b"\n", b"\r\n"), [SEVEN]),
        (HEAD.replace(b": ", b":"), [SEVEN]),
        (b'event: head\ndata: {"epoch": "1",\ndata: "seq": 7}\n\n', [SEVEN]),
        (b": still here\n" + HEAD + b":\n", [None, SEVEN, None]),
        (b"event: news\ndata: whatever\n\n" + HEAD, [SEVEN]),  # a newer bridge says more
        (b"id: 5\nretry: 1000\n" + HEAD, [SEVEN]),
        (HEAD[:-1], []),  # an event is over at its empty line
        (b"", []),
    ],
)
def test_heads_and_signs_of_life_are_heard_and_the_rest_is_let_pass(said: bytes, heard: list[Head | None]) -> None:
    assert read(said) == heard
    assert read(*(bytes((byte,)) for byte in said)) == heard  # however it is cut


@pytest.mark.parametrize(
    "bad", [b"data: {}\n\n", b'data: {"epoch": "1", "seq": "7"}\n\n', b"data: [[[\n\n", b"data: NaN\n\n", b"\n"]
)
def test_a_head_that_is_none_ends_the_stream(bad: bytes) -> None:
    assert read(b"event: head\n" + bad + HEAD) == []


def test_a_line_and_an_event_without_end_end_the_stream() -> None:
    taken = 0

    def endless(part: bytes) -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += len(part)
            yield part

    assert list(events(endless(b"x" * 1000), lambda: False)) == []
    assert list(events(endless(b"data: " + b"x" * 1000 + b"\n"), lambda: False)) == []
    assert taken < 100_000


def test_a_desk_that_stops_hears_no_more() -> None:
    heard: list[Head | None] = []
    for one in events(iter([HEAD, HEAD, HEAD]), lambda: len(heard) == 2):
        heard.append(one)
    assert heard == [SEVEN, SEVEN]


@given(st.lists(st.binary(max_size=40) | st.sampled_from([HEAD, b"data:", b"event: head\n", b"\n"])))
def test_any_bytes_are_heads_signs_of_life_or_nothing(chunks: list[bytes]) -> None:
    assert all(one is None or isinstance(one, Head) for one in read(*chunks))


def follow(one: Client) -> list[Head | None]:
    return list(one.stream(lambda: False))


def test_a_stream_is_asked_for_with_the_token_and_heard_until_it_breaks() -> None:
    with Hostile(raw(head(content_type="text/event-stream") + b": hello\n" + HEAD)) as server:
        assert follow(client(server)) == [None, SEVEN]
    assert server.asked[0].headers["authorization"] == "Bearer eyJ.old.one"
    assert server.asked[0].headers["accept"] == "text/event-stream"


def test_a_stream_in_chunks_is_heard_as_it_comes() -> None:
    def chunked(line: Line) -> None:
        line.send(head(content_type="text/event-stream", transfer_encoding="chunked"))
        for part in (HEAD[:10], HEAD[10:], b":\n"):
            line.send(f"{len(part):x}\r\n".encode(), part, b"\r\n")
        line.send(b"0\r\n\r\n")

    with Hostile(chunked) as server:
        assert follow(client(server)) == [SEVEN, None]


def test_a_stream_outlives_the_time_of_a_single_request_and_ends_when_it_is_quiet() -> None:
    def heartbeat(line: Line) -> None:
        line.send(head(content_type="text/event-stream"))
        for _ in range(12):
            line.send(b":\n")
            if line.gone.wait(0.04):
                return
        line.gone.wait()  # quiet from here on

    with Hostile(heartbeat) as server:
        assert follow(client(server, limits=QUICK._replace(total=0.3, stream_quiet=1.0))) == [None] * 12


@pytest.mark.parametrize(
    ("script", "error"),
    [
        (problem("signed_out", 401), SignInNeeded),
        (problem("busy", 503, retry_after="9"), Said),
        (raw(head(content_type="text/event-stream", advisor_desk_server="srv-2") + HEAD), WrongServer),
    ],
)
def test_a_stream_that_is_refused_says_why(script: object, error: type[Exception]) -> None:
    with Hostile(script) as server, pytest.raises(error):  # type: ignore[arg-type]
        follow(client(server))


def test_a_stream_of_something_else_is_not_listened_to() -> None:
    foreign = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + HEAD)
    with Hostile(foreign) as server, pytest.raises(NotOurs):
        follow(Client(server.url, Purse()))
