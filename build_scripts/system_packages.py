"""The shared libraries and programs that come from the system: on Debian's family installed with apt where we may."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from steps import Failed

OFFSCREEN: Final = (
    "libglib2.0-0",
    "libegl1",
    "libgl1",
    "libdbus-1-3",
    "libfontconfig1",
    "libfreetype6",
    "libxkbcommon0",
    "libx11-6",
)
_X11: Final = (
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-render0",
    "libxcb-shape0",
    "libxcb-shm0",
    "libxcb-sync1",
    "libxcb-util1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
XCB: Final = ("xvfb", "xauth", "xdotool", *_X11)
_WAYLAND: Final = ("libwayland-client0", "libwayland-cursor0", "libwayland-egl1")
FONTS: Final = ("fonts-noto-cjk", "fonts-noto-color-emoji")
"""What DejaVu lacks. Not all of Noto: it would become the default, and every screen would look another way."""
RECORDER: Final = ("gcc", "libc6-dev")
"""What compiles the recorder of the power-loss tests; only recommended by gcc, so named, are C's headers."""
_POSTGRESQL: Final = ("postgresql", "postgresql-contrib")
_INSTALL: Final = "apt-get install -y --no-install-recommends"
_QUIET_APT: Final = "apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300"
# A server for tests only: Debian would make a cluster and start it, unless told not to for this once.
_QUIETLY: Final = """
set -e
conf=/etc/postgresql-common/createcluster.conf
cp -p "$conf" "$conf.before"
trap 'mv -f "$conf.before" "$conf"' EXIT
printf '\\ncreate_main_cluster = false\\n' >> "$conf"
"""


def for_window() -> tuple[str, ...]:
    """What the window needs here, by the display it will be shown on."""
    shown = _X11 if os.environ.get("DISPLAY") else _WAYLAND if os.environ.get("WAYLAND_DISPLAY") else ()
    return (*OFFSCREEN, *shown)


def for_packaging() -> tuple[str, ...]:
    """What PyInstaller needs: objdump, and the system's own Python as a shared library."""
    shared = (f"libpython{sys.version_info.major}.{sys.version_info.minor}",) if sys.base_prefix == "/usr" else ()
    return ("binutils", *shared)


def ensure(packages: Iterable[str], *, needed: bool) -> None:
    """Install those that are missing; where we may not, say the one line to run, and stop if they are needed."""
    if not _debian():
        return
    wanted = missing(packages, _installed())
    if not wanted:
        return
    line = f"{_INSTALL} {' '.join(wanted)}"
    if not _allowed():
        _ask_for(line, needed=needed)
    elif not _apt(line):
        raise Failed(f"apt could not install what is missing (see above). Run: sudo {line}")


def ensure_postgresql() -> None:
    """Install PostgreSQL's programs when there are none, without making or starting a server."""
    if not _debian() or shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        return
    line = f"{_INSTALL} {' '.join(_POSTGRESQL)}"
    if not _allowed():
        _ask_for(line, needed=True)
    elif not (_apt(f"{_INSTALL} postgresql-common") and _apt(f"{_QUIETLY}{line}")):
        raise Failed(f"apt could not install PostgreSQL (see above). Run: sudo {line}")


def missing(packages: Iterable[str], installed: frozenset[str]) -> list[str]:
    """Those that are not installed, in their order, once each."""
    return [name for name in dict.fromkeys(packages) if name not in installed]


def installed_in(listing: str) -> frozenset[str]:
    """The names in dpkg-query's listing (name, status, provides): a newer package may provide an older name."""
    names: set[str] = set()
    for line in listing.splitlines():
        name, status, provides = [*line.split("\t"), "", ""][:3]
        if status == "installed":
            names.add(name)
            names.update(word.split()[0] for word in provides.split(",") if word.strip())
    return frozenset(names)


def _installed() -> frozenset[str]:
    form = "${Package}\\t${db:Status-Status}\\t${Provides}\\n"
    done = subprocess.run(["dpkg-query", "-W", "-f", form], capture_output=True, text=True, check=True)
    return installed_in(done.stdout)


def _debian() -> bool:
    return sys.platform == "linux" and bool(shutil.which("apt-get") and shutil.which("dpkg-query"))


def _as_root() -> Sequence[str]:
    return () if os.geteuid() == 0 else ("sudo", "-n")


def _allowed() -> bool:
    if os.geteuid() == 0:
        return True
    return bool(shutil.which("sudo")) and not subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode


def _ask_for(line: str, *, needed: bool) -> None:
    words = f"System packages are missing, and this user may not install them. Run: sudo {line}"
    if needed:
        raise Failed(words)
    print(words, file=sys.stderr)


def _apt(script: str) -> bool:
    """Run one apt script; when it fails, once more with fresh package lists."""
    print(f"Installing system packages: {script.splitlines()[-1]}", flush=True)
    quiet = script.replace("apt-get", _QUIET_APT)
    for lines in (quiet, f"{_QUIET_APT} update\n{quiet}"):
        command = [*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "sh", "-c", lines]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if not done.returncode:
            return True
    print(done.stdout[-4_000:], done.stderr[-4_000:], sep="", file=sys.stderr)
    return False
