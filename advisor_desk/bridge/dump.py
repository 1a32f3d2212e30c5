"""PostgreSQL's own tools, as child processes: a copy of the books out of it, and one back into it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from advisor_desk.domain.errors import Refused

_PIECE: Final = 256 * 1024
# Without owners: who puts it back owns it. With policies and grants, and the rows that the owner's policy shows.
_DUMP: Final = ("--format=plain", "--clean", "--if-exists", "--no-owner", "--enable-row-security", "--encoding=UTF8")
_RESTORE: Final = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")


def pieces(url: URL) -> Iterator[bytes]:
    """The database as SQL; raises Refused when the tool fails, before it has ended."""
    with _started("pg_dump", url, *_DUMP) as child:
        assert child.stdout is not None
        while piece := child.stdout.read(_PIECE):
            yield piece
        if child.wait():
            raise _failed("pg_dump")


def put_back(url: URL, sql: Iterable[bytes]) -> None:
    """Run SQL in one transaction, all or nothing; raises Refused when the tool fails."""
    with _started("psql", url, *_RESTORE) as child:
        assert child.stdin is not None
        try:
            for piece in sql:
                child.stdin.write(piece)
            child.stdin.close()
        except BrokenPipeError:
            pass  # it has given up, and says so by its code
        except BaseException:
            child.kill()  # before its input ends: at an end it would commit
            raise
        if child.wait():
            raise _failed("psql")


def _failed(tool: str) -> Refused:
    return Refused(
        "tool_failed",
        f"{tool} did not do its work; nothing was changed. Is it as new as the server, and the disk free?",
    )


@contextmanager
def _started(tool: str, url: URL, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A tool at work on the database; the password goes by a file of its owner's, never by an argument."""
    with tempfile.TemporaryDirectory(prefix="advisor-desk-") as place:
        secret = Path(place) / "pgpass"
        secret.touch(0o600)
        secret.write_text(":".join(map(_escaped, ("*", "*", "*", url.username or "", str(url.password or "")))) + "\n")
        plain = url.set(drivername="postgresql", password=None).render_as_string(False)
        with subprocess.Popen(
            [_found(tool), *options, f"--dbname={plain}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it would quote rows
            env={**os.environ, "PGPASSFILE": str(secret)},
        ) as child:
            try:
                yield child
            finally:
                if child.poll() is None:
                    child.kill()


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace(":", "\\:") if word != "*" else word


def _found(tool: str) -> str:
    """Where the newest of PostgreSQL's tools is."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which(tool)
    if found is None:
        raise Refused("no_tool", f"{tool} is not on this computer. Install PostgreSQL's client programs.")
    return found
