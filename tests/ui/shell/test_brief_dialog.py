"""A handover brief goes to paper as it stands on the screen."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from pypdf import PdfReader
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.customer.brief import Brief
from ui.shell.brief_dialog import BriefDialog
from ui.theme.look import Look

BRIEF = Brief("Marchetti, Sofia", [("Promised", ["Ready today 17:00"]), ("Said last", ["Text: “noon works”", "Call"])])


def saved(look: Look, window: QWidget, qtbot: QtBot, path: Path) -> list[str]:
    dialog = BriefDialog(look, window, BRIEF, "Northgate Motors · printed today", lambda: str(path))
    qtbot.addWidget(dialog)
    said: list[str] = []
    dialog.said.connect(said.append)
    dialog.print.click()
    return said


def test_the_brief_is_saved_whole(look: Look, window: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "brief.pdf"
    assert saved(look, window, qtbot, path) == ["The brief is saved."]
    (page,) = PdfReader(BytesIO(path.read_bytes())).pages
    said = " ".join(page.extract_text().split())
    for words in (
        "Northgate Motors · printed today",
        "Promised",
        "• Ready today 17:00",
        "• Text: “noon works”",
        "• Call",
    ):
        assert words in said


def test_a_folder_that_is_gone_is_said(look: Look, window: QWidget, qtbot: QtBot, tmp_path: Path) -> None:
    said = saved(look, window, qtbot, tmp_path / "gone" / "brief.pdf")
    assert said == ["That folder is not there any more. Choose another."]
