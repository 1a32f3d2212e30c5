"""Pictures of the screens into shots/: every scene on every screen in every theme, from real stores and processes."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from benches import processes
from benches.processes import Bench
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess

ROOT = Path(__file__).resolve().parents[1]
SHOTS = ROOT / "shots"
UNREACHABLE = "http://127.0.0.1:9"
"""Nobody answers there: the discard port."""


class Screen(NamedTuple):
    """A screen: its name in file names, the window's size in device-independent pixels, and the scale."""

    name: str
    size: str
    scale: str


class Scene(NamedTuple):
    """What is pictured: the page of a store's desk, with the link as it is after ``before``."""

    store: str
    page: str
    name: str
    before: str = ""
    seconds: float = 5


SCREENS = (
    Screen("1366x768", "1366x768", "1"),
    Screen("1920x1080", "1920x1080", "1"),
    Screen("1920x1080-at-150", "1280x720", "1.5"),
)
THEMES = ("light", "dark")
# In the order in which a store's day goes: "offline" follows edits without a bridge, "disputed" their meeting others'.
SCENES = (
    Scene("demo", "board", "board"),
    Scene("demo", "list", "list"),
    Scene("demo", "board", "offline", before="offline"),
    Scene("demo", "outbox", "outbox", before="offline"),
    Scene("demo", "attention", "attention", before="disputed"),
    Scene("ugly", "board", "board", seconds=8),
    Scene("ugly", "list", "list", seconds=8),
    Scene("empty", "board", "board"),
)


def main() -> int:
    """Make the pictures that were asked for; 1 when one could not be made."""
    args = _parser().parse_args()
    SHOTS.mkdir(exist_ok=True)
    failed = 0
    wanted = [scene for scene in SCENES if not args.store or scene.store in args.store]
    for store, scenes in groupby(wanted, lambda scene: scene.store):
        with tempfile.TemporaryDirectory(prefix="advisor-desk-shots-") as folder, _served(store, Path(folder)) as bench:
            bench.sync_once()
            for before, some in groupby(scenes, lambda scene: scene.before):
                if before:
                    PREPARE[before](bench)
                failed += sum(not _pictures(bench, scene) for scene in some)
    print(f"shots: {failed} could not be made" if failed else f"shots: all in {SHOTS.relative_to(ROOT)}")
    return 1 if failed else 0


def _pictures(bench: Bench, scene: Scene) -> bool:
    made = True
    for screen in SCREENS:
        for theme in THEMES:
            file = SHOTS / f"{scene.store}-{scene.name}-{screen.name}-{theme}.png"
            file.unlink(missing_ok=True)
            good = _picture(bench, scene, screen, theme, file)
            print(f"{'made  ' if good else 'FAILED'} {file.relative_to(ROOT)}", flush=True)
            made = made and good
    return made


def _picture(bench: Bench, scene: Scene, screen: Screen, theme: str, file: Path) -> bool:
    url = UNREACHABLE if scene.before == "offline" else bench.url
    command = [sys.executable, "-m", "ui", "--profile-dir", str(bench.profile()), "--hello-stdin"]
    command += ["--size", screen.size, "--theme", theme, "--page", scene.page]
    command += ["--shot", str(file), "--exit-after", str(scene.seconds)]
    (bench.profile() / "window.ini").unlink(missing_ok=True)  # each picture begins as a first look
    hello = processes.hello(bench.key, url, bench.token("maria"))
    env = {**os.environ, "QT_SCALE_FACTOR": screen.scale}
    try:
        done = subprocess.run(command, input=hello + "\n", text=True, env=env, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0 and file.exists()


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


@contextmanager
def _served(store: str, folder: Path) -> Iterator[Bench]:
    if store != "empty":
        with processes.opened(store, folder) as bench:
            yield bench
        return
    made = BridgeFolder.empty(folder / "bridge")
    made.add_user("maria", "advisor")
    with BridgeProcess(made) as bridge:
        yield Bench("empty", folder, bridge)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py shots", description=__doc__)
    stores = sorted({scene.store for scene in SCENES})
    parser.add_argument("--store", action="append", choices=stores, help="only of this store")
    return parser


if __name__ == "__main__":
    sys.exit(main())
