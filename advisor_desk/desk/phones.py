"""Phone numbers as people type them, read to what a phone dials."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from advisor_desk.domain.customer import PHONE_USES
from advisor_desk.domain.records import Phone

_USUAL_COUNTRY: Final = "US"


def read(texts: Iterable[str], country: str) -> list[Phone]:
    """Each number as typed and, where it can be read, as E.164; ``work: 716 555 0100 x12`` says what for, and how."""
    return [_read(text, country or _USUAL_COUNTRY) for text in texts if text]


def _read(text: str, country: str) -> Phone:
    import phonenumbers  # 100 ms that only who edits a customer waits for

    first, _, rest = text.partition(" ")
    use = first.rstrip(":").lower()
    raw = rest.strip() if use in PHONE_USES and rest.strip() else text
    phone: Phone = {"raw": raw, "use": use if raw != text else PHONE_USES[0]}
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return phone
    if phonenumbers.is_possible_number(number):
        phone["e164"] = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if number.extension:
            phone["ext"] = number.extension
    return phone
