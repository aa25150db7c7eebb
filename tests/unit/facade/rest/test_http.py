"""All ways in as one app: REST, SOAP, and what probes and other platforms ask."""

import re
from contextlib import asynccontextmanager

import pytest
from starlette.testclient import TestClient

from gateway.facade.http import make_app


@pytest.fixture
def app(doors):
    """Somebody who asks the whole app."""
    with TestClient(make_app(doors)) as client:
        yield client


def test_the_program_is_alive(app):
    """CONTRACT: /health/live, for whoever restarts it."""
    assert app.get("/health/live").json() == {"status": "UP"}


def test_the_program_is_ready(app):
    """CONTRACT: /health/ready, for whoever sends it traffic."""
    assert app.get("/health/ready").status_code == 200


def test_without_its_store_the_program_is_alive_and_not_ready(app, store):
    """DOMAIN G5: a restart would not help; waiting does."""
    store.gone = True
    answer = app.get("/health/ready")
    assert (answer.status_code, answer.json()["title"]) == (503, "Unavailable")
    assert "retry-after" in answer.headers
    assert app.get("/health/live").status_code == 200


def test_the_status_has_the_keys_that_platforms_know(app):
    """INTEROP §2.8: the keys that fit."""
    told = app.get("/status").json()
    assert told["ServiceStatus"] == "Started"
    assert re.fullmatch(r"0 days, 0 hours, 0 minutes, \d seconds", told["Uptime"])
    assert (told["ManagementName"], told["RouteTableVersion"]) == ("vaxel-test", "5f2c9e")
    assert (told["Publication"], told["Regions"], told["Units"]) == (1, 1, 3)
    info = r"Date:2026-11-02T10:00 Status:REFRESH_OK vagval:3 behorigheter:0"
    assert (told["TakCacheInitialized"], told["TakCacheResetInfo"]) == ("true", info)
    assert told["Endpoints"][0] == "https://vaxel.example/soap"


def test_rest_and_soap_are_both_there(app):
    """DOMAIN A1: two doors to the same verbs."""
    assert app.get("/api/v1/api-info").status_code == 200
    assert app.get("/soap").status_code == 200


@pytest.mark.parametrize("path", ["/", "/nothing", "/docs", "/api/v2/cases", "/health/live/"])
def test_what_is_not_there_is_a_problem(app, path):
    """RFC 9457: here too."""
    answer = app.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Not found"
    assert answer.headers["traceparent"].split("-")[1] in answer.json()["instance"]


def test_what_runs_around_the_app_runs_around_it(doors):
    """DESIGN: the committer lives from before the first request until after the last."""
    steps = []

    @asynccontextmanager
    async def lifespan(_):
        steps.append("before")
        yield
        steps.append("after")

    with TestClient(make_app(doors, lifespan)) as app:
        app.get("/health/live")
        assert steps == ["before"]
    assert steps == ["before", "after"]
