"""The interface described as OpenAPI 3.1, put together from the questions and columns that the code itself uses."""

from __future__ import annotations

from functools import cache
from typing import Any

from pipelines.interface.resources import RESOURCES, Column, Resource, columns_of
from pipelines.publishing.fingerprint import product_version

Schema = dict[str, Any]
PROBLEMS = {
    "401": "Nobody is signed in, or the token has ended.", "403": "The role may not; CSV and Parquet are downloads.",
    "404": "A name that is not known, or a breakdown that the rows lack.", "422": "A parameter that does not fit.",
    "503": "Nothing is published yet, or the question took too long.",
}  # fmt: skip


@cache
def openapi() -> Schema:
    """The whole description. It is the same for everybody; nobody may change it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Meridian data interface",
            "version": product_version().partition("+")[0],
            "description": "The figures that the pages show, for programmes: read-only, of the publication on air, small numbers hidden. "
            "Sign in with the browser, or send a token that an administrator issued: `Authorization: Bearer meridian_…`.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": {f"/api/v1/{name}": {"get": _operation(resource)} for name, resource in RESOURCES.items()},
        "components": {
            "schemas": {name: _row(columns_of(resource)) for name, resource in RESOURCES.items()}
            | {"problem": _problem(), "publication": _publication()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-meridian"},
            },
        },
    }


def _operation(resource: Resource) -> Schema:
    schema = resource.question.model_json_schema()
    needed = set(schema.get("required", ()))
    parameters = [_parameter(name, told, name in needed) for name, told in schema["properties"].items()]
    return {
        "operationId": resource.name,
        "summary": resource.title,
        "description": f"{resource.row} {resource.question.__doc__}",
        "parameters": parameters,
        "responses": {"200": _answer(resource), "304": {"description": "Nothing has changed since (If-None-Match)."}}
        | {
            status: {"description": says, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}}
            for status, says in PROBLEMS.items()
        },
    }


def _parameter(name: str, told: Schema, needed: bool) -> Schema:
    """A field of a question as a parameter: what may be left out is not sent at all, so null is not among its values."""
    kinds = [one for one in told.get("anyOf", [told]) if one.get("type") != "null"]
    schema = {key: word for key, word in kinds[0].items() if key not in ("description", "title", "default")}
    default = {"default": told["default"]} if told.get("default") is not None else {}
    return {"name": name, "in": "query", "required": needed, "description": told.get("description", ""), "schema": schema | default}


def _answer(resource: Resource) -> Schema:
    rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{resource.name}"}}
    properties: Schema = {
        "resource": {"const": resource.name},
        "publication": {"$ref": "#/components/schemas/publication"},
        "total": {"type": "integer", "minimum": 0},
        "limit": {"type": "integer", "minimum": 1},
        "offset": {"type": "integer", "minimum": 0},
        "next": {"type": ["string", "null"]},
        "data": rows,
    }
    if "indicator" in resource.key:
        properties["definitions"] = {"type": "object", "additionalProperties": {"type": "object"}}
    whole = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    files = {
        "text/csv": {"schema": {"type": "string"}},
        "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
    }
    return {"description": resource.row, "headers": _headers(), "content": {"application/json": {"schema": whole}} | files}


def _headers() -> Schema:
    says = {
        "ETag": "The publication and the format.", "Meridian-Publication": "Number of the publication.",
        "Meridian-As-Of": "The day on which it was made.",
    }  # fmt: skip
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in says.items()}


def _row(columns: tuple[Column, ...]) -> Schema:
    properties = {one.name: _cell(one) for one in columns}
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _cell(column: Column) -> Schema:
    kind = "string" if column.kind == "date" else column.kind
    form = {"format": "date"} if column.kind == "date" else {}
    return {"type": kind if column.must else [kind, "null"], "description": column.says} | form


def _problem() -> Schema:
    text = {"type": "string"}
    properties = {"type": text, "title": text, "detail": text, "code": text, "status": {"type": "integer"}}
    return {"type": "object", "properties": properties, "required": [*properties]}


def _publication() -> Schema:
    properties = {"no": {"type": "integer"}, "digest": {"type": "string"}, "as_of": {"type": "string", "format": "date"}}
    return {"type": "object", "properties": properties, "required": [*properties]}
