"""Code 128 as the library draws it, but for numbers that begin with 99."""

from __future__ import annotations

from barcode.codex import Code128

_DIGITS_99 = 99
"""In code set C the two digits; the library takes them for a switch to C and leaves them out."""


class WholeCode128(Code128):  # type: ignore[misc]  # the library has no types
    """Bars in which every digit stands."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        # The library begins in code set C, where only the switches to the others can be folded into the start.
        return encoded if encoded[1] == _DIGITS_99 else list(super()._try_to_optimize(encoded))
