"""Case systems that read files, with the gateway and its worker as processes of their own."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import asyncssh
import pytest

from gateway.domain.notation import case_message_to_json
from gateway.domain.person import PERSONNUMMER_OID
from gateway.testing.builders import make_case_message
from gateway.testing.process import running_command, running_gateway, write_settings
from tests.sftp_system import SftpSystem, public_line

RULES = Path(__file__).parent.parent.parent / "routing_rules"
UNIT = "SE2321009101-HCBJ"
CITIZEN = {"X-Citizen-Id-Oid": PERSONNUMMER_OID, "X-Citizen-Id": "196711222940"}


@pytest.fixture
def server(tmp_path):
    """Give an SFTP server that lets in one key, whose folders are in `there`."""
    (tmp_path / "there").mkdir()
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key")
    with SftpSystem(tmp_path / "there") as system:
        system.authorized = public_line(key)
        yield system


def test_a_case_becomes_a_folder_and_a_file_becomes_its_reply(tmp_path):
    """DOMAIN C5, D1, D2: from the citizen to the case system and back, over files alone."""
    for name in ("in", "svar"):
        (tmp_path / name).mkdir()
    write_region(tmp_path, folder=f"{tmp_path}/in", replies_folder=f"{tmp_path}/svar")
    assert_a_case_goes_there_and_back(tmp_path, tmp_path)


def test_a_case_goes_out_over_sftp_and_its_reply_comes_back(tmp_path, server):
    """DOMAIN C5, D1, D2: the same, over a network to a server of theirs."""
    write_region(tmp_path, **sftp_settings(tmp_path, server))
    assert_a_case_goes_there_and_back(tmp_path, server.folder)
    # The library would tell of each connection.
    assert "Beginning auth" not in (tmp_path / "log").read_text()


def test_check_finds_a_server_that_nobody_could_be_sure_of(tmp_path, server):
    """DOMAIN G5: with file and line, before a case is accepted for it."""
    write_region(tmp_path, **{**sftp_settings(tmp_path, server), "host_key": "", "port": 0})
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert re.search(r"nordmark/region\.toml:\d+: .*settings\.host_key is wrong", done.stderr)
    assert re.search(r"nordmark/region\.toml:\d+: .*settings\.port is wrong", done.stderr)


def assert_a_case_goes_there_and_back(ours, theirs):
    with running_gateway(ours) as gateway, gateway.client("e-service") as client:
        number = gateway.submit("case-1", UNIT).json()["caseNumber"]
        leave_reply(theirs / "svar/svar.json", number)
        with running_command(ours, "work"):
            wait_for(lambda: (theirs / "svar/taken/svar.json").exists())
            wait_for(lambda: [*theirs.glob("in/[!.]*")])
        answer = client.get("/api/v1/inbox-messages", headers=CITIZEN).json()
    (left,) = theirs.glob("in/*")
    message = json.loads((left / "message.json").read_text())
    assert (message["messageId"], message["caseNumber"]) == (left.name, number)
    assert [m["messageKind"] for m in answer["items"]] == ["CASE_CONFIRMATION", "FINAL_REPLY"]


def write_region(path, **settings):
    """Write a working folder where the case system of a region reads files."""
    shutil.copytree(RULES, path / "routing_rules")
    write_settings(path, path / "routing_rules", (UNIT,), "SE2321009101-AVVIKELSE")
    region = path / "routing_rules/nordmark/region.toml"
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    text = region.read_text().replace('"riv_soap"', '"file_drop"', 1)
    text = text.replace('url = "http://127.0.0.1:8191/soap"', lines, 1)
    region.write_text(text.replace('logical_address = "SE2321009101-AVVIKELSE"', "", 1))


def sftp_settings(path, server):
    """Tell how the server is reached, with a key and no password."""
    login = {key: value for key, value in server.login.items() if key != "password"}
    folders = {"folder": "/in", "replies_folder": "/svar"}
    return {**login, **folders, "key_file": f"{path}/key"}


def leave_reply(path, number):
    """Leave a reply, as if some time ago."""
    path.write_text(json.dumps(case_message_to_json(make_case_message(case_number=number))))
    os.utime(path, (time.time() - 60,) * 2)


def wait_for(what, seconds=60.0):
    """Wait until `what` is true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.05)
