"""Nobody's name, number, address, car or secret lies in the profile's bytes or in a log, after a day with troubles."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support import board, canaries
from tests.support.bridge import BridgeFolder
from tests.support.desk import DeskProcess, Refusal
from tests.support.shop import Shop

OWN = (
    "Wilhelmina Featherstonehaugh",
    "wilhelmina.f@canary-mail.example",
    "+17165550199",
    "(716) 555-0199",
    "1HGCM82633A004352",
    "CANARY-PLATE-77",
)


@pytest.mark.parametrize("code", canaries.ENCODINGS)
def test_the_search_finds_what_is_planted(tmp_path: Path, code: str) -> None:
    (tmp_path / "deep").mkdir()
    planted = "wilhelmina FEATHERSTONEHAUGH".encode(code)
    (tmp_path / "deep" / "file.bin").write_bytes(b"\x00\x81" * 99 + planted + b"\xff")
    assert list(canaries.seen_in(tmp_path, OWN)) == [("deep/file.bin", OWN[0])]
    (tmp_path / f"{OWN[4]}.txt").touch()
    assert (f"{OWN[4]}.txt", OWN[4]) in list(canaries.seen_in(tmp_path, OWN))


def test_no_personal_data_lies_in_the_profile_or_the_logs(demo_store: BridgeFolder, tmp_path: Path) -> None:
    with Shop(demo_store.copied(tmp_path / "bridge"), tmp_path) as shop:
        (maria,) = shop.sign_in("maria", options=("--debug",))
        rows = board.cards(maria)[:8]
        words = canaries.of_people(shop.bridge.records("maria"), [row["customer_id"] for row in rows])
        assert len(words) > 40
        secrets = {maria.key, shop.bridge.folder.token("maria")}
        a_day_with_troubles(shop, maria)
        # While it runs: the write-ahead log is full of the day's work.
        assert list(canaries.seen_in(maria.profile, words | set(OWN) | secrets)) == []
        if sys.platform == "linux":
            for name in ("cmdline", "environ"):
                told = Path(f"/proc/{maria.pid}/{name}").read_bytes()
                assert not [secret for secret in secrets if secret.encode() in told]
        maria.kill()
        assert list(canaries.seen_in(maria.profile, {*OWN, *secrets})) == []
        maria.start()
        maria.close()
        assert list(canaries.seen_in(maria.profile, words | set(OWN) | secrets)) == []
        assert " INFO " in maria.log()


def a_day_with_troubles(shop: Shop, maria: DeskProcess) -> None:
    """Work, searches, refusals, a clash and an outage, each with somebody's data in it."""
    name, mail, phone, spoken, vin, plate = OWN
    rows = board.cards(maria)
    body = f"{name} {mail} {phone} {spoken} {vin} {plate}"
    ids = {"customer_id": rows[0]["customer_id"], "repair_order_id": rows[0]["id"]}
    logged = maria.ask("contact.log", **ids, channel="call", body=body)
    maria.ask("undo", change=logged["change"])
    maria.ask("contact.log", **ids, channel="email", body=body)
    maria.ask("ro.set_spot", repair_order_id=rows[1]["id"], spot=name)
    maria.ask("ro.hold", repair_order_id=rows[1]["id"], reasons=["other"])
    for word in OWN:
        maria.ask("read.search", q=word)
        for do, args in (
            (word, {}),
            ("contact.log", {"customer_id": word, "channel": "call"}),
            ("ro.set_tag", {"repair_order_id": word, "tag": word * 3}),
            ("ro.set_tag", {word: word}),
            ("read.repair_order", {"repair_order_id": word}),
            ("undo", {"change": word}),
            ("attention.resolve", {"attention_id": word, "action": word}),
        ):
            with suppress(Refusal):
                maria.ask(do, **args)
        maria.send_line('{"do": ' + word)
        assert maria.next_loose()["error"]["code"] == "bad_json"
    maria.wait_live()
    shop.unplug("maria")
    maria.ask("ro.repromise", repair_order_id=rows[2]["id"], promised_at=board.hence(days=1), reason=body[:300])
    maria.ask("contact.log", **ids, channel="text", body=body)
    shop.bridge.restart()
    shop.plug_in("maria")
