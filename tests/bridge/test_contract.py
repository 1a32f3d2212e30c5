"""The bridge held against its own OpenAPI description, by requests nobody thought of (schemathesis)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from advisor_desk.bridge import deps, folder
from advisor_desk.bridge.accounts import Accounts
from advisor_desk.bridge.app import make_app
from tests.bridge.conftest import LIGHT, Clock
from tests.bridge.databases import Database
from tests.bridge.rooftop import MONDAY, Rooftop

# A description cannot say which cursors, codes and passwords are good: these calls may refuse what looks right.
REFUSES_WELL_FORMED = {
    "/v1/changes": [410],
    "/v1/snapshot": [410],
    "/v1/mutations": [410],
    "/oauth/authorize": [400, 401],
    "/oauth/token": [400, 401],
}
CONFIG: dict[str, Any] = {
    "seed": 20261123,
    "generation": {"max-examples": 12, "deterministic": True, "database": "none", "allow-x00": False},
    "operations": [
        {
            "include-path": path,
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "404", "409", *statuses]},
                "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "415", "422", *statuses]},
            },
        }
        for path, statuses in REFUSES_WELL_FORMED.items()
    ],
}


class Served:
    """An application over books of its own, and the token of somebody who may do everything."""

    def __init__(self, data: Path) -> None:
        self.shelf = folder.open_books(data)
        rooftop = Rooftop(self.shelf)
        accounts = Accounts(self.shelf, LIGHT)
        accounts.add("ivan", rooftop.store_id, rooftop.people["admin"], None)
        self.headers = {"Authorization": f"Bearer {accounts.token('ivan', MONDAY, long=False)}"}
        self.app = make_app(self.shelf, accounts)
        self.app.dependency_overrides[deps.now] = Clock()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The bridge under test, on each database."""
    database: Database = request.getfixturevalue(f"on_{request.param}")
    found = Served(database.folder(tmp_path_factory.mktemp("contract") / "bridge"))
    yield found
    found.shelf.close()


@pytest.fixture(scope="module")
def api(served: Served) -> schemathesis.BaseSchema:
    """Its description, as a client would read it; the stream never ends and is tested by itself."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", served.app, config=SchemathesisConfig.from_dict(CONFIG))
    return schema.exclude(path="/v1/stream")


POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
CALLS = {
    "GET /v1/capabilities": (POSITIVE,),
    "GET /v1/me": (POSITIVE, NEGATIVE),
    "GET /v1/records/{kind}/{id}": (POSITIVE, NEGATIVE),
    "GET /v1/customers/{id}/history": (POSITIVE, NEGATIVE),
    "GET /v1/search": (POSITIVE, NEGATIVE),
    "GET /v1/snapshot": (POSITIVE, NEGATIVE),
    "GET /v1/changes": (POSITIVE, NEGATIVE),
    "POST /v1/mutations": (POSITIVE, NEGATIVE),
    "POST /v1/leases": (POSITIVE, NEGATIVE),
    "GET /.well-known/oauth-authorization-server": (POSITIVE,),
    "GET /oauth/authorize": (POSITIVE, NEGATIVE),
    "POST /oauth/authorize": (POSITIVE, NEGATIVE),
    "POST /oauth/token": (POSITIVE, NEGATIVE),
}
"""Every call, and whether a request can fit its description, or fail to."""


DESKS = itertools.count()


def as_a_desk_would(case: schemathesis.Case) -> schemathesis.Case:
    """What no schema can say of a push: its ids are new, its numbers follow each other and are written whole."""
    if case.media_type == "application/json" and case.meta is not None and case.meta.generation.mode is POSITIVE:
        case.body = plain(case.body) | {"desk": f"desk-{next(DESKS)}"}
        for place, mutation in enumerate(case.body.get("mutations", ()), 1):
            mutation |= {"n": place, "id": f"{case.body['desk']}-{place}"}
    return case


def plain(value: Any) -> Any:
    """JSON's 1.0 is an integer to a schema; every writer of JSON writes 1."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def test_no_call_is_left_out(api: schemathesis.BaseSchema) -> None:
    described = {f"{found.ok().method.upper()} {found.ok().path}" for found in api.get_all_operations()}
    assert described == set(CALLS)


@pytest.mark.parametrize(
    ("call", "mode"),
    [pytest.param(call, mode, id=f"{call} {mode.value}") for call, modes in CALLS.items() for mode in modes],
)
def test_a_call_keeps_to_its_description(
    api: schemathesis.BaseSchema, served: Served, call: str, mode: GenerationMode
) -> None:
    """What fits the description is taken, what does not is refused, and every answer is as described."""
    method, path = call.split(" ")
    operation = api[path][method]

    @seed(CONFIG["seed"])
    @settings(max_examples=12, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=False)
    @given(case=operation.as_strategy(generation_mode=mode).map(as_a_desk_would))
    def run(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=served.headers)

    run()


def test_calls_that_follow_from_each_other_keep_to_it_too(api: schemathesis.BaseSchema, served: Served) -> None:
    """Stateful: what one call answers is asked for in the next."""

    class Links(api.as_state_machine()):  # type: ignore[misc]
        """Walks along the links of the description, signed in."""

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            """Every call is signed."""
            return {"headers": served.headers}

        def before_call(self, case: schemathesis.Case) -> None:
            """A push is numbered as a desk numbers it."""
            as_a_desk_would(case)

    walks = {"max_examples": 6, "stateful_step_count": 6, "derandomize": True, "deadline": None}
    few = settings(suppress_health_check=list(HealthCheck), **walks)
    Links.run(settings=few)
