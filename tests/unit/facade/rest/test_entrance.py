"""The entrance of the REST door: deny by default, one log line, nothing personal anywhere."""

import json
import re

import pytest
import structlog

from gateway.domain.errors import Unavailable
from gateway.facade.rest import entrance
from gateway.facade.rest.api import RESOURCES, description
from gateway.facade.rest.bodies import CaseBody
from gateway.log import without_words_of_exceptions

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PLACES = {
    "caseNumber": "2026-7F3K-9QWM2X",
    "deliveryId": "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c",
    "replayId": "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c",
    "messageId": "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c",
    "themeId": "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c",
    "measureId": "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c",
    "unmatchedMessageId": "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c",
    "number": "1",
    "publicationNumber": "1",
    "region": "stockholm",
    "name": "inbox",
    "hsaId": "SE2321000016-1A2B",
}
RESOURCE = pytest.mark.parametrize("resource", RESOURCES, ids=lambda r: r.operation_id)


@pytest.fixture
def logged(monkeypatch):
    """The lines of the log, as they leave this program."""
    lines = structlog.testing.LogCapture()
    told = structlog.wrap_logger(
        structlog.testing.ReturnLogger(), processors=[without_words_of_exceptions, lines]
    )
    monkeypatch.setattr(entrance, "_LOG", told)
    return lines.entries


def path_of(resource):
    """Give the address of a resource, which need not exist."""
    path = re.sub(r"\{(\w+)\}", lambda found: PLACES[found[1]], resource.path)
    return path + ("?hsaId=SE2321000016-1A2B" if path == "/routing/explain" else "")


@RESOURCE
def test_nobody_comes_in_without_a_key(client, resource):
    """CONTRACT: deny by default; the key is asked for before anything is read."""
    answer = client.request(resource.method, f"/api/v1{path_of(resource)}")
    assert answer.status_code == (200 if resource.open_to_all else 401)


@RESOURCE
def test_nobody_comes_in_with_a_key_that_is_not_known(client, resource):
    """CONTRACT: deny by default."""
    headers = {"X-API-Key": "guessed"}
    answer = client.request(resource.method, f"/api/v1{path_of(resource)}", headers=headers)
    assert answer.status_code == (200 if resource.open_to_all else 401)


def test_a_stranger_is_told_what_to_show(client):
    """RFC 9110 §11.6.1: a 401 names the scheme."""
    answer = client.get("/api/v1/deliveries")
    assert answer.headers["www-authenticate"] == 'ApiKey realm="vaxel"'


def test_what_is_not_there_is_hidden_from_strangers_too(client):
    """CONTRACT: deny by default."""
    assert client.get("/api/v1/secrets").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/nothing", 404, "Not found"),
        ("GET", "/cases/", 404, "Not found"),
        ("PUT", "/cases", 405, "Method not allowed"),
        ("DELETE", "/deliveries", 405, "Method not allowed"),
    ],
)
def test_what_is_not_there_is_a_problem(asked, method, path, status, title):
    """RFC 9457, and RFC 9110: 405 says what is allowed."""
    answer = asked("operator", method, path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["title"]) == (status, title)
    assert ("allow" in answer.headers) == (status == 405)


def test_an_answer_goes_on_with_the_trace(asked):
    """Digg SPA.04: also in a problem, whose instance is the trace."""
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    answer = asked("operator", "GET", "/cases/2026-7F3K-9QWM2X", headers)
    assert re.fullmatch(rf"00-{TRACE}-[0-9a-f]{{16}}-01", answer.headers["traceparent"])
    assert answer.json()["instance"] == f"urn:vaxel:trace:{TRACE}"


def test_no_answer_is_kept_on_the_way(asked):
    """DESIGN decision 11: what may be personal is stored nowhere between us."""
    assert asked("operator", "GET", "/deliveries").headers["cache-control"] == "no-store"


def test_when_nothing_can_be_kept_the_sender_is_asked_to_come_back(asked, case, store):
    """DESIGN decision 3: 503 with Retry-After, and not a word of our insides."""
    store.broken = Unavailable("the disk of db1.internal is full", retry_after=7)
    answer = asked("e-service", "POST", "/cases", json=case)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
    assert "db1.internal" not in answer.text


def test_a_request_has_one_line_in_the_log(asked, case, logged):
    """AESTHETICS 4.5, rule 18: one wide line per unit of work."""
    headers = {"traceparent": f"00-{TRACE}-{'1' * 16}-00"}
    number = asked("e-service", "POST", "/cases", headers, json=case).json()["caseNumber"]
    (line,) = logged
    assert line.pop("duration_ms") >= 0
    told = {"method": "POST", "route": "/cases", "status": 201, "problem": None}
    known = {"caller": "SE5560000000-E177", "case_number": number, "trace_id": TRACE}
    assert line == {"event": "rest.answered", "log_level": "info"} | told | known


def test_the_log_tells_the_route_and_never_the_address(asked, logged):
    """DESIGN decision 11: only a real case number is told."""
    asked("operator", "GET", "/cases/191212121212")
    asked("operator", "GET", "/cases/2026-7F3K-9QWM2X")
    asked("operator", "GET", "/citizens/191212121212")
    told = [(line["route"], line["case_number"], line["problem"]) for line in logged]
    assert told == [
        ("/cases/{caseNumber}", None, "case-unknown"),
        ("/cases/{caseNumber}", "2026-7F3K-9QWM2X", "case-unknown"),
        (None, None, "not-found"),
    ]


def test_who_may_not_is_in_the_log(asked, logged):
    """DOMAIN E1, G3: who it was, and which case they wanted."""
    asked("auditor", "GET", "/unit-inbox/2026-7F3K-9QWM2X")
    [line] = logged
    told = (line["caller"], line["case_number"], line["status"], line["problem"])
    assert told == ("SE5560000000-AUD", "2026-7F3K-9QWM2X", 403, "not-permitted")


def test_what_nobody_foresaw_is_a_problem_without_its_words(asked, case, store, logged):
    """DESIGN decision 11: the words of an exception may hold anything."""
    store.broken = RuntimeError("cannot store 191212121212, Tolvan Tolvansson")
    answer = asked("e-service", "POST", "/cases", json=case)
    assert (answer.status_code, answer.json()["title"]) == (500, "Internal")
    failed, line = logged
    assert (failed["event"], failed["exception"]) == ("rest.failed", "RuntimeError")
    assert failed["trace_id"] == line["trace_id"] in answer.json()["instance"]
    assert not re.search("191212121212|Tolvan", answer.text + repr(logged))


def leaves(node, way=()):
    """Tell the way to every value in a body."""
    if isinstance(node, dict | list):
        steps = node.items() if isinstance(node, dict) else enumerate(node)
        for step, value in steps:
            yield from leaves(value, (*way, step))
    else:
        yield way


@pytest.mark.parametrize("secret", ["191212121212", "Tolvan Tolvansson", "\x00Jag mår illa"])
# An HSA-id names an organisation, and is told when no route has it.
@pytest.mark.parametrize(
    "way", [way for way in leaves(CaseBody.EXAMPLE) if way[-1] != "hsaId"], ids=str
)
def test_no_value_is_said_again(asked, case, logged, way, secret):
    """DESIGN decision 11: put wherever, it is in no problem, header or log line."""
    target = case
    for step in way[:-1]:
        target = target[step]
    target[way[-1]] = secret
    answer = asked("e-service", "POST", "/cases", json=case | {"extra": secret})
    assert answer.status_code == 400
    said = answer.text + repr(answer.headers) + json.dumps(logged, ensure_ascii=False)
    assert secret.strip("\x00") not in said


def queries():
    """Tell every parameter of a query: the address that it is sent to, and its name."""
    for path, operations in json.loads(description())["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", ()):
            if parameter.get("in") == "query":
                yield path.format_map(PLACES), parameter["name"]


@pytest.mark.parametrize(("path", "name"), [*queries()])
def test_a_character_that_no_database_keeps_is_refused_in_every_query(asked, path, name):
    """DOMAIN G1: it is the fault of who asks, and comes to no store."""
    answer = asked("operator", "GET", f"{path}?{name}=a%00b")
    assert answer.status_code == 400
    assert any(error["where"].startswith(f"query/{name}") for error in answer.json()["errors"])


def test_a_citizen_is_in_no_log_and_no_problem(asked, logged):
    """INTEROP §7.1, REST.03: the citizen comes in headers, and goes nowhere else."""
    for number in ("191212121212", "19121212-1212", "1" * 300):
        headers = {"X-Citizen-Id-Oid": "1.2.3", "X-Citizen-Id": number}
        answer = asked("e-service", "GET", "/inbox-messages", headers)
        assert answer.status_code in (400, 422)
        assert number not in answer.text + repr(answer.headers) + repr(logged)
