"""The published description: OpenAPI 3.1, with the records as they are declared."""

from __future__ import annotations

from typing import Any

import pytest

from advisor_desk.domain.records import KINDS
from tests.bridge.line import Line


@pytest.fixture
def document(line: Line) -> dict[str, Any]:
    """What the bridge publishes of itself."""
    found: dict[str, Any] = line.get("/openapi.json").json()
    return found


def test_it_is_openapi_3_1_and_names_every_call(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/v1/capabilities",
        "/v1/me",
        "/v1/snapshot",
        "/v1/changes",
        "/v1/mutations",
        "/v1/leases",
        "/v1/stream",
        "/v1/records/{kind}/{id}",
        "/v1/customers/{id}/history",
        "/v1/search",
        "/oauth/authorize",
        "/oauth/token",
        "/.well-known/oauth-authorization-server",
    }


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_fields_of_each_kind_are_those_it_declares(document: dict[str, Any], kind: str) -> None:
    schemas = document["components"]["schemas"]
    name = "".join(part.title() for part in kind.split("_"))
    assert set(schemas[f"{name}Fields"]["properties"]) == set(KINDS[kind].fields)
    for form in (f"{name}Record", f"{name}Change"):
        assert schemas[form]["properties"]["kind"]["const"] == kind
        assert schemas[form]["properties"]["fields"]["$ref"].endswith(f"/{name}Fields")
    for message, form in (("RecordOut", f"{name}Record"), ("Change", f"{name}Change")):
        assert schemas[message]["discriminator"]["mapping"][kind].endswith(f"/{form}")


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [ref for value in part.values() for ref in references(value)]
        if isinstance(part, list):
            return [ref for value in part for ref in references(value)]
        return []

    schemas = document["components"]["schemas"]
    found = references(document)
    assert found
    assert [ref for ref in found if ref.rpartition("/")[2] not in schemas] == []


def test_refusals_are_problem_documents(document: dict[str, Any]) -> None:
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            for status, reply in call["responses"].items():
                if status >= "400" and "text/html" not in reply.get("content", {}):
                    assert list(reply["content"]) == ["application/problem+json"], (path, method, status)


def test_no_page_of_documentation_is_served(line: Line) -> None:
    for path in ("/docs", "/redoc"):
        assert line.get(path).status_code == 404
