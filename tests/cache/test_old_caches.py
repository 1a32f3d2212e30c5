"""One cache file of each release is kept and opened, so that nobody's update loses what was not yet sent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from advisor_desk.cache import schema
from tests.cache.old_caches.make import KEY, RELEASES, this_release
from tests.cache.shop import Shop

FOLDER = Path(__file__).parent / "old_caches"


def test_every_release_up_to_this_one_has_its_cache_here() -> None:
    files = {path.stem for path in FOLDER.glob("*.db")}
    assert files == set(RELEASES)
    assert this_release() in files, "run python -m tests.cache.old_caches.make at each release"


@pytest.mark.parametrize("release", RELEASES)
def test_the_cache_of_a_release_opens_with_its_unsent_work(release: str, tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    shutil.copyfile(FOLDER / f"{release}.db", path)
    shop = Shop(path, KEY, ids="new")
    assert shop.sql("SELECT version_num FROM alembic_version") == [(schema.VERSION,)]
    assert shop.fields("repair_order", "ro-1")["tag"] == "T55"
    assert shop.fields("contact_event", "said-new")["body"] == "Left word on her phone"
    assert shop.batch()[0]["set"] == {"tag": "T55"}
    assert shop.sql("SELECT mine FROM mutation WHERE state = 'refused'") == [('{"spot":"B4"}',)]
    with shop.reader() as conn:
        found = conn.execute("SELECT count(*) FROM search WHERE search MATCH 'marchetti'").fetchone()
    assert found == (1,)
    shop.edit("repair_order", "ro-2", tag="T60")
    assert shop.waiting() == 3
    shop.cache.close()
