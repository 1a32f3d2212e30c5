"""A demo from nothing to a window: a throw-away store, its bridge, its day, and a desk signed in to it."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from advisor_desk.bridge import folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.demo import people
from advisor_desk.bridge.demo.build import build
from advisor_desk.bridge.demo.day import Day
from advisor_desk.domain.errors import Refused
from advisor_desk.host import programs


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of demo."""

    size: str
    role: str
    seed: int
    speed: float
    day: bool
    folder: Path | None
    window: Sequence[str]


def show(asked: Asked) -> int:
    """Run a demo until its window closes; leaves nothing behind unless a folder was named."""
    signal.signal(signal.SIGTERM, _interrupt)  # told to end, it ends its bridge and its window too
    with tempfile.TemporaryDirectory(prefix="advisor-desk-demo-", ignore_cleanup_errors=True) as temporary:
        folder = asked.folder or Path(temporary)
        data = folder / "bridge"
        if data.exists():
            raise Refused(
                "already_there", "That folder holds a demo already. Name another --profile-dir, or delete it."
            )
        say = _say
        say(f"Making the {asked.size} store …")
        employees = build(data, asked.size, asked.seed, say)
        tokens = _tokens(data, employees)
        with _bridge(data) as url:
            day = Day(url, tokens, asked.seed, asked.speed)
            if asked.day:
                threading.Thread(target=day.run, name="day", daemon=True).start()
            try:
                return _window(folder / "desk", url, _one_time(data, asked.role), asked.window)
            finally:
                day.stop()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _tokens(data: Path, employees: dict[str, str]) -> dict[str, tuple[str, str]]:
    shelf = folder.open_books(data)
    accounts, now = Accounts(shelf), datetime.now(UTC)
    out = {name: (employees[name], accounts.token(name, now, long=False)) for name in people.AT_WORK}
    shelf.close()
    return out


def _one_time(data: Path, role: str) -> str:
    """A refresh token for the desk: it works once, and the desk changes it for the next."""
    shelf = folder.open_books(data)
    try:
        return Accounts(shelf).token(people.DEMO_LOGIN[role], datetime.now(UTC), long=True)
    finally:
        shelf.close()


@contextmanager
def _bridge(data: Path) -> Iterator[str]:
    command = [*programs.headless(), "bridge", "serve", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as child:
        assert child.stdout is not None
        try:
            line = child.stdout.readline()
            if not line:
                raise Refused("no_bridge", "The demo's bridge did not start. Run: advisor-desk doctor")
            yield str(json.loads(line)["url"])
        finally:
            child.terminate()


def _window(profile: Path, url: str, token: str, options: Sequence[str]) -> int:
    hello = {"hello": {"key": secrets.token_hex(32), "bridge": url, "token": token}}
    command = [*programs.window(), "--profile-dir", str(profile), "--hello-stdin", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, env=os.environ) as child:
        assert child.stdin is not None
        child.stdin.write(json.dumps(hello) + "\n")
        child.stdin.close()
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.terminate()
            return 130
