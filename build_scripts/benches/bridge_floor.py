"""The floor of the bridge's writes: the same rows in the same tables, with nothing but the database."""

from __future__ import annotations

import re
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlcipher3.dbapi2 as sqlcipher

from advisor_desk.bridge import folder
from tests.support.postgres import Cluster, binaries

_SIZES: Final = (
    "SELECT store_id, (SELECT CAST(avg(length(body)) AS INTEGER) FROM repair_order WHERE rev > 1),"
    " (SELECT CAST(avg(length(versions)) AS INTEGER) FROM repair_order WHERE rev > 1),"
    " (SELECT CAST(avg(length(asked)) AS INTEGER) FROM ledger),"
    " (SELECT CAST(avg(length(answer)) AS INTEGER) FROM ledger) FROM head"
)


class Sizes(NamedTuple):
    """How many characters the rows have that the bridge has just written."""

    store_id: str
    body: int
    versions: int
    asked: int
    answer: int


def on_sqlite(data: Path, seconds: float) -> float:
    """Writes a second into the bridge's own file, one after the other, each durable."""
    conn = sqlcipher.connect(str(data / folder.DATABASE), isolation_level=None)
    conn.execute(f"PRAGMA key = \"x'{folder.read_key(data).hex()}'\"")
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "wal_autocheckpoint = 2000"):
        conn.execute(f"PRAGMA {pragma}")
    sizes = Sizes(*conn.execute(_SIZES).fetchone())
    started = time.perf_counter()
    done = 0
    while time.perf_counter() < started + seconds:
        _write(conn, sizes, done)
        done += 1
    rate = done / (time.perf_counter() - started)
    conn.close()
    return rate


def _write(conn: Any, sizes: Sizes, number: int) -> None:
    store, id = sizes.store_id, f"floor-{number % 100}"
    conn.execute("BEGIN IMMEDIATE")
    moved = conn.execute("UPDATE head SET seq = seq + 1 WHERE store_id = ? RETURNING seq", (store,))
    (seq,) = moved.fetchone()
    moved.close()
    conn.execute(
        "INSERT INTO repair_order (store_id, id, rev, deleted, body, versions, created_rev)"
        " VALUES (?, ?, ?, 0, ?, ?, 1) ON CONFLICT (store_id, id) DO UPDATE"
        " SET rev = excluded.rev, body = excluded.body, versions = excluded.versions",
        (store, id, seq, "x" * sizes.body, "x" * sizes.versions),
    )
    conn.execute("INSERT INTO feed VALUES (?, ?, 'repair_order', ?)", (store, seq, id))
    said = ("x" * 64, "x" * sizes.asked, "x" * sizes.answer, "2026-11-23T15:00:00Z")
    conn.execute("INSERT INTO ledger VALUES (?, ?, 'floor', ?, ?, ?, ?, ?)", (store, str(uuid.uuid4()), seq, *said))
    conn.execute("COMMIT")


def on_postgresql(cluster: Cluster, database: str, at: Path, seconds: int, clients: int) -> float:
    """What pgbench reaches with the same statements in the bridge's own database, at its best number of clients."""
    script = at / "equal_write.sql"
    script.write_text(_script(Sizes(*cluster.run(_SIZES, database)[0])))
    return max(_pgbench(cluster.url(database, "postgres"), script, seconds, few) for few in {4, clients})


def _script(sizes: Sizes) -> str:
    store = sizes.store_id
    return f"""\\set k random(0, 99)
BEGIN;
UPDATE head SET seq = seq + 1 WHERE store_id = '{store}' RETURNING seq \\gset
INSERT INTO repair_order (store_id, id, rev, deleted, body, versions, created_rev)
 VALUES ('{store}', 'floor-' || :k, :seq, 0, repeat('x', {sizes.body}), repeat('x', {sizes.versions}), 1)
 ON CONFLICT (store_id, id) DO UPDATE SET rev = excluded.rev, body = excluded.body, versions = excluded.versions;
INSERT INTO feed VALUES ('{store}', :seq, 'repair_order', 'floor-' || :k);
INSERT INTO ledger VALUES ('{store}', gen_random_uuid()::text, 'floor', :seq, repeat('x', 64),
 repeat('x', {sizes.asked}), repeat('x', {sizes.answer}), '2026-11-23T15:00:00Z');
COMMIT;
"""


def _pgbench(url: str, script: Path, seconds: int, clients: int) -> float:
    command = [binaries() / "pgbench", "--no-vacuum", "--protocol=prepared", "--jobs=2", f"--client={clients}"]
    command += [f"--time={seconds}", f"--file={script}", url]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    found = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    if done.returncode or found is None:
        raise RuntimeError(f"pgbench ended with {done.returncode}: {done.stderr[-300:]}")
    return float(found[1])
