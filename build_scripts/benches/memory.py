"""What the window and its desk service hold in memory, on a store that is in step."""

from __future__ import annotations

import subprocess
import sys
import time

import psutil

from benches.processes import Bench
from benches.start import BARE
from benches.table import Row

_SETTLED = 15.0
"""Seconds after which the window has painted, the service has synced and the first garbage is gone."""
_MB = 1024 * 1024


def measure(bench: Bench) -> Row:
    """Both processes some time after their start, beside a bare painted main window."""
    profile = bench.profile()
    bare = [sys.executable, "-c", BARE.replace("app.exit(0)", "pass")]
    floor, _ = _held(subprocess.Popen(bare, stdout=subprocess.DEVNULL), 4)
    command = [sys.executable, "-m", "ui", "--profile-dir", str(profile), "--hello-stdin", "--size", "1600x900"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as window:
        assert window.stdin is not None
        window.stdin.write(bench.hello() + "\n")
        window.stdin.flush()
        whole, own = _held(window, _SETTLED)
    return Row(
        "memory of window and desk service",
        f"{whole / _MB:.0f} MB resident, {own / _MB:.0f} MB their own",
        f"{floor / _MB:.0f} MB, bare window",
        "≤ 260 MB",
        whole <= 260 * _MB,
    )


def _held(window: subprocess.Popen[str] | subprocess.Popen[bytes], seconds: float) -> tuple[int, int]:
    """Resident and private bytes of a process and its children after a while; it is ended then."""
    try:
        time.sleep(seconds)
        if window.poll() is not None:
            raise RuntimeError(f"the window ended with {window.returncode}")
        family = psutil.Process(window.pid)
        infos = [process.memory_full_info() for process in (family, *family.children(recursive=True))]
        return sum(info.rss for info in infos), sum(info.uss for info in infos)
    finally:
        window.terminate()
        window.wait()
