"""What a screen reader says: whatever can take the keyboard, on every page and in every dialog, has a name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.domain.commands import COMMANDS, Takes
from advisor_desk.domain.lights import Settings
from advisor_desk.domain.rules.table import RULES
from advisor_desk.host.settings import Settings as OfComputer
from tests.ui.conftest import DeskFolder
from tests.ui.support.fake_link import FakeLink
from ui.customer.brief import Brief
from ui.link.cache import Reader as Cache
from ui.promises.rows import Reader
from ui.shell import ask_forms
from ui.shell.asking import Asking
from ui.shell.brief_dialog import BriefDialog
from ui.shell.close_dialog import CloseDialog
from ui.shell.layout import Layout
from ui.shell.preferences import Preferences
from ui.shell.records_dialog import RecordsDialog
from ui.shell.rule_dialog import RuleDialog
from ui.shell.session import Session
from ui.shell.window import Window
from ui.theme.look import Look


def nameless(top: QWidget) -> list[str]:
    """What takes the keyboard and says nothing of itself, by its class and where it stands."""
    return [
        _where(widget, top) for widget in (top, *top.findChildren(QWidget)) if _takes_keys(widget) and _mute(widget)
    ]


def _takes_keys(widget: QWidget) -> bool:
    """True for what Tab or a shortcut gives the keyboard to; parts of Qt's own widgets are theirs.

    What is hidden by itself is not yet filled: a notice's button has no words before there is a notice.
    """
    inner = widget.objectName().startswith("qt_") or isinstance(widget, QLabel)
    passes_on = widget.focusProxy() is not None or (widget.isHidden() and not widget.isWindow())
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not inner and not passes_on


def _mute(widget: QWidget) -> bool:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    text += widget.placeholderText() if isinstance(widget, QLineEdit) else ""
    return not (widget.accessibleName() or text).strip()


def _where(widget: QWidget, top: QWidget) -> str:
    chain: list[str] = []
    at: QWidget | None = widget
    while at is not None and at is not top:
        chain.append(type(at).__name__)
        at = at.parentWidget()
    return " in ".join([*chain, type(top).__name__])


def test_the_check_finds_what_has_no_name(qtbot: QtBot) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    QLineEdit(top)
    assert nameless(top) == ["QLineEdit in QWidget"]


def test_everything_on_every_page_has_a_name(look: Look, qtbot: QtBot, demo_desk: DeskFolder, tmp_path: Path) -> None:
    cache = Cache(demo_desk.profile / "cache.db", demo_desk.key)
    session = Session(cache, FakeLink(), lambda: datetime.now(UTC))
    window = Window(look, session, Layout(tmp_path / "window.ini"))
    qtbot.addWidget(window)
    window.restore((1366, 768))
    with qtbot.waitExposed(window):
        window.show()
    window.complete()
    session.promises = cache.promises()
    for view in ("list", "lanes"):
        window.board.show_view(view)
    for page in window._pages:
        window.show_page(page)
    order = next(iter(session.board.cards))
    window.show_order(order)
    found = nameless(window)
    assert not found, "\n".join(found)
    window.close()
    cache.close()


IDS = {Takes.ID: "x-1", Takes.IDS: ["x-1"], Takes.MAP: {"a": 1}, Takes.FLAG: True}


def known(command: str) -> dict[str, Any]:
    """What no dialog asks: the records a command is about."""
    args = COMMANDS[command].args.items()
    return {name: IDS[arg.takes] for name, arg in args if arg.takes in IDS and arg.required}


def _asks(command: str) -> bool:
    return command.partition(".")[0] not in {"read", "sync"} and bool(ask_forms.asked(command, known(command)))


@pytest.mark.parametrize("command", sorted(filter(_asks, COMMANDS)))
def test_every_field_of_a_command_s_dialog_has_a_name(
    asking: Asking, window: QWidget, qtbot: QtBot, command: str
) -> None:
    dialog = asking.open(window, command, known(command), {})
    assert dialog is not None
    assert nameless(dialog) == []
    assert dialog.accessibleName() and dialog.windowTitle()
    dialog.reject()


def dialogs(look: Look, settings: Settings, now: datetime) -> Iterable[QDialog]:
    """Each dialog that is not a command's own."""
    ask = FakeLink().ask
    reader = Reader("maria", frozenset({"advisor"}), {}, settings, now)
    yield CloseDialog(look, None, ask, {"id": "ro-1"}, "T-205", reader)
    yield BriefDialog(look, None, Brief("Bell, Desmond", [("Promised", ["Nothing."])]), "printed", lambda: "")
    yield RuleDialog(look, None, ask, "save_no_show", RULES["save_no_show"].numbers)
    yield RecordsDialog(look, None, "Missed", [{"kind": "promise", "id": "p-1", "title": "Bell", "what": "call"}], now)
    yield Preferences(look, OfComputer(), lambda **changed: None)


def test_every_other_dialog_and_all_in_it_has_a_name(
    look: Look, qtbot: QtBot, settings: Settings, now: datetime
) -> None:
    for dialog in dialogs(look, settings, now):
        qtbot.addWidget(dialog)
        assert nameless(dialog) == []
        assert dialog.accessibleName() or dialog.windowTitle()
