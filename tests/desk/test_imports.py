"""Importing a supplier's list through the pipe: looked at, carried out whole, refused whole, and taken back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support import board
from tests.support.bridge import BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.lists import csv_file, xlsx_file
from tests.support.trade import check_writers, free_car, held, made, write_up

HEADER = ("PO number", "Part no.", "Qty", "ETA", "Note")
DAY = (datetime.now(UTC) + timedelta(days=20)).date()
SUPPLIER = "Northside"
_orders = itertools.count(1)


class Order(NamedTuple):
    """An order at a supplier: its number, and the part lines on it with their ROs."""

    number: str
    lines: tuple[str, ...]
    repair_orders: tuple[str, ...]

    def rows(self, **wrong: Any) -> list[tuple[Any, ...]]:
        """The supplier's list of it, one line a row; ``wrong`` replaces the ETA of the row it names as ``r7``."""
        parts = (f"{self.number}-{place}" for place in range(len(self.lines)))
        return [HEADER, *((self.number, part, 1, wrong.get(f"r{row}", DAY), "") for row, part in enumerate(parts, 2))]


@pytest.fixture
def place(manager: DeskProcess) -> Callable[[int], Order]:
    """Places an order for one part on each of so many cars."""

    def placed(count: int) -> Order:
        number = f"PO-77{next(_orders):03}"
        ros = [write_up(manager, free_car(manager)) for _ in range(count)]
        lines = []
        for at, ro in enumerate(ros):
            asked = manager.ask("part.request", repair_order_id=ro, description="Hub", number=f"{number}-{at}")
            lines.append(made(asked, "part_line"))
            manager.ask("part.order", part_line_id=lines[-1], order_no=number, supplier=SUPPLIER)
        return Order(number, tuple(lines), tuple(ros))

    return placed


def look(desk: DeskProcess, path: str, **more: Any) -> dict[str, Any]:
    """The preview."""
    found: dict[str, Any] = desk.ask("import.preview", path=path, **{"supplier": SUPPLIER, **more})
    return found


def bring_in(desk: DeskProcess, path: str, seen: dict[str, Any], supplier: str = SUPPLIER) -> dict[str, Any]:
    """The import of what was looked at."""
    args = {"path": path, "supplier": supplier, "mapping": seen["mapping"], "digest": seen["digest"]}
    done: dict[str, Any] = desk.ask("import.apply", **args)
    return done


def etas(desk: DeskProcess, order: Order) -> list[Any]:
    """The ETA of each of its lines."""
    records = desk.records()
    return [records["part_line", id].get("eta") for id in order.lines]


@pytest.mark.parametrize("made_file", [csv_file, xlsx_file])
def test_one_list_sets_nine_etas_at_once_and_one_undo_takes_them_back(
    manager: DeskProcess,
    bridge: BridgeProcess,
    place: Callable[[int], Order],
    tmp_path: Path,
    made_file: Callable[..., str],
) -> None:
    order = place(9)
    path = made_file(tmp_path / "list", order.rows())
    seen = look(manager, path)
    assert seen["mapping"]["columns"] == {"order_no": "PO number", "number": "Part no.", "qty": "Qty", "eta": "ETA"}
    assert (seen["rows"], seen["changing"], seen["lines"], seen["wrong"]) == (9, 9, 9, 0)
    assert etas(manager, order) == [None] * 9, "looking changes nothing"
    since = len(manager.events)
    done = bring_in(manager, path, seen)
    assert set(done["changed"]["part_line"]) == set(order.lines)
    at_once = set(order.lines)
    manager.wait_event(lambda event: at_once <= set(event.get("kinds", {}).get("part_line", ())), since=since)
    for ro in order.repair_orders:
        (part,) = board.card(manager, ro)["parts"]
        assert part["eta"].startswith(DAY.isoformat())
    line = held(bridge, manager, "part_line", order.lines[8])
    assert (line["eta_source"], line["eta"]) == ("import", etas(manager, order)[8])
    manager.ask("undo", change=done["change"])
    assert etas(manager, order) == [None] * 9


def test_an_error_in_row_7_leaves_nothing_half_applied(
    manager: DeskProcess, place: Callable[[int], Order], tmp_path: Path
) -> None:
    order = place(9)
    before = manager.records()
    path = csv_file(tmp_path / "list.csv", order.rows(r7="2020-01-31"))
    seen = look(manager, path)
    assert (seen["changing"], seen["wrong"]) == (8, 1)
    assert seen["bad"][0]["wrong"] == ["Row 7, ETA: is in the past (Fri Jan 31 2020, 17:00)."]
    with pytest.raises(Refusal) as refused:
        bring_in(manager, path, seen)
    assert refused.value.message.startswith("Nothing was imported. Row 7, ETA: is in the past")
    assert set(refused.value.fields) == {"row 7, ETA"}
    after = manager.records()
    assert [after["part_line", id] for id in order.lines] == [before["part_line", id] for id in order.lines]


def test_the_columns_of_a_supplier_are_remembered_once_its_list_was_imported(
    manager: DeskProcess, place: Callable[[int], Order], tmp_path: Path
) -> None:
    order = place(1)
    rows = [("A", "B", "Wann"), (order.number, "x", f"{DAY:%d/%m/%Y}")]
    path = csv_file(tmp_path / "list.csv", rows, delimiter=";")
    seen = look(manager, path, supplier="Küstner & Co.")
    assert seen["lacks"] == "Choose the column that holds the order number, the part number or the RO."
    chosen = {"columns": {"order_no": "A", "eta": "Wann"}, "day_first": True}
    seen = look(manager, path, supplier="Küstner & Co.", mapping=chosen)
    assert (seen["changing"], seen["wrong"]) == (1, 0)
    bring_in(manager, path, seen, supplier="Küstner & Co.")
    assert look(manager, path, supplier="KÜSTNER & CO")["mapping"] == chosen
    assert look(manager, path, supplier="Somebody else")["mapping"]["columns"] == {}
    more = csv_file(tmp_path / "more.csv", [("RO", *rows[0]), ("", *rows[1])], delimiter=";")
    assert look(manager, more, supplier="Küstner & Co.")["mapping"]["columns"] == {"ro": "RO", **chosen["columns"]}


def test_an_order_number_of_another_store_is_named(manager: DeskProcess, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "list.csv", [HEADER, ("PO-OTHER-1", "X-1", 1, DAY, "")])
    seen = look(manager, path)
    assert seen["bad"][0]["wrong"] == ["Row 2, Part no.: no open part of this store has the number X-1."]
    path = csv_file(tmp_path / "list.csv", [HEADER, ("PO-OTHER-1", "", 1, DAY, "")])
    seen = look(manager, path)
    assert seen["bad"][0]["wrong"] == ["Row 2, PO number: PO-OTHER-1 is no open order of this store."]


def test_broken_letters_and_formulas_are_named_by_row_and_column(
    manager: DeskProcess, place: Callable[[int], Order], tmp_path: Path
) -> None:
    order = place(3)
    text = "PO;Part;ETA;Note\n" + "".join(f"{order.number};{order.number}-{at};{DAY};Größe\n" for at in range(3))
    broken = text.encode().replace(f"{order.number}-1".encode(), f"{order.number}-\xff1".encode("latin-1"))
    (tmp_path / "list.csv").write_bytes(broken)
    seen = look(manager, str(tmp_path / "list.csv"))
    assert [row["wrong"] for row in seen["bad"]] == [
        ["Row 3, Part: holds letters that cannot be read; save the file as UTF-8."]
    ]
    path = xlsx_file(tmp_path / "list.xlsx", order.rows(r3="=TODAY()+9"))
    (bad,) = look(manager, path)["bad"]
    assert bad["wrong"] == ["Row 3, ETA: holds a formula; put the value itself there."]
    assert bad["cells"]["eta"] == "=TODAY()+9"


def test_a_confirmation_orders_what_was_only_asked_for(
    manager: DeskProcess, bridge: BridgeProcess, tmp_path: Path
) -> None:
    ro = write_up(manager, free_car(manager))
    number = f"ASKED-{next(_orders)}"
    line = made(manager.ask("part.request", repair_order_id=ro, description="Belt", number=number, qty=2), "part_line")
    name = manager.ask("read.repair_order", repair_order_id=ro)["repair_order"]["number"]
    rows = [("RO", "Part", "Order", "Qty"), (name, number.lower(), "NS-5", 2)]
    path = csv_file(tmp_path / "list.csv", rows)
    bring_in(manager, path, look(manager, path))
    fields = held(bridge, manager, "part_line", line)
    assert (fields["state"], fields["order_no"], fields["supplier"]) == ("ordered", "NS-5", SUPPLIER)
    csv_file(Path(path), [*rows[:1], (name, number, "NS-5", 0)])
    bring_in(manager, path, look(manager, path))
    assert held(bridge, manager, "part_line", line)["state"] == "backordered"


def test_a_file_changed_since_it_was_looked_at_is_looked_at_again(
    manager: DeskProcess, place: Callable[[int], Order], tmp_path: Path
) -> None:
    order = place(1)
    path = csv_file(tmp_path / "list.csv", order.rows())
    seen = look(manager, path)
    csv_file(tmp_path / "list.csv", order.rows(r2=DAY + timedelta(days=1)))
    with pytest.raises(Refusal) as refused:
        bring_in(manager, path, seen)
    assert refused.value.code == "file_changed"
    assert etas(manager, order) == [None]


def test_commands_are_answered_while_a_long_list_is_read(manager: DeskProcess, tmp_path: Path) -> None:
    rows = ((f"PO-{at}", f"X-{at}", 1, DAY, "") for at in range(12_000))
    path = xlsx_file(tmp_path / "list.xlsx", itertools.chain([HEADER], rows))
    since = len(manager.events)
    asked = manager.begin("import.preview", path=path, supplier=SUPPLIER)
    manager.wait_event(lambda event: event["event"] == "import" and event["rows"] > 0, since=since)
    manager.ask("read.link")
    assert not manager.answered(asked), "the list was read before the other answer came"
    seen = manager.answer(asked, 120)
    assert (seen["rows"], seen["wrong"], len(seen["bad"])) == (12_000, 12_000, 200)


def test_a_later_look_ends_the_one_before(manager: DeskProcess, tmp_path: Path) -> None:
    rows = ((f"PO-{at}", f"X-{at}", 1, DAY, "") for at in range(12_000))
    long = xlsx_file(tmp_path / "long.xlsx", itertools.chain([HEADER], rows))
    short = csv_file(tmp_path / "short.csv", [HEADER, ("PO-1", "X-1", 1, DAY, "")])
    first = manager.begin("import.preview", path=long)
    second = manager.begin("import.preview", path=short)
    with pytest.raises(Refusal) as refused:
        manager.answer(first)
    assert refused.value.code == "looked_again"
    assert manager.answer(second)["rows"] == 1


def test_a_hundred_thousand_rows_are_refused_in_a_sentence(manager: DeskProcess, tmp_path: Path) -> None:
    rows = ((f"PO-{at}", f"X-{at}", 1, DAY, "") for at in range(100_000))
    path = csv_file(tmp_path / "list.csv", itertools.chain([HEADER], rows))
    with pytest.raises(Refusal) as refused:
        look(manager, path)
    assert refused.value.message == "The list has more than 20,000 rows. Keep only this store's, or split it."


def test_an_advisor_looks_at_a_list_but_does_not_import_it(desk: DeskProcess, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "list.csv", [HEADER, ("PO-1", "X-1", 1, DAY, "")])
    with pytest.raises(Refusal) as refused:
        bring_in(desk, path, look(desk, path))
    assert refused.value.code == "forbidden"


def test_whoever_may_import_may_write_what_it_sets() -> None:
    fields = ("state", "order_no", "supplier", "source", "ordered_at", "eta", "eta_source", "eta_set_at", "first_eta")
    check_writers("import.apply", "part_line", *fields)
