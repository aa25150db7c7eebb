"""Large files over real connections, to a real process that asks a real clamd (DOMAIN D4)."""

import json
import shutil
import socket
from http.client import HTTPResponse
from pathlib import Path

import pytest

from gateway.testing.clamd import EICAR
from gateway.testing.process import KEYS, running_gateway, write_settings
from gateway.testing.small_files import PNG
from tests.clamd_daemon import running_clamd

RULES = Path(__file__).parent.parent.parent / "routing_rules"
UNIT = "SE2321009101-HCGR"
MIB = 1024 * 1024
LARGEST = 3 * MIB
REQUEST = (
    "POST /api/v1/attachments HTTP/1.1\r\nHost: vaxel\r\nX-API-Key: {key}\r\n"
    "Idempotency-Key: {id}\r\nContent-Type: {type}\r\n"
    "Content-Disposition: attachment; filename*=UTF-8''r%C3%B6ntgen\r\n{more}\r\n\r\n"
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """A gateway that takes small requests and large files, and looks for malware."""
    folder = tmp_path_factory.mktemp("gateway")
    shutil.copytree(RULES, folder / "routing_rules")
    write_settings(folder, folder / "routing_rules", (UNIT,), "TEST-SYSTEM")
    with running_clamd() as (by_port, _):
        settings = folder / "vaxel.toml"
        limits = f'attachment_bytes = {LARGEST}\nmalware_scan = "{by_port.address}"\n'
        settings.write_text(f"{limits}largest_request = 65536\n{settings.read_text()}")
        with running_gateway(folder) as running:
            yield running


def spoken(gateway, head, parts=(), *, hang_up=False):
    """Say it on a connection of its own; gives the status and the answer."""
    address = gateway.url.rpartition("/")[2].split(":")
    with socket.create_connection((address[0], int(address[1])), 30) as connection:
        try:
            connection.sendall(head.encode())
            for part in parts:
                connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has said what it has to say
        if hang_up:
            return None
        with HTTPResponse(connection) as answer:
            answer.begin()
            return answer.status, json.load(answer)


def head(key="u", media_type="text/plain", more="Transfer-Encoding: chunked"):
    return REQUEST.format(key=KEYS["e-service"], id=key, type=media_type, more=more)


def chunks(data, times):
    """Give the same chunk so many times, and the last, which is empty."""
    for _ in range(times):
        yield f"{len(data):x}\r\n".encode() + data + b"\r\n"
    yield b"0\r\n\r\n"


def submitted(gateway, attachment_id, case_id):
    with gateway.client("e-service") as client:
        return client.post(
            "/api/v1/cases",
            json={
                "caseId": case_id,
                "kind": "COMPLAINT",
                "receiver": {"type": "CARE", "hsaId": UNIT},
                "eventDate": "2026-03-02",
                "answerWanted": "INBOX",
                "submitter": {
                    "personId": {"oid": "1.2.752.129.2.1.3.1", "number": "196711222940"}
                },
                "description": "Se bilden.",
                "attachments": [{"attachmentId": attachment_id}],
            },
        )


def kept(gateway):
    """Count what lies in the folder of attachments."""
    return len([one for one in gateway.folder.glob("var/attachments/*/*") if one.is_file()])


def test_a_file_comes_in_chunks_and_goes_with_a_case(gateway):
    """DOMAIN A1, D4: and malware was looked for."""
    status, answer = spoken(gateway, head("u-1", "image/png"), chunks(PNG, 1))
    assert (status, answer["size"]) == (201, len(PNG))
    assert submitted(gateway, answer["attachmentId"], "c-1").status_code == 201


def test_a_file_may_be_larger_than_any_other_request(gateway):
    """DOMAIN D4: here thirty times."""
    part = b"Hej. " * (MIB // 8)
    asked = head("u-2", more=f"Content-Length: {len(part) * 3}")
    status, answer = spoken(gateway, asked, [part] * 3)
    assert (status, answer["size"]) == (201, len(part) * 3)


def test_a_body_without_an_end_is_cut_off_at_the_limit(gateway):
    """DOMAIN G3: nothing of it stays."""
    before = kept(gateway)
    status, answer = spoken(gateway, head("u-3"), chunks(b"Hej " * 65536, 1000))
    assert (status, answer["type"]) == (413, "urn:vaxel:problem:attachment-too-large")
    assert kept(gateway) == before


def test_a_length_that_is_too_large_is_refused_before_a_byte(gateway):
    """DOMAIN G3."""
    status, _ = spoken(gateway, head("u-4", more=f"Content-Length: {LARGEST + 1}"))
    assert status == 413


def test_who_sends_less_than_was_said_has_sent_nothing(gateway):
    """DOMAIN G3: half a file is none; and the gateway goes on."""
    before = kept(gateway)
    spoken(gateway, head("u-5", more="Content-Length: 1000"), [b"Hej"], hang_up=True)
    status, _ = spoken(gateway, head("u-6", "image/png"), chunks(PNG, 1))
    assert (status, kept(gateway)) == (201, before)


def test_an_infected_file_is_refused_and_not_kept(gateway):
    """ISSUE: told by the signature, in the answer and in the log; never by the name."""
    before = kept(gateway)
    status, answer = spoken(gateway, head("u-7"), chunks(EICAR, 1))
    assert (status, answer["type"]) == (422, "urn:vaxel:problem:attachment-infected")
    assert kept(gateway) == before
    assert "malware.found" in gateway.log()
    assert "ntgen" not in gateway.log()
