"""The desk service: the one writer of the cache, driven over standard input and output, one JSON object a line."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TextIO
from zoneinfo import ZoneInfo

from advisor_desk.api import strict_json
from advisor_desk.api.client import Client
from advisor_desk.api.connection import Network
from advisor_desk.api.errors import ApiError
from advisor_desk.cache import attention, errors, meta, outbox, raw, reads, suppliers
from advisor_desk.cache.database import Cache, open_cache
from advisor_desk.desk import hello, history, imports, instance
from advisor_desk.desk import reads as desk_reads
from advisor_desk.desk.commands import WRITES, Commands
from advisor_desk.desk.hello import Hello
from advisor_desk.desk.tokens import CacheTokens
from advisor_desk.domain import commands, times
from advisor_desk.domain.errors import BadArguments, Refused
from advisor_desk.host.clock import Clock
from advisor_desk.host.paths import Profile
from advisor_desk.sync import schedule
from advisor_desk.sync.engine import Engine
from advisor_desk.sync.hybrid import HybridClock

VERSION: Final = "0.1.0"
LONGEST_LINE: Final = 1024 * 1024
SWEEP: Final = 60.0
"""Seconds between two rounds of the rules while no bridge makes them."""
_CHANGES: Final = frozenset({*WRITES, "attention.resolve"})
"""The commands that leave something to send."""
_LOOK: Final = 1.0
_log = logging.getLogger(__name__)


class Wire:
    """Lines out, whole, whichever thread speaks."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def say(self, message: Mapping[str, Any]) -> None:
        """Send one object; a screen that is gone is not told."""
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n"
        with self._lock:
            try:
                self._out.write(line)
                self._out.flush()
            except (BrokenPipeError, ValueError):
                pass


def run(profile: Profile, lines: TextIO, out: TextIO, clock: Clock) -> int:
    """Serve one screen until its input ends; 0 then, 2 for a bad start, 3 when the profile is in use."""
    wire = Wire(out)
    try:
        said = hello.read(lines.readline(LONGEST_LINE))
        with instance.InstanceLock(profile.lock):
            cache = open_cache(profile.cache, said.key)
            try:
                service = Service(cache, said, clock, wire)
                service.serve(lines)
            finally:
                cache.close()
    except Refused as refused:
        return refuse(out, refused)
    return 0


def refuse(out: TextIO, refused: Refused) -> int:
    """Say as the first line why the service does not start; its exit code."""
    Wire(out).say({"error": _error(refused)})
    return 3 if isinstance(refused, instance.AlreadyRunning) else 2


class Service:
    """The composition of one desk: its cache, its commands, and the engine that keeps it in step."""

    def __init__(self, cache: Cache, said: Hello, clock: Clock, wire: Wire) -> None:
        self._cache = cache
        self._wire = wire
        with cache.read() as conn:
            bridge = said.bridge or meta.get(conn, "bridge_url") or ""
            last = conn.exec_driver_sql("SELECT max(made_at) FROM mutation").scalar() or ""
        self._clock = HybridClock(clock, last)
        self._commands = Commands(cache, self._clock)
        self._connect: Callable[[], Any] = lambda: reads.connect(cache.path, said.key)
        self._reader = self._connect()
        self._tokens = CacheTokens(cache, said.token)
        self.engine: Engine | None = None
        self._client: Client | None = None
        self._beside = ThreadPoolExecutor(1, "history")
        """Asks the bridge what a person waits for, while commands go on."""
        self._counting = ThreadPoolExecutor(1, "figures")
        """Counts the records of months, while commands go on."""
        self._importing = ThreadPoolExecutor(1, "import")
        """Reads a supplier's list, while commands go on."""
        self._looks = 0
        self._fault: ApiError | None = None
        if bridge:
            try:
                client = Client(bridge, self._tokens, Network(said.proxy, said.ca_file))
                self._client = client
                self.engine = Engine(cache, client, self._clock, self._announce, self._commands.new_id)
                self.engine.line.zone = lambda: ZoneInfo(self._zone)
            except ApiError as fault:
                self._fault = fault
        self._zone = "UTC"
        self._read_zone()

    def serve(self, lines: TextIO) -> None:
        """Say ready, then answer until the input ends."""
        self._wire.say({"ready": self._ready()})
        if (put_right := self._cache.recovered).words:
            self._wire.say({"event": "recovered", "words": put_right.words, "kept": put_right.kept})
        if self.engine:
            self.engine.start()
        else:
            self._wire.say(self._link())
        done = threading.Event()
        clockwork = threading.Thread(target=self._watch_the_clock, args=(done,), name="clockwork", daemon=True)
        clockwork.start()
        try:
            while line := lines.readline(LONGEST_LINE + 1):
                self._answer(line, lines)
        finally:
            done.set()
            clockwork.join(timeout=10)
            if self.engine:
                self.engine.stop()
            self._looks += 1
            self._importing.shutdown(cancel_futures=True)
            self._beside.shutdown(cancel_futures=True)
            self._counting.shutdown(cancel_futures=True)
            if self._reader is not None:
                self._reader.close()

    def _watch_the_clock(self, done: threading.Event) -> None:
        """What suppliers' dates are worth is found here as time passes; so do the rules run while no bridge does it."""
        left = 0.0
        while not done.wait(_LOOK):
            self._renew_suppliers()
            left -= _LOOK
            if left > 0 or self._link()["state"] in (schedule.LIVE, schedule.SYNCING, schedule.STARTING):
                continue
            left = SWEEP
            try:
                touched = self._commands.sweep()
            except Refused as refused:
                _log.warning("the rules could not run: %s", refused.code)
                continue
            if touched:
                self._announce({"event": "changed", "kinds": {kind: sorted(ids) for kind, ids in touched.items()}})

    def _renew_suppliers(self) -> None:
        try:
            if suppliers.renew(self._cache, self._clock.now()):
                self._announce({"event": "changed", "kinds": {"all": []}})
        except Refused as refused:
            _log.warning("the suppliers' records could not be made: %s", refused.code)

    def _ready(self) -> dict[str, Any]:
        status = reads.status(self._reader)
        person = reads.one(self._reader, "employee", status["employee_id"]) if status["employee_id"] else {}
        store = reads.store(self._reader)
        return {
            "version": VERSION,
            "employee": {name: person.get(name) for name in ("id", "name", "roles")} if person else None,
            "store": {"id": store["id"], "name": store.get("name", "")} if store else None,
            "cache": str(self._cache.path),
            "first_sync_done": status["first_sync_done"],
        }

    def _answer(self, line: str, lines: TextIO) -> None:
        if len(line) > LONGEST_LINE:
            while line and not line.endswith("\n"):
                line = lines.readline(LONGEST_LINE)
            error = Refused("too_long", "That line is longer than a megabyte. Send less at a time.")
            self._wire.say({"id": None, "error": _error(error)})
            return
        if not line.strip():
            return
        id: Any = None
        try:
            asked = strict_json.loads(line)
            if not isinstance(asked, dict):
                raise strict_json.BadJson("is not an object")
            id = asked.get("id")
            do, args = asked.get("do"), commands.check(asked.get("do"), asked.get("args") or {})
            key = asked.get("key")
            if key is not None and (not isinstance(key, str) or not 8 <= len(key) <= 64):
                raise BadArguments({"key": "must be text of 8 to 64 characters"})
        except strict_json.BadJson as bad:
            error = Refused("bad_json", f"That line {bad}. Send one JSON object a line.")
            self._wire.say({"id": id, "error": _error(error)})
        except Refused as refused:
            self._wire.say({"id": id, "error": _error(refused)})
        else:
            name = str(do)
            if name == "read.history":
                self._beside.submit(self._carry_out, id, name, lambda: self._older(args))
            elif name == "read.report":
                self._counting.submit(self._carry_out, id, name, lambda: self._report(args))
            elif name in ("import.preview", "import.apply"):
                self._looks += 1
                self._importing.submit(self._carry_out, id, name, partial(self._import, name, args, key, self._looks))
            else:
                self._carry_out(id, name, lambda: self._do(name, args, key))

    def _carry_out(self, id: Any, name: str, work: Callable[[], Any]) -> None:
        """Answer with what comes of the work, or with why nothing did; what was changed is sent on after that."""
        changes = name in _CHANGES
        if changes and self.engine:
            self.engine.make_way()
        try:
            self._wire.say({"id": id, "ok": work()})
        except Refused as refused:
            self._wire.say({"id": id, "error": _error(refused)})
        except Exception as fault:
            self._wire.say({"id": id, "error": _error(_in_words(fault))})
        if changes and self.engine:
            self.engine.line.say()
            self.engine.poke()
        elif changes:
            self._wire.say(self._link())

    def _older(self, args: Mapping[str, Any]) -> dict[str, Any]:
        if self._client is None:
            raise history.without_bridge()
        return history.older(self._cache, self._client, args)

    def _report(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Figures, read by a connection of their own."""
        conn = self._connect()
        try:
            return desk_reads.report(conn, args, self._clock.now())
        finally:
            conn.close()

    def _import(self, name: str, args: dict[str, Any], key: str | None, look: int) -> Any:
        """Read a list; a later look at one, or the end of the service, ends this one."""

        def tick(rows: int) -> None:
            if look != self._looks:
                raise Refused("looked_again", "Nothing was done: the list is being looked at again.")
            self._wire.say({"event": "import", "rows": rows})

        now = self._clock.now()
        with self._cache.read() as conn:
            known = imports.Known.of(conn, args.get("supplier") or "")
        if name == "import.preview":
            return imports.preview(known, args, now, tick)
        return self._do(name, args | {"prepared": imports.prepare(args, known.zone, now, tick)}, key)

    def _do(self, name: str, args: dict[str, Any], key: str | None) -> Any:
        if name in _CHANGES:
            answer, touched = self._commands.carry_out(name, args, key)
            if touched:
                self._announce({"event": "changed", "kinds": {kind: sorted(ids) for kind, ids in touched.items()}})
            return answer
        if name == "reconcile.tick":
            ticked = {kind: sorted(ids) for kind, ids in self._commands.tick(args).items()}
            self._announce({"event": "changed", "kinds": ticked})
            return {"changed": ticked}
        if name in desk_reads.HANDLERS:
            return self._read(desk_reads.HANDLERS[name], args)
        return self._other(name)

    def _other(self, name: str) -> Any:
        if name == "help":
            return {
                command.name: {
                    "words": command.words,
                    "args": {arg: takes.words for arg, takes in command.args.items()},
                }
                for command in commands.COMMANDS.values()
            }
        if name == "read.link":
            return self._link()
        if self.engine is None:
            raise self._fault or Refused("no_bridge", "No bridge is set. Give its address in Settings.")
        if name == "sync.now":
            self.engine.poke()
        elif name == "sign_in":
            self._tokens.forget()
            self.engine.sign_in()
        else:
            self._tokens.clear()
            self.engine.sign_out()
        return {}

    def _read(self, handler: Callable[[desk_reads.Reading, Mapping[str, Any]], Any], args: dict[str, Any]) -> Any:
        """What a read says; a connection that has met a page it could not read is of no use any more."""
        if self._reader is None:
            self._reader = self._connect()
        try:
            return handler(self._reading(), args)
        except reads.DatabaseError:
            self._reader.close()
            self._reader = None
            raise

    def _reading(self) -> desk_reads.Reading:
        with self._cache.read() as conn:
            actor = meta.get(conn, "employee_id") or ""
            held = frozenset(outbox.held(conn))
        return desk_reads.Reading(self._reader, actor, self._clock.now(), held, self._commands.would_raise)

    def _link(self) -> dict[str, Any]:
        if self.engine:
            return self.engine.line.now()
        with self._cache.read() as conn:
            waiting, attend = outbox.waiting_of_people(conn), attention.count(conn)
            as_of = meta.get(conn, "last_synced_at") or ""
        state = self._fault.state if self._fault else schedule.NO_BRIDGE
        now = self._clock.now()
        return {
            "event": "link",
            "state": state,
            "since": times.to_wire(now),
            "waiting": waiting,
            "attention": attend,
            "as_of": as_of,
            "words": schedule.words(state, None, waiting, ZoneInfo(self._zone), now),
            "trouble": self._fault.message if self._fault else "No bridge is set. Give its address in Settings.",
        }

    def _announce(self, event: dict[str, Any]) -> None:
        if event.get("event") == "signed_in":
            self._tokens.forget() if self._tokens.access() is None else None
        if event.get("event") == "changed" and {"all", "store"} & event["kinds"].keys():
            self._read_zone()
        self._wire.say(event)

    def _read_zone(self) -> None:
        with self._cache.read() as conn:
            name = str(reads.store(raw.driver(conn)).get("timezone") or "UTC")
        try:
            ZoneInfo(name)
            self._zone = name
        except (ValueError, OSError, KeyError):
            self._zone = "UTC"


def _in_words(fault: Exception) -> Refused:
    """What to say of a fault: of one that is the disk's, what can be done about it; another is ours, and logged."""
    if (refusal := errors.of(fault)) is not None:
        return refusal
    _log.error("command failed: %s", type(fault).__name__, exc_info=fault)
    return Refused("internal", "Something went wrong here; nothing was changed. Try again, or restart the desk.")


def _error(refused: Refused) -> dict[str, Any]:
    return {"code": refused.code, "message": refused.message, "fields": refused.fields}
