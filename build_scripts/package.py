"""Build the program with PyInstaller, then start what was built: its command line, and a demo with its window."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from steps import end

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
PROGRAM = DIST / "advisor-desk" / ("advisor-desk.exe" if sys.platform == "win32" else "advisor-desk")
_PATIENCE = 120
_PICTURE = b"\x89PNG\r\n\x1a\n"
_LEAST = 20_000
"""Bytes: a window with nothing on it is a smaller picture."""
# All that a demo may say; anything else, a warning of Qt's or a traceback, is a fault of the build.
_DEMO_SAYS = re.compile(r"Making the demo store …|[\d,]+ records( …)?")


class NotGood(Exception):
    """What was built does not do what it should."""


def main() -> int:
    """0 when the program was built and does what it should."""
    build()
    try:
        check()
    except NotGood as fault:
        print(f"package: FAILED: {fault}")
        return 1
    size = sum(file.stat().st_size for file in PROGRAM.parent.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"package: built and started, {size / 1e6:.0f} MB in {PROGRAM.parent.relative_to(ROOT)}")
    return 0


def build() -> None:
    """Run PyInstaller from a clean work folder."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    folders = ["--distpath", str(DIST), "--workpath", str(ROOT / "build" / "pyinstaller")]
    subprocess.run([*command, *folders, str(ROOT / "build_scripts" / "advisor-desk.spec")], check=True, cwd=ROOT)


def check() -> None:
    """Start it in an environment that knows nothing of the tree; raises NotGood."""
    helped, complaint = _run("--help")
    if "usage: advisor-desk" not in helped or complaint:
        raise NotGood(f"--help said {helped[:300]!r} and complained {complaint[:300]!r}")
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "board.png"
        shown = _run("demo", "--no-day", "--size", "demo", "--shot", str(picture), "--exit-after", "12")
        odd = [line for line in "".join(shown).splitlines() if not _DEMO_SAYS.fullmatch(line)]
        if odd:
            raise NotGood(f"the demo said what it should not: {odd[:5]}")
        drawn = picture.read_bytes() if picture.exists() else b""
        if not drawn.startswith(_PICTURE) or len(drawn) < _LEAST:
            raise NotGood(f"the window's picture is {len(drawn):,} bytes")


def _run(*options: str) -> tuple[str, str]:
    """What it said and what it complained of; raises NotGood when it does not end well, and soon."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    pipe = subprocess.PIPE
    own_group = os.name == "posix"
    with subprocess.Popen(
        [str(PROGRAM), *options], stdout=pipe, stderr=pipe, encoding="utf-8", env=env, start_new_session=own_group
    ) as started:
        try:
            out, complaint = started.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            end(started)
            raise NotGood(f"{options[0]} had not ended after {_PATIENCE} seconds") from None
    if started.returncode:
        raise NotGood(f"{options[0]} ended with {started.returncode}: {complaint[-1000:]}")
    return out, complaint


if __name__ == "__main__":
    sys.exit(main())
