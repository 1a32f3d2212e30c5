"""Tokens are renewed when they run out, one at a time, and never sent where they do not belong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from advisor_desk.api.client import Client
from advisor_desk.api.errors import Said, SignInNeeded, Unreadable
from tests.api.hostile import EMPTY_PAGE, TOKENS, Hostile, Line, Purse, Script, client, problem, says_json

EXPIRED = problem("signed_out", 401)


def test_a_token_that_ran_out_is_renewed_once_and_the_question_asked_again() -> None:
    purse = Purse()
    with Hostile(EXPIRED, says_json(TOKENS), says_json(EMPTY_PAGE)) as server:
        assert client(server, purse).changes("c1").next == "c2"
    assert [one.path.partition("?")[0] for one in server.asked] == ["/v1/changes", "/oauth/token", "/v1/changes"]
    assert server.asked[1].body == b"grant_type=refresh_token&refresh_token=adr_first&client_id=advisor-desk"
    assert "authorization" not in server.asked[1].headers
    assert server.asked[2].headers["authorization"] == "Bearer eyJ.new.one"
    assert purse.kept == [("eyJ.new.one", "adr_second")]


def test_a_refresh_token_that_is_not_replaced_is_kept() -> None:
    purse = Purse()
    with Hostile(EXPIRED, says_json(TOKENS | {"refresh_token": None}), says_json(EMPTY_PAGE)) as server:
        client(server, purse).changes("c1")
    assert purse.kept == [("eyJ.new.one", "adr_first")]


@pytest.mark.parametrize(
    "renewal", [problem("invalid_grant", 400), problem("invalid_client", 401), problem("signed_out", 401)]
)
def test_a_refresh_token_that_is_refused_asks_for_a_sign_in(renewal: Script) -> None:
    with Hostile(EXPIRED, renewal) as server, pytest.raises(SignInNeeded):
        client(server).changes("c1")
    assert len(server.asked) == 2


def test_a_renewal_that_fails_for_another_reason_is_no_sign_out() -> None:
    with Hostile(EXPIRED, problem("busy", 503)) as server, pytest.raises(Said):
        client(server).changes("c1")
    with Hostile(EXPIRED, says_json({"token_type": "Bearer"})) as server, pytest.raises(Unreadable):
        client(server).changes("c1")


def test_a_new_token_that_is_refused_as_well_asks_for_a_sign_in_and_not_again() -> None:
    with Hostile(EXPIRED, says_json(TOKENS), EXPIRED) as server, pytest.raises(SignInNeeded):
        client(server).changes("c1")
    assert len(server.asked) == 3


@pytest.mark.parametrize("ask", [lambda one: one.changes("c1"), lambda one: list(one.stream(lambda: False))])
def test_without_any_token_nothing_is_asked(ask: Callable[[Client], Any]) -> None:
    with Hostile(says_json(EMPTY_PAGE)) as server, pytest.raises(SignInNeeded):
        ask(client(server, Purse(None, None)))
    assert server.asked == []


def test_with_a_refresh_token_alone_an_access_token_is_got_first() -> None:
    with Hostile(says_json(TOKENS), says_json(EMPTY_PAGE)) as server:
        client(server, Purse(None, "adr_first")).changes("c1")
    assert server.asked[0].path == "/oauth/token"


def test_two_threads_with_a_token_that_ran_out_renew_it_once() -> None:
    both = threading.Barrier(2)

    def answers(line: Line) -> None:
        if line.asked.path == "/oauth/token":
            return says_json(TOKENS)(line)
        if line.asked.headers["authorization"] == "Bearer eyJ.old.one":
            both.wait(10)
            return EXPIRED(line)
        return says_json(EMPTY_PAGE)(line)

    with Hostile(answers) as server:
        one = client(server)
        threads = [threading.Thread(target=one.changes, args=("c1",)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert [line.path for line in server.asked].count("/oauth/token") == 1
