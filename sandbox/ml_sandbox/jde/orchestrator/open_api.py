"""The catalogue of orchestrations as Swagger 2.0 and as OpenAPI 3.0 (TOS)."""

from collections.abc import Sequence
from typing import Any

from ml_sandbox.jde.orchestrator.definitions import ROWS, Orchestration
from ml_sandbox.jde.orchestrator.reading import GENERIC

_TYPES = {"Numeric": "number", "Array": "array"}
_JSON = "application/json"
Schema = dict[str, Any]


def swagger(described: Sequence[tuple[Orchestration, Schema]], host: str, base: str) -> Schema:
    """Give the Swagger 2.0 document; `described` has each orchestration with what discover says of it."""
    return {
        "swagger": "2.0",
        "info": {"title": "EnterpriseOne Orchestrations", "version": "1.0.0"},
        "host": host,
        "basePath": base,
        "consumes": [_JSON],
        "produces": [_JSON],
        "paths": {_path(one): {"post": _operation_2(one, said)} for one, said in described},
    }


def open_api(described: Sequence[tuple[Orchestration, Schema]], host: str, base: str) -> Schema:
    """Give the OpenAPI 3.0 document of the same."""
    return {
        "openapi": "3.0.1",
        "info": {"title": "EnterpriseOne Orchestrations", "version": "1.0.0"},
        "servers": [{"url": f"http://{host}{base}"}],
        "paths": {_path(one): {"post": _operation_3(one, said)} for one, said in described},
    }


def _path(orchestration: Orchestration) -> str:
    return f"/orchestrator/{orchestration.name}"


def _operation_2(orchestration: Orchestration, described: Schema) -> Schema:
    body = {"in": "body", "name": "inputs", "required": True, "schema": _input_schema(described)}
    answer = {"description": "Done.", "schema": _output_schema(described)}
    return {"operationId": orchestration.name, "parameters": [body], "responses": {"200": answer}}


def _operation_3(orchestration: Orchestration, described: Schema) -> Schema:
    body = {"required": True, "content": {_JSON: {"schema": _input_schema(described)}}}
    answer = {"description": "Done.", "content": {_JSON: {"schema": _output_schema(described)}}}
    return {"operationId": orchestration.name, "requestBody": body, "responses": {"200": answer}}


def _input_schema(described: Schema) -> Schema:
    if described["inputFormat"] != GENERIC:
        return _standard_schema(described)
    properties = {one["name"]: _property(one) for one in described["inputs"]}
    schema: Schema = {"type": "object", "properties": properties}
    needed = [one["name"] for one in described["inputs"] if one["required"]]
    return schema | ({"required": needed} if needed else {})


def _property(given: Schema) -> Schema:
    if given["type"] == "Array":
        columns = {one["name"]: {"type": "string"} for one in given["inputs"]}
        return {"type": "array", "items": {"type": "object", "properties": columns}}
    return {"type": _TYPES.get(given["type"], "string")}


def _standard_schema(described: Schema) -> Schema:
    """Describe the JDE standard form: names and values, and repeated ones for an array."""
    pair = {"type": "object", "properties": {"name": {"type": "string"}, "value": {"type": "string"}}}
    pairs = {"type": "array", "items": pair}
    if any(one["name"] == ROWS for one in described["inputs"]):
        repeated = {"type": "array", "items": {"type": "object", "properties": {"inputs": pairs}}}
        detail = {"type": "object", "properties": {"name": {"type": "string"}, "repeatingInputs": repeated}}
        return {"type": "object", "properties": {"detailInputs": {"type": "array", "items": detail}}}
    return {"type": "object", "properties": {"inputs": pairs}}


def _output_schema(described: Schema) -> Schema:
    outputs = {one["name"]: {"type": _TYPES.get(one["type"], "string")} for one in described["outputs"]}
    return {"type": "object", "properties": outputs}
