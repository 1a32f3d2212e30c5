"""A barcode scanner of our own: it reads Code 128 off a picture, knowing nothing of what drew it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from PySide6.QtGui import QImage

# ISO/IEC 15417, table 1: the widths of bars and spaces of each symbol, from 0 to 105.
_TABLE: Final = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321
232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224
111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111
111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
"""
_SYMBOLS: Final = tuple(_TABLE.split())
_STOP: Final = "2331112"
_STARTS: Final = {103: "A", 104: "B", 105: "C"}
_SWITCHES: Final = {"A": {99: "C", 100: "B"}, "B": {99: "C", 101: "A"}, "C": {100: "B", 101: "A"}}


def symbols(modules: str) -> list[int]:
    """The symbol values in a row of modules, ``1`` black; ValueError when it is no Code 128."""
    widths = [len(list(run)) for _, run in groupby(modules)]
    return _values([float(width) for width in widths])


def read(modules: str) -> str:
    """What a row of modules says."""
    return said(symbols(modules))


def scan(image: QImage) -> set[str]:
    """Every text that a line across the picture reads, a line in four."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    ink, across = bytes(grey.constBits()), grey.bytesPerLine()
    found: set[str] = set()
    for row in range(0, grey.height(), 4):
        shades = ink[row * across : row * across + grey.width()]
        runs = [(dark, float(len(list(run)))) for dark, run in groupby(shades, key=lambda shade: shade < 128)]
        inner = [width for _, width in runs[1:-1]]
        if len(inner) > 19 and runs[0][1] >= 10 and not runs[0][0]:
            try:
                found.add(said(_values(inner)))
            except ValueError:
                continue
    return found


def _values(widths: list[float]) -> list[int]:
    if len(widths) % 6 != 1:
        raise ValueError("not whole symbols")
    body, stop = widths[:-7], widths[-7:]
    if _pattern(stop, 13) != _STOP:
        raise ValueError("does not stop")
    return [_SYMBOLS.index(_pattern(some, 11)) for some in _sixes(body)]


def _sixes(widths: list[float]) -> Iterator[list[float]]:
    for start in range(0, len(widths), 6):
        yield widths[start : start + 6]


def _pattern(widths: list[float], modules: int) -> str:
    whole = sum(widths)
    return "".join(str(round(width * modules / whole)) for width in widths)


def said(values: list[int]) -> str:
    """What symbols say, start and check included; ValueError when the check does not hold."""
    start, *rest, check = values
    if start not in _STARTS or (start + sum(place * value for place, value in enumerate(rest, 1))) % 103 != check:
        raise ValueError("does not check")
    which, out = _STARTS[start], ""
    for value in rest:
        if value in _SWITCHES[which]:
            which = _SWITCHES[which][value]
        elif which == "C":
            out += f"{value:02}"
        elif value < 64 or which == "B":
            out += chr(value + 32)
        else:
            out += chr(value - 64)
    return out
