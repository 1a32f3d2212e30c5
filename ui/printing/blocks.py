"""Words, facts and barcodes on the paper."""

from __future__ import annotations

from typing import Final

from ui.printing import bars
from ui.printing.frame import Barcode, Frame, Rule
from ui.printing.sheet import Bars, Facts, Words
from ui.printing.typeface import dots

_MODULE: Final = dots(0.42)
_LEAST_MODULE: Final = dots(0.19)
"""An ordinary scanner reads no narrower bars (7.5 mil)."""
_BARS_TALL: Final = dots(11)
_BARS_SHARE: Final = 0.18
"""On a low label the bars are lower."""
_GUTTER: Final = dots(4)


def put_words(frame: Frame, words: Words) -> None:
    """A paragraph over the whole width."""
    frame.write(words.text, words.style, frame.left, frame.width)


def put_facts(frame: Frame, facts: Facts) -> None:
    """Names at the left, their values beside them."""
    if facts.sums:
        _put_sums(frame, facts)
        return
    widest = max((frame.type.width(name, "small") for name, _ in facts.rows), default=0.0)
    left = frame.left + min(widest, frame.width * 0.4) + _GUTTER
    for name, value in facts.rows:
        if frame.type.height("plain") > frame.room and not frame.is_fresh:
            frame.begin_page()
        frame.line(name, "small", frame.left, beside="plain")
        frame.write(value, "plain", left, frame.right - left)
        frame.top += dots(0.5)


def _put_sums(frame: Frame, facts: Facts) -> None:
    """Figures at the right edge, on one page, the last one under a rule."""
    tall = frame.type.height("strong") * len(facts.rows) + dots(3)
    if tall > frame.room and not frame.is_fresh:
        frame.begin_page()
    middle = frame.left + frame.width * 0.45
    for number, (name, value) in enumerate(facts.rows, 1):
        last = number == len(facts.rows)
        if last:
            frame.top += dots(1)
            frame.put(Rule(middle, frame.top, frame.right - middle))
            frame.top += dots(1)
        style = "strong" if last else "plain"
        frame.line(name, style, middle)
        frame.line(value, style, middle, frame.right)
        frame.top += frame.type.height(style)


def put_bars(frame: Frame, block: Bars) -> None:
    """The bars with their number beneath; the number alone where the bars would be too fine to be read."""
    modules = bars.modules(block.text)
    count = len(modules) + 2 * bars.QUIET
    module = min(_MODULE, frame.width / count)
    if modules and module >= _LEAST_MODULE:
        tall = min(_BARS_TALL, frame.whole * _BARS_SHARE)
        if tall + frame.type.height("plain") > frame.room and not frame.is_fresh:
            frame.begin_page()
        frame.gap(1)
        frame.put(Barcode(frame.left + bars.QUIET * module, frame.top, module, tall, modules))
        frame.top += tall + dots(0.5)
        frame.write(block.text, "plain", frame.left + bars.QUIET * module, frame.width - bars.QUIET * module)
    else:
        frame.write(f"Order {block.text}", "strong", frame.left, frame.width)
