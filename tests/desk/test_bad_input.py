"""What can be wrong with the way to the bridge: each says one sentence with the next step, and loses nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support import board, stand_in
from tests.support.bridge import BridgeFolder, BridgeProcess
from tests.support.desk import DeskProcess, Refusal
from tests.support.stand_in import Speaks, StandIn

STEPS = ("Settings", "Open a browser", "Update", "Ask for", "Sign in", "Put the old address back", "Work goes on")


def is_one_sentence_with_a_next_step(words: str) -> bool:
    """True when the words say what is wrong and what to do, and nothing of the machine's insides."""
    inside = re.search(r"Error|Exception|Traceback|http[s]?://\S+:\d|None|0x", words)
    return not inside and any(step in words for step in STEPS) and words.endswith(".")


@pytest.fixture(scope="module")
def waiting(closed: DeskProcess, tmp_path_factory: pytest.TempPathFactory) -> DeskProcess:
    """A closed desk with one edit to send; copy its profile, never start it."""
    profile = Path(shutil.copytree(closed.profile, tmp_path_factory.mktemp("waiting") / "profile"))
    desk = DeskProcess(profile, "http://127.0.0.1:9", closed.token, key=closed.key)
    with desk:  # nothing listens at the discard port
        desk.ask("ro.set_spot", repair_order_id=board.cards(desk)[0]["id"], spot="To be sent")
    return desk


@pytest.fixture
def work(waiting: DeskProcess, tmp_path: Path) -> DeskProcess:
    """A copy of it to start; when two tests send its edit, the second is a repeat."""
    profile = Path(shutil.copytree(waiting.profile, tmp_path / "profile"))
    return DeskProcess(profile, waiting.bridge, waiting.token, key=waiting.key)


@pytest.fixture
def server_id(bridge: BridgeProcess) -> str:
    """The id of the bridge that the desk belongs to."""
    found: str = bridge.get("/v1/capabilities", "maria")["server_id"]
    return found


def trouble(desk: DeskProcess, state: str) -> str:
    """What the link says is wrong, once it is in that state; the edit still waits and the board is still there."""
    link = desk.wait_state(state)
    assert link["waiting"] == 1
    assert desk.ask("read.outbox")["outbox"][0]["intent"] == "ro.set_spot"
    assert len(board.cards(desk)) > 50
    words: str = link["trouble"]
    assert is_one_sentence_with_a_next_step(words), words
    return words


@pytest.mark.parametrize(
    ("address", "state", "says"),
    [
        ("http://127.0.0.1:9", "offline", "cannot be reached"),
        ("https://127.0.0.1:9", "offline", "cannot be reached"),
        ("http://bridge.invalid", "not_ours", "must begin with https://"),
        ("ftp://127.0.0.1/", "not_ours", "must begin with https://"),
        ("https://user:pass@127.0.0.1:9", "not_ours", "must begin with https://"),
    ],
)
def test_a_wrong_address_is_told_and_nothing_is_lost(work: DeskProcess, address: str, state: str, says: str) -> None:
    work.bridge = address
    with work:
        assert says in trouble(work, state)


def test_a_certificate_authority_that_is_not_there_is_told(work: DeskProcess) -> None:
    work.bridge = "https://127.0.0.1:9"
    work.more_hello = {"ca_file": str(work.profile / "nothing.pem")}
    with work:
        assert "certificate authority's file" in trouble(work, "offline")


@pytest.mark.parametrize(
    ("speaks", "state", "says"),
    [
        (stand_in.portal, "offline", "wants you to sign in to it first"),
        (stand_in.portal_page, "offline", "wants you to sign in to it first"),
        (stand_in.website, "offline", "was not the bridge"),
    ],
)
def test_a_page_in_place_of_the_bridge_counts_as_offline_and_gets_no_token(
    work: DeskProcess, speaks: Speaks, state: str, says: str
) -> None:
    with StandIn(speaks) as other:
        work.bridge = other.url
        with work:
            assert says in trouble(work, state)
            assert "Offline since" in work.link()["words"]
        assert other.asked
        assert all(method == "GET" for method, _ in other.asked), "an edit was sent to a stranger"
        assert other.tokens == [], "a token was sent to a stranger"


@pytest.mark.parametrize("speaks", [stand_in.portal, stand_in.portal_page, stand_in.website])
def test_a_first_start_at_an_address_that_is_no_bridge_says_so(tmp_path: Path, speaks: Speaks) -> None:
    with StandIn(speaks) as other, DeskProcess(tmp_path / "profile", other.url, "a-token") as desk:
        link = desk.wait_state("not_ours")
        assert "not an Advisor Desk bridge" in link["trouble"]
        assert is_one_sentence_with_a_next_step(link["trouble"])
        assert other.tokens == []


def test_another_stores_bridge_at_the_old_address_is_not_mixed_in(
    work: DeskProcess, demo_store: BridgeFolder, tmp_path: Path
) -> None:
    strange = BridgeFolder.empty(tmp_path / "strange", "Strange Motors")
    strange.add_user("mallory", "advisor")
    before = {at: row for at, row in work.records().items() if at[0] != "repair_order"}
    with BridgeProcess(strange) as other:
        work.bridge, work.token = other.url, strange.token("mallory")
        with work:
            assert "not the bridge this desk belongs to" in trouble(work, "not_ours")
            assert {at: row for at, row in work.records().items() if at[0] != "repair_order"} == before


@pytest.mark.parametrize(
    ("age", "state", "words", "says"),
    [
        ({"api_version": 9, "min_client": 9}, "too_old", "Update needed", "too old for the bridge"),
        ({"api_version": 9, "min_client": 9, "header": 9}, "too_old", "Update needed", "too old for the bridge"),
        ({"api_version": 0, "min_client": 0}, "too_new", "Bridge too old", "older than this Advisor Desk"),
    ],
)
def test_a_bridge_of_another_age_says_which_of_the_two_to_update_and_keeps_the_work(
    work: DeskProcess, server_id: str, age: dict[str, int], state: str, words: str, says: str
) -> None:
    with StandIn(stand_in.bridge_of(server_id, **age)) as other:
        work.bridge = other.url
        with work:
            assert says in trouble(work, state)
            assert work.link()["words"].startswith(words)


def test_a_stranger_does_not_get_the_token_of_a_desk_that_belongs_elsewhere(work: DeskProcess) -> None:
    with StandIn(stand_in.bridge_of("somebody-else")) as other:
        work.bridge = other.url
        with work:
            trouble(work, "not_ours")
        assert other.tokens == []


def test_an_expired_token_asks_for_a_sign_in_and_the_work_goes_with_the_next(
    work: DeskProcess, bridge: BridgeProcess
) -> None:
    work.bridge, work.token = bridge.url, bridge.folder.expired_token("maria")
    with work:
        assert "Sign in" in trouble(work, "sign_in")
        assert work.link()["words"] == "Sign in to send 1 change"
        work.ask("ro.set_tag", repair_order_id=board.cards(work)[1]["id"], tag="STILL-1")
        work.close()
        work.token = bridge.folder.token("maria")
        work.start()
        work.wait_live()
        assert work.ask("read.outbox") == {"outbox": []}


def test_a_token_that_is_none_asks_for_a_sign_in(work: DeskProcess, bridge: BridgeProcess) -> None:
    work.bridge, work.token = bridge.url, "not a token\x7f of ours"
    with work:
        trouble(work, "sign_in")


def test_an_expired_access_token_is_renewed_by_the_refresh_token_without_a_word(
    work: DeskProcess, bridge: BridgeProcess
) -> None:
    work.bridge, work.token = bridge.url, bridge.folder.refresh_token("maria")
    with work:
        work.wait_live()
    work.token = bridge.folder.expired_token("maria")
    with work:
        work.wait_live()
        assert not [event for event in work.events if event.get("state") == "sign_in"]
    work.token = None
    with work:
        work.wait_live()


def test_a_used_refresh_token_asks_for_a_sign_in(work: DeskProcess, bridge: BridgeProcess, tmp_path: Path) -> None:
    work.bridge, work.token = bridge.url, "adr_" + "x" * 43
    with work:
        trouble(work, "sign_in")


def first_words(profile: Path, hello: dict[str, Any]) -> dict[str, Any]:
    """The error a service that will not start says."""
    desk = DeskProcess(profile, key=hello["key"])
    with pytest.raises(Refusal) as refused:
        desk.start()
    return refused.value.error


def test_a_wrong_key_is_told_and_the_cache_is_left_as_it_is(closed: DeskProcess) -> None:
    before = (closed.profile / "cache.db").read_bytes()
    error = first_words(closed.profile, {"key": "00" * 32})
    assert error["code"] == "wrong_key"
    assert "Unlock the keyring" in error["message"]
    assert (closed.profile / "cache.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + bytes(8000), b"just a few words"])
def test_a_file_that_is_no_cache_is_told_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cache.db").write_bytes(content)
    error = first_words(tmp_path, {"key": "00" * 32})
    assert error["code"] == "not_a_cache"
    assert "Move it away" in error["message"]
    assert (tmp_path / "cache.db").read_bytes() == content
