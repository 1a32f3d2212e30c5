"""A paper's way to a printer; each failure in a sentence."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from ui.printing.layout import Laid
from ui.printing.render import page_size, paint_pages

NO_PRINTER: Final = "No printer is set up on this computer. Save it as a PDF instead."


class Printers:
    """The printers of this computer."""

    def names(self) -> list[str]:
        """What printers there are."""
        return list(QPrinterInfo.availablePrinterNames())

    def choose(self, parent: QWidget, laid: Laid) -> QPrinter | None:
        """The printer a person picks, set to the paper; None when they think better of it."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        prepare(printer, laid)
        dialog = QPrintDialog(printer, parent)
        dialog.setWindowTitle(f"Print: {laid.document.title}")
        chosen = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        if not chosen:
            return None
        prepare(printer, laid)  # on the paper that was shown, whatever the printer thinks is its own
        return printer


def prepare(printer: QPrinter, laid: Laid) -> None:
    """Set a printer to the paper of a document, painted up to its edges."""
    printer.setDocName(laid.document.title)
    printer.setCreator("Advisor Desk")
    printer.setFullPage(True)
    printer.setPageSize(page_size(laid.size))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setPageMargins(QMarginsF(), QPageLayout.Unit.Millimeter)


def _is_there(printer: QPrinter) -> bool:
    """False for a printer that was taken away: Qt paints on it all the same and loses the pages without a word."""
    native = printer.outputFormat() is QPrinter.OutputFormat.NativeFormat
    return not native or not QPrinterInfo.printerInfo(printer.printerName()).isNull()


def send(printer: QPrinter, laid: Laid) -> str:
    """Print the pages, as often as the person asked for; or say why not."""
    copies = 1 if printer.supportsMultipleCopies() else max(printer.copyCount(), 1)
    taken = _is_there(printer) and all(paint_pages(laid, printer, printer.resolution()) for _ in range(copies))
    if taken and _is_there(printer):
        return ""
    name = printer.printerName()
    who = f"The printer {name}" if name else "The printer"
    return f"{who} did not take the pages. See that it is on and has paper, or save them as a PDF."
