"""The stand-in e-service at the REST door: what it makes of the answers."""

from datetime import date

import httpx
import pytest

from gateway.demo.cases import CITIZENS, planned
from gateway.demo.over_rest import RestSender
from gateway.demo.sending import Again, Read, Receipt, Refused, Unread

CASE = planned(date(2026, 3, 2))[0].case
NUMBER = "2026-7F3K-9QWM2X"
MESSAGE = {"messageId": "m-1", "caseNumber": NUMBER, "messageKind": "FINAL_REPLY"}


def sender(answer):
    transport = httpx.MockTransport(answer)
    return RestSender(httpx.Client(base_url="http://gateway.test", transport=transport))


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (201, {"caseNumber": NUMBER}, Receipt(NUMBER)),
        (200, {"caseNumber": NUMBER}, Receipt(NUMBER)),
        (422, {"type": "urn:vaxel:problem:unknown-unit"}, Refused("unknown-unit")),
        (429, {}, Again("HTTP 429")),
        (503, {}, Again("HTTP 503")),
    ],
)
def test_an_answer_is_a_receipt_a_refusal_or_no_answer_yet(status, body, expected):
    """C1: only a receipt ends the sending, or a fault that is the same the next time."""
    assert sender(lambda _: httpx.Response(status, json=body)).submit(CASE) == expected


def test_a_cut_connection_is_no_answer_yet():
    """C1: whether it was taken in is not known, so it is sent again."""

    def cut(request):
        raise httpx.ReadError("cut", request=request)

    assert sender(cut).submit(CASE) == Again("ReadError")


def test_the_inbox_is_read_page_by_page_and_its_files_are_opened():
    """D1, D4."""

    def answer(request):
        if request.url.path.endswith("/attachments/1"):
            return httpx.Response(200, content=b"Hej")
        if "after" in request.url.params:
            return httpx.Response(200, json={"items": [MESSAGE | {"messageId": "m-2"}]})
        first = MESSAGE | {"attachments": [{"number": 1}]}
        return httpx.Response(200, json={"items": [first], "next": "m-1"})

    read = sender(answer).inbox(CITIZENS[0])
    assert read == [
        Read("m-1", NUMBER, "FINAL_REPLY", files=1),
        Read("m-2", NUMBER, "FINAL_REPLY", files=0),
    ]


def test_no_personal_number_is_in_an_address():
    """A8: the citizen is named in headers only."""
    asked = []

    def answer(request):
        asked.append(request)
        return httpx.Response(200, json={"items": []})

    sender(answer).inbox(CITIZENS[0])
    assert CITIZENS[0].number not in str(asked[0].url)
    assert asked[0].headers["X-Citizen-Id"] == CITIZENS[0].number


def test_a_shut_inbox_is_told():
    """D1: half a reading must not look like lost replies."""
    with pytest.raises(Unread):
        sender(lambda _: httpx.Response(503)).inbox(CITIZENS[0])
