"""The program's own command line, as a person would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def command(*args: str | Path) -> list[str]:
    """The words that start ``advisor-desk`` with these arguments, in this interpreter."""
    return [sys.executable, "-m", "advisor_desk", *map(str, args)]


def run(*args: str | Path, given: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run to its end; ``given`` is what stands on its input."""
    return subprocess.run(
        command(*args),
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=120,
        check=False,
    )


def said(*args: str | Path, given: str = "") -> str:
    """What it printed; AssertionError with its complaint when it did not end well."""
    done = run(*args, given=given)
    assert done.returncode == 0, f"{args[:2]} ended with {done.returncode}: {done.stderr}"
    return done.stdout.strip()
