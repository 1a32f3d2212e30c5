"""A PostgreSQL server for tests alone: from the system's packages, on a free port, gone with the test run."""

from __future__ import annotations

import contextlib
import getpass
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from tests.support.waiting import until

OWNER = "dealer"
_NEAR = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "200",
    "log_min_messages": "warning",
}
_QUICK = {
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


_DURABLE = {"shared_buffers": "256MB"}
"""All else as PostgreSQL itself has it: what has committed survives the power."""


class Cluster:
    """One server; its databases are owned by a user who is no superuser, as in a dealership's."""

    def __init__(self, *, durable: bool = False) -> None:
        self.port = _free_port()
        self._settings = _NEAR | (_DURABLE if durable else _QUICK)
        self._password = secrets.token_hex(12)
        self._folder = Path(tempfile.mkdtemp(prefix="advisor-desk-postgres-"))
        self._user = _unprivileged()
        self._server: subprocess.Popen[bytes] | None = None
        self._count = 0

    def __enter__(self) -> Cluster:
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        try:
            self._make()
            self.start()
            self.run(f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{self._password}'")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self) -> None:
        secret = self._folder / "password"
        secret.write_text(self._password)
        if self._user is not None:
            shutil.chown(secret, self._user)
        words = ["-D", str(self._data), "-U", "postgres", "-A", "scram-sha-256", "--pwfile", str(secret)]
        done = self._start(["initdb", *words, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        complaint = done.communicate(timeout=120)[0]
        assert done.returncode == 0, f"initdb: {complaint.decode(errors='replace')}"
        with (self._data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in {**self._settings, "port": self.port}.items())

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _start(self, words: list[str], log: Any = subprocess.PIPE) -> subprocess.Popen[bytes]:
        program, *rest = words
        return subprocess.Popen(
            [str(binaries() / program), *rest],
            user=self._user,
            group=self._user and pwd.getpwnam(self._user).pw_gid,
            extra_groups=[] if self._user else None,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        )

    def start(self) -> None:
        """Start the server, and return once it answers."""
        with (self._folder / "log").open("ab") as log:
            self._server = self._start(["postgres", "-D", str(self._data)], log)
        until(self._answers, what="PostgreSQL to answer")

    def _answers(self) -> bool:
        assert self._server is not None and self._server.poll() is None, (self._folder / "log").read_text()
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.url("postgres", "postgres"), connect_timeout=2).close()
            return True
        return False

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server; SIGINT hangs up on everybody first, SIGQUIT is a crash."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=60)
            self._server = None

    def url(self, database: str, user: str = OWNER) -> str:
        """How a user reaches a database."""
        return f"postgresql://{user}:{self._password}@127.0.0.1:{self.port}/{database}"

    def database(self, template: str = "template0") -> str:
        """A new database of the owner's, empty or as another is; its name."""
        self._count += 1
        name = f"bridge_{self._count}"
        self.run(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Take a database away, whoever is connected to it."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run one statement as the server's superuser; its rows."""
        with psycopg.connect(self.url(database, "postgres"), autocommit=True) as conn:
            done = conn.execute(statement)  # type: ignore[call-overload]
            return list(done.fetchall()) if done.description else []


def binaries() -> Path:
    """Where the newest PostgreSQL of this system keeps its programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    assert found or on_path, "PostgreSQL is not installed: python3 build_scripts/dev.py test installs it"
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _unprivileged() -> str | None:
    """Whom to run it as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise AssertionError(f"{getpass.getuser()} has no unprivileged user to run PostgreSQL as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
