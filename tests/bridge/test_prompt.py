"""A request arrives whole within its time or its line is cut, however it drips; a good one is never hurried."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from advisor_desk.bridge.prompt import Prompt
from tests.support.waiting import until

SLOW = 60.0
"""Seconds a socket waits; only a failing test uses them up."""


class Hasty(Prompt):
    """The same with little patience."""

    within = 0.4


async def _echo(request: Request) -> PlainTextResponse:
    try:
        return PlainTextResponse(f"{len(await request.body())}")
    except ClientDisconnect:  # the line was cut, as it should be
        return PlainTextResponse("", 400)


async def _ignore(request: Request) -> PlainTextResponse:
    return PlainTextResponse("no")


_go_on = threading.Event()


async def _stream(request: Request) -> StreamingResponse:
    import asyncio

    async def pieces() -> object:
        yield b"first\n"
        while not _go_on.is_set():
            await asyncio.sleep(0.05)
        yield b"last\n"

    return StreamingResponse(pieces())  # type: ignore[arg-type]


@contextmanager
def served(protocol: type[Prompt]) -> Iterator[int]:
    """A small application behind this protocol; its port."""
    app = Starlette(
        routes=[
            Route("/", _echo, methods=["POST", "GET"]),
            Route("/ignore", _ignore, methods=["POST"]),
            Route("/stream", _stream),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, http=protocol, log_config=None, access_log=False))
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            until(lambda: server.started, what="the server")
            yield listener.getsockname()[1]
        finally:
            _go_on.set()
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def hasty() -> Iterator[int]:
    """Served with little patience."""
    with served(Hasty) as port:
        yield port


def drip(port: int, said: bytes) -> bool:
    """Send a byte at a time for ever, each well within any pause; True once the other end has cut the line."""
    stop = threading.Event()
    with socket.create_connection(("127.0.0.1", port), SLOW) as line:
        line.settimeout(SLOW)

        def send() -> None:
            try:
                line.sendall(said)
                while not stop.wait(0.05):
                    line.sendall(b"x")
            except OSError:
                return

        sender = threading.Thread(target=send)
        sender.start()
        try:
            while line.recv(4096):
                pass
            return True
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
        finally:
            stop.set()
            sender.join()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Drip: ",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
        b"POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nX-Drip: ",
    ],
    ids=["the first line", "a header", "a body", "a body nobody waits for", "the second request"],
)
def test_what_drips_is_cut(hasty: int, said: bytes) -> None:
    assert drip(hasty, said)


def test_who_says_nothing_is_cut(hasty: int) -> None:
    with socket.create_connection(("127.0.0.1", hasty), SLOW) as line:
        assert line.recv(1) == b""


def test_requests_one_after_the_other_on_one_line_are_answered(hasty: int) -> None:
    with requests.Session() as session:
        for size in (0, 1, 200_000):
            assert session.post(f"http://127.0.0.1:{hasty}/", data=b"x" * size, timeout=SLOW).text == str(size)


def test_an_answer_may_take_as_long_as_it_likes(hasty: int) -> None:
    with requests.get(f"http://127.0.0.1:{hasty}/stream", stream=True, timeout=SLOW) as reply:
        lines = reply.iter_lines()
        assert next(lines) == b"first"
        assert drip(hasty, b""), "longer than a request may take to arrive"
        _go_on.set()
        assert next(lines) == b"last"
