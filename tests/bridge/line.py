"""Requests to the bridge's application without a socket; what comes back is what would go over the line."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI


class Line:
    """A line to one application; each request runs by itself, faults answered as the application answers them."""

    def __init__(self, app: FastAPI, address: str = "192.0.2.7") -> None:
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50_000))

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request and its reply, redirects not followed; ``extensions["raw"]`` is the body as sent."""
        return asyncio.run(self._request(method, path, **more))

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport, base_url="http://bridge.test") as client:
            asked = client.build_request(method, path, **more)
            reply = await client.send(asked, stream=True)
            raw = b"".join([chunk async for chunk in reply.aiter_raw()])
            whole = httpx.Response(reply.status_code, headers=reply.headers, content=raw, request=asked)
            whole.extensions["raw"] = raw
            return whole

    def get(self, path: str, **more: Any) -> httpx.Response:
        """A GET."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        """A POST."""
        return self.request("POST", path, **more)
