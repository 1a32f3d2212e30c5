"""What wraps every request and reply: limits on the way in; identity, digest and compression on the way out."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor_desk.api import wire
from advisor_desk.bridge.problems import Problem

_GZIP_FROM: Final = 1_024


class Envelope:
    """ASGI middleware that makes every reply provably ours and refuses what is too big to read."""

    def __init__(self, app: ASGIApp, server_id: str) -> None:
        self._app = app
        self._server_id = server_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        try:
            body = await self._body(headers, receive)
        except Problem as problem:
            await self._refuse(problem, send)
            return
        if body is None:
            return

        async def replay() -> Message:
            nonlocal body
            if body is not None:
                message: Message = {"type": "http.request", "body": body, "more_body": False}
                body = None
                return message
            return await receive()

        zip_ = b"gzip" in headers.get(b"accept-encoding", b"")
        await self._app(scope, replay, _Reply(send, self._ours(), zip_))

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise Problem(415, "encoded_body", "Send the body as it is, without an encoding.")
        chunks, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > wire.MAX_BODY:
                raise Problem(413, "too_large", "The request is too large. Send fewer or shorter edits at a time.")
            if not message.get("more_body"):
                return b"".join(chunks)

    def _ours(self) -> list[tuple[bytes, bytes]]:
        return [
            (wire.API_HEADER.lower().encode(), str(wire.API_VERSION).encode()),
            (wire.SERVER_HEADER.lower().encode(), self._server_id.encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]

    async def _refuse(self, problem: Problem, send: Send) -> None:
        reply = _Reply(send, self._ours(), False)
        body = json.dumps(problem.document()).encode()
        await reply(
            {
                "type": "http.response.start",
                "status": problem.status,
                "headers": [(b"content-type", b"application/problem+json")],
            }
        )
        await reply({"type": "http.response.body", "body": body, "more_body": False})


class _Reply:
    """Holds a reply until its body is whole, then sends it compressed and digested; a stream goes out as it comes."""

    def __init__(self, send: Send, ours: list[tuple[bytes, bytes]], zip_: bool) -> None:
        self._send = send
        self._ours = ours
        self._zip = zip_
        self._start: dict[str, Any] = {}
        self._body = bytearray()
        self._streaming = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = dict(message)
            self._streaming = any(
                name.lower() == b"content-type" and value.startswith(b"text/event-stream")
                for name, value in message["headers"]
            )
            if self._streaming:
                await self._send({**message, "headers": [*message["headers"], *self._ours]})
            return
        if message["type"] != "http.response.body" or self._streaming:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
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
