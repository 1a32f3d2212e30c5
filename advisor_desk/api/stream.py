"""The live stream's grammar: server-sent events (the WHATWG's, as far as the bridge uses it)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from pydantic import ValidationError

from advisor_desk.api import strict_json, wire

_LONGEST: Final = 16 * 1024
"""Bytes of one event; a longer one is none of ours."""


def events(chunks: Iterator[bytes], stop: Callable[[], bool]) -> Iterator[wire.Head | None]:
    """A head at each nudge, None at each sign of life; ends with the chunks, or at what is no event."""
    name, data = "", ""
    for line in _lines(chunks):
        if stop() or line is None or len(data) > _LONGEST:
            return
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if name == "head":
                head = _head(data)
                if head is None:
                    return
                yield head
            name, data = "", ""
        elif not field:
            yield None
        elif field == "event":
            name = value
        elif field == "data":
            data += value


def _lines(chunks: Iterator[bytes]) -> Iterator[str | None]:
    """Whole lines; None for one that never ends."""
    pending = b""
    for chunk in chunks:
        *whole, pending = (pending + chunk).split(b"\n")
        for line in whole:
            yield line.rstrip(b"\r").decode("utf-8", "replace")
        if len(pending) > _LONGEST:
            yield None


def _head(data: str) -> wire.Head | None:
    try:
        said: Any = strict_json.loads(data)
        return wire.Head.model_validate(said)
    except (strict_json.BadJson, ValidationError):
        return None
