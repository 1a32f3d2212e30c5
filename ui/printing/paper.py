"""PDF pages: the one place that sets them up to be painted on, and the one that puts them in a file."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter

_DPI: Final = 144
_MARGIN: Final = QMarginsF(18, 16, 18, 16)
_FULL: Final = "The disk is full. Choose another folder."
_CLOSED: Final = "That folder cannot be written to. Choose another."
_GONE: Final = "That folder is not there any more. Choose another."
_OTHER: Final = "The file could not be written. Choose another folder."
_WHY: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: _CLOSED,
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
}


def pages(buffer: QBuffer, title: str, size: QPageSize | None = None, dpi: int = _DPI) -> QPdfWriter:
    """Pages written into the buffer: Letter with a margin, or papers of a size to be painted up to their edges."""
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Advisor Desk")
    writer.setResolution(dpi)
    margin, letter = (_MARGIN, QPageSize(QPageSize.PageSizeId.Letter)) if size is None else (QMarginsF(), size)
    writer.setPageLayout(QPageLayout(letter, QPageLayout.Orientation.Portrait, margin, QPageLayout.Unit.Millimeter))
    return writer


def save(path: Path, pdf: bytes) -> str:
    """Put a PDF in the file's place, or say why not; what stood there before stays until all of it is written."""
    draft = path.with_name(f".{path.name}.new")
    try:
        with draft.open("wb") as file:
            file.write(pdf)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        return _WHY.get(error.errno or 0, _OTHER)
    return ""
