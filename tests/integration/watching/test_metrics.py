"""`GET /metrics` of the real app: what comes through its doors is counted, and who may see it."""

import shutil
import socket
import time
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from gateway.app.facade import make_facade
from gateway.app.gateway import open_gateway
from gateway.domain.errors import StartRefused
from gateway.domain.person import PERSONNUMMER_OID
from gateway.facade.metrics import metrics_server
from gateway.loops import running
from gateway.settings import Settings
from gateway.store.tables import case_events
from gateway.testing.process import KEYS, write_settings

ROOT = Path(__file__).parents[3]
UNIT = "SE2321009101-HCGR"
CASE = {
    "caseId": "case-1",
    "kind": "COMPLAINT",
    "receiver": {"type": "CARE", "hsaId": UNIT},
    "eventDate": "2026-03-02",
    "answerWanted": "INBOX",
    "submitter": {"personId": {"oid": PERSONNUMMER_OID, "number": "196711222940"}},
    "description": "Ingen svarade i telefonen.",
}


@pytest.fixture
def gateway(tmp_path, monkeypatch):
    """The real thing, without a worker."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "routing_rules", tmp_path / "routing_rules")
    write_settings(tmp_path, tmp_path / "routing_rules", (UNIT,), "TEST-SYSTEM")
    gateway = open_gateway(Settings())
    yield gateway
    gateway.store.close()


@pytest.fixture
def app(gateway):
    """Its ways in, open."""
    app = make_facade(gateway)
    with TestClient(app):
        yield app


def peer(app, address="127.0.0.1"):
    """Come from an address."""
    return TestClient(app, client=(address, 4711))


def metric(app, line):
    """Read one number from a scrape; None when it is not there."""
    for found in peer(app).get("/metrics").text.splitlines():
        if found.startswith(f"{line} "):
            return float(found.rpartition(" ")[2])
    return None


def test_a_case_is_counted_once_however_often_it_is_sent(app):
    """DOMAIN C1, G1: a repeat is no other case."""
    for _ in range(2):
        answer = peer(app).post(
            "/api/v1/cases", json=CASE, headers={"X-API-Key": KEYS["e-service"]}
        )
        assert answer.is_success
    assert metric(app, 'vaxel_cases_accepted_total{door="rest",kind="COMPLAINT"}') == 1
    assert metric(app, "vaxel_commit_batch_cases_sum") == 2
    assert metric(app, "vaxel_commit_duration_seconds_count") == 2


def test_what_we_cannot_read_ourselves_is_counted_as_parked(app, gateway):
    """DOMAIN C4, G1: no system was called, and somebody must look at it all the same."""
    peer(app).post("/api/v1/cases", json=CASE, headers={"X-API-Key": KEYS["e-service"]})
    with gateway.store.database.writing() as connection:
        connection.execute(update(case_events).values(content="{"))
    labels = 'destination="nordmark/inkorg"'
    finished = f'vaxel_deliveries_finished_total{{{labels},state="parked"}}'
    with running(gateway.worker()):
        until = time.monotonic() + 30
        while metric(app, finished) is None and time.monotonic() < until:
            time.sleep(0.01)
    assert metric(app, finished) == 1
    assert metric(app, f'vaxel_delivery_attempts_total{{{labels},outcome="unreadable"}}') == 1


def test_what_is_refused_is_counted_by_door_and_problem(app):
    """DOMAIN G1: at both doors, by the same names."""
    peer(app).post("/api/v1/cases", json=CASE)
    peer(app, "192.0.2.1").post("/soap", content=b"<x/>")
    name = "vaxel_requests_refused_total"
    assert metric(app, f'{name}{{door="rest",problem="not-authenticated"}}') == 1
    assert metric(app, f'{name}{{door="soap",problem="untrusted-peer"}}') == 1


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "::2", "testclient"])
def test_a_stranger_sees_no_metrics(app, address):
    """DOMAIN G4: deny by default."""
    answer = peer(app, address).get("/metrics")
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:vaxel:problem:not-permitted")
    assert "vaxel_" not in answer.text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_whoever_comes_through_a_proxy_sees_no_metrics(app, header):
    """DOMAIN G4: a proxy on the same machine must not open them to the world."""
    assert peer(app).get("/metrics", headers={header: "192.0.2.1"}).status_code == 403


def test_a_monitor_over_ipv6_on_the_same_machine_is_answered(app):
    """DOMAIN G1: the default of metrics_peers."""
    answer = peer(app, "::1").get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_scrape_asks_the_store_for_nothing(app, gateway):
    """Issue 3, 10: none is computed by scanning tables on scrape."""
    gateway.store.close()
    # In one step: whoever looks for publications just then would make files in it again.
    Path("var").rename("elsewhere")
    assert peer(app).get("/metrics").status_code == 200


def test_an_address_that_is_taken_is_refused_at_start(gateway):
    """DOMAIN G5: a worker without its metrics would go unseen."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(StartRefused, match=f"metrics_bind: 127.0.0.1:{port}: "),
            metrics_server(gateway.metrics_route(), "127.0.0.1", port),
        ):
            raise AssertionError("it was opened")


def test_the_guide_lists_exactly_what_is_told(gateway):
    """A number that nobody can find is no number, and one that is not told misleads."""
    guide = (ROOT / "docs/guide/operator.md").read_text()
    rows = [line.split("`")[1] for line in guide.splitlines() if line.startswith("| `vaxel_")]
    families = gateway.metrics.registry.collect()
    assert rows == [f"{f.name}_total" if f.type == "counter" else f.name for f in families]
