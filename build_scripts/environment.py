"""The virtual environment in ``.venv``, and the environment every child process gets."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import system_packages
from steps import Failed

ROOT: Final = Path(__file__).resolve().parents[1]
VENV: Final = ROOT / ".venv"
_BIN: Final = VENV / ("Scripts" if sys.platform == "win32" else "bin")
_REQUIREMENTS: Final = ROOT / "build_scripts" / "requirements"
_VERSION: Final = f"{sys.version_info.major}.{sys.version_info.minor}"
# What a person's shell may have set for their own programs, and what must not colour ours.
_FOREIGN: Final = (
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONWARNINGS",
    "PYTHONOPTIMIZE",
    "PYTHONDONTWRITEBYTECODE",
    "PYTEST_ADDOPTS",
    "PYTEST_PLUGINS",
    "MYPYPATH",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "QT_STYLE_OVERRIDE",
    "QT_PLUGIN_PATH",
)


def ensure(kind: str) -> str:
    """The Python of ``.venv`` with ``requirements/{kind}.txt`` installed; quick when it is there already."""
    python = _BIN / ("python.exe" if sys.platform == "win32" else "python")
    if _stamped(kind) and python.exists():
        return str(python)
    _make(python)
    wanted = _REQUIREMENTS / f"{kind}.txt"
    print(f"Installing {wanted.relative_to(ROOT)} into .venv …", flush=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    done = subprocess.run([*command, "--require-hashes", "-r", str(wanted)], cwd=ROOT, env=child(), check=False)
    if done.returncode:
        raise Failed("The dependencies could not be installed (see above). Check the network, then run this again.")
    _stamp(kind).write_text(_digest(kind), encoding="utf-8")
    return str(python)


def tool(name: str) -> str:
    """A console script of ``.venv``."""
    return str(_BIN / (f"{name}.exe" if sys.platform == "win32" else name))


def child(**more: str) -> dict[str, str]:
    """The environment of a child: ours importable, text in UTF-8, nothing foreign."""
    env = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    env["PYTHONPATH"] = str(ROOT)
    env["PYTHONUTF8"] = "1"
    if sys.platform == "linux":
        chosen = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
        if "utf" not in chosen.lower():  # Qt warns about any other, and warnings fail tests
            env["LC_ALL"] = "C.UTF-8"
        if "XDG_RUNTIME_DIR" not in env:  # Qt wants one of our own, closed to others
            runtime = VENV / "runtime"
            runtime.mkdir(mode=0o700, exist_ok=True)
            env["XDG_RUNTIME_DIR"] = str(runtime)
    return {**env, **more}


def has_display() -> bool:
    """True where a window can be shown."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def call(command: Sequence[str], env: dict[str, str], cwd: Path = ROOT) -> int:
    """Run a child to its end; Ctrl+C reaches it too, and it is waited for."""
    with subprocess.Popen(command, env=env, cwd=cwd) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue


def _make(python: Path) -> None:
    if python.exists() and _answers(python):
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    if importlib.util.find_spec("ensurepip") is None:
        system_packages.ensure((f"python{_VERSION}-venv",), needed=True)
    print("Making .venv …", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Failed("Python could not make a virtual environment (see above). Install its venv module, and try again.")


def _answers(python: Path) -> bool:
    """True when it runs, has pip, and is the same Python as this one."""
    asked = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stdout.strip() == _VERSION


def _stamped(kind: str) -> bool:
    kinds = (kind, "dev") if kind == "app" else (kind,)  # dev holds all of app
    return any(_stamp(one).exists() and _stamp(one).read_text(encoding="utf-8") == _digest(one) for one in kinds)


def _stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def _digest(kind: str) -> str:
    return f"{_VERSION} {hashlib.sha256((_REQUIREMENTS / f'{kind}.txt').read_bytes()).hexdigest()}"
