"""What a bad line does to one exchange between desk and bridge; drawn by the proxy."""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import re
import socket
import time
import zlib

from tests.support.proxy import Exchange, Fault, HangUp, reset

_LONGEST = 30.0
"""Seconds a fault lasts when nobody clears the line; no test waits for it."""


def delays(at: Exchange) -> None:
    """All of it arrives, late."""
    at.calm.wait(at.luck.uniform(0.05, 0.6))
    at.send(at.ask().raw)


def loses_the_request(at: Exchange) -> None:
    """It never arrives."""
    raise HangUp


def loses_the_reply(at: Exchange) -> None:
    """It is carried out and nobody hears of it."""
    at.ask()
    raise HangUp


def resets(at: Exchange) -> None:
    """The connection breaks, before or after it was carried out, amid the reply or not."""
    if at.luck.random() < 0.7:
        raw = at.ask().raw
        at.send(raw[: at.luck.randrange(len(raw))])
    reset(at.near)
    raise HangUp


def cut_at(byte: int) -> Fault:
    """The reply ends after so many bytes."""

    def cuts(at: Exchange) -> None:
        at.send(at.ask().raw[:byte])
        raise HangUp

    return cuts


def cuts(at: Exchange) -> None:
    """The reply ends somewhere."""
    raw = at.ask().raw
    at.send(raw[: at.luck.randrange(len(raw))])
    raise HangUp


def half_closes(at: Exchange) -> None:
    """The reply ends somewhere, and the other direction stays open."""
    raw = at.ask().raw
    at.send(raw[: at.luck.randrange(len(raw))])
    at.near.shutdown(socket.SHUT_WR)
    at.calm.wait(_LONGEST)
    raise HangUp


def never_answers(at: Exchange) -> None:
    """It is taken, carried out or not, and nothing comes back."""
    if at.luck.random() < 0.5:
        at.ask()
    at.calm.wait(_LONGEST)
    raise HangUp


def drips(at: Exchange) -> None:
    """The reply comes byte by byte until the line is clear, then the rest of it."""
    raw = at.ask().raw
    sent, ends = 0, time.monotonic() + _LONGEST
    while sent < len(raw) and not at.calm.wait(0.02) and time.monotonic() < ends:
        at.send(raw[sent : sent + 1])
        sent += 1
    at.send(raw[sent:])


def page(status: int, body: bytes = b"<html><body>Accept our terms</body></html>", **headers: str) -> Fault:
    """Somebody else answers in the bridge's place."""
    words = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in ({"Content-Type": "text/html"} | words).items()]
    head = "\r\n".join([f"HTTP/1.1 {status} So", *lines, f"Content-Length: {len(body)}", "", ""])

    def answers(at: Exchange) -> None:
        at.send(head.encode() + body)

    return answers


PORTALS: dict[str, Fault] = {
    "a portal's page": page(200),
    "a portal's redirect": page(302, b"", Location="/portal/login"),
    "a portal's 511": page(511),
}
GATEWAYS: dict[str, Fault] = {f"a gateway's {status}": page(status) for status in (500, 502, 503, 504)}
BUSY: dict[str, Fault] = {
    f"{status}, retry after {wait}": page(status, b"", Retry_After=wait)
    for status in (429, 503)
    for wait in ("1", "Wed, 21 Oct 2026 07:28:00 GMT", "-5", "315360000", "soon")
}


def cuts_gzip(at: Exchange) -> None:
    """The reply is packed, and its last part is missing; its length is told right, and at times its digest."""
    reply = at.ask()
    packed = reply.body if b"content-encoding: gzip" in reply.head.lower() else gzip.compress(reply.body, mtime=0)
    short = packed[: at.luck.randrange(len(packed))]
    digest = base64.b64encode(hashlib.sha256(short).digest()) if at.luck.random() < 0.5 else b""
    at.send(_with(reply.head, short, {b"content-encoding": b"gzip"}, digest) + short)


def garbles(at: Exchange) -> None:
    """A bit of the reply's body is not what was sent."""
    reply = at.ask()
    body = bytearray(reply.body)
    if body:
        body[at.luck.randrange(len(body))] ^= 1 << at.luck.randrange(8)
    at.send(reply.head + bytes(body))


def asks_twice(at: Exchange) -> None:
    """The request arrives twice; either answer is heard."""
    first, second = at.ask(), at.ask()
    at.send((first if at.luck.random() < 0.5 else second).raw)


def answers_twice(at: Exchange) -> None:
    """The reply arrives twice: the second lies in wait for the next question."""
    raw = at.ask().raw
    at.send(raw + raw)


def answers_stale(at: Exchange) -> None:
    """The same question's earlier reply, as a cache gives it out that must not keep it."""
    at.send((at.older or at.ask()).raw)


def explodes(at: Exchange) -> None:
    """A small reply that unpacks to a quarter of a gigabyte."""
    reply, body = at.ask(), bomb()
    digest = base64.b64encode(hashlib.sha256(body).digest())
    at.send(_with(reply.head, body, {b"content-encoding": b"gzip"}, digest) + body)


@functools.cache
def bomb() -> bytes:
    """Gzip of 256 MB of nothing."""
    packs = zlib.compressobj(9, wbits=31)
    nothing = bytes(1 << 20)
    return b"".join([*(packs.compress(nothing) for _ in range(256)), packs.flush()])


def _with(head: bytes, body: bytes, headers: dict[bytes, bytes], digest: bytes = b"") -> bytes:
    """A reply's head with another body's length and encoding, and with its digest when one is given."""
    new = {**headers, b"content-length": str(len(body)).encode()}
    if digest:
        new[b"content-digest"] = b"sha-256=:" + digest + b":"
    for name in new:
        head = re.sub(rb"(?im)^" + name + rb":[^\r]*\r\n", b"", head)
    return (
        head.removesuffix(b"\r\n") + b"".join(name + b": " + value + b"\r\n" for name, value in new.items()) + b"\r\n"
    )


def one_of(faults: dict[str, Fault]) -> Fault:
    """Any of these, at every exchange another."""

    def any_of_them(at: Exchange) -> None:
        faults[at.luck.choice(sorted(faults))](at)

    return any_of_them


ALL: dict[str, Fault] = {
    fault.__name__.replace("_", " "): fault
    for fault in (
        delays, loses_the_request, loses_the_reply, resets, cuts, half_closes, never_answers, drips, cuts_gzip, garbles,
        asks_twice, answers_twice, answers_stale, explodes,
    )
} | {"a portal": one_of(PORTALS), "a gateway": one_of(GATEWAYS), "busy": one_of(BUSY)}  # fmt: skip
