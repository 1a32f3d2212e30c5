"""Vehicle identification numbers: the check digit and the model year they carry (49 CFR part 565)."""

from __future__ import annotations

from typing import Final

LENGTH: Final = 17
_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES: Final = {str(digit): digit for digit in range(10)} | dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True)
)
YEAR_CODES: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
"""Position 10 from 1980 on, then from 2010 on."""


def check_digit(vin: str) -> str:
    """What position 9 must hold; raises KeyError for a character no VIN has."""
    total = sum(_VALUES[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True))
    return "X" if total % 11 == 10 else str(total % 11)


def is_valid(vin: str) -> bool:
    """True for 17 characters with the right check digit; older cars and other markets may fail and still be real."""
    return len(vin) == LENGTH and all(char in _VALUES for char in vin) and check_digit(vin) == vin[8]


def with_check_digit(vin: str) -> str:
    """The VIN with position 9 set right."""
    return vin[:8] + check_digit(vin) + vin[9:]


def model_year(vin: str) -> int | None:
    """The model year of position 10; a digit in position 7 means before 2010 for cars and light trucks."""
    place = YEAR_CODES.find(vin[9]) if len(vin) == LENGTH else -1
    if place < 0:
        return None
    return 1980 + place + (0 if vin[6].isdigit() else 30)


def year_code(year: int) -> str:
    """Position 10 of a model year."""
    return YEAR_CODES[(year - 1980) % 30]
