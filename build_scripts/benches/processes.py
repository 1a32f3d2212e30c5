"""The store a benchmark measures on: its bridge and its desks, as the real processes of tests.support."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor_desk.cache import meta, outbox
from advisor_desk.cache.database import open_cache
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess

SCRIPTS = Path(__file__).resolve().parents[1]
_LONG = 1_800.0
"""Seconds a first sync of the biggest store may take before a benchmark gives up."""


@dataclass
class Bench:
    """A made-up store, served, and a desk's profile in step with it."""

    size: str
    folder: Path
    bridge: BridgeProcess
    key: str = field(default_factory=lambda: secrets.token_hex(32))

    @property
    def url(self) -> str:
        """Where the bridge listens."""
        return self.bridge.url

    def token(self, user: str) -> str:
        """An access token."""
        return self.bridge.folder.token(user)

    def desk(self, profile: Path, user: str) -> DeskProcess:
        """A desk service, not started yet."""
        return DeskProcess(profile, self.url, self.token(user), key=self.key)

    def hello(self, user: str = "maria") -> str:
        """The first line for a window."""
        return hello(self.key, self.url, self.token(user))

    def profile(self, user: str = "maria") -> Path:
        """Somebody's profile, in step; synced now when no benchmark has done so."""
        folder = self.folder / f"desk-{user}"
        if not (folder / "cache.db").exists():
            with self.desk(folder, user) as desk:
                desk.wait_live(_LONG)
        return folder

    def sync_once(self, user: str = "maria") -> None:
        """Bring somebody's profile in step with ``advisor-desk sync --once``."""
        folder = self.folder / f"desk-{user}"
        command = [sys.executable, "-m", "advisor_desk", "sync", "--once", "--profile-dir", str(folder)]
        subprocess.run(command, input=self.hello(user) + "\n", text=True, check=True, stdout=subprocess.DEVNULL)

    def fresh(self, name: str) -> Path:
        """An empty profile."""
        folder = self.folder / f"desk-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def copy(self, name: str) -> Path:
        """Another desk's profile with the same records, as after a first sync of its own."""
        folder = self.fresh(name)
        shutil.copytree(self.profile(), folder)
        cache = open_cache(folder / "cache.db", bytes.fromhex(self.key))
        with cache.write() as conn:
            outbox.renumber(conn, secrets.token_hex(16))
            for mine in ("access_token", "refresh_token", "employee_id"):
                meta.put(conn, mine, None)
        cache.close()
        return folder


def hello(key: str, bridge: str | None, token: str | None) -> str:
    """A hello line."""
    return json.dumps({"hello": {"key": key, "bridge": bridge, "token": token}})


@contextmanager
def opened(size: str, folder: Path, seed: int = 1) -> Iterator[Bench]:
    """Generate the store (unless the folder holds it), serve it, and stop in the end."""
    data = folder / "bridge"
    print(f"Making the {size} store …", file=sys.stderr, flush=True)
    made = BridgeFolder(data) if data.exists() else _generated(data, size, seed)
    with BridgeProcess(made) as bridge:
        kept = folder / "key"
        if not kept.exists():
            kept.write_text(secrets.token_hex(32), encoding="utf-8")
        yield Bench(size, folder, bridge, kept.read_text(encoding="utf-8"))


def script(name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Run a benchmark's own process: one JSON line in, one out (its last)."""
    command = [sys.executable, "-m", f"benches.{name}"]
    done = subprocess.run(command, input=json.dumps(asked) + "\n", stdout=subprocess.PIPE, text=True, cwd=SCRIPTS)
    if done.returncode:
        raise RuntimeError(f"benches.{name} ended with {done.returncode}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _generated(data: Path, size: str, seed: int) -> BridgeFolder:
    # Not BridgeFolder.generated: a busy store takes longer to make than a test would wait.
    command = [sys.executable, "-m", "advisor_desk", "bridge", "generate", "--data", str(data), "--size", size]
    subprocess.run([*command, "--seed", str(seed)], check=True, stdout=subprocess.DEVNULL)
    return BridgeFolder(data)
