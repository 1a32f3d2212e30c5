"""Importing a supplier's list: looked at without doing anything, or carried out whole in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from advisor_desk.cache import meta, raw, reads, reads_import
from advisor_desk.desk import sheet_file
from advisor_desk.desk.context import Context
from advisor_desk.desk.sheet_file import Tick
from advisor_desk.domain import sheet, times
from advisor_desk.domain.changes import Edit
from advisor_desk.domain.errors import BadArguments, Refused
from advisor_desk.domain.imports import Judge, Judged, Line, Lines, refusal
from advisor_desk.domain.sheet import Columns, Header, Reader, Row, Said, Wrong
from advisor_desk.domain.sheet_cells import key

SHOWN: Final = 200
"""Rows of each sort that a preview shows: the ones to set right, and the ones that are."""
MOST_LINES: Final = 1_000
"""Part lines changed at once: while they are written, with what the rules make of each, other commands wait."""
_FIRST: Final = 1_000
"""Rows by which the columns are guessed."""
_SAMPLE: Final = 5
_SUPPLIERS: Final = 200
"""Suppliers whose columns are kept."""


class Remembered(NamedTuple):
    """How a supplier's last list on this desk named its columns, and all the columns it had."""

    columns: Columns
    header: frozenset[str]

    def at(self, labels: Sequence[str]) -> dict[str, str] | None:
        """What the columns of another list hold; those of a sort not seen before are guessed; None when some lack."""
        if not set(self.columns.labels.values()) <= set(labels):
            return None
        new = [label for label in labels if label not in self.header]
        return {**sheet.guess(new), **self.columns.labels}


class Prepared(NamedTuple):
    """A file that has been read, before anything is decided."""

    columns: Columns
    header: Header
    said: Sequence[Said | list[Wrong]]


class Opened(NamedTuple):
    """A file, its header, and what is known of its columns."""

    digest: str
    header: Header
    first: Sequence[Row]
    rest: Iterator[Row]
    columns: Columns

    def rows(self) -> Iterator[Row]:
        """The rows below the header."""
        return (row for row in chain(self.first, self.rest) if row.number > self.header.row)


class Known(NamedTuple):
    """What the cache says for an import: read at once, so that no reader stands open while a file is read."""

    lines: Lines
    zone: tzinfo
    columns: Remembered | None

    @classmethod
    def of(cls, conn: Connection, supplier: str) -> Known:
        """As the cache is now."""
        within = raw.driver(conn)
        lines = Lines.of(Line(*row) for row in reads_import.lines(within))
        kept = _kept(conn).get(key(supplier))
        known = Remembered(sheet.columns_of(kept["mapping"]), frozenset(kept["header"])) if kept else None
        return cls(lines, reads.settings(within).zone, known)


def preview(known: Known, args: Mapping[str, Any], now: datetime, tick: Tick) -> dict[str, Any]:
    """``import.preview``: what would become of each row, and how the columns were understood."""
    opened = _open(args["path"], args.get("mapping"), tick, known.columns)
    out: dict[str, Any] = {
        "digest": opened.digest,
        "columns": [label for label in opened.header.labels if label],
        "sample": [_sample(opened.header, row) for row in islice(opened.rows(), _SAMPLE)],
        "mapping": opened.columns.to_wire(),
        "lacks": opened.columns.lack(),
    }
    if out["lacks"]:
        return out
    reader = Reader(opened.header.labels, opened.columns, known.zone, now)
    judge = Judge(opened.columns.labels, known.lines, args.get("supplier") or "", now)
    return out | _judged(opened.rows(), reader, judge)


def prepare(args: Mapping[str, Any], zone: tzinfo, now: datetime, tick: Tick) -> Prepared:
    """Read the whole file, before a transaction is begun for it; raises Refused for a row that cannot be read."""
    opened = _open(args["path"], args["mapping"], tick, None)
    if opened.digest != args["digest"]:
        raise Refused("file_changed", "The file has changed since you looked at it. Look at it again.")
    if lack := opened.columns.lack():
        raise BadArguments({"mapping": f"is not enough. {lack}".rstrip(".")})
    reader = Reader(opened.header.labels, opened.columns, zone, now)
    said: list[Said | list[Wrong]] = []
    for row in opened.rows():
        said.append(one := reader.read(row))
        if not isinstance(one, Said):
            raise refusal(one[0])
    return Prepared(opened.columns, opened.header, said)


def apply(desk: Context, args: dict[str, Any]) -> list[Edit]:
    """``import.apply``: every row, by the decisions of a person's own command; none when one row is wrong."""
    known = Known.of(desk.conn, args["supplier"])
    prepared: Prepared = args.get("prepared") or prepare(args, known.zone, desk.now, lambda _: None)
    judge = Judge(prepared.columns.labels, known.lines, args["supplier"], desk.now)
    edits: list[Edit] = []
    for said in prepared.said:
        judged = judge.judge(said)
        if judged.wrong:
            raise refusal(judged.wrong[0])
        edits += judged.edits
    if too_many := _too_many(len({edit.record_id for edit in edits})):
        raise Refused("too_long", too_many)
    _remember(desk.conn, args["supplier"], prepared)
    return edits


def _remember(conn: Connection, supplier: str, prepared: Prepared) -> None:
    kept = _kept(conn)
    kept.pop(key(supplier), None)
    labels = [label for label in prepared.header.labels if label]
    kept[key(supplier)] = {"mapping": prepared.columns.to_wire(), "header": labels}
    meta.put(conn, "imports", json.dumps(dict(list(kept.items())[-_SUPPLIERS:]), ensure_ascii=False))


def _kept(conn: Connection) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(meta.get(conn, "imports") or "{}")
    return found


def _open(path: str, mapping: Mapping[str, Any] | None, tick: Tick, known: Remembered | None) -> Opened:
    file = sheet_file.read(path)
    rest = file.rows(tick)
    first = list(islice(rest, _FIRST))
    header = sheet.header(first)
    if header is None:
        raise Refused("no_header", "No row of the file names its columns. Put their names above the list.")
    if mapping is not None:
        columns = sheet.columns_of(mapping, header.labels)
    elif known is not None and (labels := known.at(header.labels)) is not None:
        columns = Columns(labels, known.columns.day_first)
    else:
        guessed = sheet.guess(header.labels)
        below = [row for row in first if row.number > header.row]
        columns = Columns(guessed, sheet.begins_with_day(below, header.labels, guessed))
    return Opened(file.digest, header, first, rest, columns)


def _judged(rows: Iterator[Row], reader: Reader, judge: Judge) -> dict[str, Any]:
    """Each row with what comes of it: all are counted, the first of each sort are shown."""
    good: list[dict[str, Any]] = []
    bad: list[dict[str, Any]] = []
    read = changing = wrong = 0
    touched: set[str] = set()
    for row in rows:
        judged = judge.judge(reader.read(row))
        read += 1
        wrong += bool(judged.wrong)
        changing += bool(judged.edits)
        touched.update(edit.record_id for edit in judged.edits)
        shown = bad if judged.wrong else good
        if len(shown) < SHOWN:
            shown.append(_shown(row, reader, judged))
    counts = {"rows": read, "changing": changing, "lines": len(touched), "wrong": wrong}
    return {**counts, "lacks": _too_many(len(touched)), "bad": bad, "good": good}


def _too_many(lines: int) -> str:
    """Why so many lines are not changed at once; empty when they are."""
    return (
        f"The list would change {lines:,} part lines; {MOST_LINES:,} at a time. Split it." if lines > MOST_LINES else ""
    )


def _shown(row: Row, reader: Reader, judged: Judged) -> dict[str, Any]:
    said = judged.said
    return {
        "row": row.number,
        "cells": reader.shown(row),
        "eta": times.to_wire(said.eta) if said and said.eta else "",
        "on": sorted({line.ro for line in judged.lines}),
        "what": next((str(line.fields.get("description") or "") for line in judged.lines), ""),
        "lines": len(judged.lines),
        "becomes": next((str(edit.set["state"]) for edit in judged.edits if "state" in edit.set), ""),
        "changes": bool(judged.edits),
        "wrong": [one.sentence for one in judged.wrong],
    }


def _sample(header: Header, row: Row) -> dict[str, str]:
    named = zip(header.labels, row.cells, strict=False)
    return {label: sheet.shown(cell) for label, cell in named if label}
