"""How this program starts its own other processes, from the tree and packaged alike."""

from __future__ import annotations

import sys
from pathlib import Path


def window() -> list[str]:
    """The command that opens the window."""
    return _program("advisor-desk-window", "ui")


def headless() -> list[str]:
    """The command for everything that needs no screen."""
    return _program("advisor-desk", "advisor_desk")


def _program(packaged: str, module: str) -> list[str]:
    if getattr(sys, "frozen", False):
        suffix = ".exe" if sys.platform == "win32" else ""
        return [str(Path(sys.executable).with_name(packaged + suffix))]
    return [sys.executable, "-m", module]
