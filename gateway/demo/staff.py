"""
The stand-in staff: read the built-in inbox of their units, and answer what is there.

They post each message with the same key until they have a receipt, and keep their own record of
what they have a receipt for.
"""

import argparse
import base64
import logging
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from gateway.demo.api import client, pages
from gateway.demo.desk import owed_kinds
from gateway.demo.record import Record, lines
from gateway.domain.case import CaseEvent
from gateway.domain.notation import Json

HSA_ID = "SE5560000000-PERSONAL"
KEY_VARIABLE = "DEMO_STAFF_KEY"

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.5


def main() -> None:
    """Answer whatever comes until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.staff", description=__doc__)
    parser.add_argument("--gateway-url", required=True)
    parser.add_argument("--record", type=Path, required=True)
    given = parser.parse_args()
    posted = {(line["number"], line["kind"]) for line in lines(given.record)}
    http = client(given.gateway_url, os.environ[KEY_VARIABLE])
    staff = Staff(http, Record(given.record), posted)
    while True:
        staff.look()
        time.sleep(_LOOK_EVERY_S)


@dataclass(slots=True)
class Staff:
    """Those who work in the inbox; `posted` is what they have a receipt for already."""

    http: httpx.Client
    record: Record
    posted: set[tuple[str, str]]
    cases: dict[str, Json] = field(default_factory=dict, repr=False)

    def look(self) -> None:
        """Look through the inbox once; what cannot be done now is done the next time."""
        try:
            for item in list(pages(self.http, "/unit-inbox")):
                self._handle(item["caseNumber"])
        except httpx.HTTPError as error:
            log.warning("not answered: %s", type(error).__name__)

    def _handle(self, number: str) -> None:
        if number not in self.cases:
            read = self.http.get(f"/unit-inbox/{number}").raise_for_status()
            self.cases[number] = read.json()["case"]
        case = self.cases[number]
        for kind in owed_kinds(CaseEvent.SUBMITTED.value, case["kind"], case["description"]):
            if (number, kind) not in self.posted and not self._post(number, kind):
                return

    def _post(self, number: str, kind: str) -> bool:
        """Post a message; tells whether there is a receipt."""
        if kind == "CLOSED" and not self._send(number, "classifications", kind, _FOUND):
            return False
        if not self._send(number, "messages", kind, _message(kind)):
            return False
        self.record.write("posted", number=number, kind=kind)
        self.posted.add((number, kind))
        return True

    def _send(self, number: str, what: str, kind: str, body: Json) -> bool:
        headers = {"Idempotency-Key": f"personal-{number}-{what}-{kind}"}
        answer = self.http.post(f"/unit-inbox/{number}/{what}", json=body, headers=headers)
        if not answer.is_success:
            log.warning("%s for %s on %s: HTTP %d", what, kind, number, answer.status_code)
        return answer.is_success


def _message(kind: str) -> Json:
    return {"messageKind": kind} | _WORDS.get(kind, {})


# What every case of the demo turns out to be about; it is needed before a case is closed.
_FOUND: Json = {"problems": ["3.4"], "fieldOfOperation": "PRIMARY_CARE"}

_LETTER = {
    "fileName": "svar.txt",
    "mediaType": "text/plain",
    "content": base64.b64encode("Vi har ändrat våra rutiner.".encode()).decode(),
}

_WORDS: dict[str, Json] = {
    "PARTIAL_REPLY": {"text": "Vi utreder det som du har berättat."},
    "FINAL_REPLY": {"text": "Tack. Vårt svar finns i brevet.", "attachments": [_LETTER]},
}


if __name__ == "__main__":
    main()
