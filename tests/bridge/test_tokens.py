"""Access tokens say who calls, for ten minutes; refresh tokens change hands once, with room for a lost answer."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from advisor_desk.bridge import folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.tokens import SignInFailed
from tests.bridge.rooftop import MONDAY, Rooftop


@pytest.fixture
def accounts(accounts: Accounts, rooftop: Rooftop) -> Accounts:
    """Sign-ins of a bridge where maria is an advisor."""
    accounts.add("maria", rooftop.store_id, rooftop.people["advisor"], None)
    return accounts


def first(accounts: Accounts) -> str:
    return accounts.token("maria", MONDAY, long=True)


def refused(accounts: Accounts, token: str, after: timedelta = timedelta(0)) -> None:
    with pytest.raises(SignInFailed):
        accounts.renew(token, MONDAY + after)


def test_an_access_token_says_who_where_and_as_what(accounts: Accounts, rooftop: Rooftop) -> None:
    tokens = accounts.renew(first(accounts), MONDAY)
    assert accounts.caller(tokens.access, MONDAY) == rooftop.caller()
    assert tokens.expires_in == 600


def test_it_works_for_ten_minutes(accounts: Accounts) -> None:
    access = accounts.renew(first(accounts), MONDAY).access
    accounts.caller(access, MONDAY + timedelta(minutes=9, seconds=59))
    with pytest.raises(SignInFailed):
        accounts.caller(access, MONDAY + timedelta(minutes=10))


def test_a_role_taken_away_is_gone_at_once_and_a_new_one_comes_with_the_next_token(
    accounts: Accounts, rooftop: Rooftop
) -> None:
    tokens = accounts.renew(first(accounts), MONDAY)
    rooftop.desk("manager").does("employee", rooftop.people["advisor"], {"roles": ["bdc"]})
    assert accounts.caller(tokens.access, MONDAY).roles == frozenset()
    assert accounts.caller(accounts.renew(tokens.refresh, MONDAY).access, MONDAY).roles == {"bdc"}


@pytest.mark.parametrize("how", ["inactive", "deleted"])
def test_who_left_is_nobody_at_once(accounts: Accounts, rooftop: Rooftop, how: str) -> None:
    tokens = accounts.renew(first(accounts), MONDAY)
    manager = rooftop.desk("manager")
    if how == "inactive":
        manager.does("employee", rooftop.people["advisor"], {"active": False})
    else:
        manager.does("employee", rooftop.people["advisor"], op="delete")
    with pytest.raises(SignInFailed):
        accounts.caller(tokens.access, MONDAY)
    refused(accounts, tokens.refresh)


def forged(access: str, **changed: object) -> str:
    """The token with other words and its old signature."""
    head, body, signature = access.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    made = base64.urlsafe_b64encode(json.dumps(claims | changed).encode()).rstrip(b"=").decode()
    return f"{head}.{made}.{signature}"


def test_a_token_that_is_not_the_bridges_own_is_refused(accounts: Accounts, rooftop: Rooftop) -> None:
    access = accounts.renew(first(accounts), MONDAY).access
    claims = json.loads(base64.urlsafe_b64decode(access.split(".")[1] + "=="))
    other_key = OctKey.import_key(b"k" * 32)
    none = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, claims)
    )
    for bad in (
        forged(access, store="lake-store"),
        forged(access, roles=["admin"]),
        jwt.encode({"alg": "HS256"}, claims, other_key),
        f"{none}.",
        access[:-3],
        "",
        "a.b.c",
        "💥",
    ):
        with pytest.raises(SignInFailed):
            accounts.caller(bad, MONDAY)


def test_a_token_of_another_bridge_is_refused(accounts: Accounts, rooftop: Rooftop, tmp_path: Path) -> None:
    shelf = folder.create(tmp_path / "other")
    other = Rooftop(shelf).opened()
    elsewhere = Accounts(shelf)
    elsewhere.add("maria", other.store_id, other.people["advisor"], None)
    with pytest.raises(SignInFailed):
        accounts.caller(elsewhere.token("maria", MONDAY, long=False), MONDAY)
    shelf.close()


def test_each_refresh_gives_the_next(accounts: Accounts) -> None:
    token = first(accounts)
    for hour in range(5):
        token = accounts.renew(token, MONDAY + timedelta(hours=hour)).refresh


def test_a_desk_that_never_got_the_answer_may_ask_again_for_a_minute(accounts: Accounts) -> None:
    old = first(accounts)
    accounts.renew(old, MONDAY)
    again = accounts.renew(old, MONDAY + timedelta(seconds=60))
    accounts.renew(again.refresh, MONDAY + timedelta(seconds=61))


def test_after_that_minute_the_old_one_ends_the_whole_sign_in(accounts: Accounts) -> None:
    old = first(accounts)
    new = accounts.renew(old, MONDAY).refresh
    refused(accounts, old, timedelta(seconds=62))
    refused(accounts, new, timedelta(seconds=63))


def test_once_its_successor_is_used_the_old_one_ends_the_whole_sign_in(accounts: Accounts) -> None:
    old = first(accounts)
    second = accounts.renew(old, MONDAY).refresh
    third = accounts.renew(second, MONDAY).refresh
    refused(accounts, old, timedelta(seconds=1))
    refused(accounts, third, timedelta(seconds=1))


def test_of_two_successors_of_one_token_only_one_lives_on(accounts: Accounts) -> None:
    """A thief who replays the old token within its minute is found out as soon as both have gone on."""
    old = first(accounts)
    desks = accounts.renew(old, MONDAY).refresh
    thiefs = accounts.renew(old, MONDAY + timedelta(seconds=5)).refresh
    next_ = accounts.renew(desks, MONDAY + timedelta(seconds=10)).refresh
    refused(accounts, thiefs, timedelta(seconds=15))
    refused(accounts, next_, timedelta(seconds=20))


def test_two_sign_ins_of_one_person_do_not_end_each_other(accounts: Accounts) -> None:
    one, two = first(accounts), first(accounts)
    accounts.renew(one, MONDAY)
    refused(accounts, one, timedelta(minutes=5))
    accounts.renew(two, MONDAY + timedelta(minutes=5))


def test_a_refresh_token_lies_unused_for_thirty_days_at_most(accounts: Accounts) -> None:
    token = first(accounts)
    refused(accounts, token, timedelta(days=30))
    accounts.renew(token, MONDAY + timedelta(days=29, hours=23))


@pytest.mark.parametrize("bad", ["", "adr_", "adr_made-up", "x" * 500])
def test_a_refresh_token_nobody_issued_is_refused(accounts: Accounts, bad: str) -> None:
    refused(accounts, bad)
