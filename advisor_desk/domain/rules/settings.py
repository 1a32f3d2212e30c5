"""What a store may set of its rules: each on or off, and each of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.rules.table import RULES

MOST: Final = 366 * 24 * 60
"""No number of a rule is larger: a year in minutes."""


def changed(rules: Mapping[str, Any], name: str, on: bool | None, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The store's rules with one of them set anew; raises BadArguments for an unknown rule, number or value."""
    rule = RULES.get(name)
    if rule is None:
        raise BadArguments({"rule": f"is unknown; the rules are {', '.join(RULES)}"})
    wrong = {
        f"numbers.{key}"[:60]: fault for key, value in numbers.items() if (fault := _fault(rule.numbers, key, value))
    }
    if wrong:
        raise BadArguments(wrong)
    said = dict(rules.get(name) or {}) | dict(numbers)
    if on is not None:
        said["on"] = on
    return {**rules, name: said}


def _fault(numbers: Mapping[str, int], name: str, value: Any) -> str:
    if name not in numbers:
        return f"is no setting of this rule; it has {', '.join(numbers)}"
    whole = isinstance(value, int) and not isinstance(value, bool)
    return "" if whole and 0 <= value <= MOST else f"must be a whole number from 0 to {MOST}"
