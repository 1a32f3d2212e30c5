"""What wraps every request and reply: limits on the way in; identity, digest and compression on the way out."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import json
import logging
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor_desk.api import wire
from advisor_desk.bridge import problems
from advisor_desk.bridge.problems import Problem

_log = logging.getLogger(__name__)
_GZIP_FROM: Final = 1_024
_BODY_WITHIN: Final = 30.0
"""Seconds a request's body may take, however it drips."""


class Envelope:
    """ASGI middleware that makes every reply provably ours and refuses what is too big or too slow to read."""

    def __init__(self, app: ASGIApp, server_id: str) -> None:
        self._app = app
        self._server_id = server_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        reply = _Reply(send, self._ours(), b"gzip" in headers.get(b"accept-encoding", b""))
        try:
            body = await _body(headers, receive)
            if body is not None:
                await self._app(scope, _replay(body, receive), reply)
        except Problem as problem:
            await _refuse(problem, reply)
        except Exception as error:
            # Never the words of it: they may hold a customer's.
            _log.error("fault in %s: %s", _path(scope), type(error).__name__, exc_info=True)
            if reply.started:
                raise
            await _refuse(Problem(500, "fault", "The bridge had a fault; nothing was changed. Try again."), reply)

    def _ours(self) -> list[tuple[bytes, bytes]]:
        return [
            (wire.API_HEADER.lower().encode(), str(wire.API_VERSION).encode()),
            (wire.SERVER_HEADER.lower().encode(), self._server_id.encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
    """The whole body, or None when the other end has gone."""
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise Problem(415, "encoded_body", "Send the body as it is, without an encoding.")
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_WITHIN):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                if len(body) > wire.MAX_BODY:
                    raise Problem(413, "too_large", "The request is too large. Send fewer or shorter edits at a time.")
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise Problem(408, "too_slow", "The request took too long to arrive. Send it again.") from None


def _replay(body: bytes, receive: Receive) -> Receive:
    """What the application receives: the body that was read, then whatever comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _refuse(problem: Problem, reply: _Reply) -> None:
    headers = [(b"content-type", problems.MEDIA_TYPE.encode())]
    await reply({"type": "http.response.start", "status": problem.status, "headers": headers})
    await reply({"type": "http.response.body", "body": json.dumps(problem.document()).encode(), "more_body": False})


def _path(scope: Scope) -> str:
    """The route's own path, without the ids that were asked for."""
    route = scope.get("route")
    return f"{scope['method']} {getattr(route, 'path', '?')}"


class _Reply:
    """Holds a reply until its body is whole, then sends it compressed and digested; a stream goes out as it comes."""

    def __init__(self, send: Send, ours: list[tuple[bytes, bytes]], zip_: bool) -> None:
        self._send = send
        self._ours = ours
        self._zip = zip_
        self._start: dict[str, Any] = {}
        self._body = bytearray()
        self._streaming = False
        self.started = False
        """True once a byte of it has gone out: then there is no other reply to give."""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = dict(message)
            self._body.clear()
            self._streaming = any(
                name.lower() == b"content-type" and value.startswith(b"text/event-stream")
                for name, value in message["headers"]
            )
            if self._streaming:
                self.started = True
                await self._send({**message, "headers": [*message["headers"], *self._ours]})
            return
        if message["type"] != "http.response.body" or self._streaming:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            self.started = True
            await self._whole()

    async def _whole(self) -> None:
        body = bytes(self._body)
        headers = [(name, value) for name, value in self._start["headers"] if name.lower() != b"content-length"]
        coded = any(name.lower() == b"content-encoding" for name, _ in headers)
        if self._zip and not coded and len(body) >= _GZIP_FROM:
            body = gzip.compress(body, 5, mtime=0)
            headers.append((b"content-encoding", b"gzip"))
        digest = base64.b64encode(hashlib.sha256(body).digest())
        headers += [
            (b"content-length", str(len(body)).encode()),
            (b"content-digest", b"sha-256=:" + digest + b":"),
            (b"vary", b"Accept-Encoding"),
            *self._ours,
        ]
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body, "more_body": False})
