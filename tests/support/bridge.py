"""A real bridge: its folder, the people in it, and the process that serves it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from advisor_desk.bridge import folder
from advisor_desk.bridge.accounts import Accounts
from tests.support import cli

PASSWORD = "correct horse battery staple"


class BridgeFolder:
    """A bridge's data on disk, made and peopled through the command line; tokens are asked for once each."""

    def __init__(self, data: Path, tokens: dict[str, str] | None = None) -> None:
        self.data = data
        self._tokens = tokens if tokens is not None else {}

    @classmethod
    def generated(cls, data: Path, size: str = "demo", seed: int = 1) -> BridgeFolder:
        """A made-up store with the demo's people: maria and david (advisors), luis (parts), helen (manager) …"""
        cli.said("bridge", "generate", "--data", data, "--size", size, "--seed", str(seed))
        return cls(data)

    @classmethod
    def empty(cls, data: Path, store: str = "Harbor Motors") -> BridgeFolder:
        """A store with nobody and nothing in it."""
        cli.said("bridge", "init", "--data", data, "--store", store)
        return cls(data)

    def copied(self, data: Path) -> BridgeFolder:
        """The same bridge in another folder: same people, records and signing key, so its tokens hold there too."""
        shutil.copytree(self.data, data)
        return BridgeFolder(data, self._tokens)

    def add_user(self, name: str, role: str, password: str = PASSWORD) -> None:
        """Let somebody sign in."""
        cli.said("bridge", "user", "add", name, "--role", role, "--data", self.data, given=password + "\n")

    def token(self, user: str) -> str:
        """An access token, good for hours."""
        if user not in self._tokens:
            self._tokens[user] = cli.said("bridge", "token", "--user", user, "--data", self.data)
        return self._tokens[user]

    def expired_token(self, user: str) -> str:
        """An access token that ran out an hour ago."""
        shelf = folder.open_books(self.data)
        try:
            return Accounts(shelf).token(user, datetime.now(UTC) - timedelta(hours=9), long=False)
        finally:
            shelf.close()

    def refresh_token(self, user: str) -> str:
        """A refresh token, good for one renewal; a new one every time."""
        return cli.said("bridge", "token", "--user", user, "--refresh", "--data", self.data)


class BridgeProcess:
    """``advisor-desk bridge serve`` on a free port; killed and started again it keeps the port."""

    def __init__(self, folder: BridgeFolder, *options: str, env: dict[str, str] | None = None) -> None:
        self.folder = folder
        self._env = env or {}
        self.url = ""
        self._options = options
        self._port = 0
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> BridgeProcess:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, and return once it listens."""
        words = cli.command("bridge", "serve", "--data", self.folder.data, "--port", str(self._port), *self._options)
        self._child = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=cli.ROOT,
            env={**os.environ, **self._env},
        )
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        assert line, f"the bridge ended with {self._child.wait()} before it listened"
        self.url = json.loads(line)["url"]
        self._port = int(self.url.rsplit(":", 1)[1])

    @property
    def serves(self) -> bool:
        """True from its start until it was killed or stopped."""
        return self._child is not None

    def kill(self) -> None:
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As its operator would."""
        self._end(signal.SIGTERM)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._child is not None
        self._child.send_signal(number)

    def _end(self, how: signal.Signals) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.send_signal(how)
        child.wait(timeout=30)
        if child.stdout is not None:
            child.stdout.close()

    def restart(self) -> None:
        """Kill it and serve the same folder on the same port again."""
        self.kill()
        self.start()

    def get(self, path: str, user: str, **params: Any) -> Any:
        """The JSON a signed request is answered with."""
        reply = requests.get(self.url + path, params=params, headers=self._signed(user), timeout=30)
        assert reply.status_code == 200, f"{path}: {reply.status_code} {reply.text[:300]}"
        return reply.json()

    def push(self, desk: str, mutations: list[dict[str, Any]], user: str) -> list[dict[str, Any]]:
        """Send edits as a desk would; their answers."""
        body = {"desk": desk, "mutations": mutations}
        reply = requests.post(self.url + "/v1/mutations", json=body, headers=self._signed(user), timeout=30)
        assert reply.status_code == 200, f"{reply.status_code} {reply.text[:300]}"
        results: list[dict[str, Any]] = reply.json()["results"]
        return results

    def records(self, user: str) -> dict[tuple[str, str], dict[str, Any]]:
        """Every living record of the store as this person may see it: fields by kind and id."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        after, more = "", True
        while more:
            params = {"after": after, "limit": "20000"}
            reply = requests.get(self.url + "/v1/snapshot", params=params, headers=self._signed(user), timeout=60)
            assert reply.status_code == 200, reply.text[:300]
            *lines, last = reply.content.rstrip(b"\n").split(b"\n")
            for record in map(json.loads, lines):
                found[record["kind"], record["id"]] = record["fields"]
            end = json.loads(last)["end"]
            after, more = end["cursor"], end["more"]
        return found

    def _signed(self, user: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.folder.token(user)}"}
