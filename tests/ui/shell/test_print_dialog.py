"""A paper is shown, then saved or printed; whatever goes wrong is one sentence, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.orders import marchetti, part
from ui.printing import order_copy, paper, pick_list, special_label
from ui.printing.layout import Laid
from ui.printing.shop import Shop
from ui.shell import print_door
from ui.shell.layout import Layout
from ui.shell.print_dialog import PrintDialog
from ui.shell.print_door import Printers
from ui.theme.look import Look

SHOP = Shop.of_store({"name": "Northgate Motors"}, ZoneInfo("America/New_York"))


class TrayPrinter(Printers):
    """A printer whose paper falls into a file; one that is gone when its tray is no folder."""

    def __init__(self, tray: Path) -> None:
        self.tray = tray
        self.there = True
        self.thinks_better = False

    def names(self) -> list[str]:
        return ["Parts counter"] if self.there else []

    def choose(self, parent: QWidget, laid: Laid) -> QPrinter | None:
        if self.thinks_better:
            return None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        print_door.prepare(printer, laid)
        printer.setOutputFileName(str(self.tray))
        return printer


@pytest.fixture
def printers(tmp_path: Path) -> TrayPrinter:
    return TrayPrinter(tmp_path / "tray.pdf")


@pytest.fixture
def memory(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "window.ini")


Opened = Callable[..., PrintDialog]


@pytest.fixture
def opened(look: Look, window: QWidget, printers: TrayPrinter, memory: Layout, now: datetime, qtbot: QtBot) -> Opened:
    """Opens the dialog on an order with a label, a list over several pages and a copy; ``to`` is the file chosen."""
    data = marchetti()
    data["parts"][0] |= {"state": "received", "received_at": "2026-11-23T14:00:00Z"}
    shelf = [part(f"p{n}", description=f"Filter {n}", state="in_stock", bin="C1") for n in range(70)]

    def open_(first: str = "ro_copy", to: str = "") -> PrintDialog:
        made = {
            "pick_list": pick_list.make([marchetti(parts=shelf)], SHOP, now),
            "label": special_label.make([data], SHOP),
            "ro_copy": order_copy.make(data, SHOP, now),
        }
        papers = {name: paper for name, paper in made.items() if paper is not None}
        dialog = PrintDialog(look, window, papers, first, "US", memory, printers=printers, choose=lambda name: to)
        qtbot.addWidget(dialog)
        dialog.open()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return open_


def words(path: Path) -> str:
    return " ".join(PdfReader(BytesIO(path.read_bytes())).pages[0].extract_text().split())


def test_what_is_shown_is_saved_and_said(opened: Opened, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "papers" / "copy.pdf"
    path.parent.mkdir()
    dialog = opened(to=str(path))
    said: list[str] = []
    dialog.said.connect(said.append)
    qtbot.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert "Repair order 48142" in words(path)
    assert said == ["Repair order 48142: saved as copy.pdf."]


def test_the_folder_is_offered_again_with_a_name_that_names_no_person(
    opened: Opened, memory: Layout, tmp_path: Path
) -> None:
    opened(to=str(tmp_path / "one.pdf")).save.click()
    offered: list[str] = []
    dialog = opened("label")
    dialog._choose = lambda name: offered.append(name) or ""
    dialog.save.click()
    assert offered == [str(tmp_path / "special-order-labels.pdf")]
    assert dialog.isVisible()  # thought better of it
    assert memory.get("print_folder") == str(tmp_path)


def test_a_folder_that_is_gone_is_said_and_the_paper_stays(opened: Opened, tmp_path: Path) -> None:
    dialog = opened(to=str(tmp_path / "gone" / "copy.pdf"))
    dialog.save.click()
    assert dialog.notice.words.text() == "That folder is not there any more. Choose another."
    assert dialog.isVisible()


@pytest.mark.parametrize(
    ("fault", "words_"),
    [
        (5, "The file could not be written. Choose another folder."),
        (28, "The disk is full. Choose another folder."),
        (13, "That folder cannot be written to. Choose another."),
        (30, "That folder cannot be written to. Choose another."),
    ],
)
def test_a_full_or_closed_folder_leaves_the_old_file_as_it_was(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int, words_: str
) -> None:
    path = tmp_path / "copy.pdf"
    path.write_text("the old one")

    def fails(handle: int) -> None:
        raise OSError(fault, "no")

    monkeypatch.setattr(paper.os, "fsync", fails)
    dialog = opened(to=str(path))
    dialog.save.click()
    assert dialog.notice.words.text() == words_
    assert path.read_text() == "the old one"
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".new"] == []


def test_a_paper_goes_to_the_printer_in_its_size(opened: Opened, printers: TrayPrinter, qtbot: QtBot) -> None:
    dialog = opened("label")
    qtbot.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert "RO 48142" in words(printers.tray)
    box = PdfReader(BytesIO(printers.tray.read_bytes())).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (288, 216)


def test_without_a_printer_it_says_so_and_can_still_be_saved(
    opened: Opened, printers: TrayPrinter, tmp_path: Path
) -> None:
    printers.there = False
    dialog = opened(to=str(tmp_path / "copy.pdf"))
    dialog.print.click()
    assert dialog.notice.words.text() == "No printer is set up on this computer. Save it as a PDF instead."
    dialog.save.click()
    assert (tmp_path / "copy.pdf").exists()


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_is_gone_is_said_and_the_paper_stays(
    opened: Opened, printers: TrayPrinter, tmp_path: Path
) -> None:
    printers.tray = tmp_path / "gone" / "tray.pdf"
    dialog = opened()
    dialog.print.click()
    assert "did not take the pages" in dialog.notice.words.text()
    assert dialog.isVisible()


class TakenAway(QPrinter):
    """A printer that was chosen and then taken away: it can still be painted on, and the pages are lost."""

    def outputFormat(self) -> QPrinter.OutputFormat:
        return QPrinter.OutputFormat.NativeFormat

    def printerName(self) -> str:
        return "Parts counter"


def test_pages_for_a_printer_that_was_taken_away_are_not_called_printed(opened: Opened, tmp_path: Path) -> None:
    dialog = opened()
    printer = TakenAway(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "nowhere.pdf"))
    assert print_door.send(printer, dialog.laid) == (
        "The printer Parts counter did not take the pages. See that it is on and has paper, or save them as a PDF."
    )
    assert not (tmp_path / "nowhere.pdf").exists()


def test_thinking_better_of_it_prints_nothing(opened: Opened, printers: TrayPrinter) -> None:
    printers.thinks_better = True
    dialog = opened()
    dialog.print.click()
    assert dialog.isVisible() and not printers.tray.exists()


def test_pages_are_turned_by_keys_and_counted(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened("pick_list")
    count = dialog.preview.count
    assert count > 1 and dialog.page.text() == f"Page 1 of {count}"
    qtbot.keyClick(dialog.preview, Qt.Key.Key_PageDown)
    assert dialog.page.text() == f"Page 2 of {count}"
    qtbot.keyClick(dialog.preview, Qt.Key.Key_End)
    qtbot.keyClick(dialog.preview, Qt.Key.Key_PageDown)
    assert dialog.page.text() == f"Page {count} of {count}"
    qtbot.keyClick(dialog.preview, Qt.Key.Key_PageUp)
    assert dialog.page.text() == f"Page {count - 1} of {count}"


def test_another_paper_of_the_order_is_one_press_away(opened: Opened) -> None:
    dialog = opened()
    assert dialog.sizes["page"].isVisible() and not dialog.sizes["label"].isVisible()
    dialog.which.choose("label")
    dialog.which.chosen.emit("label")
    assert dialog.document.title == "Special-order labels"
    assert dialog.page.text() == "Label 1 of 1"
    assert dialog.sizes["label"].isVisible() and not dialog.sizes["page"].isVisible()


def test_the_label_size_is_chosen_once_for_this_computer(opened: Opened, memory: Layout) -> None:
    dialog = opened("label")
    dialog.sizes["label"].choose("4x6")
    dialog.sizes["label"].chosen.emit("4x6")
    assert dialog.laid.size.name == "4x6"
    assert opened("label").laid.size.name == "4x6"


def test_a_screen_reader_hears_the_page(opened: Opened) -> None:
    preview = opened().preview
    assert preview.accessibleName() == "Repair order 48142, page 1 of 1"
    assert "Coolant leak: water pump. approved. $1,184.60" in preview.accessibleDescription()


@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
def test_paper_is_white_in_both_themes(opened: Opened, look: Look) -> None:
    preview = opened().preview
    image = preview.grab().toImage()
    page = preview.paper()
    assert image.pixelColor(page.left() + 4, page.top() + 4).name() == "#ffffff"
    assert image.pixelColor(2, 2) == look.colour("sunk")


def test_over_a_low_window_the_preview_is_smaller_and_the_buttons_are_there(opened: Opened, window: QWidget) -> None:
    window.resize(1280, 620)
    dialog = opened()
    assert dialog.height() < window.height()
    assert dialog.rect().contains(dialog.print.geometry())
