"""The two ways in, as the bytes of one request and what to look for in its answer."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from bench.envelope import SENTENCE, make_envelope
from gateway.domain.person import PERSONNUMMER_OID
from gateway.testing.process import E_SERVICE, KEYS


@dataclass(frozen=True)
class Way:
    """`request` makes one case to a unit; `number` finds the receipt in a good answer."""

    name: str
    request: Callable[[str, str], bytes]
    number: re.Pattern[bytes]


def make_case(unit: str, case_id: str) -> bytes:
    """Make one new case to `unit` as JSON."""
    case = _CASE | {"caseId": case_id, "receiver": {"type": "CARE", "hsaId": unit}}
    return json.dumps(case, ensure_ascii=False).encode()


def _soap(unit: str, case_id: str) -> bytes:
    body = make_envelope(unit, case_id)
    return (
        "POST /soap HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml; charset=UTF-8\r\n"
        f'SOAPAction: ""\r\nx-vp-sender-id: {E_SERVICE}\r\nContent-Length: {len(body)}\r\n\r\n'
    ).encode() + body


def _rest(unit: str, case_id: str) -> bytes:
    body = make_case(unit, case_id)
    return (
        "POST /api/v1/cases HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-API-Key: {KEYS['e-service']}\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


_CASE = {
    "kind": "COMPLAINT",
    "eventDate": "2026-03-02",
    "answerWanted": "INBOX",
    "submitter": {
        "personId": {"oid": PERSONNUMMER_OID, "number": "191212121212"},
        "name": "Tolvan Tolvansson",
        "phone": "070-1740600",
    },
    "description": SENTENCE * 52,
    "desiredOutcome": SENTENCE * 6,
}

SOAP = Way("SOAP", _soap, re.compile(rb"<(?:\w+:)?caseNumber>([^<]+)</"))
REST = Way("REST", _rest, re.compile(rb'"caseNumber": ?"([^"]+)"'))
