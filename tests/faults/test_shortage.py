"""A computer short of file handles or memory: what cannot be done is refused, what was saved stays, and it passes."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support import board
from tests.support.desk import DeskProcess, Refusal
from tests.support.shop import Shop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there can a running process be given less")
if sys.platform == "linux":
    import resource


@pytest.fixture
def desk(shop: Shop, tmp_path: Path) -> Iterator[DeskProcess]:
    """Maria's second desk, in step."""
    bridge = shop.bridge
    with DeskProcess(tmp_path / "maria", bridge.url, bridge.folder.token("maria")) as desk:
        desk.wait_live()
        yield desk


@contextmanager
def limited(desk: DeskProcess, what: int, to: int) -> Iterator[None]:
    """Let the process have no more than this, for a while."""
    before = resource.prlimit(desk.pid, what)
    resource.prlimit(desk.pid, what, (to, before[1]))
    try:
        yield
    finally:
        resource.prlimit(desk.pid, what, before)


def logged(desk: DeskProcess, customer: str, texts: list[str]) -> tuple[list[str], list[Refusal]]:
    """Log these words; those that were answered as saved, and the refusals."""
    saved, refused = [], []
    for text in texts:
        try:
            desk.ask("contact.log", customer_id=customer, channel="note", body=text)
            saved.append(text)
        except Refusal as refusal:
            refused.append(refusal)
    return saved, refused


def bodies(records: dict[tuple[str, str], dict[str, str]], texts: list[str]) -> list[str]:
    """Those of the texts that are there."""
    found = [row.get("body", "") for (kind, _), row in records.items() if kind == "contact_event"]
    return sorted(body for body in found if body in set(texts))


def check(shop: Shop, desk: DeskProcess, texts: list[str], saved: list[str], least: int = 0) -> None:
    """All that was answered as saved is here and at the bridge, once, and nothing that was refused."""
    assert len(saved) >= least
    desk.ask("sync.now")
    desk.wait_live()
    assert bodies(desk.records(), texts) == bodies(shop.bridge.records("maria"), texts) == sorted(saved)


def test_without_a_file_handle_left_the_desk_says_what_is_saved_and_goes_on_later(
    shop: Shop, desk: DeskProcess
) -> None:
    customer, mark = board.cards(desk)[0]["customer_id"], uuid.uuid4().hex
    texts = [f"{mark} {number}" for number in range(20)]
    shop.bridge.kill()
    desk.wait_state("offline")
    with limited(desk, resource.RLIMIT_NOFILE, 3):
        saved, refused = logged(desk, customer, texts)
        desk.ask("sync.now")
        shop.bridge.start()
        assert desk.link()["state"] == "offline"
    assert {one.code for one in refused} <= {"read_only", "disk_failed"}
    check(shop, desk, texts, saved)
    more, _ = logged(desk, customer, [f"{mark} after"])
    check(shop, desk, [f"{mark} after"], more, least=1)


def test_without_memory_left_the_desk_answers_and_what_it_said_is_saved_is_there_when_it_is_opened_again(
    shop: Shop, desk: DeskProcess
) -> None:
    customer, mark = board.cards(desk)[0]["customer_id"], uuid.uuid4().hex
    texts = [f"{mark} {number} {'long ' * 700}".strip() for number in range(40)]
    with limited(desk, resource.RLIMIT_AS, 1 << 20):
        saved, refused = logged(desk, customer, texts)
    assert {one.code for one in refused} <= {"internal", "disk_failed"}
    assert len(saved) + len(refused) == len(texts)
    desk.kill()
    desk.start()
    check(shop, desk, texts, saved)
    more, _ = logged(desk, customer, [f"{mark} after"])
    check(shop, desk, [f"{mark} after"], more, least=1)
