"""The OpenAPI document: what FastAPI knows of the routes, and of the records what their declarations say."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from advisor_desk.api import wire
from advisor_desk.bridge import problems
from advisor_desk.domain.records import KINDS

_REF: Final = "#/components/schemas/"
_RECORDS: Final = {"RecordOut": "Record", "Change": "Change"}
"""The messages that carry a record, and what those of one kind are called after it."""

_RECORD: Final = "/v1/records/{kind}/{id}"
_LEADS: Final = {
    ("/v1/me", "get"): {"store": (_RECORD, {"kind": "store", "id": "$response.body#/store/id"})},
    ("/v1/search", "get"): {
        "record": (_RECORD, {"kind": "$response.body#/records/0/kind", "id": "$response.body#/records/0/id"})
    },
    ("/v1/changes", "get"): {
        "record": (_RECORD, {"kind": "$response.body#/changes/0/kind", "id": "$response.body#/changes/0/id"}),
        "next": ("/v1/changes", {"cursor": "$response.body#/next"}),
    },
    ("/v1/mutations", "post"): {
        "record": (
            _RECORD,
            {"kind": "$response.body#/results/0/record/kind", "id": "$response.body#/results/0/record/id"},
        ),
        "history": ("/v1/customers/{id}/history", {"id": "$response.body#/results/0/record/id"}),
    },
}
"""What a good answer leads to: the call, and where its parameters come from."""


def install(app: FastAPI) -> None:
    """Let the application answer with this document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, openapi_version="3.1.0", routes=app.routes)
            made["components"]["schemas"] |= _kinds(made["components"]["schemas"])
            _link(made["paths"])
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a route's refusals stand in the document."""
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": f"{_REF}Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def _link(paths: dict[str, Any]) -> None:
    """Put the links of ``_LEADS`` beside the answers they follow from."""
    for (path, method), leads in _LEADS.items():
        paths[path][method]["responses"]["200"]["links"] = {
            name: {"operationId": next(iter(paths[to].values()))["operationId"], "parameters": given}
            for name, (to, given) in leads.items()
        }


def _kinds(schemas: dict[str, Any]) -> dict[str, Any]:
    """The fields of each kind, derived from its declaration, and the messages that carry them, one form a kind."""
    out: dict[str, Any] = {}
    forms: dict[str, dict[str, str]] = {name: {} for name in _RECORDS}
    for kind in KINDS:
        model = wire.fields_model(kind)
        fields = model.model_json_schema(ref_template=_REF + "{model}")
        out |= fields.pop("$defs", {}) | {model.__name__: fields}
        for name, suffix in _RECORDS.items():
            title = model.__name__.removesuffix("Fields") + suffix
            own = {"kind": {"const": kind, "type": "string"}, "fields": {"$ref": _REF + model.__name__}}
            general = schemas[name]
            out[title] = general | {"title": title, "properties": general["properties"] | own}
            forms[name][kind] = _REF + title
    for name, mapping in forms.items():
        out[name] = {
            "title": name,
            "description": schemas[name].get("description", ""),
            "oneOf": [{"$ref": ref} for ref in mapping.values()],
            "discriminator": {"propertyName": "kind", "mapping": mapping},
        }
    return out
