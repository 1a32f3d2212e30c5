"""A bridge with several people's desks on it, each behind a network plug of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess
from tests.support.plug import Plug
from tests.support.waiting import PATIENCE, until


class Shop:
    """One store's bridge and desks; everything ends with it. ``env`` is for all of them."""

    def __init__(self, folder: BridgeFolder, where: Path, env: dict[str, str] | None = None) -> None:
        self.bridge = BridgeProcess(folder, env=env)
        self._env = env
        self.plugs: dict[str, Plug] = {}
        self.desks: dict[str, DeskProcess] = {}
        self._where = where
        self._stack = ExitStack()

    def __enter__(self) -> Shop:
        self._stack.enter_context(self.bridge)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def sign_in(self, *names: str, options: tuple[str, ...] = ()) -> list[DeskProcess]:
        """The desks of these people, started together and in step."""
        for name in names:
            plug = self._stack.enter_context(Plug(self.bridge.url))
            token = self.bridge.folder.token(name)
            desk = DeskProcess(self._where / name, plug.url, token, options=options, env=self._env)
            self.plugs[name], self.desks[name] = plug, self._stack.enter_context(desk)
        for name in names:
            self.desks[name].wait_live()
        return [self.desks[name] for name in names]

    def unplug(self, *names: str) -> None:
        """Cut these people off, and wait until their desks say so."""
        for name in names:
            self.plugs[name].pull()
        for name in names:
            self.desks[name].ask("sync.now")
            self.desks[name].wait_state("offline")

    def plug_in(self, *names: str, seconds: float = PATIENCE) -> None:
        """Connect them again and wait until each desk is in step, one after the other."""
        for name in names:
            self.plugs[name].push()
            self.desks[name].ask("sync.now")
            self.desks[name].wait_live(seconds)

    def wait_same(self, seconds: float = PATIENCE) -> dict[tuple[str, str], dict[str, Any]]:
        """The bridge's records once every connected desk holds just the same."""

        def differing() -> dict[str, list[Any]]:
            there = self.bridge.records(next(iter(self.desks)))
            return {name: found for name, desk in self.desks.items() if (found := _differ(there, desk.records()))}

        until(lambda: not differing(), seconds, "every desk to hold what the bridge holds")
        return self.bridge.records(next(iter(self.desks)))

    def wait_seen(self, name: str, see: Callable[[DeskProcess], Any], seconds: float = PATIENCE) -> Any:
        """What is seen on somebody's desk, once there is something."""
        return until(lambda: see(self.desks[name]), seconds, f"something to be seen on {name}'s desk")


def _differ(there: dict[Any, Any], here: dict[Any, Any]) -> list[Any]:
    return [at for at in there.keys() | here.keys() if there.get(at) != here.get(at)]
