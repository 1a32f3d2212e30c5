"""A number as the bars of a Code 128, which any scanner reads back."""

from __future__ import annotations

QUIET = 10
"""Modules of white at each side, which the standard asks for."""
_LONGEST = 40


def modules(text: str) -> str:
    """The bars as ``1`` for black and ``0`` for white, one a module; empty for what no Code 128 can say."""
    from barcode.errors import BarcodeError

    from ui.printing.code128 import WholeCode128  # a brief has no bars, and loads without what draws them

    said = text.strip()
    if not said or len(said) > _LONGEST or not said.isascii() or not said.isprintable():
        return ""
    try:
        return str(WholeCode128(said).build()[0])
    except BarcodeError:
        return ""
