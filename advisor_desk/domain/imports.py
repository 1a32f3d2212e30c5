"""What a supplier's list does to the store's part lines: each row is matched and decided, or says why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from advisor_desk.domain import counter, parts, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, IllegalMove, Refused
from advisor_desk.domain.sheet import NAMING, Said, Wrong
from advisor_desk.domain.sheet_cells import key

NOT_ORDERED: Final = frozenset({"requested", "quoted"})
OPEN: Final = parts.AWAITED | NOT_ORDERED
"""The lines a supplier can still say something of."""
_NAMED: Final = 3
"""Orders named in a sentence about several."""


class Line(NamedTuple):
    """A part line and the number of the order it stands on."""

    id: str
    fields: Mapping[str, Any]
    ro: str

    @property
    def missing(self) -> int:
        """Pieces that have not come."""
        return int(self.fields.get("qty") or 1) - int(self.fields.get("qty_filled") or 0)

    @property
    def is_open(self) -> bool:
        """True while the supplier can still say something of it."""
        return (self.fields.get("state") or parts.STATES[0]) in OPEN


@dataclass(slots=True)
class Lines:
    """A store's lines, by what a list may call them."""

    by_order: dict[str, list[Line]] = field(default_factory=dict)
    by_number: dict[str, list[Line]] = field(default_factory=dict)
    by_ro: dict[str, list[Line]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Lines:
        """Index them."""
        made = cls()
        for line in lines:
            for found, text in (
                (made.by_order, line.fields.get("order_no")),
                (made.by_number, line.fields.get("number")),
                (made.by_ro, line.ro),
            ):
                if text:
                    found.setdefault(key(str(text)), []).append(line)
        return made


class Judged(NamedTuple):
    """What comes of a row: its edits and the lines they are on, or every reason why there are none."""

    said: Said | None
    lines: Sequence[Line]
    edits: Sequence[Edit]
    wrong: Sequence[Wrong]


class Judge:
    """Decides rows one after the other; two rows may not say different things of one part."""

    def __init__(self, labels: Mapping[str, str], lines: Lines, supplier: str, now: datetime) -> None:
        self._labels = labels
        self._lines = lines
        self._supplier = supplier
        self._now = now
        self._before: dict[str, Said] = {}

    def judge(self, said: Said | list[Wrong]) -> Judged:
        """Match and decide what one row says."""
        if not isinstance(said, Said):
            return Judged(None, (), (), said)
        try:
            lines = self._match(said)
            self._check_count(said, lines)
            again = self._check_again(said, lines)
            edits = [] if again else [edit for line in lines for edit in self._decide(line, said)]
        except _No as no:
            return Judged(said, (), (), (Wrong(said.row, self._column(no.names), no.why),))
        return Judged(said, lines, edits, ())

    def _column(self, names: Sequence[str]) -> str:
        """What the file calls the first of these columns that it has."""
        return next((self._labels[name] for name in names if name in self._labels), "")

    def _match(self, said: Said) -> list[Line]:
        found = [line for line in self._candidates(said) if line.is_open]
        if not found:
            raise _No(NAMING, "the part is here already, or nobody needs it any more; take the row out")
        same = [line for line in found if key(str(line.fields.get("supplier") or "")) == key(self._supplier)]
        found = same or found
        of_order = all(line.fields.get("order_no") for line in found) and (said.order_no or said.supplier_order_no)
        if len(found) > 1 and not of_order:
            names = ("number", "ro") if said.number else ("ro", "number")
            raise _No(names, f"two open lines match, on {_ros(found)}; name the order, the part and the RO")
        return found

    def _candidates(self, said: Said) -> list[Line]:
        """The lines that are all a row says; an order not placed yet is known by its RO and part."""
        lines = self._lines
        of_order = [
            line for no in (said.order_no, said.supplier_order_no) if no for line in lines.by_order.get(key(no), ())
        ]
        of_number = lines.by_number.get(key(said.number), []) if said.number else None
        of_ro = lines.by_ro.get(key(said.ro), []) if said.ro else None
        if of_ro == []:
            raise _No(("ro",), f"{said.ro} is no open RO of this store with parts to come")
        if of_number == []:
            raise _No(("number",), f"no open part of this store has the number {said.number}")
        if not of_order and (said.order_no or said.supplier_order_no):
            if of_ro is None or of_number is None:
                no = said.order_no or said.supplier_order_no
                raise _No(("order_no", "supplier_order_no"), f"{no} is no open order of this store")
            of_order = [line for line in of_ro if not line.fields.get("order_no")]
        given = [group for group in (of_order or None, of_number, of_ro) if group is not None]
        if not given:
            raise _No(NAMING, "is empty; the row names no part")
        kept = set.intersection(*({line.id for line in group} for group in given))
        found = {line.id: line for line in given[0] if line.id in kept}
        if not found:
            raise _No(("number", "ro"), f"{_what(said)} are not on one open line of this store")
        return list(found.values())

    def _check_count(self, said: Said, lines: Sequence[Line]) -> None:
        if not said.qty:
            return
        missing = sum(line.missing for line in lines)
        ordered = sum(int(line.fields.get("qty") or 1) for line in lines)
        if said.qty < missing:
            raise _No(("qty",), f"only {said.qty} of {missing} confirmed; set that ETA by hand and take the row out")
        if said.qty not in (missing, ordered):
            raise _No(("qty",), f"{said.qty} confirmed, but {ordered} ordered; set that ETA by hand")

    def _check_again(self, said: Said, lines: Sequence[Line]) -> bool:
        """True when rows before have said the same of all these lines."""
        known = [self._before.get(line.id) for line in lines]
        for before in known:
            if before is not None and (before.eta, before.qty) != (said.eta, said.qty):
                raise _No(("eta", "qty", *NAMING), f"row {before.row:,} says something else of the same part")
        for line in lines:
            self._before.setdefault(line.id, said)
        return all(known)

    def _decide(self, line: Line, said: Said) -> list[Edit]:
        """The edits of one line, by the decisions a person's own command would take."""
        eta = times.to_wire(said.eta) if said.eta else ""
        state = line.fields.get("state") or parts.STATES[0]
        try:
            if state in NOT_ORDERED:
                return self._order(line, said, eta)
            if said.qty == 0:
                return counter.backorder(line.id, line.fields, eta, self._now)
            return parts.set_eta(line.id, line.fields, eta, source="import", now=self._now) if eta else []
        except BadArguments as bad:
            name, why = next(iter(bad.fields.items()))
            raise _No((name, "eta"), why) from bad
        except IllegalMove as no:
            raise _No(("qty", *NAMING), no.message.rstrip(".")) from no

    def _order(self, line: Line, said: Said, eta: str) -> list[Edit]:
        order_no = said.order_no or said.supplier_order_no
        if not order_no or said.qty == 0:
            raise _No(("order_no", *NAMING), "the part is not ordered yet; order it, or give its order number")
        return parts.order(
            line.id, line.fields, order_no=order_no, supplier=self._supplier, source="", eta=eta, now=self._now
        )


class _No(Exception):
    """A row is not taken: the columns it may stand in, the likeliest first, and why."""

    def __init__(self, names: Sequence[str], why: str) -> None:
        super().__init__(why)
        self.names = names
        self.why = why


def refusal(wrong: Wrong) -> Refused:
    """Nothing is imported for one row that is wrong."""
    place = f"row {wrong.row}" + (f", {wrong.column}" if wrong.column else "")
    return Refused("rows_wrong", f"Nothing was imported. {wrong.sentence}", {place: wrong.why})


def _ros(lines: Sequence[Line]) -> str:
    numbers = sorted({line.ro or "an RO without a number" for line in lines})
    return "RO " + ", ".join(numbers[:_NAMED]) + (" and others" if len(numbers) > _NAMED else "")


def _what(said: Said) -> str:
    named = ((said.order_no or said.supplier_order_no, "order"), (said.number, "part"), (said.ro, "RO"))
    return " and ".join(f"{words} {text}" for text, words in named if text)
