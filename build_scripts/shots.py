"""Pictures of the screens into shots/: every scene on every screen in both themes, from real stores and processes."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from benches import processes
from benches.processes import Bench
from pictured.scenes import SCENES, SCREENS, STORES, Scene
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess

ROOT = Path(__file__).resolve().parents[1]
SHOTS = ROOT / "shots"
UNREACHABLE = "http://127.0.0.1:9"
"""Nobody answers there: the discard port."""
_LONG = 1_200
"""Seconds one desk's pictures may take."""
_LOOK = 3
"""Seconds between two looks at what is owed."""


def main() -> int:
    """Make the pictures that were asked for; 1 when one could not be made."""
    args = _parser().parse_args()
    SHOTS.mkdir(exist_ok=True)
    failed = 0
    for store in args.store or STORES:
        scenes = [one for one in SCENES if store in one.stores and (not args.scene or one.name in args.scene)]
        if not scenes:
            continue
        with tempfile.TemporaryDirectory(prefix="advisor-desk-shots-") as folder, _served(store, Path(folder)) as bench:
            for (before, who), some in groupby(scenes, lambda scene: (scene.before, scene.who)):
                if before:
                    PREPARE[before](bench)
                else:
                    bench.sync_once(who)
                failed += _pictures(bench, store, list(some), args.scale)
    print("shots: some could not be made" if failed else f"shots: all in {SHOTS.relative_to(ROOT)}")
    return 1 if failed else 0


def _pictures(bench: Bench, store: str, scenes: list[Scene], scales: list[str] | None) -> int:
    """One window a scale; how many of them could not make all of their pictures."""
    first = scenes[0]
    url = UNREACHABLE if first.before == "offline" else bench.url
    hello = processes.hello(bench.key, url, bench.token(first.who))
    profile = bench.profile(first.who)
    failed = 0
    for scale in scales or dict.fromkeys(screen.scale for screen in SCREENS):
        (profile / "window.ini").unlink(missing_ok=True)  # each window begins as a first look
        command = [sys.executable, "-m", "pictured.camera", "--profile-dir", str(profile), "--folder", str(SHOTS)]
        command += ["--store", store, "--scale", scale]
        command += [word for scene in scenes for word in ("--scene", str(SCENES.index(scene)))]
        env = {**os.environ, "QT_SCALE_FACTOR": scale}
        try:
            done = subprocess.run(command, input=hello + "\n", text=True, env=env, timeout=_LONG, check=False)
            failed += done.returncode != 0
        except subprocess.TimeoutExpired:
            failed += 1
        print(f"shots: {store}, {len(scenes)} scenes at {scale}", flush=True)
    return failed


def _offline(bench: Bench) -> None:
    """Maria goes on working while nobody answers: ETAs, spots, a call and a stage."""
    desk = DeskProcess(bench.profile(), UNREACHABLE, bench.token("maria"), key=bench.key)
    with desk:
        for number, (ro_id, line_id) in enumerate(_awaited(desk)[:3]):
            desk.ask("part.set_eta", part_line_id=line_id, eta=_tomorrow(number))
            desk.ask("ro.set_spot", repair_order_id=ro_id, spot=f"Row {number + 1}")
        first = next(row for row in desk.ask("read.board")["board"] if row["customer_id"])
        desk.ask(
            "contact.log",
            customer_id=first["customer_id"],
            repair_order_id=first["id"],
            channel="call",
            direction="out",
            outcome="no_answer",
            body="Rang twice, no answer. Will try again after four.",
        )


def _disputed(bench: Bench) -> None:
    """David has meanwhile given the same parts other ETAs, and the bridge has his."""
    with bench.desk(bench.fresh("david"), "david") as david:
        david.wait_live()
        for number, (_, line_id) in enumerate(_awaited(david)[:3]):
            david.ask("part.set_eta", part_line_id=line_id, eta=_tomorrow(number + 24))
        david.wait_live()
    with bench.desk(bench.profile(), "maria") as maria:
        maria.wait_live()


PREPARE: dict[str, Callable[[Bench], None]] = {"offline": _offline, "disputed": _disputed}


def _awaited(desk: DeskProcess) -> list[tuple[str, str]]:
    """Repair order and line of each part on order, the same on every desk."""
    rows = desk.ask("read.board")["board"]
    return sorted((row["id"], line["id"]) for row in rows for line in row["parts"] if line["state"] == "ordered")


def _tomorrow(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(days=1, hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _let_the_rules_run(bench: Bench) -> None:
    """The bridge looks for what is owed once the first desk listens; wait until it finds nothing more."""
    with bench.desk(bench.profile(), "maria") as desk:
        desk.wait_live()
        counts = [0, -1]
        while not counts[-1] or counts[-1] != counts[-2]:
            time.sleep(_LOOK)
            counts.append(len(desk.ask("read.promises", scope="store")["promises"]))


@contextmanager
def _served(store: str, folder: Path) -> Iterator[Bench]:
    if store != "empty":
        with processes.opened(store, folder) as bench:
            _let_the_rules_run(bench)
            yield bench
        return
    made = BridgeFolder.empty(folder / "bridge")
    made.add_user("maria", "advisor")
    made.add_user("luis", "parts")
    made.add_user("helen", "manager")
    with BridgeProcess(made) as bridge:
        yield Bench("empty", folder, bridge)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py shots", description=__doc__)
    parser.add_argument("--store", action="append", choices=STORES, help="only of this store")
    parser.add_argument("--scene", action="append", choices=sorted({scene.name for scene in SCENES}), metavar="NAME")
    parser.add_argument("--scale", action="append", choices=sorted({screen.scale for screen in SCREENS}))
    return parser


if __name__ == "__main__":
    sys.exit(main())
