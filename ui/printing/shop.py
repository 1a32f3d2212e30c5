"""Whose paper it is: the store's name and phone, and how its country writes money, days and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_territory_currencies

from advisor_desk.domain import lights, times

_USUAL_COUNTRY = "US"


@dataclass(frozen=True, slots=True)
class Shop:
    """A store as its papers name it."""

    name: str
    phone: str
    country: str
    locale: Locale
    currency: str
    zone: tzinfo

    @classmethod
    def of_store(cls, fields: Mapping[str, Any], zone: tzinfo) -> Shop:
        """What a store's record says; a country nobody knows is taken for the United States."""
        said = fields.get("holidays")
        country = str((said.get("country") if isinstance(said, Mapping) else "") or _USUAL_COUNTRY).upper()
        currency = next(iter(get_territory_currencies(country)), "")
        if not currency:
            country, currency = _USUAL_COUNTRY, "USD"
        try:
            locale = Locale("en", country)
        except UnknownLocaleError:
            locale = Locale("en")
        return cls(str(fields.get("name") or ""), str(fields.get("phone") or ""), country, locale, currency, zone)

    @property
    def head(self) -> str:
        """Name and phone in one line."""
        return " · ".join(word for word in (self.name, self.phone) if word)

    def money(self, minor: Any) -> str:
        """An amount of minor units as this country writes it; nothing for none."""
        if not isinstance(minor, int) or isinstance(minor, bool):
            return ""
        amount = Decimal(minor).scaleb(-get_currency_precision(self.currency))
        return format_currency(amount, self.currency, locale=self.locale)

    def number(self, count: Any) -> str:
        """A whole number with its thousands parted; nothing for none."""
        return format_decimal(count, locale=self.locale) if isinstance(count, int) and count else ""

    def day(self, said: Any) -> str:
        """A wire day or moment as ``Thursday, November 26, 2026``; nothing for what is none."""
        day = self._local(said)
        return format_date(day, "full", locale=self.locale) if day else ""

    def short_day(self, said: Any) -> str:
        """A wire day or moment as ``Nov 26, 2026``."""
        day = self._local(said)
        return format_date(day, "medium", locale=self.locale) if day else ""

    def moment(self, said: Any) -> str:
        """A wire moment as ``Nov 23, 2026, 12:00 PM``."""
        at = said if isinstance(said, datetime) else lights.moment(said)
        if at is None:
            return ""
        # Babel puts a narrow no-break space before AM, which not every font has.
        clock = format_time(at.astimezone(self.zone), "short", locale=self.locale).replace("\u202f", " ")
        return f"{self.short_day(said)}, {clock}"

    def _local(self, said: Any) -> date | None:
        at = said if isinstance(said, datetime) else lights.moment(said)
        if at is not None:
            return at.astimezone(self.zone).date()
        try:
            return times.day_from_wire(str(said or "")[:10])
        except ValueError:
            return None
