"""A case system that reads files, with the gateway and its worker as processes of their own."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from gateway.domain.notation import case_message_to_json
from gateway.domain.person import PERSONNUMMER_OID
from gateway.testing.builders import make_case_message
from gateway.testing.process import running_command, running_gateway, write_settings

RULES = Path(__file__).parent.parent.parent / "routing_rules"
UNIT = "SE2321009101-HCBJ"
CITIZEN = {"X-Citizen-Id-Oid": PERSONNUMMER_OID, "X-Citizen-Id": "196711222940"}


@pytest.fixture
def folder(tmp_path):
    """Give a working folder where the case system of a region reads files."""
    shutil.copytree(RULES, tmp_path / "routing_rules")
    write_settings(tmp_path, tmp_path / "routing_rules", (UNIT,), "SE2321009101-AVVIKELSE")
    (tmp_path / "in").mkdir()
    (tmp_path / "svar").mkdir()
    region = tmp_path / "routing_rules/nordmark/region.toml"
    settings = f'folder = "{tmp_path}/in"\nreplies_folder = "{tmp_path}/svar"'
    text = region.read_text().replace('"riv_soap"', '"file_drop"', 1)
    text = text.replace('url = "http://127.0.0.1:8191/soap"', settings, 1)
    region.write_text(text.replace('logical_address = "SE2321009101-AVVIKELSE"', "", 1))
    return tmp_path


def test_a_case_becomes_a_folder_and_a_file_becomes_its_reply(folder):
    """DOMAIN C5, D1, D2: from the citizen to the case system and back, over files alone."""
    with running_gateway(folder) as gateway, gateway.client("e-service") as client:
        number = submit(client)
        leave_reply(folder / "svar/svar.json", number)
        with running_command(folder, "work"):
            wait_for(lambda: (folder / "svar/taken/svar.json").exists())
            wait_for(lambda: [*folder.glob("in/[!.]*")])
        answer = client.get("/api/v1/inbox-messages", headers=CITIZEN).json()
    (left,) = folder.glob("in/*")
    message = json.loads((left / "message.json").read_text())
    assert (message["messageId"], message["caseNumber"]) == (left.name, number)
    assert [m["messageKind"] for m in answer["items"]] == ["CASE_CONFIRMATION", "FINAL_REPLY"]


def submit(client):
    """Send the smallest case over REST; tells its number."""
    case = {
        "caseId": "case-1",
        "kind": "COMPLAINT",
        "receiver": {"type": "CARE", "hsaId": UNIT},
        "eventDate": "2026-03-02",
        "answerWanted": "INBOX",
        "submitter": {"personId": {"oid": PERSONNUMMER_OID, "number": "196711222940"}},
        "description": "Ingen svarade i telefonen.",
    }
    return client.post("/api/v1/cases", json=case).json()["caseNumber"]


def leave_reply(path, number):
    """Leave a reply, as if some time ago."""
    path.write_text(json.dumps(case_message_to_json(make_case_message(case_number=number))))
    os.utime(path, (time.time() - 60,) * 2)


def wait_for(what, seconds=30.0):
    """Wait until `what` is true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)
