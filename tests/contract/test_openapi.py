"""The description of the REST API against Digg's REST API profile, rule by rule (INTEROP §7.3)."""

import copy
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.domain.notation import Json
from gateway.facade.rest.api import RESOURCES
from gateway.facade.rest.document import document

VERBS = ("get", "put", "post", "delete", "patch")
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?"
    r"(Z|[+-](0\d|1[0-4]):[0-5]\d)"
)
SNAKE, CAMEL = re.compile(r"[a-z]+(_[a-z]+)+"), re.compile(r"[a-z]+([A-Z][a-z]*)+")
ENGLISH, SWEDISH = {"and", "the", "on", "to", "is"}, {"och", "på", "till", "för", "är"}
PERSON_NAMES = {"pnr", "personnummer", "personnr", "ssn"} | {
    "personalidentitynumber",
    "socialsecuritynumber",
}
PROBLEM = "application/problem+json"
RULES: dict[str, Callable[[Json], Iterator[object]]] = {}


def rule(*ids):
    """Register a check under the rules it is for; it yields what breaks them."""

    def register(check):
        RULES.update(dict.fromkeys(ids, check))
        return check

    return register


@rule("DOK.01")
def _documented_online(api):
    more = api["externalDocs"]
    yield from (key for key in ("description", "url") if not more.get(key, "").strip())


@rule("DOK.03", "DOK.07", "DOK.08", "DOK.11")
def _info(api):
    info = api["info"]
    texts = ("version", "title", "description", "termsOfService")
    yield from (key for key in texts if not info.get(key, "").strip())
    yield from (key for key in ("name", "email", "url") if not info["contact"].get(key))
    yield from (key for key in ("name", "url") if not info["license"].get(key))


@rule("DOK.06")
def _in_swedish_and_english(api):
    words = set(re.findall(r"[a-zåäö]+", api["info"]["description"].lower()))
    yield from (common for common in (ENGLISH, SWEDISH) if not words & common)


@rule("DOK.09")
def _limitations(api):
    if not re.search("limit|begränsning|problem", api["info"]["description"].lower()):
        yield "info.description"


@rule("DOK.15")
def _examples(api):
    for where, media in _medias(api, "application/json"):
        if "example" not in media and "examples" not in media:
            yield where


@rule("DOK.17")
def _openapi_version(api):
    if "swagger" in api or not re.fullmatch(r"3\.1\.\d+", api["openapi"]):
        yield "openapi"


@rule("DOK.19")
def _operations_described(api):
    for where, operation in _operations(api):
        yield from (f"{where} {key}" for key in ("summary", "description") if not operation[key])


@rule("DOK.20")
def _responses_described(api):
    yield from (where for where, response in _responses(api) if not response["description"])


@rule("DOK.21")
def _secured(api):
    if not api["security"]:
        yield "security"


@rule("DOT.02", "DOT.04")
def _dates_with_examples(api):
    patterns = {"date": DATE, "date-time": TIME}
    for where, schema in _properties(api):
        pattern = patterns.get(schema.get("format"))
        if pattern and not pattern.fullmatch(schema.get("example", "")):
            yield where


@rule("UFN.01", "UFN.02", "VER.05", "SAK.01")
def _servers(api):
    for server in api["servers"]:
        if not re.fullmatch(r"https://[^/:]+(:443)?/[^/]+/v\d+/?", server["url"]):
            yield server["url"]


@rule("UFN.05")
def _short_addresses(api):
    longest = max(len(server["url"]) for server in api["servers"])
    yield from (path for path in api["paths"] if longest + len(path) > 2048)


@rule("UFN.07", "UFN.08", "UFN.09", "RES.06")
def _paths(api):
    part = re.compile(r"(?!(get|post|put|delete|patch)-)[a-z0-9]+(-[a-z0-9]+)*|\{[A-Za-z]+\}")
    urls = [urlsplit(server["url"]).path for server in api["servers"]]
    for path in (*urls, *api["paths"]):
        yield from (path for word in path.strip("/").split("/") if not part.fullmatch(word))


@rule("RES.02")
def _no_personal_numbers(api):
    for where, parameter in _parameters(api, "path", "query"):
        if parameter["name"].lower() in PERSON_NAMES:
            yield where


@rule("AME.01", "AME.02", "ARQ.01")
def _json(api):
    for where, operation in _operations(api):
        well = [r for status, r in operation["responses"].items() if int(status) < 400]
        for spoken in (*well, operation.get("requestBody", {})):
            if "application/json" not in spoken.get("content", {"application/json": None}):
                yield where


@rule("AME.04", "AME.05", "AME.07", "FNS.01", "FNS.03", "FNS.06")
def _camel_case(api):
    names = [where.rpartition(".")[2] for where, _ in _properties(api)]
    names += [parameter["name"] for _, parameter in _parameters(api, "query")]
    yield from (n for n in names if not CAMEL.fullmatch(n) and not re.fullmatch("[a-z]+", n))


@rule("ARQ.03", "ARQ.05", "SPA.02")
def _header_parameters(api):
    for where, parameter in _parameters(api, "header", "cookie"):
        if parameter["schema"]["type"] != "string" or "format" in parameter["schema"]:
            yield where
    for where, operation in _operations(api):
        if "traceparent" not in {parameter["name"] for parameter in operation["parameters"]}:
            yield where


@rule("FEL.01", "FEL.02")
def _problems(api):
    for where, response in _responses(api):
        if int(where.rpartition(" ")[2]) < 400:
            continue
        schema = response["content"].get(PROBLEM, {"schema": {}})["schema"]
        told = set(schema.get("properties", ()))
        if not told >= {"type", "title", "status", "detail", "instance"}:
            yield where


@rule("VER.06")
def _api_info(api):
    if "/api-info" not in api["paths"]:
        yield "/api-info"


@rule("FNS.05", "FNS.07", "FNS.08", "FNS.09")
def _queries(api):
    for where, parameter in _parameters(api, "query"):
        if parameter.get("required", False) or parameter["name"] in ("page", "offset"):
            yield where
        if parameter["name"] == "limit" and parameter["schema"].get("default") != 20:
            yield where


@rule("SAK.09", "SAK.10", "SAK.15", "SAK.16", "SAK.18")
def _security_schemes(api):
    for name, scheme in api["components"]["securitySchemes"].items():
        how = scheme.get("in") or scheme.get("scheme")
        if (scheme["type"], how) not in _SAFE_SCHEMES:
            yield name


_SAFE_SCHEMES = (("apiKey", "header"), ("http", "bearer"), ("mutualTLS", None))


@rule("MOG.01", "MOG.02")
def _mature(api):
    verbs = {verb for item in api["paths"].values() for verb in item}
    if len(api["paths"]) < 2 or len(verbs) < 2 or not verbs <= set(VERBS):
        yield "verbs"
    if not any("links" in response for _, response in _responses(api)):
        yield "no links"


@rule("SPA.04")
def _traced_answers(api):
    for where, response in _responses(api):
        if "schema" not in response["headers"].get("traceparent", {}):
            yield where


@rule("FOR.02")
def _reading_has_no_body(api):
    for path, item in api["paths"].items():
        if "requestBody" in item.get("get", {}):
            yield path


@pytest.fixture(scope="module")
def served():
    """The description as it is served."""
    return document(RESOURCES)


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_the_description_keeps_the_rule(rule_id, served):
    """INTEROP §7.3: what the tool of the profile checks."""
    assert list(RULES[rule_id](_resolved(served, served))) == []


def test_the_description_is_openapi(served):
    """CONTRACT: OpenAPI 3.1."""
    assert list(OpenAPIV31SpecValidator(served).iter_errors()) == []


def test_every_example_has_the_shape_it_is_an_example_of(served):
    """DOK.15: an example that is refused would teach the wrong thing."""
    api = _resolved(served, served)
    for media_type in ("application/json", PROBLEM):
        for where, media in _medias(api, media_type):
            validator = OAS31Validator(media["schema"], format_checker=oas31_format_checker)
            assert list(validator.iter_errors(media["example"])) == [], where


def test_every_example_of_a_field_has_its_shape(served):
    """DOT.02: also the examples of single fields are real."""
    for where, schema in _properties(_resolved(served, served)):
        examples = schema.get("examples", [])
        validator = OAS31Validator(schema, format_checker=oas31_format_checker)
        assert [e for e in examples if not validator.is_valid(e)] == [], where


def test_null_is_described_where_it_is_taken_and_never_where_we_answer(served):
    """DESIGN decision 9: what may be left out may come as null; what we have not we leave out."""
    schemas = served["components"]["schemas"]
    body, answer = (schemas[name]["properties"] for name in ("CaseBody", "CaseContent"))
    assert body["desiredOutcome"]["type"] == ["string", "null"]
    assert body["attachments"]["type"] == ["array", "null"]
    assert {"type": "null"} in body["patient"]["anyOf"]
    assert (body["description"]["type"], answer["desiredOutcome"]["type"]) == ("string", "string")


def test_a_receipt_leads_only_to_what_its_reader_may_read(served):
    """DOMAIN G1, E1: a case system has no way to a case, and staff have their own two."""
    links = {
        operation["operationId"]: response["links"]["case"]["operationId"]
        for item in served["paths"].values()
        for operation in item.values()
        for response in operation["responses"].values()
        if "links" in response
    }
    own = dict.fromkeys(
        (
            f"{verb}{of}Case"
            for verb in ("submit", "supplement", "withdraw")
            for of in ("", "Anonymous")
        ),
        "readCase",
    )
    # Whoever assigns may not read, so what is handled leads to what has no content.
    handles = ("assignCase", "verifyRelation", "correctUnit", "classifyCase", "reopenCase")
    staff = dict.fromkeys(handles, "readHandling") | {"postUnitMessage": "readUnitCase"}
    assert links == own | staff | {"forwardCase": "readCase"}


def test_a_key_that_may_be_left_out_is_described(served):
    """DESIGN decision 9: the same key on cases and on case messages."""
    for path in ("/cases", "/case-messages"):
        parameters = served["paths"][path]["post"]["parameters"]
        (key,) = [one for one in parameters if one.get("name") == "Idempotency-Key"]
        assert not key["required"]


def _resolved(node, root):
    """Put every component in the place of its reference; our components never go round."""
    if isinstance(node, list):
        return [_resolved(item, root) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: _resolved(value, root) for key, value in node.items() if key != "$ref"}
    if "$ref" not in node:
        return found
    target = root
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return copy.deepcopy(_resolved(target, root)) | found


def _operations(api):
    for path, item in api["paths"].items():
        yield from ((f"{verb} {path}", item[verb]) for verb in VERBS if verb in item)


def _responses(api):
    for where, operation in _operations(api):
        for status, response in operation["responses"].items():
            yield f"{where} {status}", response


def _medias(api, media_type):
    bodies = [(where, o["requestBody"]) for where, o in _operations(api) if "requestBody" in o]
    for where, spoken in [*_responses(api), *bodies]:
        if media_type in spoken["content"]:
            yield where, spoken["content"][media_type]


def _parameters(api, *places):
    for where, operation in _operations(api):
        for parameter in operation["parameters"]:
            if parameter["in"] in places:
                yield f"{where} {parameter['name']}", parameter


def _properties(api):
    for name, schema in api["components"]["schemas"].items():
        for key, written in schema.get("properties", {}).items():
            yield f"{name}.{key}", written
