"""What comes together: the lines of one order, one part or one delivery, and what a scanned text means among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from advisor_desk.domain import parts
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused

Line = Mapping[str, Any]
Lines = Mapping[str, Line]
"""Part lines by id."""
BookIn = Callable[[str, Line, int | None], list[Edit]]
"""Books so many pieces of a line in, all that are missing when it says none."""

ORDER, PART, DELIVERY = "order", "part", "delivery"
_LABELS: Final = {"k": ORDER, "p": PART}
"""Suppliers' labels write K before an order's number and P before a part's."""


class Scanned(NamedTuple):
    """What a scanned or typed text was taken for, the awaited lines it stands for, and what to say of it."""

    kind: str
    """``order`` or ``part``; empty where nothing awaited answers to it."""
    ids: tuple[str, ...]
    says: str


def together(lines: Lines, id: str, by: str) -> list[str]:
    """The awaited lines that share an order, a part number or a delivery with one of them, itself first."""
    mine = _mark(lines[id], by)
    same = (other for other, line in lines.items() if _is_awaited(line) and _mark(line, by) == mine)
    return [id, *(other for other in same if mine and other != id)]


def each(lines: Lines, decide: Callable[[str, Line], list[Edit]]) -> list[Edit]:
    """One decision for several lines; raises BadArguments, naming the part when it is not the first, with none done."""
    out: list[Edit] = []
    for number, (id, line) in enumerate(lines.items()):
        try:
            out += decide(id, line)
        except BadArguments as error:
            reason = error.fields.get("part_line_id")
            if not number or reason is None:
                raise
            raise BadArguments({"also": f"names {_name(line)}, which {reason}"}) from None
    return out


def receive(
    lines: Lines, order_no: str, *, supplier: str, pieces: Mapping[str, Any] | None, book_in: BookIn
) -> list[Edit]:
    """Book in what came of an order: all that is awaited, or so many ``pieces`` of each line named.

    Raises Refused, with nothing booked in, for an order nothing is awaited of, a number that two suppliers use, and
    more pieces than are missing.
    """
    ours = {id: line for id, line in lines.items() if _is_order(line, order_no) and _is_from(line, supplier)}
    awaited = {id: line for id, line in ours.items() if _is_awaited(line)}
    if not awaited:
        raise _nothing_to_receive(order_no, bool(ours))
    if len(froms := _suppliers(awaited.values())) > 1:
        raise Refused(
            "which_supplier",
            f"Order number {order_no} is used by {_listed(froms)}. Say whose came.",
            {"supplier": "is needed: more than one uses that order number"},
        )
    if pieces is None:
        return [edit for id, line in awaited.items() for edit in book_in(id, line, None)]
    return _in_part(awaited, pieces, book_in)


def scanned(text: str, lines: Lines) -> Scanned:
    """What a text typed or scanned stands for among the open lines: an order's number, or a part's."""
    said = text.strip()
    code = _code(said)
    if not code:
        return Scanned("", (), "Scan or type an order number or a part number.")
    # A label's letter in front counts only where the text as it stands says nothing.
    for kinds, wanted in (((ORDER, PART), code), ((_LABELS.get(code[0], ""),), code[1:])):
        for kind in kinds:
            if wanted and (ids := _awaited_by(kind, wanted, lines)):
                return Scanned(kind, ids, _says(kind, said, [lines[id] for id in ids]))
    here = next((line for line in lines.values() if code in (_code(line.get("number")), *_order_codes(line))), None)
    if here is None:
        return Scanned(
            "", (), f"Nothing on order here goes by {said[:60]}. Check the number, or find the line by name."
        )
    state = str(here.get("state") or parts.STATES[0]).replace("_", " ")
    place = f", in bin {here['bin']}" if here.get("bin") else ""
    return Scanned("", (), f"{_name(here)} is not awaited: it is {state}{place}.")


def _in_part(awaited: Lines, pieces: Mapping[str, Any], book_in: BookIn) -> list[Edit]:
    wrong = next((id for id in pieces if id not in awaited), None)
    if wrong is not None:
        raise BadArguments({"pieces": "name a line that is not awaited on this order"})
    out: list[Edit] = []
    for id, count in pieces.items():
        line = awaited[id]
        missing = int(line.get("qty") or 1) - int(line.get("qty_filled") or 0)
        if type(count) is not int or count < 0:
            raise BadArguments({"pieces": f"of {_name(line)} must be a whole number from 0"})
        if count > missing:
            raise BadArguments({"pieces": f"of {_name(line)} are {count}, more than the {missing} still awaited"})
        if count:
            out += book_in(id, line, count)
    if not out:
        raise BadArguments({"pieces": "are none; say how many of each line came"})
    return out


def _nothing_to_receive(order_no: str, came: bool) -> Refused:
    if came:
        why = f"Everything on order {order_no} has been received already. Check the number."
        return Refused("received_already", why, {"order_no": "is received in full"})
    why = f"No part on order {order_no} is awaited at this store. Check the number."
    return Refused("not_found", why, {"order_no": "not found"})


def _says(kind: str, said: str, lines: list[Line]) -> str:
    froms = _suppliers(lines)
    if kind == ORDER and len(froms) > 1:
        return f"Order number {said} is used by {_listed(froms)}. Choose whose came."
    if len(lines) == 1:
        return f"{_name(lines[0])}: {_missing(lines[0])} to receive."
    if kind == ORDER:
        return f"Order {said}: {len(lines)} lines to receive."
    return f"{len(lines)} lines wait for {said}. Choose the one it is for."


def _missing(line: Line) -> str:
    wanted, here = int(line.get("qty") or 1), int(line.get("qty_filled") or 0)
    return f"{wanted - here} of {wanted}" if here else str(wanted)


def _awaited_by(kind: str, code: str, lines: Lines) -> tuple[str, ...]:
    def fits(line: Line) -> bool:
        return code in _order_codes(line) if kind == ORDER else kind == PART and code == _code(line.get("number"))

    return tuple(id for id, line in lines.items() if _is_awaited(line) and fits(line))


def _is_awaited(line: Line) -> bool:
    return line.get("state") in parts.AWAITED


def _is_order(line: Line, order_no: str) -> bool:
    return _code(order_no) in _order_codes(line)


def _is_from(line: Line, supplier: str) -> bool:
    return not supplier or _code(line.get("supplier")) == _code(supplier)


def _order_codes(line: Line) -> tuple[str, ...]:
    """What an order goes by: its number, and that with the supplier's name before it; nothing without a number."""
    number = _code(line.get("order_no"))
    return (number, _code(line.get("supplier")) + number) if number else ()


def _mark(line: Line, by: str) -> tuple[str, ...]:
    """What two lines that belong together have in common; nothing for a line that has no such thing."""
    supplier, number, order, eta = (_code(line.get(name)) for name in ("supplier", "number", "order_no", "eta"))
    found = {ORDER: (supplier, order), PART: ("", number), DELIVERY: (supplier, eta)}[by]
    return found if found[1] and (supplier or by != DELIVERY) else ()


def _suppliers(lines: Iterable[Line]) -> list[str]:
    by_code: dict[str, str] = {}
    for line in lines:
        by_code.setdefault(_code(line.get("supplier")), str(line.get("supplier") or "an unnamed supplier"))
    return sorted(by_code.values())


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _code(text: object) -> str:
    """A number as scanners, labels and fingers agree on it: letters and digits only, in one case."""
    return "".join(char for char in str(text or "").casefold() if char.isalnum())


def _name(line: Line) -> str:
    return str(line.get("description") or line.get("number") or "a part without a name")
