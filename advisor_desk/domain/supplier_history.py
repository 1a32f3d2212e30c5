"""What the orders that came tell of each supplier: how far after its first date a part comes, recent ones foremost.

Every supplier's record leans on the store's. Its orders and the store's distribution, the latter weighing as much as
``strength`` orders, make one distribution (a Dirichlet process with the store's as its base). How much the store's
weighs follows from the records themselves: it is the strength under which the suppliers' orders, counted by tenths of
the store's distribution, are the likeliest (empirical Bayes). Suppliers that are all alike lean on each other a lot,
very different ones little.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from math import lgamma
from statistics import median
from typing import Any, Final, NamedTuple

from advisor_desk.domain import lights
from advisor_desk.domain.suppliers import Days, Key, key

HALF_LIFE: Final = timedelta(days=180)
"""An order that came so long ago tells half as much as one that came today."""
REACH: Final = timedelta(days=2 * 366)
"""What came longer ago is left out: it would weigh less than a sixteenth."""
FURTHEST: Final = 60.0
"""Working days beyond which a date was a slip of the pen, or as good as none."""
STRENGTHS: Final = (5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0)
"""How many orders the store's distribution may weigh as much as; fewer than five and three orders would overrule it."""
_STEPS: Final = 20
_SHAPE: Final = 200
"""By so many points the store's distribution is known to each of its suppliers."""
_TENTHS: Final = 10


class Arrival(NamedTuple):
    """An order that came: whose, when, and how many working days after the first date given."""

    key: Key
    at: datetime
    late: float


Weighted = Sequence[tuple[float, float]]
"""Values with their weights, in the order of the values."""


def arrival(line: Mapping[str, Any], days: Days) -> Arrival | None:
    """What a part line tells of its supplier; None for one from the shelf, one to come, and one without a date."""
    came, said = lights.moment(line.get("received_at")), lights.moment(line.get("first_eta"))
    if came is None or said is None or not key(line)[0] or key(line)[1] in ("", "stock"):
        return None
    return Arrival(key(line), came, min(max(days.between(said, came), -FURTHEST), FURTHEST))


def records(arrivals: Iterable[Arrival], now: datetime) -> dict[Key, dict[str, Any]]:
    """Each supplier's record as it stands ``now``, by supplier and kind of order."""
    groups: dict[Key, list[tuple[float, float]]] = {}
    for of, at, late in arrivals:
        if now - REACH < at <= now:
            groups.setdefault(of, []).append((late, 0.5 ** ((now - at) / HALF_LIFE)))
    everyone = sorted(pair for some in groups.values() for pair in some)
    if not everyone:
        return {}
    shape = points(everyone, [(step + 0.5) / _SHAPE for step in range(_SHAPE)])
    store = _Store(shape, strength(groups.values(), shape), _held(everyone), len(everyone))
    return {of: _record(sorted(groups[of]), store) for of in sorted(groups)}


class _Store(NamedTuple):
    """All the store's orders: their distribution by its points, what that weighs, the share that held, and how many."""

    shape: Sequence[float]
    strength: float
    held: float
    of: int


def _record(own: Weighted, store: _Store) -> dict[str, Any]:
    """A record from a supplier's own orders and the store's."""
    told = sum(weight for _, weight in own)
    mixed = sorted([*own, *((late, store.strength / len(store.shape)) for late in store.shape)])
    late = [late for late, _ in own if late > 0]
    out = {
        "of": len(own),
        "share": round((told * _held(own) + store.strength * store.held) / (told + store.strength), 3),
        "days": [round(day, 3) for day in points(mixed, [step / _STEPS for step in range(_STEPS + 1)])],
        "late": round(median(late), 1) if late else None,
    }
    return out | {"store": store.of} if told < store.strength else out


def strength(groups: Iterable[Weighted], shape: Sequence[float]) -> float:
    """How many orders the store's distribution weighs as much as, by what its suppliers' orders make the likeliest."""
    edges = sorted({shape[place * len(shape) // _TENTHS] for place in range(1, _TENTHS)})
    base = Counter(bisect_left(edges, value) for value in shape)
    counts = []
    for some in groups:
        count: dict[int, float] = {}
        for late, weight in some:
            tenth = bisect_left(edges, late)
            count[tenth] = count.get(tenth, 0.0) + weight
        counts.append(count)

    def likelihood(of: float) -> float:
        prior = {tenth: of * max(base[tenth], 1) / len(shape) for tenth in range(len(edges) + 1)}
        return sum(
            lgamma(of)
            - lgamma(of + sum(count.values()))
            + sum(lgamma(prior[tenth] + many) - lgamma(prior[tenth]) for tenth, many in count.items())
            for count in counts
        )

    return max(STRENGTHS, key=likelihood)


def _held(some: Weighted) -> float:
    """The share that came no later than the first date given."""
    return sum(weight for late, weight in some if late <= 0) / sum(weight for _, weight in some)


def points(some: Weighted, shares: Iterable[float]) -> list[float]:
    """The values below which these shares of the weight lie, between two neighbours in proportion."""
    ends = list(accumulate(weight for _, weight in some))
    middles = [end - weight / 2 for end, (_, weight) in zip(ends, some, strict=True)]
    return [_at(some, middles, share * ends[-1]) for share in shares]


def _at(some: Weighted, middles: Sequence[float], wanted: float) -> float:
    above = bisect_left(middles, wanted)
    if above in (0, len(some)):
        return some[0 if above == 0 else -1][0]
    low, high = some[above - 1][0], some[above][0]
    gap = middles[above] - middles[above - 1]
    return low + (high - low) * (wanted - middles[above - 1]) / gap if gap else high
