"""Keep a cache file of the release in hand: ``python -m tests.cache.old_caches.make`` once, when it is made."""

from __future__ import annotations

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.cache.shop import Shop, refused, server_row

KEY: Final = bytes.fromhex("ad" * 32)
"""A test's key; it opens nobody's cache."""
RELEASES: Final = ("0.1.0",)
_PROJECT: Final = Path(__file__).parents[3] / "pyproject.toml"


def this_release() -> str:
    """The version this tree declares."""
    return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])


def make(to: Path) -> None:
    """A small shop with an edit waiting, a contact logged, and one edit refused."""
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder) / "cache.db", KEY).stock()
        shop.edit("repair_order", "ro-1", tag="T55")
        shop.create("contact_event", "said-new", customer_id="cust-1", channel="note", body="Left word on her phone")
        poor = shop.edit("repair_order", "ro-2", spot="B4")
        shop.batch()
        shop.settle(refused(poor, server_row("repair_order", "ro-2", 5)))
        shop.cache.close()
        to.write_bytes(shop.path.read_bytes())


if __name__ == "__main__":
    make(Path(__file__).parent / f"{this_release()}.db")
