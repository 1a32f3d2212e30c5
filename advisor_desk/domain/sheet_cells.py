"""One cell of a supplier's list: a number or a code as the store writes it, or why it is none."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Final

from advisor_desk.domain.commands import unsafe_text

LONGEST: Final = 64
"""Letters of an order number, a part number or an RO."""
_MOST: Final = 9_999_999


class Fault(str):
    """Why a cell cannot be taken, in place of its value; ``shown`` is what stands there."""

    __slots__ = ("shown",)
    shown: str

    def __new__(cls, why: str, shown: str = "") -> Fault:
        """The reason, in words that follow the column's name."""
        made = super().__new__(cls, why)
        made.shown = shown
        return made


Value = str | int | float | bool | date | time | None
"""What a cell holds; ``datetime`` is a ``date``, and a ``Fault`` a ``str``."""
FORMULA: Final = "holds a formula; put the value itself there"
UNREADABLE: Final = "holds letters that cannot be read; save the file as UTF-8"


def key(text: str) -> str:
    """What two ways to write one code or one heading have in common: small letters and digits."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parted if char.isalnum())


def line_of(value: str) -> str | Fault:
    """A text as one tidy line, empty where only dashes stand; a formula stays a text and is not taken."""
    if "\ufffd" in value:
        return Fault(UNREADABLE)
    if reason := unsafe_text(value):
        return Fault(reason)
    text = " ".join(value.split())
    if not any(char.isalnum() for char in text):
        return Fault(FORMULA) if text[:1] in "=@" and text else ""
    if text[0] in "=+-@":
        return Fault(f"begins with {text[0]} like a formula; put the value itself there")
    return text


def text_of(value: Value) -> str | Fault:
    """An order number, a part number or an RO."""
    match value:
        case None:
            return ""
        case str():
            text = line_of(value)
            if len(text) > LONGEST and not isinstance(text, Fault):
                return Fault(f"is {len(text):,} characters long; {LONGEST} at most")
            return text
        case bool():
            return Fault("is true or false, not a number")
        case int():
            return str(value) if abs(value) < 10**15 else Fault("is too large a number; make the column text")
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 10**15 else Fault(f"is {value}, not a code")
        case datetime() | date() | time():
            return Fault("is a date; make the column text")


def count_of(value: Value) -> int | Fault | None:
    """A number of pieces, from none up."""
    if isinstance(value, str):
        text = line_of(value)
        if isinstance(text, Fault) or not text:
            return text if isinstance(text, Fault) else None
        match = _COUNT.fullmatch(text)
        return int(match[1]) if match else Fault(f"is {text[:20]}, not a whole number")
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1 and 0 <= value <= _MOST:
        return int(value)
    return Fault("is not a whole number from 0")


_COUNT: Final = re.compile(r"(\d{1,7})(?:[.,]0{1,3})?", re.ASCII)
