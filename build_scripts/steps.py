"""The steps of a check: each runs, is timed and is named in a summary line."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any


class Failed(Exception):
    """A wish that was not granted; its words say what to do."""

    def __init__(self, words: str, code: int = 1) -> None:
        super().__init__(words)
        self.code = code


class Steps:
    """What was done, how long it took, and what failed."""

    def __init__(self, wish: str) -> None:
        self._wish = wish
        self._done: list[tuple[str, bool, float]] = []

    @contextmanager
    def step(self, name: str, *, stop: bool = False) -> Iterator[None]:
        """One step; its failure is kept for the summary, or ends all when nothing can follow without it."""
        print(f"\n── {name}", flush=True)
        started = time.monotonic()
        try:
            yield
        except Failed as failed:
            print(failed, flush=True)
            self._done.append((name, False, time.monotonic() - started))
            if stop:
                raise Failed(f"{self._wish}: FAILED at {name}", failed.code) from None
        else:
            self._done.append((name, True, time.monotonic() - started))

    def run(self, name: str, command: Sequence[str], env: Mapping[str, str], cwd: Path, minutes: float = 10) -> None:
        """A step that is one command; it fails by its exit code, or when it has not ended in time."""
        with self.step(name):
            code = _run(command, env, cwd, minutes * 60)
            if code is None:
                raise Failed(f"{name} had not ended after {minutes:g} minutes and was stopped.")
            if code:
                raise Failed(f"{name} ended with {code}.")

    def run_beside(
        self, commands: Mapping[str, Sequence[str]], env: Mapping[str, str], cwd: Path, minutes: float = 10
    ) -> None:
        """Steps that run at once, a command each; what each of them said follows when it has ended."""
        print(f"\n── {', '.join(commands)}: side by side", flush=True)
        with ThreadPoolExecutor(len(commands)) as lanes, ExitStack() as files:
            said = {name: files.enter_context(tempfile.TemporaryFile()) for name in commands}
            ends = {
                name: lanes.submit(_timed, command, env, cwd, minutes * 60, said[name])
                for name, command in commands.items()
            }
            for name, end in ends.items():
                code, seconds = end.result()
                print(f"\n── {name}", flush=True)
                said[name].seek(0)
                print(said[name].read().decode(errors="replace"), flush=True)
                if code != 0:
                    print(f"{name} ended with {code}." if code is not None else f"{name} was stopped: out of time.")
                self._done.append((name, code == 0, seconds))

    def summary(self) -> int:
        """Print a line a step and one for all; the exit code."""
        print()
        for name, good, seconds in self._done:
            print(f"{'ok    ' if good else 'FAILED'}  {name:<16} {seconds:7.1f} s")
        bad = [name for name, good, _ in self._done if not good]
        total = sum(seconds for _, _, seconds in self._done)
        verdict = f"FAILED at {', '.join(bad)}" if bad else f"all {len(self._done)} steps passed"
        print(f"{self._wish}: {verdict} ({total:.0f} s)", flush=True)
        return 1 if bad else 0


def _timed(
    command: Sequence[str], env: Mapping[str, str], cwd: Path, seconds: float, out: IO[bytes]
) -> tuple[int | None, float]:
    started = time.monotonic()
    return _run(command, env, cwd, seconds, out), time.monotonic() - started


def _run(
    command: Sequence[str], env: Mapping[str, str], cwd: Path, seconds: float, out: IO[bytes] | None = None
) -> int | None:
    """The exit code, or None when time ran out; then the whole family of processes is ended."""
    own_group = os.name == "posix"
    err = subprocess.STDOUT if out else None
    with subprocess.Popen(command, env=env, cwd=cwd, start_new_session=own_group, stdout=out, stderr=err) as running:
        try:
            return running.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            end(running)
            return None
        except KeyboardInterrupt:
            end(running)
            raise


def end(running: subprocess.Popen[Any]) -> None:
    """End a process that was started in a session of its own, and all that it has started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(running.pid)], capture_output=True, check=False)
    else:
        # First as Ctrl+C, and to itself alone: pytest then says what had failed so far.
        running.send_signal(signal.SIGINT)
        for harder in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(timeout=20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, harder)
    running.wait()
