"""The floor of a first sync: the same pages over requests, json and executemany, under the same encryption."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import requests
import sqlcipher3.dbapi2 as sqlcipher


def first_sync(url: str, token: str, path: Path, key: bytes) -> tuple[float, int]:
    """Seconds and rows of the barest first sync that is as durable and as encrypted as the cache."""
    started = time.perf_counter()
    conn = sqlcipher.connect(str(path), isolation_level=None)
    conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    tables: set[str] = set()
    session = requests.Session()
    session.trust_env = False
    session.headers.update({"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"})
    rows, after, more = 0, "", True
    while more:
        reply = session.get(f"{url}/v1/snapshot", params={"after": after} if after else {}, timeout=60)
        reply.raise_for_status()
        page: dict[str, list[tuple[str, int, str]]] = {}
        for line in reply.content.splitlines():
            record = json.loads(line)
            if "end" in record:
                after, more = record["end"]["cursor"], record["end"]["more"]
                continue
            body = json.dumps(record["fields"], ensure_ascii=False, separators=(",", ":"))
            page.setdefault(record["kind"], []).append((record["id"], record["rev"], body))
            rows += 1
        conn.execute("BEGIN IMMEDIATE")
        for kind, records in page.items():
            if kind not in tables:
                conn.execute(f"CREATE TABLE {kind} (id TEXT PRIMARY KEY, rev INTEGER, body TEXT)")
                tables.add(kind)
            conn.executemany(f"INSERT OR REPLACE INTO {kind} VALUES (?, ?, ?)", records)
        conn.execute("COMMIT")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    return time.perf_counter() - started, rows


def main() -> None:
    """Run in a process of its own: one JSON line in (url, token, path, key), one JSON line out (seconds, rows)."""
    asked = json.loads(sys.stdin.readline())
    seconds, rows = first_sync(asked["url"], asked["token"], Path(asked["path"]), bytes.fromhex(asked["key"]))
    print(json.dumps({"seconds": seconds, "rows": rows}))


if __name__ == "__main__":
    main()
