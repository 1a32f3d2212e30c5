"""A supplier's file as rows: CSV in any usual encoding, or XLSX; never more of it in memory than the file itself."""

from __future__ import annotations

import csv
import hashlib
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from advisor_desk.domain.errors import Refused
from advisor_desk.domain.sheet import LOOKED_AT, Row, is_empty
from advisor_desk.domain.sheet_cells import FORMULA, Fault, Value

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of a file."""
UNPACKED: Final = 96 * 1024 * 1024
"""Bytes of all that is packed in an XLSX."""
_PART: Final = 4 * 1024 * 1024
"""Bytes of one part of it, besides the cells and their texts: those are not read piece by piece."""
MOST_ROWS: Final = 20_000
"""Four times what a large store has open: a longer list is not one of its parts."""
_LAST_ROW: Final = 1_048_576
"""No spreadsheet has more, empty ones counted."""
MOST_COLUMNS: Final = 64
_SAMPLE: Final = 64 * 1024
_OLD_XLS: Final = b"\xd0\xcf\x11\xe0"
_ZIP: Final = b"PK\x03\x04"
_DELIMITERS: Final = (",", ";", "\t", "|")
_CODEPAGES: Final = ("cp1252", "cp1250", "cp850", "mac_roman")
_TOO_LARGE: Final = "Split it, or save only the sheet with the list."
Tick = Callable[[int], None]
"""Is told how many rows have been read, now and then; what it raises ends the reading."""
_EVERY: Final = 2_000


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A file as it was read once; its rows can be gone through again."""

    data: bytes
    digest: str

    def rows(self, tick: Tick) -> Iterator[Row]:
        """Every row that says something; raises Refused for what is no list, or too long a one."""
        read = _xlsx if self.data.startswith(_ZIP) else _csv
        counted = 0
        for row in read(self.data):
            if row.number % _EVERY == 0:
                tick(row.number)
            if is_empty(row):
                continue
            counted += 1
            if counted > MOST_ROWS + LOOKED_AT or row.number > _LAST_ROW:
                raise _too_many()
            yield row


def _too_many() -> Refused:
    return Refused("too_long", f"The list has more than {MOST_ROWS:,} rows. Keep only this store's, or split it.")


def read(path: str) -> SheetFile:
    """The file's bytes; raises Refused for one that is not there, is too large, or is no list."""
    file = Path(path)
    try:
        if not file.is_file():
            raise Refused("no_file", "There is no such file. Choose it again.", {"path": "is no file"})
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        raise Refused("no_file", "The file cannot be opened. Close it elsewhere, or choose it again.") from fault
    if len(data) > LARGEST:
        raise Refused("too_long", f"The file is larger than {LARGEST // 1024**2} MB. {_TOO_LARGE}")
    if data.startswith(_OLD_XLS):
        raise Refused(
            "not_a_list", "That is an old or locked Excel file. Save it as .xlsx without a password, or as CSV."
        )
    if not data.strip():
        raise Refused("not_a_list", "The file is empty. Choose another.")
    return SheetFile(data, hashlib.sha256(data).hexdigest())


# CSV.


def _csv(data: bytes) -> Iterator[Row]:
    encoding = _encoding(data)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")
    delimiter = _delimiter(lines.read(_SAMPLE))
    lines.seek(0)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(number, (), Fault("has a quotation mark that is not closed, or more than a cell may hold"))
        else:
            yield Row(number, cells[:MOST_COLUMNS])


def _encoding(data: bytes) -> str:
    """By its mark; else UTF-8 when most of it is; else the codepage its letters look like."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return name
    if b"\0" in data[:_SAMPLE]:
        raise Refused("not_a_list", "That is neither a CSV nor an XLSX file. Save the list as one of them.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "utf-8" if _is_broken_utf8(data) else _codepage(data)
    return "utf-8"


def _is_broken_utf8(data: bytes) -> bool:
    """True when letters of several bytes stand in it beside the broken ones: by chance they hardly would."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(char > "\x7f" for char in text) - broken >= broken


def _codepage(data: bytes) -> str:
    from charset_normalizer import from_bytes

    letters = b"\n".join(line for line in data.split(b"\n") if not line.isascii())[:_SAMPLE]
    best = from_bytes(letters, cp_isolation=list(_CODEPAGES)).best()
    return best.encoding if best else "cp1252"


def _delimiter(sample: str) -> str:
    """The one that parts the first rows into the most columns."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]

    def parts(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        return sum(count > 0 for count in counts), sum(counts)

    return max(_DELIMITERS, key=parts)


# XLSX.


def _xlsx(data: bytes) -> Iterator[Row]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    _check_parts(data)
    warnings.filterwarnings("ignore", module="openpyxl")  # of what it leaves out: drawings, styles, validation
    try:
        # Formulas are read as formulas: what they last came to, somewhere else, is not taken for what is said.
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            yield from _cells(book)
        finally:
            book.close()
    except (*_DAMAGED, InvalidFileException) as fault:
        raise _damaged() from fault


_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, LookupError, ValueError, TypeError, AttributeError, OSError, EOFError,
    SyntaxError, AssertionError, RuntimeError, OverflowError, MemoryError,
)  # fmt: skip
"""What a spreadsheet that is broken inside, or was made to do harm, makes its reader raise; SyntaxError is XML's."""


def _damaged() -> Refused:
    return Refused("not_a_list", "The spreadsheet is damaged. Open it, save it anew as .xlsx or as CSV, and try that.")


_SHEET: Final = "xl/worksheets/sheet"
_PIECEWISE: Final = (_SHEET, "xl/sharedStrings", "xl/media/")


def _check_parts(data: bytes) -> None:
    """Refuse what would unpack to much more than it is; a part never gives more than the size it declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            whole = [part for part in parts if not part.filename.startswith(_PIECEWISE)]
            if sum(part.file_size for part in parts) > UNPACKED or any(part.file_size > _PART for part in whole):
                raise Refused("too_long", f"The spreadsheet unpacks to too much. {_TOO_LARGE}")
            if any(_has_document_type(packed, part) for part in parts if not part.filename.startswith("xl/media/")):
                raise _damaged()
            sheets = [part for part in parts if part.filename.startswith(_SHEET)]
            if len(sheets) == 1 and _counted(packed, sheets[0]) > MOST_ROWS + LOOKED_AT:
                raise _too_many()
    except _DAMAGED as fault:
        raise _damaged() from fault


def _counted(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many rows of a sheet hold a value, never too many: far quicker than reading them."""
    count, rest = 0, b""
    with packed.open(part) as opened:
        while piece := opened.read(_SAMPLE):
            *rows, rest = (rest[-_SAMPLE:] + piece).split(b"</row>")
            count += sum(b"<v>" in row or b"<is>" in row for row in rows)
    return count


def _has_document_type(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """True where XML could name entities, which no spreadsheet does: they unfold, or fetch, far more than is there."""
    before = b""
    with packed.open(part) as opened:
        while piece := opened.read(_SAMPLE):
            seen = before + piece.replace(b"\0", b"")
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                return True
            before = seen[-16:]
    return False


def _cells(book: Any) -> Iterator[Row]:
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(book.worksheets)
    for sheet in sheets[:1]:
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
            yield Row(number, [_value(cell) for cell in cells])


def _value(cell: Any) -> Value:
    value: Any = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return Fault(FORMULA, str(getattr(value, "text", value))[:80])
    if cell.data_type == "e":
        return Fault(f"holds the error {str(value)[:20]}; put a value there", str(value)[:20])
    if isinstance(value, str | int | float | bool) or hasattr(value, "isoformat"):
        return value  # type: ignore[no-any-return]
    return Fault("is no text, number or date; put a value there", str(value)[:80])
