"""A part comes after the promise: one key promises anew, proposes what to tell with both times, and logs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from advisor_desk.domain import lights, times
from tests.ui.conftest import DeskFolder
from tests.ui.support.fake_link import FakeLink
from ui.link.cache import Reader
from ui.shell.ask_dialog import AskDialog
from ui.shell.layout import Layout
from ui.shell.session import Session
from ui.shell.window import Window
from ui.theme.look import Look

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


class Desk:
    """Maria's window on a real cache, with nobody behind it, and a car in hand whose part comes too late."""

    def __init__(self, look: Look, folder: DeskFolder, layout: Path) -> None:
        self.link = FakeLink()
        self.reader = Reader(folder.profile / "cache.db", folder.key)
        self.session = Session(self.reader, self.link, lambda: datetime.now(UTC))
        self.window = Window(look, self.session, Layout(layout))
        self.window.restore((1366, 768))

    def collide(self) -> dict[str, Any]:
        """Take a car in hand and let one of its parts be due a day after the promise; its part line."""
        for id, facts in self.session.board.facts.items():
            awaited = [line for line in facts.get("parts") or () if line.get("state") == "ordered"]
            if awaited and facts.get("promised_at") and facts.get("customer_id"):
                self.window.show_order(id)
                break
        order = self.session.order
        assert order is not None
        line: dict[str, Any] = next(line for line in order["parts"] if line["state"] == "ordered")
        promised = max(datetime.now(UTC), lights.moment(order["repair_order"]["promised_at"]) or datetime.now(UTC))
        line |= {"eta": times.to_wire(promised + timedelta(days=1)), "eta_told": {}}
        self.session.order_changed.emit()
        return line

    def promise(self, moment: datetime) -> None:
        """The new promise arrives in the cache."""
        assert self.session.order is not None
        self.session.order["repair_order"]["promised_at"] = times.to_wire(moment)
        self.session.order_changed.emit()


@pytest.fixture
def desk(qtbot: QtBot, look: Look, demo_desk: DeskFolder, tmp_path: Path) -> Iterator[Desk]:
    """A window, complete."""
    made = Desk(look, demo_desk, tmp_path / "window.ini")
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.complete()
    made.window.activateWindow()
    yield made
    made.window.close()
    made.reader.close()


def repromised(desk: Desk, qtbot: QtBot) -> datetime:
    """R, Enter in the dialog, and the service's yes; the new time."""
    desk.window.board.focus_cars()
    qtbot.keyClick(desk.window.focusWidget() or desk.window, Key.Key_R)
    dialog = desk.window.findChild(AskDialog)
    assert isinstance(dialog, AskDialog)
    new = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    dialog.answered.emit("ro.repromise", {"change": "c-1", "changed": {"repair_order": [desk.session.order_id]}})
    dialog.reject()
    desk.promise(new)
    return new


def test_after_a_new_promise_the_words_with_both_times_wait_to_be_logged_with_what_they_tell(
    desk: Desk, qtbot: QtBot
) -> None:
    line = desk.collide()
    assert desk.session.order is not None
    old = lights.moment(desk.session.order["repair_order"]["promised_at"])
    new = repromised(desk, qtbot)
    composer, zone, now = desk.window.right.composer, desk.session.settings.zone, datetime.now(UTC)
    assert old is not None
    body = composer.field.toPlainText()
    assert lights.day_time(new, now, zone) in body and lights.day_time(old, now, zone) in body
    assert QApplication.focusWidget() is composer.field
    qtbot.keyClick(composer.field, Key.Key_Return, CTRL)
    assert desk.link.last.do == "contact.log"
    assert line["id"] in desk.link.last.args["tells"] and desk.link.last.args["body"] == body


def test_what_somebody_has_begun_to_write_is_not_written_over(desk: Desk, qtbot: QtBot) -> None:
    desk.collide()
    desk.window.right.focus_composer("call")
    qtbot.keyClicks(desk.window.right.composer.field, "Spoke to her husband")
    repromised(desk, qtbot)
    assert desk.window.right.composer.field.toPlainText() == "Spoke to her husband"
