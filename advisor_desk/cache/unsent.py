"""A desk's work as the journals are told of it, and how it comes back from there into a cache that has lost it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from advisor_desk.cache import board, codec, meta, records
from advisor_desk.cache.codec import Touched
from advisor_desk.cache.journal import Note
from advisor_desk.domain.changes import CREATE

_NOTES: Final = "unsent_notes"
_EDIT: Final = (
    "id", "position", "kind", "record_id", "op", "base_rev", "mine", "was", "intent", "made_at", "actor", "change_id",
)  # fmt: skip
_CHANGE: Final = ("id", "intent", "actor", "at", "edits", "undone_at")
_ACKED: Final = ("id", "seq", "settled_at", "gave_way")
_WHOSE: Final = ("server_id", "store_id", "epoch")


def begin(conn: Connection) -> None:
    """A write transaction begins: nothing is noted yet."""
    conn.info[_NOTES] = []


def taken(conn: Connection) -> list[Note]:
    """What the transaction has noted for the journal."""
    notes: list[Note] = conn.info.pop(_NOTES, [])
    return notes


def note_again(conn: Connection) -> None:
    """Every waiting edit is entered anew: some were settled before."""
    for note in outstanding(conn):
        _note(conn, note)


def note_edit(conn: Connection, edit: Mapping[str, Any]) -> None:
    """An edit was entered for sending; ``edit`` has the mutation table's columns."""
    _note(conn, {"edit": [edit[name] for name in _EDIT]})


def note_change(conn: Connection, change: Mapping[str, Any]) -> None:
    """A command was carried out; ``change`` has the change table's columns."""
    _note(conn, {"change": [change.get(name) for name in _CHANGE]})


def note_done(conn: Connection, states: Mapping[str, str]) -> None:
    """Edits were decided or are forgotten, by id: nobody needs them any more."""
    if states:
        _note(conn, {"done": dict(states)})


def note_acked(conn: Connection, acked: Sequence[Mapping[str, Any]]) -> None:
    """The bridge has these edits; should it be put back to before them, it is offered them again."""
    if acked:
        _note(conn, {"acked": [[edit[name] for name in _ACKED] for edit in acked]})


def note_whose(conn: Connection) -> None:
    """The cache belongs to a bridge now, in this life of it."""
    _note(conn, _whose(conn))


def _note(conn: Connection, note: Note) -> None:
    conn.info.setdefault(_NOTES, []).append(note)


def must_last(notes: Iterable[Note]) -> bool:
    """True when something is among them that a command's author will be told is saved."""
    return any("edit" in note or "change" in note for note in notes)


def outstanding(conn: Connection) -> list[Note]:
    """All that a new journal must hold: whose the cache is, and every edit the bridge or a person has not settled."""
    edits = conn.exec_driver_sql(
        f"SELECT {', '.join(_EDIT)} FROM mutation WHERE state IN ('waiting', 'sent', 'refused') ORDER BY row"  # noqa: S608
    ).all()
    wanted = sorted({row.change_id for row in edits})
    changes: list[Sequence[Any]] = []
    for start in range(0, len(wanted), 400):
        some = wanted[start : start + 400]
        marks = ",".join("?" * len(some))
        sql = f"SELECT {', '.join(_CHANGE)} FROM change WHERE id IN ({marks})"  # noqa: S608
        changes += conn.exec_driver_sql(sql, tuple(some)).all()
    return [
        _whose(conn),
        *({"edit": list(row)} for row in edits),
        *({"change": list(row)} for row in changes),
    ]


def acknowledged(conn: Connection) -> list[Note]:
    """All that the second journal must hold: what the bridge has acknowledged and is still kept to heal it with."""
    columns = ", ".join((*_EDIT, *_ACKED))
    rows = conn.exec_driver_sql(f"SELECT {columns} FROM mutation WHERE state = 'acked' ORDER BY row").all()  # noqa: S608
    return [
        *({"edit": list(row[: len(_EDIT)])} for row in rows),
        {"acked": [list(row[len(_EDIT) :]) for row in rows]},
    ]


def _whose(conn: Connection) -> Note:
    return {"whose": {name: value for name in _WHOSE if (value := meta.get(conn, name)) is not None}}


class Told(NamedTuple):
    """What the journals' notes come to."""

    edits: dict[str, dict[str, Any]]
    """The unsent ones."""
    acked: dict[str, dict[str, Any]]
    """Those the bridge has, with their place there."""
    changes: dict[str, dict[str, Any]]
    resolved: set[str]
    whose: dict[str, str]
    kept: int
    """The newest generation known to stand in the cache file itself."""


def told(notes: Iterable[Note]) -> Told:
    """Read the notes in their order; edits that are decided are left out."""
    edits: dict[str, dict[str, Any]] = {}
    acked: dict[str, dict[str, Any]] = {}
    changes: dict[str, dict[str, Any]] = {}
    done: dict[str, str] = {}
    whose: dict[str, str] = {}
    kept = 0
    for note in notes:
        if "edit" in note:
            edit = dict(zip(_EDIT, note["edit"], strict=True))
            edits[edit["id"]] = edit
            done.pop(edit["id"], None)  # settled once, and offered again to a bridge that was put back
            acked.pop(edit["id"], None)
        elif "change" in note:
            change = dict(zip(_CHANGE, note["change"], strict=True))
            changes[change["id"]] = change
        elif "done" in note:
            done.update(note["done"])
        elif "acked" in note:
            acked.update((row[0], dict(zip(_ACKED, row, strict=True))) for row in note["acked"])
        elif "whose" in note:
            whose.update(note["whose"])
        elif "kept" in note:
            kept = max(kept, note["kept"])
    wanted = {id: edit for id, edit in edits.items() if id not in done}
    unsent = {id: edit for id, edit in wanted.items() if id not in acked}
    there = {id: edit | acked[id] for id, edit in wanted.items() if id in acked}
    resolved = {id for id, state in done.items() if state == "resolved"}
    return Told(unsent, there, changes, resolved, whose, kept)


def numbers_given(notes: Iterable[Note]) -> Iterator[str]:
    """The RO numbers of the orders opened in these notes, sent since or not."""
    for note in notes:
        edit = dict(zip(_EDIT, note.get("edit") or (), strict=False))
        if (edit.get("kind"), edit.get("op")) == ("repair_order", CREATE):
            yield str(codec.decode(edit["mine"]).get("number") or "")


def put_back(conn: Connection, said: Told) -> int:
    """Enter what the cache has lost, once, and show what is unsent of it; answers how many of those came back."""
    for name, value in said.whose.items():
        if meta.get(conn, name) is None:
            meta.put(conn, name, value)
    for id in said.resolved:
        conn.exec_driver_sql(
            "UPDATE mutation SET state = 'resolved', settled_at = made_at WHERE id = ? AND state = 'refused'", (id,)
        )
    known = set(conn.exec_driver_sql("SELECT id FROM mutation").scalars())
    _enter(conn, [edit for id, edit in said.acked.items() if id not in known], "acked")
    lost = [edit for id, edit in said.edits.items() if id not in known]
    _enter(conn, lost, "waiting")
    touched: Touched = {}
    for edit in lost:
        show(conn, edit["kind"], edit["record_id"], touched)
    known = set(conn.exec_driver_sql("SELECT id FROM change").scalars())
    wanted = {edit["change_id"] for edit in lost}
    for id, change in said.changes.items():
        if id in wanted and id not in known:
            conn.exec_driver_sql(
                f"INSERT INTO change ({', '.join(_CHANGE)}) VALUES ({', '.join('?' * len(_CHANGE))})",  # noqa: S608
                tuple(change[name] for name in _CHANGE),
            )
    board.refresh(conn, touched)
    return len(lost)


def _enter(conn: Connection, lost: Iterable[Mapping[str, Any]], state: str) -> None:
    for edit in sorted(lost, key=lambda edit: int(edit["position"])):
        row = {"state": state, **edit}
        conn.exec_driver_sql(
            f"INSERT INTO mutation ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
            tuple(row.values()),
        )


def show(conn: Connection, kind: str, id: str, touched: Touched) -> None:
    """Lay the waiting edits of a record over what the cache has of it."""
    records.keep_base(conn, kind, id)
    records.touch(touched, kind, id, records.rebase(conn, kind, id))
