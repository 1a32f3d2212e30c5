"""The settings: checked in one sentence, kept as typed until they can be used, the theme tried on at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from advisor_desk.host.settings import Settings
from ui.shell.ask_options import Option
from ui.shell.preferences import Preferences, faults
from ui.theme.look import Look

HAD = Settings(bridge="https://bridge.northgate.example", theme="light")


class Kept:
    """What was saved; a full disk refuses."""

    def __init__(self) -> None:
        self.changed: list[dict[str, Any]] = []
        self.full = False

    def save(self, **changed: Any) -> None:
        """Keep what is changed."""
        if self.full:
            raise OSError(28, "No space left on device")
        self.changed.append(changed)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def dialog(look: Look, kept: Kept, window: QWidget, qtbot: QtBot) -> Iterator[Preferences]:
    dialog = Preferences(look, HAD, kept.save)
    dialog.open_over(window)
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    dialog.close()


def test_it_begins_with_what_is_set_and_says_where_the_key_is(dialog: Preferences) -> None:
    assert dialog.bridge.value() == "https://bridge.northgate.example"
    assert dialog.theme.value() == "light"
    assert dialog.key.text() == "What is stored here is encrypted; its key is in this computer's keyring."


def test_only_what_is_changed_is_saved(dialog: Preferences, kept: Kept, qtbot: QtBot) -> None:
    dialog.bridge.entry.clear()
    qtbot.keyClicks(dialog.bridge.entry, " http://127.0.0.1:8737/ ")
    qtbot.keyClick(dialog.bridge.entry, Qt.Key.Key_Return)
    assert kept.changed == [{"bridge": "http://127.0.0.1:8737"}]
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    "url", ["bridge.example.com", "http://192.168.1.4:8737", "ftp://bridge", "https://", "https://good@evil.example"]
)
def test_an_address_that_cannot_be_used_is_named_in_one_sentence_and_stays(
    dialog: Preferences, kept: Kept, url: str, qtbot: QtBot
) -> None:
    dialog.bridge.entry.setText(url)
    dialog.send_it()
    said = dialog.bridge.beneath.text()
    assert said == "The bridge's address must begin with https://, or with http:// for this computer."
    assert dialog.bridge.entry.text() == url
    assert dialog.isVisible()
    assert kept.changed == []
    qtbot.waitUntil(dialog.bridge.entry.hasFocus)


def test_no_bridge_at_all_may_be_set(dialog: Preferences, kept: Kept) -> None:
    dialog.bridge.entry.clear()
    dialog.send_it()
    assert kept.changed == [{"bridge": ""}]


def test_a_proxy_needs_its_scheme_and_a_ca_file_has_to_hold_a_certificate(tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("no certificate")
    assert faults("", "proxy:3128", str(empty)) == {
        "proxy": "The proxy must be an address like http://proxy:3128, or empty.",
        "ca_file": "The certificate authority's file holds no certificate in PEM form.",
    }
    assert faults("", "http://proxy:3128", "") == {}
    assert faults("", "", str(tmp_path / "none.pem")) == {"ca_file": "The certificate authority's file is not there."}


def test_the_theme_is_tried_on_at_once_and_taken_off_by_escape(
    dialog: Preferences, look: Look, kept: Kept, qtbot: QtBot
) -> None:
    qtbot.mouseClick(dialog.theme.options.option("dark"), Qt.MouseButton.LeftButton)
    assert look.theme == "dark"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert look.theme == "light"
    assert kept.changed == []


def test_the_theme_stays_when_it_is_saved(dialog: Preferences, look: Look, kept: Kept, qtbot: QtBot) -> None:
    qtbot.mouseClick(dialog.theme.options.option("dark"), Qt.MouseButton.LeftButton)
    dialog.send_it()
    assert kept.changed == [{"theme": "dark"}]
    assert look.theme == "dark"


def test_a_full_disk_is_said_and_nothing_typed_is_lost(dialog: Preferences, kept: Kept) -> None:
    kept.full = True
    dialog.proxy.entry.setText("http://proxy:3128")
    dialog.send_it()
    assert dialog.notice.words.text() == ("The settings could not be written. Make room on the disk, then save again.")
    assert dialog.isVisible()
    kept.full = False
    dialog.send_it()
    assert kept.changed == [{"proxy": "http://proxy:3128"}]


def test_a_reminder_comes_when_it_is_due_or_so_many_minutes_before(dialog: Preferences) -> None:
    said = {option.key: option.text() for option in dialog.remind.findChildren(Option)}
    assert said == {
        "off": "Never",
        "0": "When due",
        "5": "5 min before",
        "10": "10 min before",
        "15": "15 min before",
        "30": "30 min before",
    }
