"""When the drive of a made-up store is open: past working days, and moments moved into its hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from advisor_desk.domain.calendar import Calendar, Hours

_FURTHEST: Final = 400
_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)


class Drive:
    """The store's hours as those who work there know them."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def days(self, first: datetime, last: datetime) -> list[Hours]:
        """The hours of the working days from one moment's to another's."""
        day, end = self._calendar.local(first), self._calendar.local(last)
        every = (self._calendar.hours(day + timedelta(days=count)) for count in range((end - day).days + 1))
        return [hours for hours in every if hours is not None]

    def local(self, at: datetime) -> date:
        """The store's date at a moment."""
        return self._calendar.local(at)

    def open_at(self, at: datetime) -> Hours | None:
        """The hours a moment falls in; None when the store is shut then."""
        hours = self._calendar.hours(self._calendar.local(at))
        return hours if hours is not None and hours.opens <= at < hours.closes else None

    def back(self, at: datetime) -> datetime:
        """The moment, or one in the last half hour before the store shut."""
        return at if self.open_at(at) else self.before(at, 5 + at.minute % 25)

    def in_time(self, at: datetime) -> datetime:
        """The moment, or an earlier one, at which a car is still taken in that day."""
        hours = self.open_at(at)
        late = hours is None or at > hours.closes - _HOUR
        return self.before(at, 60 + at.minute % 25) if late else at

    def before(self, at: datetime, minutes: float) -> datetime:
        """The moment so many open minutes earlier."""
        left, day = timedelta(minutes=minutes), self._calendar.local(at)
        for _ in range(_FURTHEST):
            hours = self._calendar.hours(day)
            if hours is not None and at > hours.opens:
                end = min(at, hours.closes)
                if end - left >= hours.opens:
                    return end - left
                left -= end - hours.opens
            day -= _DAY
        return at - left

    def after(self, at: datetime, minutes: float) -> datetime:
        """The moment so many open minutes later, while somebody is still there."""
        found = self._calendar.after(at, round(minutes))
        return found if self.open_at(found) else found - timedelta(minutes=1)

    def between(self, first: datetime, last: datetime) -> float:
        """The open minutes from one moment to another."""
        spans = (min(last, hours.closes) - max(first, hours.opens) for hours in self.days(first, last))
        return sum((max(span, timedelta(0)) for span in spans), timedelta(0)) / timedelta(minutes=1)

    def promised(self, at: datetime, now: datetime, chance: int) -> datetime:
        """The moment, or the end of today, or a morning when the store is open: no car is promised for the night."""
        hours = self.open_at(at)
        if hours is not None and at <= hours.closes - _TO_PAY:
            return at
        today = self.open_at(now)
        if today is not None and self.local(at) == self.local(now):
            evening = today.closes - _TO_PAY - timedelta(minutes=15 * (chance % 3))
            if evening > now + _TO_PAY:
                return evening
        opens = next(hours.opens for hours in self.days(at, at + 30 * _DAY) if hours.opens > at)
        return opens + timedelta(hours=1 + chance % 4)


_TO_PAY: Final = timedelta(minutes=30)
"""Nobody is told to come for their car later than that before the store shuts."""
