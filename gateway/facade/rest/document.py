"""The description of the API: OpenAPI 3.1, after Digg's REST API profile (INTEROP §7)."""

import re
from collections import defaultdict
from collections.abc import Sequence
from http import HTTPStatus

from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from gateway.domain.errors import Rule
from gateway.domain.notation import Json
from gateway.facade.rest.about import NAME, SERVER, SITE, VERSION
from gateway.facade.rest.credentials import API_KEY
from gateway.facade.rest.problem import CHALLENGE, MEDIA_TYPE, Problem, title
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import PlainJsonSchema
from gateway.shapes.shape import Shape


def document(resources: Sequence[Resource]) -> Json:
    """Write the whole description."""
    routes = [resource.described() for resource in resources]
    written = get_openapi(title=NAME, version=VERSION, openapi_version="3.1.0", routes=routes)
    written |= {"info": _INFO, "servers": [{"url": SERVER}], "externalDocs": _MORE}
    for resource in resources:
        operation = written["paths"][resource.path][resource.method.lower()]
        described = map(_parameter, operation.get("parameters", []))
        operation.update(_operation(resource, [*resource.headers, *described]))
    words = _words_of_queries(written["components"]["schemas"])
    components = _components(resources)
    written["components"] = components | {"schemas": words | components["schemas"]}
    written["security"] = [{name: []} for name in _SECURITY]
    return written


def _operation(resource: Resource, parameters: list[Json]) -> Json:
    operation: Json = {
        "parameters": [*parameters, _reference("parameters", "traceparent")],
        "responses": _responses(resource),
    }
    if resource.body is not None:
        content = {"application/json": _media(resource.body)} | _file(resource)
        operation["requestBody"] = {"required": True, "content": content}
    if resource.open_to_all:
        operation["security"] = []
    return operation


def _file(resource: Resource) -> Json:
    return {"*/*": _BYTES} if resource.takes_file else {}


def _parameter(parameter: Json) -> Json:
    """Write a parameter without its title, which repeats the name, and without null."""
    schema: Json = parameter["schema"]
    nullable = schema.pop("anyOf", None)
    if nullable:
        schema |= next(kind for kind in nullable if kind != {"type": "null"})
    schema.pop("title", None)
    schema.pop("description", None)
    return parameter


def _responses(resource: Resource) -> Json:
    links = _to_the_case(resource.case_read_by) if resource.case_read_by else {}
    well = {str(answer.status): _well(answer) | links for answer in resource.answers}
    return well | {str(status): _badly(status, names) for status, names in _problems(resource)}


def _well(answer: Answer) -> Json:
    content = {"application/json": _media(answer.shape)}
    if answer.as_file:
        content["*/*"] = _BYTES
    if answer.also:
        content[answer.also] = {"schema": {"type": "string"}}
    headers = {name: _reference("headers", name) for name in ("traceparent", *answer.headers)}
    return {"description": answer.description, "headers": headers, "content": content}


def _to_the_case(operation_id: str) -> Json:
    link = {
        "operationId": operation_id,
        "parameters": {"caseNumber": "$response.body#/caseNumber"},
        "description": "Where the case stands.",
    }
    return {"links": {"case": link}}


def _badly(status: int, names: Sequence[str]) -> Json:
    example = Problem.EXAMPLE | {
        "type": f"urn:vaxel:problem:{names[0]}",
        "title": title(names[0]),
        "status": status,
        "detail": "what was wrong, and what to do about it",
        "errors": [],
    }
    headers = {"traceparent": _reference("headers", "traceparent")}
    if status in _MORE_HEADERS:
        name = _MORE_HEADERS[status]
        headers[name] = _reference("headers", name)
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(f'`{name}`' for name in names)}.",
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": _reference("schemas", "Problem"), "example": example}},
    }


def _problems(resource: Resource) -> list[tuple[int, list[str]]]:
    """Tell the names of the problems that a resource can answer, by their status."""
    names = defaultdict(list)
    known = () if resource.open_to_all else (Rule.NOT_AUTHENTICATED, Rule.TOKEN_NOT_ACCEPTED)
    for rule in (*known, *resource.refusals):
        names[rule.value.status].append(rule.value.problem)
    if resource.needs_store:
        names[503].append("unavailable")
    if Rule.ATTACHMENT_INFECTED in resource.refusals:
        names[503].append("files-away")
    names[500].append("internal")
    return sorted(names.items())


def _components(resources: Sequence[Resource]) -> Json:
    return {
        "schemas": _schemas(resources),
        "headers": _HEADERS,
        "parameters": {"traceparent": _TRACEPARENT},
        "securitySchemes": _SECURITY,
    }


def _words_of_queries(made: Json) -> Json:
    """Keep what FastAPI has written of parameters that are one of a few words."""
    few = {name: schema for name, schema in made.items() if "enum" in schema}
    return {name: _described(schema) for name, schema in few.items()}


def _described(schema: Json) -> Json:
    # What our own documents call a row says nothing to who reads this one.
    words = _ROW.sub("", schema["description"])
    return {key: schema[key] for key in schema if key != "title"} | {"description": words}


def _schemas(resources: Sequence[Resource]) -> Json:
    answers = [answer.shape for resource in resources for answer in resource.answers]
    bodies = [resource.body for resource in resources if resource.body]
    shapes: list[type[Shape]] = [*answers, *bodies, Problem]
    _, definitions = models_json_schema(
        [(shape, "validation") for shape in dict.fromkeys(shapes)],
        ref_template="#/components/schemas/{model}",
        schema_generator=PlainJsonSchema,
    )
    schemas: Json = definitions["$defs"]
    return {name: _described(schema) for name, schema in sorted(schemas.items())}


def _media(shape: type[Shape]) -> Json:
    return {"schema": _reference("schemas", shape.__name__), "example": shape.EXAMPLE}


def _reference(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


_BYTES: Json = {"schema": {"type": "string", "contentMediaType": "*/*"}}
_ROW = re.compile(r" \((?:DOMAIN|CONTRACT|INTEROP)[^)]*\)")
_TRACEPARENT_SCHEMA = {
    "type": "string",
    "example": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
}
_TRACEPARENT: Json = {
    "name": "traceparent",
    "in": "header",
    "required": False,
    "description": "The caller's trace (W3C Trace Context); the answer goes on with it.",
    "schema": _TRACEPARENT_SCHEMA,
}
_SECURITY: Json = {
    "apiKey": {
        "type": "apiKey",
        "in": "header",
        "name": API_KEY,
        "description": "The key that the caller was given; only its digest is kept here.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of OAuth 2 client credentials, where the operator takes them.",
    },
    "certificate": {
        "type": "mutualTLS",
        "description": "A client certificate with the caller's HSA-id as serialNumber.",
    },
}
_MORE_HEADERS: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "WWW-Authenticate",
    HTTPStatus.SERVICE_UNAVAILABLE: "Retry-After",
}
_HEADERS: Json = {
    "traceparent": {
        "description": "The trace (W3C Trace Context).",
        "schema": _TRACEPARENT_SCHEMA,
    },
    "Location": {
        "description": "Where the case is read.",
        "schema": {"type": "string", "example": "/api/v1/cases/2026-7F3K-9QWM2X"},
    },
    "Content-Disposition": {
        "description": "The name of the file, in the form of RFC 6266.",
        "schema": {"type": "string", "example": "attachment; filename*=UTF-8''brev.txt"},
    },
    "WWW-Authenticate": {
        "description": "What to show: a key, in the header X-API-Key, or another token.",
        "schema": {"type": "string", "example": CHALLENGE},
    },
    "Retry-After": {
        "description": "How many seconds to wait.",
        "schema": {"type": "integer", "example": 5},
    },
}

_DESCRIPTION = """\
Växel takes in complaints and feedback on health care, and brings the answers back to the citizen.
Växel tar emot synpunkter och klagomål på vården och för svaren tillbaka till invånaren.

Limitations / begränsningar: a request is at most as large as the operator has set (15 MB unless
told otherwise), and larger files are sent by themselves; attachments are PDF, JPEG, PNG or plain
text, and refused when their bytes say something else; lists are read a page at a time, at
most 100 on each; forwarding a case over this API is not open yet.
"""
_INFO: Json = {
    "title": NAME,
    "version": VERSION,
    "summary": "Complaints and feedback on health care, routed to whoever handles them",
    "description": _DESCRIPTION,
    "termsOfService": f"{SITE}/terms",
    "contact": {"name": NAME, "url": SITE, "email": "vaxel@vaxel.example"},
    "license": {"name": "Apache 2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
}
_MORE: Json = {"description": "Guides for those who connect", "url": f"{SITE}/docs"}
