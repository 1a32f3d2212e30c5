"""JSON as the wire allows it: no NaN, no doubled keys, no half characters, no bottomless nesting."""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

MAX_DEPTH: Final = 32


class BadJson(ValueError):
    """The text is not JSON this program takes; the message says why, without the text."""


def loads(text: bytes | str, max_depth: int = MAX_DEPTH) -> Any:
    """Parse JSON; raises BadJson for what ``json`` alone lets through: NaN, doubled keys, NUL, half characters."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value = json.loads(text, parse_constant=_no_constant, parse_float=_float, object_pairs_hook=_object)
        text.encode("utf-8")
    except BadJson:
        raise
    except RecursionError:
        raise BadJson("nested too deeply") from None
    except UnicodeError:
        raise BadJson("is not UTF-8") from None
    except ValueError:
        raise BadJson("is not JSON") from None
    _check(value, max_depth)
    return value


def _no_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is not a number")


def _float(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise BadJson("a number is out of range")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise BadJson("a key stands twice")
    return out


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise BadJson("nested too deeply")
    if isinstance(value, str):
        if "\0" in value:
            raise BadJson("text holds a NUL")
        if any(0xD800 <= ord(char) <= 0xDFFF for char in value):
            raise BadJson("text holds half a character")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth - 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
