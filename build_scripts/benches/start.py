"""How long from process start to a painted board, beside a bare painted QMainWindow started the same way in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benches.processes import Bench
from benches.table import Row, median

_RUNS = 15

# What every window pays: Qt's imports, an application, a main window on screen. The first paint ends the measurement.
BARE = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.done)
    def done(self):
        print(time.clock_gettime(time.CLOCK_MONOTONIC), flush=True)
        app.exit(0)

app = QApplication(sys.argv)
window = Window()
window.resize(1600, 900)
window.show()
app.exec()
"""


def bare() -> float:
    """Seconds from process start to a bare main window's first paint."""
    started = time.clock_gettime(time.CLOCK_MONOTONIC)
    out = subprocess.run([sys.executable, "-c", BARE], capture_output=True, text=True, check=True, env=_environment())
    return float(out.stdout.split()[-1]) - started


def board(profile: Path, hello: str) -> float:
    """Seconds from process start to the first painted cards of the board in ``profile``."""
    started = time.clock_gettime(time.CLOCK_MONOTONIC)
    out = subprocess.run(
        [
            sys.executable,
            "-m",
            "ui",
            "--profile-dir",
            str(profile),
            "--hello-stdin",
            "--size",
            "1600x900",
            "--report-paint",
        ],
        input=hello + "\n",
        capture_output=True,
        text=True,
        check=True,
        env=_environment(),
    )
    return float(json.loads(out.stdout.splitlines()[-1])["painted_at"]) - started


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # a desk that is installed has its bytecode


def measure(bench: Bench) -> Row:
    """Both in turn, after one warm-up of each."""
    profile, hello = bench.profile(), bench.hello()
    bare(), board(profile, hello)
    floors, boards = [], []
    for _ in range(_RUNS):
        floors.append(bare())
        boards.append(board(profile, hello))
    ratio = median(boards) / median(floors)
    return Row(
        "process start to painted board",
        f"{median(boards) * 1000:.0f} ms = {ratio:.2f} ×",
        f"{median(floors) * 1000:.0f} ms, bare window",
        "≤ 2.4 × (aim 2.0)",
        ratio <= 2.4,
    )
