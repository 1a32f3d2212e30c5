"""A real desk service, driven over its pipe as the screen drives it."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from advisor_desk.cache import reads
from advisor_desk.domain.records import KINDS
from tests.support import cli
from tests.support.waiting import PATIENCE, until

Event = dict[str, Any]


class Refusal(AssertionError):
    """The service answered with an error; ``error`` is what it said."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error)
        self.error = error
        self.code: str = error["code"]
        self.message: str = error["message"]
        self.fields: dict[str, str] = error["fields"]


class DeskProcess:
    """``advisor-desk desk`` on a profile folder; the key stays with it across lives, the token may change."""

    def __init__(
        self,
        profile: Path,
        bridge: str | None = None,
        token: str | None = None,
        *,
        key: str = "",
        options: tuple[str, ...] = (),
        env: dict[str, str] | None = None,
        before: Callable[[], None] | None = None,
        hello: dict[str, Any] | None = None,
    ) -> None:
        self.profile = profile
        self.bridge = bridge
        self.token = token
        self.key = key or secrets.token_hex(32)
        self.options = options
        self.ready: dict[str, Any] = {}
        self._env = env or {}
        self.before = before
        self.more_hello = hello or {}
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> DeskProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def words(self) -> list[str]:
        """What starts it."""
        return cli.command("desk", "--profile-dir", self.profile, *self.options)

    def launch(self) -> None:
        """Start the process and say nothing yet."""
        self._child = subprocess.Popen(
            self.words(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cli.ROOT,
            env={**os.environ, **self._env},
            preexec_fn=self.before,
        )
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._loose: queue.Queue[dict[str, Any]] = queue.Queue()
        self._events: list[Event] = []
        self._news = threading.Condition()
        self._number = 0
        self._stderr = b""
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read, self._read_errors)]
        for reader in self._readers:
            reader.start()

    def start(self) -> dict[str, Any]:
        """Launch, say hello, and return what it is ready with; raises Refusal when it will not start."""
        self.launch()
        self.greet()
        try:
            first = self.next_loose()
        except AssertionError:
            self.kill()
            raise
        if "error" in first:
            self.close()
            raise Refusal(first["error"])
        self.ready = first["ready"]
        return self.ready

    def greet(self) -> None:
        """Say hello to a launched process, and do not wait."""
        hello = {"key": self.key, "bridge": self.bridge, "token": self.token, **self.more_hello}
        self.send_line(json.dumps({"hello": hello}))

    def twin(self) -> DeskProcess:
        """Another process on the same profile, launched and waiting for its hello."""
        other = DeskProcess(self.profile, self.bridge, self.token, key=self.key, options=self.options)
        other.launch()
        return other

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._child is not None
        return self._child.pid

    def send_line(self, line: str | bytes) -> None:
        """Put one line on its input, whatever it holds."""
        assert self._child is not None and self._child.stdin is not None
        self._child.stdin.write((line.encode() if isinstance(line, str) else line) + b"\n")
        self._child.stdin.flush()

    def next_loose(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next line that answers no numbered request and is no event: ready, or an error without an id."""
        return self._take(self._loose, seconds)

    def begin(self, do: str, *, key: str | None = None, **args: Any) -> int:
        """Send a command and do not wait; its number, for ``answer``."""
        self._number += 1
        number = self._number
        self._answers[number] = queue.Queue()
        asked = {"id": number, "do": do, "args": args} | ({"key": key} if key else {})
        self.send_line(json.dumps(asked, ensure_ascii=False))
        return number

    def answer(self, number: int, seconds: float = PATIENCE) -> Any:
        """What a command was answered; raises Refusal."""
        said = self._take(self._answers[number], seconds)
        if "error" in said:
            raise Refusal(said["error"])
        return said["ok"]

    @property
    def heard(self) -> bool:
        """True once it has said anything that answers no numbered request: it is ready, or will not be."""
        return not self._loose.empty()

    def _take(self, lines: queue.Queue[dict[str, Any]], seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while True:
            try:
                return lines.get(timeout=0.2)
            except queue.Empty:
                reading = any(reader.is_alive() for reader in self._readers)
                if not reading and lines.empty():
                    raise AssertionError(f"the service has ended: {self._stderr.decode(errors='replace')}") from None
                assert time.monotonic() < deadline, f"no answer in {seconds:g} s"

    def answered(self, number: int) -> bool:
        """True once the answer is here."""
        return not self._answers[number].empty()

    def ask(self, do: str, *, key: str | None = None, **args: Any) -> Any:
        """Give a command and wait for its answer; raises Refusal."""
        return self.answer(self.begin(do, key=key, **args))

    @property
    def events(self) -> list[Event]:
        """All events of this life so far, oldest first."""
        with self._news:
            return list(self._events)

    def wait_event(self, wanted: Callable[[Event], bool], seconds: float = PATIENCE, since: int = 0) -> Event:
        """The first event after the first ``since`` ones that is wanted."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                for event in self._events[since:]:
                    if wanted(event):
                        return event
                self._news.wait(max(0.0, deadline - time.monotonic()))
                assert time.monotonic() < deadline, f"no such event in {seconds:g} s; last: {self._events[-3:]}"

    def link(self) -> Event:
        """The link in words, as it is now."""
        event: Event = self.ask("read.link")
        return event

    def wait_link(self, wanted: Callable[[Event], bool], seconds: float = PATIENCE) -> Event:
        """The link once it says what is wanted."""
        return until(lambda: found if wanted(found := self.link()) else None, seconds, "the link") or {}

    def wait_live(self, seconds: float = PATIENCE) -> Event:
        """The link once it is live with nothing left to send."""
        return self.wait_link(lambda link: link["state"] == "live" and not link["waiting"], seconds)

    def wait_state(self, state: str, seconds: float = PATIENCE) -> Event:
        """The link once it is in this state."""
        return self.wait_link(lambda link: link["state"] == state, seconds)

    def kill(self) -> None:
        """As a power cut would: kill -9."""
        self.signal(signal.SIGKILL)
        self.wait_end()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def close(self) -> int:
        """Close its input, as a screen that goes away does; its exit code. Nothing may stand on its stderr."""
        child = self._child
        if child is None:
            return 0
        if child.stdin is not None and not child.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.close()
        code = self.wait_end()
        assert not self._stderr, self._stderr.decode(errors="replace")
        faults = [line for line in self.log().splitlines() if " ERROR " in line or " CRITICAL " in line]
        assert not faults, self.log()
        return code

    def wait_end(self, seconds: float = PATIENCE) -> int:
        """Wait for the process to be gone and for all it said to be read; its exit code."""
        child, self._child = self._child, None
        assert child is not None
        try:
            code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise
        for reader in self._readers:
            reader.join(seconds)
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        return code

    def log(self) -> str:
        """All it has logged in this profile."""
        return "".join(path.read_text(encoding="utf-8") for path in sorted((self.profile / "logs").glob("desk.log*")))

    def restart(self) -> dict[str, Any]:
        """Another life on the same profile."""
        if self._child is not None:
            self.close()
        return self.start()

    def records(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Every living record in the cache as the screen would read it: fields by kind and id."""
        conn = reads.connect(self.profile / "cache.db", bytes.fromhex(self.key))
        try:
            return {
                (kind, row[0]): json.loads(row[1])
                for kind in KINDS
                for row in conn.execute(f"SELECT id, body FROM {kind} WHERE NOT deleted")
            }
        finally:
            conn.close()

    def _read(self) -> None:
        child = self._child
        assert child is not None and child.stdout is not None
        for raw in child.stdout:
            if not raw.endswith(b"\n"):
                return  # the process was killed in the middle of a line
            said = json.loads(raw)
            if "event" in said:
                with self._news:
                    self._events.append(said)
                    self._news.notify_all()
            elif said.get("id") in self._answers:
                self._answers[said["id"]].put(said)
            else:
                self._loose.put(said)

    def _read_errors(self) -> None:
        child = self._child
        assert child is not None and child.stderr is not None
        self._stderr = child.stderr.read()
