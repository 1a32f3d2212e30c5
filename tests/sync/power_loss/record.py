"""Record the real desk service at work: two lives of it under the recorder, alone or with a real bridge beside."""

from __future__ import annotations

import contextlib
import gzip
import json
import random
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher

from advisor_desk.bridge import folder as bridge_folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.cache import connecting
from tests.cache.shop import KEY, Shop
from tests.support import board
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.proxy import Exchange, HangUp, Proxy
from tests.support.waiting import until
from tests.sync.power_loss import trace as traces
from tests.sync.power_loss.trace import Trace
from tests.sync.store import PEOPLE, STORE, open_bridge

_SHIM: Final = Path(__file__).with_name("shim.c")
_PUSH: Final = "POST /v1/mutations"
_STANDS: Final = frozenset({"applied", "merged", "duplicate"})
_GZIP: Final = b"\x1f\x8b"
# The same service with one promise taken away, which the harness must notice: its cache's commits are not synced.
_NORMAL: Final = """
import sys
from advisor_desk.cache import connecting
assert "PRAGMA synchronous = FULL" in connecting._PRAGMAS
connecting._PRAGMAS = tuple(one.replace("synchronous = FULL", "synchronous = NORMAL") for one in connecting._PRAGMAS)
from advisor_desk.__main__ import main
sys.exit(main())
"""


def build_shim(folder: Path) -> Path:
    """Compile the recorder."""
    made = folder / "shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", made, _SHIM, "-ldl", "-lpthread"], check=True)
    return made


class RecordedDesk(DeskProcess):
    """A desk service whose every write and sync of its cache is recorded; ``weak`` is the control."""

    def __init__(self, profile: Path, *to: str, recording: Path, shim: Path, weak: bool) -> None:
        watched = {
            "LD_PRELOAD": str(shim),
            "POWER_LOSS_FOLDER": str(profile.resolve()),
            "POWER_LOSS_TRACE": str(recording),
        }
        super().__init__(profile, *to, key=KEY.hex(), env=watched)
        self._weak = weak

    def words(self) -> list[str]:
        """The real program, or the control."""
        words = super().words()
        return [words[0], "-c", _NORMAL, *words[3:]] if self._weak else words


def record(folder: Path, shim: Path, seed: int, commands: int, *, weak: bool = False, bridge: bool = False) -> Trace:
    """Two lives of a desk with so many commands each, drawn from the seed; with a bridge, from its first sync on."""
    profile, recording = folder / "profile", folder / "recording"
    profile.mkdir(mode=0o700)
    dice = random.Random(seed)
    with contextlib.ExitStack() as stack:
        line = stack.enter_context(_line(folder / "bridge", recording, dice)) if bridge else None
        if line is None:
            Shop(profile / "cache.db", KEY).stock().cache.close()
        before = traces.files_of(profile)
        for _ in range(2):
            traces.note(recording, "l")
            to = (line.proxy.url, line.token) if line else ()
            desk = RecordedDesk(profile, *to, recording=recording, shim=shim, weak=weak)
            desk.start()
            if line:
                line.comes_back(desk)
            for _ in range(commands):
                _work(desk, dice)
                if line:
                    line.happens(desk)
            if dice.random() < 0.5:
                do, args = _deed(dice)
                desk.begin(do, **args)  # whether it was done, nobody will know
                desk.kill()
            else:
                desk.close()
    return Trace(before, traces.read(recording), _edits(profile / "cache.db"))


def _edits(cache: Path) -> dict[str, frozenset[str]]:
    """Each change's edits, from the cache as the last life has left it."""
    with closing(sqlcipher.connect(str(cache))) as raw:
        raw.execute(connecting.key_pragma(KEY))
        out: dict[str, set[str]] = {}
        for id, change in raw.execute("SELECT id, change_id FROM mutation"):
            out.setdefault(change, set()).add(id)
    return {change: frozenset(ids) for change, ids in out.items()}


def _work(desk: DeskProcess, dice: random.Random) -> None:
    do, args = _deed(dice)
    with contextlib.suppress(Refusal):  # nothing is left to undo, or that promise stands already
        desk.ask(do, key=uuid.UUID(int=dice.getrandbits(128)).hex, **args)


def _deed(dice: random.Random) -> tuple[str, dict[str, Any]]:
    order = {"repair_order_id": dice.choice(("ro-1", "ro-2"))}
    customer = {"customer_id": "cust-1"}
    return dice.choice(
        (
            ("ro.set_tag", {**order, "tag": f"T{dice.randint(1, 99)}"}),
            ("ro.set_spot", {**order, "spot": f"C{dice.randint(1, 99)}"}),
            ("ro.repromise", {**order, "promised_at": _evening(dice)}),
            ("contact.log", {**customer, "channel": "note", "body": "x" * dice.choice((5, 200, 3_000))}),
            ("contact.log", {**customer, "channel": "call", "tells": ["line-1"], "body": "told"}),
            ("undo", {}),
        )
    )


def _evening(dice: random.Random) -> str:
    return f"2099-11-{dice.randint(10, 28)}T21:{dice.randint(10, 59)}:00Z"


class _Line:
    """A desk's line to a real bridge, at which a colleague works too; it goes down and comes back."""

    def __init__(self, bridge: BridgeProcess, proxy: Proxy, recording: Path, dice: random.Random) -> None:
        self.proxy = proxy
        self.token = bridge.folder.token("maria")
        self._bridge = bridge
        self._recording = recording
        self._dice = dice
        self._pushed = 0
        self._down = False
        self._goes(down=False)

    def _goes(self, *, down: bool) -> None:
        self._down = down
        if down:
            self.proxy.every(_hang_up)
        else:
            self.proxy.clear()
            self.proxy.once(_PUSH, self._push)

    def _push(self, exchange: Exchange) -> None:
        """Pass a push on, and note what stands at the bridge before the desk can hear of it."""
        self.proxy.once(_PUSH, self._push)
        if self._down:
            raise HangUp
        reply = exchange.ask()
        if reply.head.startswith(b"HTTP/1.1 200"):
            body = gzip.decompress(reply.body) if reply.body.startswith(_GZIP) else reply.body
            stands = [one["id"] for one in json.loads(body)["results"] if one["outcome"] in _STANDS]
            traces.note(self._recording, "a", json.dumps(stands).encode())
        exchange.send(reply.raw)

    def happens(self, desk: DeskProcess) -> None:
        """What may happen after a command."""
        luck = self._dice.random()
        if luck < 0.15:
            self._goes(down=True)
        elif luck < 0.45:
            self._colleague()
        elif luck < 0.7:
            self.comes_back(desk)

    def comes_back(self, desk: DeskProcess) -> None:
        """The line is good, all that waited is sent, and what clashed is decided."""
        self._goes(down=False)
        desk.ask("sync.now")
        until(lambda: self._settled(desk), what="the desk to be in step")

    def _settled(self, desk: DeskProcess) -> bool:
        for entry in board.attention(desk):
            action = self._dice.choice(("set_mine", "keep_theirs"))
            with contextlib.suppress(Refusal):  # it has been decided in the meantime
                desk.ask("attention.resolve", attention_id=entry["id"], action=action)
        link = desk.link()
        return link["state"] == "live" and not link["waiting"] and not link["attention"]

    def _colleague(self) -> None:
        """David changes an order at once."""
        id = self._dice.choice(("ro-1", "ro-2"))
        record = self._bridge.get(f"/v1/records/repair_order/{id}", "david")
        name, value = self._dice.choice((("tag", f"D{self._pushed}"), ("promised_at", _evening(self._dice))))
        self._pushed += 1
        edit = {
            "id": str(uuid.uuid4()), "n": self._pushed, "kind": "repair_order", "record_id": id, "op": "update",
            "base_rev": record["rev"], "set": {name: value}, "was": {name: record["fields"].get(name)},
            "intent": "elsewhere", "made_at": board.hence(seconds=0), "actor": PEOPLE["david"],
        }  # fmt: skip
        self._bridge.push("david-desk", [edit], "david")


def _hang_up(exchange: Exchange) -> None:
    raise HangUp


@contextlib.contextmanager
def _line(data: Path, recording: Path, dice: random.Random) -> Iterator[_Line]:
    """A bridge with the shop's records and its people, served by a process of its own."""
    open_bridge(data, lambda: datetime.now(UTC)).books.close()
    with closing(bridge_folder.open_books(data)) as books:
        accounts = Accounts(books)
        for name in ("maria", "david"):
            accounts.add(name, STORE, PEOPLE[name], None)
        tokens = {name: accounts.token(name, datetime.now(UTC), long=False) for name in ("maria", "david")}
    with BridgeProcess(BridgeFolder(data, tokens)) as bridge, Proxy(bridge.url) as proxy:
        yield _Line(bridge, proxy, recording, dice)
