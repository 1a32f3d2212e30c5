"""Two people of two stores on one bridge, their calls made up from its description and from each other's answers."""

from __future__ import annotations

import itertools
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi import Request
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.openapi.checks import IgnoredAuth, ObjectLevelAuthorizationViolation
from schemathesis.wfc.escalation import escalating_provider

from advisor_desk.bridge import deps, folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.app import make_app
from advisor_desk.bridge.judge import Caller
from tests.bridge.conftest import LIGHT, ONLY_SQLITE, Clock
from tests.bridge.databases import Database
from tests.bridge.rooftop import MONDAY, Rooftop, wire_time
from tests.bridge.test_contract import CONFIG

CHECKED = {
    "object_level_authorization",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "missing_required_header",
    "not_a_server_error",
    "status_code_conformance",
    "response_schema_conformance",
}
EXAMPLES = 200 if os.environ.get("ADVISOR_DESK_LONG") == "1" else 10
ROUNDS = 16
"""With a few walks, any new field of any record may lead all of them past the other's door: then others are tried."""
KINDS_MADE = ("customer", "repair_order", "customer", "contact_event", "promise")


class TwoStores:
    """One bridge with Harbor and Lake Motors in it, its administrator of each signed in."""

    def __init__(self, data: Path, at: Path) -> None:
        self.shelf = folder.open_books(data)
        self._at = at
        self.accounts = Accounts(self.shelf, LIGHT)
        self.harbor = Rooftop(self.shelf)
        owner = folder.open_books(data, as_owner=True)
        self.lake = Rooftop(self.shelf, "lake").opened(owner)
        owner.close()
        self.tokens = {word: self._signed_in(at) for word, at in (("harbor", self.harbor), ("lake", self.lake))}
        self.app = make_app(self.shelf, self.accounts)
        self.app.dependency_overrides[deps.now] = Clock()

    def _signed_in(self, at: Rooftop) -> str:
        self.accounts.add(f"ivan@{at.word}", at.store_id, at.people["admin"], None)
        return self.accounts.token(f"ivan@{at.word}", MONDAY, long=False)

    def described(self, who: str) -> schemathesis.BaseSchema:
        """The bridge's description as somebody reads it; of the two, neither may see what is the other's."""
        people = self._at / "people.json"
        entries = [
            {"name": word, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {token}"}]}
            for word, token in self.tokens.items()
        ]
        people.write_text(json.dumps({"auth": entries}))
        auth = {"wfc": {"path": str(people), "user": who, "peers": list(self.tokens)}}
        config = SchemathesisConfig.from_dict(CONFIG | {"auth": auth})
        schema = schemathesis.openapi.from_asgi("/openapi.json", self.app, config=config)
        return schema.exclude(path="/v1/stream")


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Iterator[TwoStores]:
    """Both stores, on each database."""
    found = TwoStores(database.folder(tmp_path / "bridge"), tmp_path)
    yield found
    found.shelf.close()


def walk(stores: TwoStores, who: str) -> Counter[str]:
    """Calls that follow from each other, made by one of the two; what was answered, by call and status.

    It goes on, along other ways each time, until the other has asked for what the one has made.
    """
    numbers = itertools.count()
    answered: Counter[str] = Counter()
    for number in range(ROUNDS):
        if not answered["probes"]:
            _walk(stores, who, number, numbers, answered)
    return answered


def _walk(stores: TwoStores, who: str, seed: int, numbers: Iterator[int], answered: Counter[str]) -> None:
    schema = stores.described(who)
    actor = {"harbor": stores.harbor, "lake": stores.lake}[who].people["admin"]

    class Links(schema.as_state_machine()):  # type: ignore[misc]
        """Walks along the links of the description."""

        def before_call(self, case: schemathesis.Case) -> None:
            """A push makes a record of a kind there is, in the name of who sends it."""
            if case.path == "/v1/mutations" and isinstance(case.body, dict):
                number = next(numbers)
                edit = {"id": f"{who}-{number}", "n": 1, "kind": KINDS_MADE[number % len(KINDS_MADE)],
                        "record_id": f"{who}-made-{number}", "op": "create", "set": {"note": f"{who}'s own {number}"},
                        "actor": actor, "made_at": wire_time(MONDAY)}  # fmt: skip
                case.body = {"desk": f"{who}-{number}", "mutations": [edit]}

        def after_call(self, response: Any, case: schemathesis.Case) -> None:
            """Note what came of it."""
            answered[f"{case.method} {case.path} {response.status_code}"] += 1

    few = settings(
        max_examples=EXAMPLES, database=None, stateful_step_count=8, phases=[Phase.generate], deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    with suppress(FlakyStrategyDefinition):  # the bridge remembers what an earlier walk made
        hypothesis.seed(seed)(Links).run(settings=few)
    answered["probes"] = len(escalating_provider(schema)._probed)  # type: ignore[union-attr]


def test_all_checks_of_the_security_chapter_are_made(stores: TwoStores) -> None:
    load_all_checks()
    assert set(CHECKS.get_all_names()) >= CHECKED
    configured = stores.described("harbor").config.checks_config_for()
    assert [name for name in CHECKED if not getattr(configured, name).enabled] == []


@pytest.mark.parametrize("who", ["harbor", "lake"])
def test_what_one_made_or_found_the_other_is_not_given(stores: TwoStores, who: str) -> None:
    answered = walk(stores, who)
    assert answered["GET /v1/records/{kind}/{id} 200"], "nothing was made and read; the test shows nothing"
    assert answered["probes"], "the other never asked for it; the test shows nothing"


@ONLY_SQLITE
def test_a_bridge_that_takes_the_store_from_the_request_is_found_out(stores: TwoStores) -> None:
    """Planted: whoever is signed in, anywhere, is given Harbor's."""
    stores.app.dependency_overrides[deps.caller] = as_anybody_of(stores, signed=True)
    with pytest.raises(FailureGroup) as failed:
        walk(stores, "harbor")
    assert any(isinstance(one, ObjectLevelAuthorizationViolation) for one in failed.value.exceptions)


@ONLY_SQLITE
def test_a_bridge_that_asks_nobody_who_they_are_is_found_out(stores: TwoStores) -> None:
    """Planted: no token is needed."""
    stores.app.dependency_overrides[deps.caller] = as_anybody_of(stores, signed=False)
    with pytest.raises(FailureGroup) as failed:
        walk(stores, "harbor")
    assert any(isinstance(one, IgnoredAuth) for one in failed.value.exceptions)


def as_anybody_of(stores: TwoStores, *, signed: bool) -> Callable[[Request], Caller]:
    """A bridge that mistakes everybody, or everybody with a good token, for Harbor's administrator."""

    def mistaken(request: Request) -> Caller:
        given = request.headers.get("authorization", "")
        if signed and given.removeprefix("Bearer ") not in stores.tokens.values():
            raise deps.Problem(401, "sign_in", "Sign in again.", headers={"WWW-Authenticate": "Bearer"})
        return stores.harbor.caller("admin")

    return mistaken
