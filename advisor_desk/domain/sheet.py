"""A supplier's list: where its header is, which column holds what, and what a row says in the store's terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Final, NamedTuple

from advisor_desk.domain import sheet_dates
from advisor_desk.domain.commands import unsafe_text
from advisor_desk.domain.errors import BadArguments
from advisor_desk.domain.sheet_cells import Fault, Value, count_of, key, text_of

FIELDS: Final[Mapping[str, str]] = {
    "order_no": "Order number",
    "number": "Part number",
    "ro": "RO",
    "qty": "Quantity confirmed",
    "eta": "ETA",
    "supplier_order_no": "Supplier's order number",
}
"""What a column can hold, in the words a person chooses it by."""
NAMING: Final = ("order_no", "supplier_order_no", "number", "ro")
"""The columns that say which part a row is about."""
LONGEST_LABEL: Final = 120
LOOKED_AT: Final = 20
"""Rows among which the header is looked for: suppliers put their address above it."""

# As ``key`` leaves them; English, Spanish, French. The first that a header holds wins, so the narrow ones come first.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "supplier_order_no": (
        "supplierorder", "suppliersorder", "suppliersordernumber",
        "supplierorderno", "supplierordernumber", "vendororder", "vendororderno",
        "salesorder", "salesorderno", "salesordernumber", "so", "sono", "sonumber", "confirmation", "confirmationno",
        "confirmationnumber", "ourorder", "ourorderno", "ourreference", "pedidoproveedor", "commandefournisseur",
    ),
    "order_no": (
        "order", "orderno", "ordernumber", "orderid", "po", "pono", "ponumber", "purchaseorder", "purchaseorderno",
        "purchaseordernumber", "customerpo", "customerorder", "customerorderno", "yourorder", "yourorderno",
        "yourreference", "pedido", "numerodepedido", "ordendecompra", "commande", "nocommande", "numerodecommande",
        "bondecommande",
    ),
    "number": (
        "part", "partno", "partnumber", "item", "itemno", "itemnumber", "sku", "material", "oemnumber", "oem",
        "article", "articleno", "articlenumber", "pieza", "numerodepieza", "referencia", "piece", "numerodepiece",
        "reference",
    ),
    "ro": (
        "ro", "rono", "ronumber", "repairorder", "repairorderno", "repairordernumber", "workorder", "wo",
        "ordendereparacion", "ordredereparation",
    ),
    "qty": (
        "qtyconfirmed", "confirmedqty", "quantityconfirmed", "confirmedquantity", "confirmed", "qty", "quantity",
        "pieces", "pcs", "cantidad", "quantite", "qte",
    ),
    "eta": (
        "eta", "expected", "expecteddate", "expectedon", "expecteddelivery", "arrival", "arrivaldate",
        "estimatedarrival", "delivery", "deliverydate", "due", "duedate", "etadate", "confirmeddate", "promisedate",
        "fecha", "fechadeentrega", "llegada", "livraison", "datedelivraison", "arrivee", "shipdate", "ships", "date",
    ),
}  # fmt: skip


class Row(NamedTuple):
    """A row as the file has it, counted from 1 as a spreadsheet shows it; a fault instead when it cannot be parted."""

    number: int
    cells: Sequence[Value]
    fault: Fault | None = None


class Header(NamedTuple):
    """Which row names the columns, and what it calls them; no two alike, empty for a column without a name."""

    row: int
    labels: tuple[str, ...]


class Wrong(NamedTuple):
    """Why a row is not taken: its number, the column as the file calls it, and the reason."""

    row: int
    column: str
    why: str

    @property
    def sentence(self) -> str:
        """The reason for a person."""
        place = f"Row {self.row:,}, {self.column}" if self.column else f"Row {self.row:,}"
        return f"{place}: {self.why}."


class Said(NamedTuple):
    """What a row says."""

    row: int
    order_no: str = ""
    number: str = ""
    ro: str = ""
    qty: int | None = None
    eta: datetime | None = None
    supplier_order_no: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what, by the file's own words, and whether its dates begin with the day."""

    labels: Mapping[str, str] = field(default_factory=dict)
    day_first: bool = False

    def to_wire(self) -> dict[str, Any]:
        """As a command takes it and a cache keeps it."""
        return {"columns": dict(self.labels), "day_first": self.day_first}

    def lack(self) -> str:
        """What is to be chosen yet, as a sentence; empty when a file can be read by them."""
        if not any(name in self.labels for name in NAMING):
            return "Choose the column that holds the order number, the part number or the RO."
        if len(self.labels) < 2:
            return "Choose a second column: the ETA, the quantity confirmed, or another that names the part."
        return ""


def columns_of(wire: Mapping[str, Any], labels: Sequence[str] = ()) -> Columns:
    """Columns as a command names them; raises BadArguments for what is no column, or none of this file."""
    said, day_first = wire.get("columns", {}), wire.get("day_first", False)
    if set(wire) - {"columns", "day_first"} or not isinstance(said, Mapping) or not isinstance(day_first, bool):
        raise BadArguments({"mapping": "must name columns, and whether dates begin with the day"})
    out: dict[str, str] = {}
    for name, label in said.items():
        if name not in FIELDS or not isinstance(label, str) or not label or len(label) > LONGEST_LABEL:
            raise BadArguments({"mapping": f"may name the columns {', '.join(FIELDS)}, each by its heading"})
        if labels and label not in labels:
            raise BadArguments({"mapping": f"names the column {label}, which the file does not have"})
        if label in out.values():
            raise BadArguments({"mapping": f"uses the column {label} twice"})
        out[name] = label
    return Columns(out, day_first)


def header(rows: Iterable[Row]) -> Header | None:
    """The row that names the columns: the first that holds two known names, else the first of nothing but words."""
    plain: Header | None = None
    for _, row in zip(range(LOOKED_AT), rows, strict=False):
        labels = _labels(row.cells)
        if len(guess(labels)) >= 2:
            return Header(row.number, labels)
        if plain is None and _is_words(row.cells):
            plain = Header(row.number, labels)
    return plain


def guess(labels: Sequence[str]) -> dict[str, str]:
    """What the columns most likely hold, by their names."""
    by_key: dict[str, str] = {}
    for label in labels:
        by_key.setdefault(key(label), label)
    by_key.pop("", None)
    out: dict[str, str] = {}
    for name, known in _NAMES.items():
        found = next((by_key[word] for word in known if word in by_key), "")
        if found and found not in out.values():
            out[name] = found
    return {name: out[name] for name in FIELDS if name in out}


def begins_with_day(rows: Iterable[Row], labels: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether the dates of these rows can only begin with the day; American where they say nothing."""
    place = _place(labels, columns.get("eta", ""))
    return place >= 0 and sheet_dates.begin_with_day(row.cells[place] for row in rows if place < len(row.cells))


class Reader:
    """Reads rows by chosen columns, by the store's clock."""

    def __init__(self, labels: Sequence[str], columns: Columns, zone: tzinfo, now: datetime) -> None:
        self._places = {name: _place(labels, label) for name, label in columns.labels.items()}
        self.labels = columns.labels
        self._dates = sheet_dates.Dates(columns.day_first, zone, now)

    def read(self, row: Row) -> Said | list[Wrong]:
        """What a row says, or every reason why it cannot be read."""
        if row.fault is not None:
            return [Wrong(row.number, "", str(row.fault))]
        read: dict[str, Any] = {}
        wrong: list[Wrong] = []
        for name, place in self._places.items():
            value = row.cells[place] if place < len(row.cells) else None
            found = value if isinstance(value, Fault) else self._value(name, value)
            if isinstance(found, Fault):
                wrong.append(Wrong(row.number, self.labels[name], str(found)))
            elif found not in ("", None):
                read[name] = found
        return wrong or Said(row.number, **read)

    def shown(self, row: Row) -> dict[str, str]:
        """The chosen cells as the file has them, shortened, for a preview."""
        return {name: shown(row.cells[at]) for name, at in self._places.items() if at < len(row.cells)}

    def _value(self, name: str, value: Value) -> Any:
        if name == "eta":
            return self._dates.read(value)
        return count_of(value) if name == "qty" else text_of(value)


def is_empty(row: Row) -> bool:
    """True for a row that says nothing."""
    return row.fault is None and all(cell is None or cell == "" for cell in row.cells)


def shown(value: Value) -> str:
    """A cell as a person would look it up in the file."""
    if isinstance(value, Fault):
        return value.shown
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return _plain("" if value is None else str(value))[:80]


def _labels(cells: Sequence[Value]) -> tuple[str, ...]:
    out: list[str] = []
    for cell in cells:
        label = _plain(cell)[: LONGEST_LABEL - 6] if isinstance(cell, str) and not isinstance(cell, Fault) else ""
        times = sum(other == label or other.startswith(f"{label} (") for other in out) if label else 0
        out.append(f"{label} ({times + 1})" if times else label)
    return tuple(out)


def _plain(text: str) -> str:
    """One line without what may not be shown."""
    return "".join(char for char in " ".join(text.split()) if not unsafe_text(char))


def _is_words(cells: Sequence[Value]) -> bool:
    said = [cell for cell in cells if cell not in (None, "")]
    return len(said) >= 2 and all(
        isinstance(cell, str) and not isinstance(cell, Fault) and re.search(r"[^\W\d_]", cell) and not _NUMBERED(cell)
        for cell in said
    )


_NUMBERED: Final = re.compile(r"\d{2}").search


def _place(labels: Sequence[str], label: str) -> int:
    return labels.index(label) if label and label in labels else -1
