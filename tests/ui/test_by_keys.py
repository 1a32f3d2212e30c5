"""Everything by keys alone: in a real window on X, each key opens or does what it says, and the keyboard comes back."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from advisor_desk.domain.commands import COMMANDS
from tests.support import hours, trade
from tests.support.board import hence
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.cli import ROOT, said
from tests.support.desk import DeskProcess
from tests.support.display import Display
from tests.support.waiting import until
from tests.ui.conftest import DeskFolder
from ui.drive.page import DEEDS as DRIVE_DEEDS
from ui.promises.page import DEEDS as PROMISE_DEEDS
from ui.shell import ask_forms
from ui.shell.actions import ACTIONS, PAPERS

State = dict[str, Any]
_PATIENCE = 20.0
_X_NAMES = {"]": "bracketright", "[": "bracketleft", "/": "slash", "Ctrl+,": "ctrl+comma", "Esc": "Escape"}


def _lower(key: str) -> str:
    """A letter without Shift, also behind Ctrl: ``Ctrl+K`` is ``Ctrl+k`` to X."""
    before, plus, last = key.rpartition("+")
    return before + plus + (last.lower() if len(last) == 1 else last)


class Watched:
    """The window as ``tests.support.watched_window`` tells of it, and the keys pressed on it."""

    def __init__(self, display: Display, profile: Path, hello: dict[str, Any]) -> None:
        self.display = display
        self.now: State = {}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.support.watched_window", "--profile-dir", str(profile), "--size", "1366x768"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=display.environment,
        )
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps({"hello": hello}) + "\n")
        self.child.stdin.close()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def end(self) -> None:
        """Close it, whatever it is doing."""
        self.child.kill()
        self.child.wait(timeout=10)
        self._reader.join()
        assert self.child.stdout is not None
        self.child.stdout.close()

    def _read(self) -> None:
        assert self.child.stdout is not None
        for line in self.child.stdout:
            self.now = json.loads(line)

    def wait(self, seen: Callable[[State], Any], what: str) -> Any:
        """Until the window is like that."""
        return until(lambda: self.now and seen(self.now), _PATIENCE, what=f"{what}, not {self.now}")

    def press(self, *keys: str) -> None:
        """Press keys, as the actions name them or as X does."""
        self.display.press(*(_X_NAMES.get(key, _lower(key)) for key in keys))

    def home(self) -> None:
        """Back to the cars of the board, with nothing over them."""
        if self.now["dialog"] or self.now["menu"]:
            self.press("Escape")
            self.wait(lambda now: not now["menu"], "the menu closed")
            self.back()
        self.press("ctrl+1")
        self.wait(_on_cars, "the cars of the board")

    def take(self, order: str) -> None:
        """Take the prepared order in hand, by the search."""
        self.press("ctrl+k")
        self.wait(lambda now: now["focus"] == "Search", "the search")
        self.display.type("T-901")
        self.press("Return")
        self.wait(lambda now: now["order"] == order, "the order in hand")

    def go(self, page: str, keys: str) -> None:
        """To a page."""
        self.press(keys)
        self.wait(lambda now: now["page"] == page, f"the page {page}")

    def opens(self, key: str, title: str) -> None:
        """A key opens the dialog of this title; Escape closes it and the keyboard is back where it was."""
        before = self.now["focus"]
        self.press(key)
        self.wait(lambda now: now["dialog"] == title, f"{key} to open {title!r}")
        self.press("Escape")
        self.back()
        self.wait(lambda now: now["focus"] == before, f"the keyboard at {before!r} again")

    def back(self) -> None:
        """Once a dialog has closed, give the window the keyboard, as a window manager would."""
        self.wait(lambda now: not now["dialog"], "the dialog closed")
        until(lambda: self.display.focus("Northgate Motors"), what="the window")

    def says(self, key: str) -> str:
        """What the toast says to a key."""
        before = len(self.now["toasts"])
        self.press(key)
        self.wait(lambda now: len(now["toasts"]) > before, f"a word on {key}")
        return str(self.now["toasts"][-1])

    def row(self, id: str) -> None:
        """Take a row of the page in hand."""
        self.press("Home")
        self.wait(lambda now: now["row"] == now["first"], "the first row")
        for _ in range(120):
            if self.now["row"] == id:
                return
            before = self.now["row"]
            self.press("Down")
            self.wait(lambda now, before=before: now["row"] != before, f"a row below {before}, on the way to {id}")
        raise AssertionError(f"{id} is not on the page")

    def tab_to(self, name: str, key: str = "shift+Tab") -> None:
        """Go by Tab to what has this name."""
        for _ in range(25):
            if self.now["focus"] == name:
                return
            before = self.now["focus"]
            self.press(key)
            self.wait(lambda now, before=before: now["focus"] != before, f"another widget than {before}")
        raise AssertionError(f"{name} is not reached by {key}")


def _on_cars(now: State) -> bool:
    cars = now["focus"].endswith(" lane") or now["focus"] == "Board as a list"
    return bool(cars and now["page"] == "board" and not now["dialog"] and not now["menu"])


@pytest.fixture(scope="module")
def prepared(
    demo_store: BridgeFolder, demo_desk: DeskFolder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[State]:
    """A served store in which Maria has given Helen promises, and an order waits for a part and an answer."""
    folder = tmp_path_factory.mktemp("keys")
    with BridgeProcess(demo_store.copied(folder / "bridge")) as bridge:
        made: State = {"bridge": bridge, "folder": folder, "key": demo_desk.key.hex()}
        desk = demo_desk.copied(folder / "maria")
        with DeskProcess(desk.profile, bridge.url, bridge.folder.token("maria"), key=desk.key.hex()) as maria:
            helen = next(
                id for (kind, id), f in maria.records().items() if kind == "employee" and f["name"] == "Helen Brandt"
            )
            car = trade.free_car(maria)
            made["order"] = trade.write_up(maria, car, "Oil and filter", tag="T-901", promised_at=hence(hours=5))
            (job,) = trade.jobs(maria, made["order"])
            maria.ask("job.recommend", job_id=job["id"], complaint="Front pads", labour_amount=12_000)
            maria.ask("part.request", repair_order_id=made["order"], job_id=job["id"], description="Front pads")
            of = {"customer_id": car["customer_id"], "due_at": hence(days=3)}
            made["mine"] = trade.made(maria.ask("promise.make", title="Send the papers", to=helen, **of), "promise")
            for name in ("take", "refuse"):
                made[name] = trade.made(maria.ask("promise.make", title=f"To {name}", **of), "promise")
                maria.ask("promise.offer", promise_id=made[name], to=helen)
            at = hours.open_at(maria, 1)
            made["visit"] = trade.made(maria.ask("visit.book", starts_at=at, **trade.free_car(maria)), "appointment")
            maria.wait_live()
        yield made


@pytest.fixture(scope="module")
def living(prepared: State) -> Iterator[Watched]:
    """Helen's window, a manager's, in step and with the order in hand."""
    bridge, profile = prepared["bridge"], prepared["folder"] / "helen"
    hello = {"key": prepared["key"], "bridge": bridge.url, "token": bridge.folder.token("helen")}
    said("sync", "--once", "--profile-dir", profile, given=json.dumps({"hello": hello}) + "\n")
    with Display() as display:
        watched = Watched(display, profile, hello)
        try:
            until(lambda: watched.now.get("ready"), 120, "a window in step")
            until(lambda: display.focus("Northgate Motors"), what="the keyboard")
            watched.take(prepared["order"])
            watched.home()
            yield watched
        finally:
            watched.end()


@pytest.fixture
def window(living: Watched, prepared: State) -> Iterator[Watched]:
    """Each begins with the order in hand on the board, and leaves it so."""
    if living.now["order"] != prepared["order"]:
        living.take(prepared["order"])
        living.home()
    yield living
    living.home()


def title(command: str) -> str:
    """What the dialog of a command is called."""
    return ask_forms.form_of(command).title or COMMANDS[command].words


AT_ONCE = {"forward", "back"}
DIALOGS = [a for a in ACTIONS if a.command and a.name not in AT_ONCE | {"stage", "close"}]
PAGES = ["attention", "outbox", "reconcile", "promises", "drive", "customer", "people", "reports", "parts"]
OTHERS = {
    "call", "text", "note", "forward", "back", "stage", "close", "whose", "brief", *PAPERS, "search", "cars", "owed",
    "board", "leave", "scan", "view", "undo", "sync", "settings", "keys", "quit",
}  # fmt: skip
ELSEWHERE = {"scope", "import", "reminder"}
"""Pressed in tests of their own: the scope, the import with its file, and what is only there once something is due."""
KEYS = {action.name: action.keys for action in ACTIONS}


def test_no_key_is_left_out_here() -> None:
    assert {action.name for action in DIALOGS} | set(PAGES) | OTHERS | ELSEWHERE == KEYS.keys()


@pytest.mark.parametrize("action", DIALOGS, ids=lambda action: action.name)
def test_a_key_on_the_car_opens_its_dialog(window: Watched, action: Any) -> None:
    window.opens(action.keys[0], title(action.command))


@pytest.mark.parametrize(("name", "words"), [("call", "Call ▾"), ("text", "Text ▾"), ("note", "Note ▾")])
def test_a_key_begins_a_contact_and_escape_leaves_it(window: Watched, name: str, words: str) -> None:
    before = window.now["focus"]
    window.press(KEYS[name][0])
    window.wait(lambda now: (now["focus"], now["channel"]) == ("What was said", words), f"the composer on {words}")
    window.press("Escape")
    window.wait(lambda now: now["focus"] == before, "the cars")


def test_the_car_moves_on_and_back_and_to_a_stage_by_its_number(window: Watched) -> None:
    stage = window.now["stage"]
    window.press(KEYS["forward"][0])
    window.wait(lambda now: now["stage"] != stage, "the next stage")
    window.press(KEYS["back"][0])
    window.wait(lambda now: now["stage"] == stage, "the stage before")
    window.press(KEYS["stage"][0])
    window.wait(lambda now: len(now["menu"]) == 9, "the stages")
    window.press("3")
    window.wait(lambda now: now["stage"] == "diagnosis", "the third stage")
    window.press(KEYS["undo"][0])
    window.wait(lambda now: now["stage"] == stage, "the stage before, undone")


@pytest.mark.parametrize(("name", "words"), [("close", "Close the repair order"), ("brief", "Handover brief")])
def test_the_order_s_own_dialogs_open(window: Watched, name: str, words: str) -> None:
    window.opens(KEYS[name][0], words)


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_a_paper_is_shown_or_refused_in_a_sentence(window: Watched, name: str) -> None:
    before = len(window.now["toasts"])
    window.press(KEYS[name][0])
    window.wait(lambda now: now["dialog"] or len(now["toasts"]) > before, "a paper, or why not")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_reached_and_left_by_escape(window: Watched, name: str) -> None:
    focus = window.now["focus"]
    window.go(name, KEYS[name][0])
    window.press("Escape")
    window.wait(lambda now: now["page"] == "board" and now["focus"] == focus, "the cars again")


def test_the_search_opens_by_both_keys_and_gives_the_keyboard_back(window: Watched) -> None:
    before = window.now["focus"]
    for key in KEYS["search"]:
        window.press(key)
        window.wait(lambda now: now["focus"] == "Search", "the search")
        window.press("Escape")
        window.wait(lambda now: now["focus"] == before, "the keyboard back")


def test_lanes_and_list_change_places(window: Watched) -> None:
    begun = window.now["view"]
    for _ in range(2):
        before = window.now["view"]
        window.press(KEYS["view"][0])
        window.wait(partial(_is_another, "view", before), "the other view")
    assert window.now["view"] == begun


def _is_another(name: str, before: Any, now: State) -> bool:
    return bool(now[name] != before)


def test_the_counter_s_scan_box_is_reached_from_the_board(window: Watched) -> None:
    window.press(KEYS["scan"][0])
    window.wait(lambda now: now["page"] == "parts" and now["focus"] != "Parts counter", "the scan box")


def test_settings_and_keys_open_and_leave(window: Watched) -> None:
    window.opens(KEYS["settings"][0], "Settings")
    before = window.now["focus"]
    window.press("F1")
    window.wait(lambda now: now["focus"] == "Keys", "the sheet of keys")
    window.press("Escape")
    window.wait(lambda now: now["focus"] == before, "the keyboard back")


def test_what_is_owed_is_reached_and_escape_goes_back_to_the_cars(window: Watched) -> None:
    before = window.now["focus"]
    window.press("ctrl+o")
    window.wait(
        lambda now: "To take" in now["focus"] or "Send the papers" in now["focus"] or now["focus"] != before, "a tile"
    )
    window.press("Escape")
    window.wait(lambda now: now["focus"] == before, "the cars")


def test_sync_and_the_cars_are_there_at_any_time(window: Watched) -> None:
    window.go("reports", KEYS["reports"][0])
    window.press(KEYS["sync"][0], KEYS["cars"][0])
    window.wait(_on_cars, "the cars")


def test_the_promises_are_taken_declined_kept_moved_handed_over_and_given_up(window: Watched, prepared: State) -> None:
    window.go("promises", KEYS["promises"][0])
    window.row(prepared["mine"])
    window.opens("k", title("contact.log"))
    for letter in ("m", "h", "x"):
        window.opens(letter, title(PROMISE_DEEDS[letter].command))
    window.row(prepared["refuse"])
    window.press("d")
    window.wait(lambda now: now["dialog"] == title("promise.decline"), "the decline")
    window.display.type("no time today")
    assert window.says("Return") == "Declined."
    window.back()
    window.row(prepared["take"])
    assert window.says("a").startswith("Accepted")


def test_a_visit_is_confirmed_moved_called_off_and_another_booked(window: Watched, prepared: State) -> None:
    window.go("drive", KEYS["drive"][0])
    for _ in range(10):
        if window.now["row"] and _has(window, prepared["visit"]):
            break
        before = window.now["day"]
        window.press("alt+Right")
        window.wait(lambda now, before=before: now["day"] != before, "the next day")
    window.row(prepared["visit"])
    for letter in ("m", "x", "b"):
        window.opens(letter, title(DRIVE_DEEDS[letter].command))
    for letter in ("a", "n"):
        assert "appointment_id" not in window.says(letter)
    assert window.says("c").split(" ")[-1].startswith("confirmed")
    window.press("alt+Home")


def _has(window: Watched, visit: str) -> bool:
    try:
        window.row(visit)
    except AssertionError:
        return False
    return True


def test_the_customer_s_page_logs_books_writes_up_promises_and_corrects(window: Watched) -> None:
    window.press(KEYS["whose"][0])
    window.wait(lambda now: now["page"] == "customer" and now["row"], "the customer")
    for letter, command in (
        ("l", "contact.log"), ("b", "visit.book"), ("w", "ro.open"), ("p", "promise.make"), ("e", "customer.edit"),
    ):  # fmt: skip
        window.opens(letter, title(command))
    window.opens("h", "Handover brief")


def test_the_team_s_three_views_and_what_is_done_in_them(window: Watched) -> None:
    window.go("people", KEYS["people"][0])
    window.wait(lambda now: now["focus"] == "The team", "the rows")
    window.tab_to("Rules")
    window.press("Return")
    window.tab_to("The team", "Tab")
    window.press("Home")
    window.wait(lambda now: now["row"] == "answer_lead", "the first rule")
    window.opens("t", "Answer a request")
    assert window.says("o").endswith("is off")
    assert window.says("o").endswith("is on")
    window.tab_to("Who carries what")
    window.press("Return")
    window.tab_to("The team", "Tab")
    window.press("End")
    window.wait(lambda now: now["row"] and " " not in now["row"], "somebody")
    window.opens("l", title("employee.deactivate"))
    window.opens("y", title("employee.away"))


def test_a_figure_opens_its_records_or_says_there_are_none(window: Watched) -> None:
    window.go("reports", KEYS["reports"][0])
    window.wait(lambda now: now["row"], "the figures")
    before = len(window.now["toasts"])
    window.press("Return")
    window.wait(lambda now: now["dialog"] or len(now["toasts"]) > before, "records, or that there are none")


def test_the_last_key_closes_the_desk(living: Watched) -> None:
    living.press(KEYS["quit"][0])
    assert living.child.wait(timeout=60) == 0
