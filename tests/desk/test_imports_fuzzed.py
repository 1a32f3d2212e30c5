"""Whatever a file holds: it is imported whole or refused in a sentence, and a wrong row names its row and column."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor_desk.desk import imports, sheet_file
from advisor_desk.desk.commands import Commands
from advisor_desk.domain.errors import Refused
from advisor_desk.sync.hybrid import HybridClock
from tests.cache.shop import NOON, PARTS, Shop
from tests.support.lists import xlsx_file

HEADER = ("PO", "Part number", "RO", "Qty", "ETA", "Sales order")
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMED = re.compile(r"Row [\d,]+(, [^:]+)?: .+\.\Z", re.DOTALL)


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Noon of the shop's day."""
        return NOON


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The small shop; Luis of the parts counter sits at it."""
    shop = Shop(tmp_path_factory.mktemp("shop") / "cache.db").stock()
    with shop.cache.write() as conn:
        conn.exec_driver_sql("UPDATE meta SET value = ? WHERE name = 'employee_id'", (PARTS,))
    yield shop
    shop.cache.close()


def everything(shop: Shop) -> list[Any]:
    """All that an import could have written."""
    return [
        shop.sql("SELECT id, rev, body FROM part_line ORDER BY id"),
        shop.sql("SELECT id, kind, record_id, mine FROM mutation ORDER BY id"),
        shop.sql("SELECT id, edits FROM change ORDER BY id"),
        shop.sql("SELECT value FROM meta WHERE name = 'imports'"),
    ]


def try_it(shop: Shop, path: Path) -> dict[str, Any] | None:
    """Look at a file and import what was seen; None when it is refused as a file. Checks what must always hold."""
    before = everything(shop)
    args: dict[str, Any] = {"path": str(path), "supplier": "Northside"}
    with shop.cache.read() as conn:
        known = imports.Known.of(conn, "Northside")
    try:
        seen = imports.preview(known, args, NOON, lambda rows: None)
    except Refused as refused:
        assert refused.message.endswith(".") and "Error" not in refused.message
        assert everything(shop) == before
        return None
    assert everything(shop) == before, "looking wrote something"
    for row in seen.get("bad", ()):
        assert row["wrong"] and all(NAMED.fullmatch(sentence) for sentence in row["wrong"]), row["wrong"]
    args |= {"mapping": seen["mapping"], "digest": seen["digest"]}
    commands = Commands(shop.cache, HybridClock(Noon()))
    try:
        done, _ = commands.carry_out("import.apply", args, None)
    except Refused as refused:
        assert seen["lacks"] or seen["wrong"], refused.message
        assert everything(shop) == before, "something was half applied"
        return seen
    assert not seen["lacks"] and not seen["wrong"]
    assert len(done["changed"].get("part_line", ())) == seen["lines"]
    if seen["lines"]:
        commands.carry_out("undo", {"change": done["change"]}, None)
        assert everything(shop)[0] == before[0], "undo did not take all of it back"
    return seen


CODES = st.sampled_from(["PO-771", "po771", "45022-TLA", "90915-YZZF1", "104417", "104418", "98001", "PO-OTHER", ""])
DATES = st.one_of(
    st.sampled_from(
        ["2026-12-03", "12/3/2026", "3.12.2026", "yesterday", "2020-01-01", "-", "", "Dec 3", "9999-99-99"]
    ),
    st.dates().map(str),
    st.datetimes().map(str),
)
ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["=1+1", "+1", "-1", "@x", "=HYPERLINK(0)", "\ufffd", "x" * 70_000, "a\nb", '"', "\u202e", "\x00"]),
)
COUNTS = st.one_of(st.integers(-2, 4).map(str), st.sampled_from(["1.0", "two", "", "1e9", "٣"]))


def rows_of(*columns: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    """Rows of these columns, each cell now and then something odd."""
    return st.lists(st.tuples(*(st.one_of(column, column, column, ODD) for column in columns)), max_size=8)


@FEW
@given(st.binary(max_size=600))
def test_any_bytes_at_all(shop: Shop, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "list").write_bytes(data)
    try_it(shop, tmp_path / "list")


@FEW
@given(
    st.binary(max_size=300), st.sampled_from([b"PO,ETA\n", b"PO;Part;ETA\r\n", b"\xff\xfeP\x00O\x00", b"PK\x03\x04"])
)
def test_any_bytes_after_a_beginning_that_looks_right(shop: Shop, tmp_path: Path, data: bytes, start: bytes) -> None:
    (tmp_path / "list").write_bytes(start + data)
    try_it(shop, tmp_path / "list")


@FEW
@given(
    rows_of(CODES, CODES, CODES, COUNTS, DATES, CODES), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-16"])
)
def test_any_table_as_csv(shop: Shop, tmp_path: Path, rows: list[tuple[Any, ...]], mark: str, encoding: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows([HEADER, *rows])
    (tmp_path / "list").write_bytes(text.getvalue().encode(encoding, errors="replace"))
    seen = try_it(shop, tmp_path / "list")
    assert seen is None or seen["rows"] <= len(rows)


@FEW
@given(
    st.sampled_from([("PO-771", "45022-TLA", "104417", "1"), ("PO-771", "", "", ""), ("", "45022-TLA", "104417", "1")])
)
def test_a_table_that_is_right_is_taken_and_taken_back(shop: Shop, tmp_path: Path, row: tuple[str, ...]) -> None:
    path = Path(xlsx_file(tmp_path / "list.xlsx", [HEADER, (*row, date(2026, 12, 3), "")]))
    seen = try_it(shop, path)
    assert seen is not None and (seen["wrong"], seen["lines"]) == (0, 1)


def test_a_list_that_would_change_too_much_at_once_says_so(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "MOST_LINES", 0)
    path = Path(xlsx_file(tmp_path / "list.xlsx", [HEADER, ("PO-771", "", "", "", "2026-12-03", "")]))
    seen = try_it(shop, path)
    assert seen is not None
    assert seen["lacks"] == "The list would change 1 part lines; 0 at a time. Split it."


CELLS = st.one_of(
    CODES,
    DATES,
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime.fromisoformat("1901-01-01"), datetime.fromisoformat("9000-01-01")),
    st.just(time(9, 30)),
    st.sampled_from(["=A1", "=1/0", "#N/A", "#REF!", "x" * 30_000, "a\nb"]),
)


@FEW
@given(st.lists(st.lists(CELLS, max_size=8), max_size=6), st.booleans(), st.integers(1, 4))
def test_any_workbook(shop: Shop, tmp_path: Path, rows: list[list[Any]], merged: bool, above: int) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for _ in range(above - 1):
        sheet.append([])
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(start_row=above + 1, end_row=above + 3, start_column=1, end_column=2)
    book.save(tmp_path / "list.xlsx")
    try_it(shop, tmp_path / "list.xlsx")


@FEW
@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=30))
def test_a_workbook_damaged_anywhere(shop: Shop, tmp_path: Path, at: int, with_: bytes) -> None:
    data = bytearray(
        Path(xlsx_file(tmp_path / "good.xlsx", [HEADER, ("PO-771", "", "", "", "2026-12-03", "")])).read_bytes()
    )
    at %= len(data)
    data[at : at + len(with_)] = with_
    (tmp_path / "list.xlsx").write_bytes(data)
    try_it(shop, tmp_path / "list.xlsx")


def repacked(path: Path, name: str, content: bytes) -> Path:
    """A workbook with one of its parts replaced."""
    xlsx_file(path, [HEADER, ("PO-771", "", "", "", "2026-12-03", "")])
    with zipfile.ZipFile(path) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    assert name in parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part, held in (parts | {name: content}).items():
            new.writestr(part, held)
    return path


def refusal(path: Path) -> str:
    """Why a file is refused, whatever it declares of itself."""
    with pytest.raises(Refused) as refused:
        list(sheet_file.read(str(path)).rows(lambda rows: None))
    return refused.value.message


def test_a_spreadsheet_that_unpacks_to_more_than_a_list_is_not_unpacked(tmp_path: Path) -> None:
    bomb = repacked(tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", b" " * (sheet_file.UNPACKED + 1))
    assert bomb.stat().st_size < 1_000_000
    assert refusal(bomb).startswith("The spreadsheet unpacks to too much.")
    style = repacked(tmp_path / "styles.xlsx", "xl/styles.xml", b" " * (5 * 1024 * 1024))
    assert refusal(style).startswith("The spreadsheet unpacks to too much.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_spreadsheet_whose_xml_names_entities_is_refused(tmp_path: Path, encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    path = repacked(tmp_path / "list.xlsx", "xl/worksheets/sheet1.xml", xml.encode(encoding))
    assert refusal(path).startswith("The spreadsheet is damaged.")


def test_a_workbook_of_too_many_rows_is_refused_before_they_are_read(tmp_path: Path) -> None:
    rows = b"".join(b"<row r='%d'><c><v>1</v></c></row>" % row for row in range(1, sheet_file.MOST_ROWS + 100))
    path = repacked(tmp_path / "list.xlsx", "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + rows)
    assert refusal(path).startswith("The list has more than 20,000 rows."), "only counted: read, it would be damaged"


def test_what_is_no_list_says_so(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, b"") == "The file is empty. Choose another."
    assert refusal_of(tmp_path, b"\xd0\xcf\x11\xe0" + bytes(100)).startswith("That is an old or locked Excel file.")
    assert refusal_of(tmp_path, b"%PDF-1.7\n\x00\x01").startswith("That is neither a CSV nor an XLSX file.")
    assert refusal_of(tmp_path, b"\n" * (sheet_file.LARGEST + 1)).startswith("The file is larger than 32 MB.")
    assert refusal(tmp_path / "nowhere.csv") == "There is no such file. Choose it again."
    assert refusal(tmp_path) == "There is no such file. Choose it again."


def refusal_of(folder: Path, data: bytes) -> str:
    """Why these bytes are refused."""
    (folder / "list").write_bytes(data)
    return refusal(folder / "list")


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        ("Größe;ETA\n".encode("cp1252"), ["Größe", "ETA"]),
        ("Größe;ETA\n".encode("utf-16"), ["Größe", "ETA"]),
        ("Größe;ETA\n".encode("utf-8-sig"), ["Größe", "ETA"]),
        (b'"a;b";"say ""yes"""\r\n', ["a;b", 'say "yes"']),
        (b"a\tb, c\td\n", ["a", "b, c", "d"]),
    ],
)
def test_csv_is_read_however_it_was_written(tmp_path: Path, data: bytes, cells: list[str]) -> None:
    (tmp_path / "list").write_bytes(data)
    (row,) = sheet_file.read(str(tmp_path / "list")).rows(lambda rows: None)
    assert list(row.cells) == cells


def test_a_quotation_mark_that_is_not_closed_swallows_no_rows_in_silence(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b'a,b\n1,2\n3,"4\n5,6\n')
    rows = list(sheet_file.read(str(tmp_path / "list")).rows(lambda rows: None))
    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[2].fault is not None and "quotation mark" in rows[2].fault
