"""
The stand-in staff: read the built-in inbox of their units, and answer what is there.

They post each message with the same key until they have a receipt, and keep their own record of
what they have a receipt for. The committee's cases get a diary number, and are taken out whole.
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
from gateway.demo.archiving import take_out
from gateway.demo.cases import MORE_TO_COME, NEXT_UNIT, PICTURE_OFFERED
from gateway.demo.desk import owed_kinds
from gateway.demo.e_service import HSA_ID as E_SERVICE
from gateway.demo.record import Line, Record, lines
from gateway.domain.case import CaseEvent
from gateway.domain.notation import Json

HSA_ID = "SE5560000000-PERSONAL"
KEY_VARIABLE = "DEMO_STAFF_KEY"
# Who keeps an official diary.
COMMITTEE = "SE2321009101-PATN"

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.5


def main() -> None:
    """Answer whatever comes until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m gateway.demo.staff", description=__doc__)
    parser.add_argument("--gateway-url", required=True)
    parser.add_argument("--record", type=Path, required=True)
    given = parser.parse_args()
    http = client(given.gateway_url, os.environ[KEY_VARIABLE])
    staff = Staff(http, Record(given.record), set(map(_done, lines(given.record))))
    while True:
        staff.look()
        time.sleep(_LOOK_EVERY_S)


@dataclass(slots=True)
class Staff:
    """Those who work in the inbox; `done` is what stands in their record, by case and what."""

    http: httpx.Client
    record: Record
    done: set[tuple[str, str]]
    cases: dict[str, Json] = field(default_factory=dict, repr=False)

    def look(self) -> None:
        """Look through the inbox once; what cannot be done now is done the next time."""
        try:
            for item in list(pages(self.http, "/unit-inbox")):
                # What came through the pages is left to people.
                if item["senderHsaId"] == E_SERVICE:
                    self._handle(item["caseNumber"])
        except httpx.HTTPError as error:
            log.warning("not answered: %s", type(error).__name__)

    def _handle(self, number: str) -> None:
        told = self._read(number)
        kinds = _owed(CaseEvent.SUBMITTED, told)
        if told["supplements"]:
            self._note_supplement(number, told)
            kinds += _owed(CaseEvent.SUPPLEMENTED, told)
        for kind in kinds:
            if (number, kind) not in self.done and not self._post(number, kind, _unit(told)):
                return
        ended = told["unitHsaId"] == COMMITTEE and (number, "CLOSED") in self.done
        if ended and (number, "archived") not in self.done:
            self._write("archived", number=number, files=take_out(self.http, number))

    def _read(self, number: str) -> Json:
        """Read a case, once more only while there is more to come."""
        told = self.cases.get(number)
        if told is None or (_has_more_to_come(told) and not told["supplements"]):
            told = self.http.get(f"/unit-inbox/{number}").raise_for_status().json()
            self.cases[number] = told
        return told

    def _note_supplement(self, number: str, told: Json) -> None:
        if (number, "supplement") in self.done:
            return
        files = [file for added in told["supplements"] for file in added["attachments"]]
        for file in files:
            place = f"/unit-inbox/{number}/attachments/{file['number']}"
            self.http.get(place).raise_for_status()
        self._write("supplement", number=number, files=len(files))

    def _post(self, number: str, kind: str, unit: str) -> bool:
        """Post a message; tells whether there is a receipt."""
        if kind == "CLOSED" and not self._send(number, "classifications", kind, _FOUND):
            return False
        to: Json = {"forwardTo": NEXT_UNIT[unit]} if kind == "FORWARD" else {}
        if not self._send(number, "messages", kind, {"messageKind": kind, **to, **_words(kind)}):
            return False
        if to:
            del self.cases[number]  # should it come back, it stands elsewhere
        self._write("posted", number=number, kind=kind)
        return True

    def _send(self, number: str, what: str, kind: str, body: Json) -> bool:
        headers = {"Idempotency-Key": f"personal-{number}-{what}-{kind}"}
        answer = self.http.post(f"/unit-inbox/{number}/{what}", json=body, headers=headers)
        if not answer.is_success:
            log.warning("%s for %s on %s: HTTP %d", what, kind, number, answer.status_code)
        return answer.is_success

    def _write(self, what: str, **told: object) -> None:
        self.record.write(what, **told)
        self.done.add(_done({"what": what, **told}))


def _done(line: Line) -> tuple[str, str]:
    return str(line["number"]), str(line.get("kind") or line["what"])


def _unit(told: Json) -> str:
    return str(told.get("forwardedTo") or told["unitHsaId"])


def _owed(event: CaseEvent, told: Json) -> list[str]:
    case = told["case"]
    return owed_kinds(event.value, case["kind"], case["description"], _unit(told))


def _has_more_to_come(told: Json) -> bool:
    description = told["case"]["description"]
    return MORE_TO_COME in description or PICTURE_OFFERED in description


def _words(kind: str) -> Json:
    return _WORDS.get(kind, {})


# What every case of the demo turns out to be about; it is needed before a case is closed.
_FOUND: Json = {"problems": ["3.4"], "fieldOfOperation": "PRIMARY_CARE"}

_LETTER = {
    "fileName": "svar.txt",
    "mediaType": "text/plain",
    "content": base64.b64encode("Vi har ändrat våra rutiner.".encode()).decode(),
}

_WORDS: dict[str, Json] = {
    "PARTIAL_REPLY": {"text": "Vi utreder det som du har berättat."},
    "SUPPLEMENT_REQUEST": {"text": "Skicka gärna bilden till oss.", "attachmentsAllowed": True},
    "FORWARD": {"text": "Det här hör till en annan mottagning."},
    "FINAL_REPLY": {"text": "Tack. Vårt svar finns i brevet.", "attachments": [_LETTER]},
}


if __name__ == "__main__":
    main()
