"""Looking for personal data in bytes that must hold none, however it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
SHORTEST = 6
"""Shorter words turn up in encrypted bytes by chance."""


def of_people(records: dict[tuple[str, str], dict[str, Any]], customer_ids: Iterable[str]) -> set[str]:
    """Names, phone numbers, addresses, VINs and plates of these customers, as they are kept and as they are said."""
    wanted, found = set(customer_ids), set()
    for (kind, id), row in records.items():
        if kind == "customer" and id in wanted:
            name = str(row.get("name") or "")
            found |= {name, *name.split(", "), " ".join(reversed(name.split(", ")))}
            found |= {phone[form] for phone in row.get("phones") or () for form in ("raw", "e164") if phone.get(form)}
            found |= {"".join(filter(str.isdigit, phone["raw"])) for phone in row.get("phones") or ()}
            found |= {*(row.get("emails") or ()), str(row.get("address") or "")}
        if kind == "vehicle" and wanted & set(row.get("customer_ids") or ()):
            found |= {str(row.get("vin") or ""), str(row.get("plate") or "")}
    return {word for word in found if len(word) >= SHORTEST}


def seen_in(folder: Path, words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each of the words that stands in a file of the folder or in a file's name: where, and which."""
    needles = [(word, word.encode(code).lower()) for word in sorted(words) for code in ENCODINGS]
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        folded = (name.encode() + b"\n" + (path.read_bytes() if path.is_file() else b"")).lower()
        yield from ((name, word) for word, needle in needles if needle in folded)
