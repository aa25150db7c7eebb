"""The real app tells the citizen through the national inbox, and says what waits (D5)."""

import shutil
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from gateway.app.facade import make_facade
from gateway.app.gateway import open_gateway
from gateway.settings import Settings
from gateway.testing.foreign import Mood
from gateway.testing.process import KEYS, write_settings

RULES = Path(__file__).parents[3] / "routing_rules"
UNIT, SUBMITTER = "SE2321009101-HCGR", "196711222940"


@pytest.fixture
def client(tmp_path, portal, monkeypatch):
    """The way in to a gateway with a worker, which sends notices to the stand-in."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(RULES, tmp_path / "routing_rules")
    write_settings(tmp_path, tmp_path / "routing_rules", (UNIT,), "TEST-SYSTEM")
    inbox = "\n".join(f'{name} = "{value}"' for name, value in portal.settings.items())
    with (tmp_path / "vaxel.toml").open("a") as settings:
        settings.write('\n[notices]\nlink = "https://inkorg.example/"\nrate_per_s = 100\n')
        settings.write(f"[notices.national_inbox]\n{inbox}\n")
    gateway = open_gateway(Settings())
    with TestClient(make_facade(gateway, gateway.worker()), client=("127.0.0.1", 1)) as client:
        yield client
    gateway.store.close()


def test_a_notice_goes_out_when_the_inbox_is_there_again(client, portal):
    """DOMAIN A7, D5: the case is taken whatever the national inbox does."""
    portal.members.add(SUBMITTER)
    portal.be(Mood.BUSY)
    number = _submit(client, "n-1")
    _wait(lambda: client.get("/status").json()["NoticesWaiting"] == 1)
    portal.be(Mood.WELL)
    _submit(client, "n-2")
    _wait(lambda: portal.put)
    assert (portal.put[0].person, number in portal.put[0].text) == (SUBMITTER, False)
    line = 'vaxel_notices_tried_total{state="sent",way="national-inbox"} 1.0'
    _wait(lambda: line in client.get("/metrics").text)


def _submit(client, case_id):
    case = {
        "caseId": case_id,
        "kind": "COMPLAINT",
        "receiver": {"type": "CARE", "hsaId": UNIT},
        "eventDate": "2026-03-02",
        "answerWanted": "INBOX",
        "submitter": {"personId": {"oid": "1.2.752.129.2.1.3.1", "number": SUBMITTER}},
        "description": "Ingen svarade i telefonen.",
    }
    answer = client.post("/api/v1/cases", json=case, headers={"X-API-Key": KEYS["e-service"]})
    return answer.json()["caseNumber"]


def _wait(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)
