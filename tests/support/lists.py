"""Suppliers' lists as files: CSV and XLSX, made of rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl


def csv_file(path: Path, rows: Iterable[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> str:
    """A CSV file of these rows; its name."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return str(path)


def xlsx_file(path: Path, rows: Iterable[Sequence[Any]]) -> str:
    """A workbook of one sheet with these rows; its name."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return str(path)
