"""Signing in: passwords, waits after wrong ones, codes that work once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from sqlalchemy import select

from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.schema import account, attempt, code, refresh
from advisor_desk.bridge.tokens import SignInFailed
from advisor_desk.domain.errors import Refused
from tests.bridge.rooftop import MONDAY, Rooftop

PASSWORD = "correct horse battery staple"
VERIFIER = "v" * 64
BACK = "http://127.0.0.1:49152/callback"


@pytest.fixture
def accounts(accounts: Accounts, rooftop: Rooftop) -> Accounts:
    """Sign-ins of a bridge where maria has a password."""
    accounts.add("maria", rooftop.store_id, rooftop.people["advisor"], PASSWORD)
    return accounts


def fails(accounts: Accounts, login: str, times: int, address: str = "", password: str = "not it") -> None:
    for _ in range(times):
        with pytest.raises(SignInFailed):
            accounts.check(login, password, MONDAY, address)


def test_the_right_password_signs_in(accounts: Accounts) -> None:
    accounts.check("maria", PASSWORD, MONDAY)


@pytest.mark.parametrize(("login", "password"), [("maria", "wrong"), ("maria", ""), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_one_does_not_and_does_not_say_what_was_wrong(accounts: Accounts, login: str, password: str) -> None:
    with pytest.raises(SignInFailed) as failed:
        accounts.check(login, password, MONDAY)
    assert str(failed.value) == ""


def test_a_password_is_kept_as_argon2id_and_nothing_else(rooftop: Rooftop) -> None:
    accounts = Accounts(rooftop.shelf)
    accounts.add("maria", rooftop.store_id, rooftop.people["advisor"], PASSWORD)
    with accounts._books.read(login="maria") as conn:
        kept = conn.execute(select(account.c.password)).scalar_one()
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in kept


def test_a_short_password_is_refused(accounts: Accounts, rooftop: Rooftop) -> None:
    with pytest.raises(Refused) as refused:
        accounts.add("ann", rooftop.store_id, rooftop.people["bdc"], "short")
    assert refused.value.fields == {"password": "too short"}


def test_five_wrong_passwords_lock_the_right_one_out_for_a_while(accounts: Accounts) -> None:
    fails(accounts, "maria", 5)
    with pytest.raises(SignInFailed):
        accounts.check("maria", PASSWORD, MONDAY + timedelta(seconds=31))
    accounts.check("maria", PASSWORD, MONDAY + timedelta(seconds=120))


def test_the_wait_grows_but_not_beyond_a_quarter_of_an_hour(accounts: Accounts) -> None:
    fails(accounts, "maria", 40)
    with pytest.raises(SignInFailed):
        accounts.check("maria", PASSWORD, MONDAY + timedelta(minutes=14))
    accounts.check("maria", PASSWORD, MONDAY + timedelta(minutes=29, seconds=1))


def test_signing_in_forgets_the_failures_before_it(accounts: Accounts) -> None:
    fails(accounts, "maria", 4)
    accounts.check("maria", PASSWORD, MONDAY)
    fails(accounts, "maria", 4)
    accounts.check("maria", PASSWORD, MONDAY)


def test_one_name_locked_does_not_lock_another(accounts: Accounts, rooftop: Rooftop) -> None:
    accounts.add("luis", rooftop.store_id, rooftop.people["parts"], PASSWORD)
    fails(accounts, "maria", 10, "192.0.2.7")
    accounts.check("luis", PASSWORD, MONDAY, "192.0.2.7")


def test_an_address_that_tries_many_names_has_to_wait_with_every_name(accounts: Accounts) -> None:
    for guess in range(30):
        fails(accounts, f"guess{guess}", 1, "192.0.2.7")
    fails(accounts, "maria", 1, "192.0.2.7", PASSWORD)
    with pytest.raises(SignInFailed):
        accounts.check("maria", PASSWORD, MONDAY + timedelta(seconds=30), "192.0.2.7")
    accounts.check("maria", PASSWORD, MONDAY + timedelta(seconds=30), "192.0.2.8")


def test_a_burst_of_guesses_at_once_is_counted_one_by_one(accounts: Accounts) -> None:
    """All of them are on their way before the first has failed; the right one among the late ones is locked out."""
    won: list[str] = []

    def guess(password: str) -> None:
        try:
            accounts.check("maria", password, MONDAY)
            won.append(password)
        except SignInFailed:
            pass

    fails(accounts, "maria", 4)
    threads = [threading.Thread(target=guess, args=("not it",)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with accounts._books.read() as conn:
        assert conn.execute(select(attempt.c.failures)).scalar_one() == 10
    guess(PASSWORD)
    assert won == []


class CountingHasher(PasswordHasher):
    """Argon2 as it is, that notes what it was asked to do."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
        """Verify, and note against what."""
        self.verified.append(str(hash))
        return super().verify(hash, password)


@contextmanager
def statements(accounts: Accounts) -> Iterator[list[str]]:
    """The SQL that is run meanwhile."""
    from sqlalchemy import event

    run: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        run.append(statement)

    engine = accounts._books._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_name_nobody_has_costs_the_same_work_as_a_wrong_password(accounts: Accounts) -> None:
    """The same hash is computed and the same statements are run, so that time tells nothing."""
    work = []
    for login in ("maria", "nobody"):
        fails(accounts, login, 1)  # the first failure of a name makes its row
        hasher = CountingHasher()
        accounts._hasher = hasher
        with statements(accounts) as run:
            fails(accounts, login, 1)
        assert len(hasher.verified) == 1
        assert hasher.verified[0].startswith("$argon2id$v=19$m=8,t=1,p=1$")
        work.append(run)
    assert work[0] == work[1]


def code_for(accounts: Accounts) -> str:
    return accounts.issue_code("maria", create_s256_code_challenge(VERIFIER), BACK, MONDAY)


def test_a_code_gives_tokens_once_and_used_again_ends_the_sign_in_it_made(accounts: Accounts) -> None:
    given = code_for(accounts)
    tokens = accounts.redeem(given, VERIFIER, BACK, MONDAY)
    assert accounts.caller(tokens.access, MONDAY).roles == {"advisor"}
    with pytest.raises(SignInFailed):
        accounts.redeem(given, VERIFIER, BACK, MONDAY)
    with pytest.raises(SignInFailed):
        accounts.renew(tokens.refresh, MONDAY)


@pytest.mark.parametrize(
    ("verifier", "back", "minutes"),
    [("w" * 64, BACK, 0), (VERIFIER, "http://127.0.0.1:1/callback", 0), (VERIFIER, BACK, 3), ("", BACK, 0)],
    ids=["another verifier", "another port", "too late", "no verifier"],
)
def test_a_code_is_good_only_for_who_asked_for_it_and_soon(
    accounts: Accounts, verifier: str, back: str, minutes: int
) -> None:
    given = code_for(accounts)
    with pytest.raises(SignInFailed):
        accounts.redeem(given, verifier, back, MONDAY + timedelta(minutes=minutes))


def test_a_code_nobody_issued_is_refused(accounts: Accounts) -> None:
    with pytest.raises(SignInFailed):
        accounts.redeem("made-up", VERIFIER, BACK, MONDAY)


def test_codes_and_tokens_lie_in_the_books_only_as_hashes(accounts: Accounts) -> None:
    given = code_for(accounts)
    tokens = accounts.redeem(given, VERIFIER, BACK, MONDAY)
    with accounts._books.read(login="maria") as conn:
        rows = repr(conn.execute(select(code)).all()) + repr(conn.execute(select(refresh)).all())
    assert given not in rows
    assert tokens.refresh not in rows


def test_a_person_without_a_password_signs_in_by_no_password(accounts: Accounts, rooftop: Rooftop) -> None:
    accounts.add("luis", rooftop.store_id, rooftop.people["parts"], None)
    for password in ("", "None", "luis"):
        fails(accounts, "luis", 1, password=password)


def test_a_new_password_ends_the_wait_of_the_old(accounts: Accounts, rooftop: Rooftop) -> None:
    fails(accounts, "maria", 9)
    accounts.add("maria", rooftop.store_id, rooftop.people["advisor"], "another good password")
    accounts.check("maria", "another good password", MONDAY)
    fails(accounts, "maria", 1, password=PASSWORD)
