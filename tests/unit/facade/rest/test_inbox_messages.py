"""The citizen's messages over REST: their own, a page at a time, with their files."""

from base64 import b64decode

import pytest

CITIZEN = {"X-Citizen-Id-Oid": "1.2.752.129.2.1.3.1", "X-Citizen-Id": "191212121212"}
ANOTHER = CITIZEN | {"X-Citizen-Id": "196711222940"}


@pytest.fixture
def listed(asked):
    """List a citizen's messages."""
    return lambda citizen=CITIZEN, **query: asked(
        "e-service", "GET", "/inbox-messages", citizen, params=query
    ).json()


@pytest.fixture
def replied(asked, case):
    """A case with a confirmation and a reply that has a file; the id of the reply."""
    number = asked("e-service", "POST", "/cases", json=case).json()["caseNumber"]
    reply = {
        "messageId": "m-1",
        "messageKind": "FINAL_REPLY",
        "sentTime": "2026-03-02T09:30:00+01:00",
        "caseNumber": number,
        "text": "Vi beklagar.",
        "attachments": [
            {"fileName": 'svår "fil".txt', "mediaType": "text/plain", "content": "SGVq"}
        ],
    }
    asked("system", "POST", "/case-messages", json=reply)
    return asked("e-service", "GET", "/inbox-messages", CITIZEN).json()["items"][1]["messageId"]


@pytest.mark.usefixtures("replied")
def test_the_citizen_reads_confirmation_and_reply(listed):
    """DOMAIN A7, D1: the same way whatever system handles the case."""
    items = listed()["items"]
    assert [item["messageKind"] for item in items] == ["CASE_CONFIRMATION", "FINAL_REPLY"]
    assert items[1]["text"] == "Vi beklagar."
    assert items[1]["attachments"][0]["number"] == 1


@pytest.mark.usefixtures("replied")
def test_messages_come_a_page_at_a_time(listed):
    """CONTRACT: keyset pages; the last one says that it is the last."""
    first = listed(limit=1)
    second = listed(limit=1, after=first["next"])
    kinds = [first["items"][0]["messageKind"], second["items"][0]["messageKind"]]
    assert kinds == ["CASE_CONFIRMATION", "FINAL_REPLY"]
    assert "next" not in second


@pytest.mark.usefixtures("replied")
def test_a_citizen_reads_nobody_elses_messages(listed):
    """DOMAIN D5: only the signed-in citizen's own."""
    assert listed(ANOTHER) == {"items": []}


@pytest.mark.parametrize("limit", [0, 101, "many"])
def test_a_page_has_its_bounds(asked, limit):
    """CONTRACT: 1 to 100, 20 when nothing is said."""
    answer = asked("e-service", "GET", f"/inbox-messages?limit={limit}", CITIZEN)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (400, "query/limit")


@pytest.mark.parametrize("header", sorted(CITIZEN))
def test_the_citizen_must_be_told(asked, header):
    """INTEROP §7.1, REST.03: in headers, since an address is no place for a person."""
    others = {name: value for name, value in CITIZEN.items() if name != header}
    answer = asked("e-service", "GET", "/inbox-messages", others)
    told = {"where": f"header/{header}", "rule": "schema", "message": "is missing"}
    assert (answer.status_code, answer.json()["errors"]) == (400, [told])


def test_a_file_is_saved_and_never_shown(asked, replied):
    """DOMAIN D4: its own bytes and media type; a browser must not run it."""
    answer = asked("e-service", "GET", f"/inbox-messages/{replied}/attachments/1", CITIZEN)
    assert answer.content == b"Hej"
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["x-content-type-options"] == "nosniff"
    name = "sv%C3%A5r%20%22fil%22.txt"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["content-length"] == "3"


def test_a_file_that_is_lost_or_out_of_reach_is_no_half_a_file(asked, doors, replied):
    """DOMAIN D4, G2: what cannot be given right is not begun."""
    contents, path = doors.replies.files.contents, f"/inbox-messages/{replied}/attachments/1"
    contents.gone = True
    assert asked("e-service", "GET", path, CITIZEN).status_code == 503
    contents.gone, contents.there = False, dict.fromkeys(contents.there, b"Hoj")
    assert asked("e-service", "GET", path, CITIZEN).status_code == 500


def test_a_file_is_json_to_who_asks_for_json(asked, replied):
    """Digg AME.01: every answer can be had as JSON."""
    headers = CITIZEN | {"Accept": "application/json"}
    told = asked("e-service", "GET", f"/inbox-messages/{replied}/attachments/1", headers).json()
    assert b64decode(told["content"]) == b"Hej"


@pytest.mark.parametrize("number", ["0", "2", "x"])
def test_a_file_that_is_not_there_is_not_found(asked, replied, number):
    """DOMAIN D4: counted from 1."""
    path = f"/inbox-messages/{replied}/attachments/{number}"
    assert asked("e-service", "GET", path, CITIZEN).status_code == 404


def test_a_citizen_gets_nobody_elses_file(asked, replied):
    """DOMAIN D5: also when the id of the message is known."""
    answer = asked("e-service", "GET", f"/inbox-messages/{replied}/attachments/1", ANOTHER)
    assert answer.status_code == 404
