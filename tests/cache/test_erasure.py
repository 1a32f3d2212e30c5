"""Deletion reaches the bytes: after a checkpoint nothing of a deleted customer is in the file or its log."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from advisor_desk.cache import database, journal, schema, search
from tests.cache.shop import Shop, applied, server_row

WORDS = ("Marchetti", "marchetti", "0104477", "sofia@example")


_PAGE, _RESERVED, _SALT, _IV = 4096, 80, 16, 16


def _bytes_beneath_the_encryption(shop: Shop) -> bytes:
    """Every page of the file, decrypted whether it is in use or free: what somebody with the key could dig up."""
    assert shop.cache.checkpoint()
    log = Path(f"{shop.path}-wal")
    assert not log.exists() or log.stat().st_size == 0, "a log that is not empty still holds old pages"
    content = shop.path.read_bytes()
    assert len(content) % _PAGE == 0
    return b"".join(_page(content[at : at + _PAGE], shop.key, first=at == 0) for at in range(0, len(content), _PAGE))


def _page(page: bytes, key: bytes, *, first: bool) -> bytes:
    body, iv = page[_SALT if first else 0 : -_RESERVED], page[-_RESERVED:][:_IV]
    opened = Cipher(algorithms.AES256(key), modes.CBC(iv)).decryptor()
    return opened.update(body) + opened.finalize()


def test_the_scan_sees_what_is_there(shop: Shop) -> None:
    content = _bytes_beneath_the_encryption(shop)
    assert all(word.encode() in content for word in WORDS)


def test_a_deleted_customer_is_in_no_byte_of_the_cache(shop: Shop) -> None:
    shop.take(
        server_row("customer", "cust-1", 5, deleted=True),
        server_row("repair_order", "ro-1", 6, {"number": "104417", "stage": "repair"}),
        server_row("repair_order", "ro-old", 7, {"number": "98001", "stage": "closed"}),
        server_row("contact_event", "said-1", 8, deleted=True),
    )
    content = _bytes_beneath_the_encryption(shop)
    assert not [word for word in WORDS if word.encode() in content]
    assert b"on order" not in content


def test_an_erased_name_leaves_the_outbox_too_once_it_was_sent_and_its_time_is_over(shop: Shop) -> None:
    edit = shop.edit("customer", "cust-2", notes="Canary Wharf 9")
    shop.batch()
    shop.settle(applied(edit, server_row("customer", "cust-2", 5, {"name": "Müller", "notes": "Canary Wharf 9"})))
    shop.take(server_row("customer", "cust-2", 6, deleted=True))
    assert b"Canary Wharf" in _bytes_beneath_the_encryption(shop), "kept for a bridge that is put back"
    shop.later(timedelta(days=15))
    shop.settle()
    assert b"Canary Wharf" not in _bytes_beneath_the_encryption(shop)


def _journal(shop: Shop) -> str:
    """All that the journals' entries say, opened with their key."""
    found = [
        journal.read(shop.path.with_suffix(suffix).read_bytes(), shop.key)
        for suffix in (".journal", ".settled")
        if shop.path.with_suffix(suffix).exists()
    ]
    assert not any(one.faults for one in found)
    return json.dumps([one.notes for one in found], ensure_ascii=False)


def _erased_and_over(shop: Shop) -> None:
    """An edit of a customer was sent, the customer deleted elsewhere, and the time is over that healing takes."""
    edit = shop.edit("customer", "cust-2", notes="Canary Wharf 9")
    shop.batch()
    shop.settle(applied(edit, server_row("customer", "cust-2", 5, {"name": "Müller", "notes": "Canary Wharf 9"})))
    shop.take(server_row("customer", "cust-2", 6, deleted=True))
    shop.later(timedelta(days=15))
    shop.settle()
    assert "Canary Wharf" in _journal(shop)


def test_an_erased_name_leaves_the_journals_once_there_is_time_after_the_next_start(shop: Shop) -> None:
    waits = shop.edit("repair_order", "ro-2", tag="T55")
    _erased_and_over(shop)
    shop.reopen()
    assert b"Canary Wharf" not in _bytes_beneath_the_encryption(shop)
    assert "Canary Wharf" not in _journal(shop) and waits in _journal(shop)
    assert [mutation["id"] for mutation in shop.batch()] == [waits]


def test_an_erased_name_leaves_the_journal_within_a_day_of_a_desk_that_is_never_closed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    _erased_and_over(shop)
    monkeypatch.setattr(database, "_DAY", -1.0)
    assert b"Canary Wharf" not in _bytes_beneath_the_encryption(shop)
    assert "Canary Wharf" not in _journal(shop)


def test_without_the_indexs_own_secure_delete_the_scan_would_find_the_name(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "SEARCH_SECURE", "INSERT INTO search(search, rank) VALUES ('secure-delete', 0)")
        shop = Shop(tmp_path / "cache.db").stock()
        with shop.cache.write() as conn:
            search.rebuild(conn)
        shop.take(server_row("customer", "cust-1", 5, deleted=True))
        assert b"marchetti" in _bytes_beneath_the_encryption(shop)
        shop.cache.close()
