"""Who answers for a promise: somebody who is here, else everybody of a role."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from advisor_desk.domain.lights import moment
from advisor_desk.domain.rules.file import File, Row


class Owner(NamedTuple):
    """Exactly one of the two: an employee, or a role whose whole queue it stands in."""

    employee_id: str = ""
    role: str = ""

    def fields(self) -> dict[str, Any]:
        """The promise's two fields; the one that is not meant is cleared."""
        return {"owner_id": self.employee_id or None, "owner_role": self.role or None}


ADVISOR, PARTS, BDC, SALES, MANAGER, FINANCE = "advisor", "parts", "bdc", "sales", "manager", "finance"
_STANDS_IN: Final = {BDC: ADVISOR, FINANCE: SALES}
"""Whose queue it is where nobody has the role; else the managers', which is there always."""


class People(NamedTuple):
    """The store's people, by id, and the moment at which they are here or not."""

    employees: Mapping[str, Mapping[str, Any]]
    now: datetime

    def is_here(self, id: Any) -> bool:
        """True for somebody who works at the store and is not away."""
        person = self.employees.get(str(id or ""))
        if person is None or person.get("active") is False:
            return False
        away = moment(person.get("away_until"))
        return away is None or away <= self.now

    def has_left(self, id: Any) -> bool:
        """True for an employee who is known not to work here any more."""
        person = self.employees.get(str(id or ""))
        return person is not None and person.get("active") is False

    def left_at(self, id: Any) -> datetime:
        """When somebody left; now, where nobody has said."""
        return moment(self.employees.get(str(id or ""), {}).get("left_at")) or self.now

    def works_as(self, id: Any, role: str) -> bool:
        """True when an employee has the role."""
        return role in (self.employees.get(str(id or ""), {}).get("roles") or ())

    def here(self, role: str) -> list[str]:
        """The ids of those of a role who are here."""
        return sorted(id for id in self.employees if self.is_here(id) and self.works_as(id, role))

    def queue(self, role: str) -> Owner:
        """The queue of a role, or of the one that stands in for it where the store has nobody of it."""
        while role != MANAGER and not self._has(role):
            role = _STANDS_IN.get(role, MANAGER)
        return Owner(role=role)

    def first_here(self, ids: Iterable[Any], role: str) -> Owner:
        """The first of these who is here, else the role's queue."""
        return next((Owner(str(id)) for id in ids if id and self.is_here(id)), None) or self.queue(role)

    def _has(self, role: str) -> bool:
        return any(
            person.get("active") is not False and role in (person.get("roles") or ())
            for person in self.employees.values()
        )


def queue_of(role: str) -> Callable[[File, Row, People], Owner]:
    """The queue of a role, whoever the customer's own people are."""

    def owner(file: File, about: Row, people: People) -> Owner:
        return people.queue(role)

    return owner


def advisor_of(file: File, about: Row, people: People) -> Owner:
    """The advisor of an order, a visit or the record's order, else the customer's own, else all of them."""
    order = file.order(about)
    customer = file.customer
    return people.first_here(
        (about.get("advisor_id"), order and order.get("advisor_id"), customer and customer.get("advisor_id")), ADVISOR
    )


def salesperson_of(file: File, about: Row, people: People) -> Owner:
    """The deal's salesperson, else the customer's, else all of them."""
    customer = file.customer
    return people.first_here((about.get("salesperson_id"), customer and customer.get("salesperson_id")), SALES)


def claimer_of(file: File, about: Row, people: People) -> Owner:
    """Whoever at the parts counter has claimed the line, else the counter."""
    return people.first_here((about.get("claimed_by"),), PARTS)
