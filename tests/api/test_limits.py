"""No reply may grow, drip or wait without end, wherever on the way it does so."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from typing import Any, ClassVar

import pytest

from advisor_desk.api.client import Client, Limits
from advisor_desk.api.errors import Offline
from tests.api.hostile import (
    EMPTY_PAGE,
    QUICK,
    Hostile,
    Line,
    Purse,
    Script,
    asked,
    client,
    digest,
    drips,
    goes_silent,
    head,
    raw,
    says,
    says_json,
    snapshot,
    taken,
    whole,
    zipped,
)


def test_a_body_longer_than_the_limit_is_not_read_by_its_length_or_without() -> None:
    big = b"x" * 300_000
    with pytest.raises(Offline, match="too large"):
        asked(raw(head(length=10**12, content_digest=digest(big)) + big))
    with pytest.raises(Offline, match="too large"):
        asked(raw(head(content_digest=digest(big), connection="close") + big))


def test_a_gzip_bomb_is_given_up_long_before_it_has_gone_off() -> None:
    bomb = b"\0" * 50_000_000
    with Hostile(zipped(bomb)) as server, pytest.raises(Offline, match="too large"):
        client(server, limits=Limits(answer=2**40)).changes("c1")  # by its ratio alone


def test_a_snapshot_may_be_larger_than_another_answer() -> None:
    line = json.dumps({"kind": "job", "id": "j1", "rev": 1, "fields": {"complaint": "x" * 250_000}}).encode()
    assert len(taken(snapshot([line]))[0]) == 1
    with pytest.raises(Offline, match="too large"):
        asked(says(line))


PACKED = gzip.compress(b"x" * 3000)

SLOW: dict[str, Script] = {
    "a status line that never ends": drips(b"HTTP/1.1 200 O", b"K"),
    "headers that never end": drips(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n"),
    "one header that never ends": drips(b"HTTP/1.1 200 OK\r\nX-More: ", b"1"),
    "continue, continue": drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body byte by byte": drips(head(length=100_000, content_digest=digest(b"")), b" "),
    "a body without a length byte by byte": drips(head(content_digest=digest(b""), connection="close"), b" "),
    "chunks byte by byte": drips(head(transfer_encoding="chunked", content_digest=digest(b"")), b"1\r\n \r\n"),
    "a chunk's size that never ends": drips(head(transfer_encoding="chunked"), b"0"),
    "gzip byte by byte": drips(head(length=100_000, content_encoding="gzip", content_digest=digest(b""))
    + PACKED[:10], b"\0"),
}  # fmt: skip


@pytest.mark.parametrize("what", SLOW)
def test_what_drips_is_given_up_at_the_end_of_the_whole_requests_time(what: str) -> None:
    with pytest.raises(Offline):
        asked(SLOW[what], limits=QUICK)


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\n", head(length=10, content_digest=digest(b""))])
def test_what_goes_silent_is_given_up(before: bytes) -> None:
    with pytest.raises(Offline):
        asked(goes_silent(before), limits=QUICK)


def test_a_connection_that_is_used_again_has_its_limit_too() -> None:
    with Hostile(says_json(EMPTY_PAGE), SLOW["headers that never end"]) as server:
        one = client(server, limits=Limits(total=1.2))
        one.changes("c1")
        with pytest.raises(Offline, match="too slowly"):
            one.changes("c2")
        assert server.connections == 1


def test_a_connection_that_broke_or_was_closed_while_idle_is_opened_anew() -> None:
    closes = raw(whole(json.dumps(EMPTY_PAGE).encode()))
    with Hostile(closes, says_json(EMPTY_PAGE)) as server:
        one = client(server)
        one.changes("c1")
        deadline = time.monotonic() + 10
        while server.connections < 2 and time.monotonic() < deadline:
            try:
                one.changes("c2")
            except Offline:  # the hang-up had not arrived yet
                continue
    assert server.connections == 2


def test_a_reset_and_a_half_close_count_as_offline() -> None:
    with pytest.raises(Offline):
        asked(lambda line: line.reset())
    with pytest.raises(Offline):
        asked(lambda line: line.sock.shutdown(1))


def test_nobody_at_the_port_and_an_unknown_name_count_as_offline() -> None:
    with Hostile(says_json({})) as server:
        url = server.url
    with pytest.raises(Offline, match="cannot be reached"):
        Client(url, Purse()).changes("c1")
    with pytest.raises(Offline):
        Client("https://no-such-host.invalid", Purse()).changes("c1")


def test_a_name_look_up_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    def hangs(*_: Any, **__: Any) -> Any:
        answers.wait()
        raise OSError

    monkeypatch.setattr("socket.getaddrinfo", hangs)
    try:
        with pytest.raises(Offline):
            Client("https://bridge.example", Purse(), limits=Limits(connect=0.1)).changes("c1")
    finally:
        answers.set()


class Unanswered(socket.socket):
    """A connection that waits its time in vain at port 1, as at a dead IPv6 route, and goes through elsewhere."""

    waited: ClassVar[list[float]] = []

    def connect(self, address: Any) -> None:
        self.waited.append(self.gettimeout() or 0)
        if address[1] == 1:
            raise TimeoutError
        super().connect(address)


def test_an_address_that_does_not_answer_leaves_time_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    with Hostile(says_json(EMPTY_PAGE)) as server:
        places = [("127.0.0.1", 1), ("127.0.0.1", server.port)]
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]
        monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
        monkeypatch.setattr("socket.socket", Unanswered)
        monkeypatch.setattr(Unanswered, "waited", [])
        assert client(server, limits=Limits(connect=8.0)).changes("c1").next == "c2"
        first, second = Unanswered.waited
    assert first <= 4.0 < second <= 8.0


def test_hanging_up_ends_a_stream_and_a_question_at_once() -> None:
    heard, waits = threading.Event(), threading.Event()

    def begins(line: Line) -> None:
        if "stream" in line.asked.path:
            line.send(head(content_type="text/event-stream"), b": hello\n\n")
        else:
            waits.set()
        line.gone.wait()

    with Hostile(begins) as server:
        one = client(server, limits=Limits())  # its own limits are far longer than this test may take
        ended: list[str] = []

        def follow() -> None:
            for _ in one.stream(lambda: False):
                heard.set()
            ended.append("stream")

        def ask() -> None:
            with pytest.raises(Offline):
                one.changes("c1")
            ended.append("question")

        threads = [threading.Thread(target=follow, daemon=True), threading.Thread(target=ask, daemon=True)]
        for thread in threads:
            thread.start()
        assert heard.wait(10)
        assert waits.wait(10)
        one.close()
        for thread in threads:
            thread.join(5)
        assert sorted(ended) == ["question", "stream"]
        with pytest.raises(Offline):
            one.changes("c1")
