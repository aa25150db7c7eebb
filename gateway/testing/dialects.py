"""The dialects that our fake foreign systems speak: signed JSON, RIV-TA, and files."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from email.message import Message as EmailMessage
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree
from standardwebhooks import Webhook, WebhookVerificationError

from gateway.testing.foreign import Answer, Arrival, ForeignSystem, Mood, arrival_of_json


class RestSystem(ForeignSystem):
    """A case system with a REST door that verifies signatures (Standard Webhooks)."""

    secret = "whsec_" + base64.b64encode(b"a shared secret of the test").decode()

    @property
    def settings(self) -> Mapping[str, object]:
        """Its address, and the secret that it shares with us."""
        return {"url": f"http://127.0.0.1:{self.port}/cases", "signing_secret": self.secret}

    def read(self, headers: EmailMessage, body: bytes) -> Arrival:
        """Verify the signature as a receiver would, then read."""
        try:
            sent = Webhook(self.secret).verify(body, dict(headers.items()))
        except WebhookVerificationError as error:
            raise ValueError(str(error)) from error
        if sent["messageId"] != headers["webhook-id"]:
            raise ValueError("the header webhook-id is not the messageId")
        return arrival_of_json(sent)

    def receipt(self, arrival: Arrival) -> Answer:
        """201 with their id of the case."""
        case_id = self.case_id(arrival.case_number)
        return _json(201, {"externalCaseId": case_id})

    def busy(self) -> Answer:
        """503, come back in seven seconds."""
        return replace(_json(503, {}), headers={"Retry-After": "7"})

    def refusal(self, why: str) -> Answer:
        """422."""
        return _json(422, {"detail": why})


class SoapSystem(ForeignSystem):
    """A case system behind RIV-TA BP 2.1, which checks what it gets against the schema."""

    logical_address = "SE5560000000-FAKE"

    def __init__(self, contracts: Path) -> None:
        self._schema = process_case_schema(contracts)
        super().__init__()

    @property
    def settings(self) -> Mapping[str, object]:
        """Its addresses."""
        url = f"http://127.0.0.1:{self.port}/ProcessCase/1/rivtabp21"
        return {"url": url, "logical_address": self.logical_address}

    def read(self, headers: EmailMessage, body: bytes) -> Arrival:
        """Check the address and the schema, then read."""
        envelope = etree.fromstring(body)
        address = envelope.findtext("{*}Header/{*}LogicalAddress")
        if address != self.logical_address:
            raise ValueError(f"the logical address is {address}, and not ours")
        case = envelope.find("{*}Body/{*}ProcessCase")
        if case is None or headers["SOAPAction"] != f'"{_RESPONDER}:ProcessCase"':
            raise ValueError("no ProcessCase")
        with self._lock:
            if not self._schema.validate(case):
                raise ValueError(str(self._schema.error_log))
        return _arrival_of_element(case)

    def receipt(self, arrival: Arrival) -> Answer:
        """OK with their id of the case."""
        return _result("<c:resultCode>OK</c:resultCode>", self.case_id(arrival.case_number))

    def busy(self) -> Answer:
        """APPLICATION_ERROR: may be sent again."""
        return _error("APPLICATION_ERROR", "BUSY", "come back")

    def refusal(self, why: str) -> Answer:
        """VALIDATION_ERROR: sending again is pointless."""
        return _error("VALIDATION_ERROR", "NOT_OURS", why)


def process_case_schema(contracts: Path) -> etree.XMLSchema:
    """Compile ProcessCase with what a minor version added, so that this is checked as well."""
    folder = contracts / "interactions/ProcessCaseInteraction"
    parts = ((_RESPONDER, "1.0"), (f"{_RESPONDER}.1", "1.1_ext"))
    imports = "".join(
        f'<xs:import namespace="{name}" schemaLocation="ProcessCaseResponder_{version}.xsd"/>'
        for name, version in parts
    )
    both = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(both, base_url=f"{folder}/both.xsd"))


class FolderSystem:
    """A case system that reads folders; BUSY and GONE are a share that is full or not mounted."""

    def __init__(self, folder: Path, form: str) -> None:
        self._folder, self._away, self._form = folder / "in", folder / "away", form
        self._folder.mkdir()

    @property
    def settings(self) -> Mapping[str, object]:
        """Where messages are left, and how they are written."""
        return {"folder": str(self._folder), "format": self._form}

    @property
    def arrivals(self) -> list[Arrival]:
        """What lies there, each as its manifest says that it is."""
        there = self._folder if self._folder.is_dir() else self._away
        found = (self._arrival(one) for one in there.iterdir())
        return sorted(found, key=lambda arrival: arrival.message_id)

    def be(self, mood: Mood) -> None:
        """Change the mood: a folder is there, or something that is no folder, or nothing."""
        if self._folder.is_dir() and mood is not Mood.WELL:
            self._folder.rename(self._away)
        if mood is Mood.BUSY:
            self._folder.touch()
        elif self._folder.is_file():
            self._folder.unlink()
        if mood is Mood.WELL and self._away.is_dir():
            self._away.rename(self._folder)

    def case_id(self, case_number: str) -> str | None:
        """Nobody answers, so there is none to tell."""
        return None

    def _arrival(self, folder: Path) -> Arrival:
        files = json.loads((folder / "manifest.json").read_bytes())["files"]
        contents = {one["file"]: (folder / one["file"]).read_bytes() for one in files}
        if any(hashlib.sha256(contents[o["file"]]).hexdigest() != o["sha256"] for o in files):
            raise ValueError("a file is not what the manifest says")
        written = contents.pop(f"message.{self._form}")
        arrival = (
            arrival_of_json(json.loads(written))
            if self._form == "json"
            else _arrival_of_element(etree.fromstring(written))
        )
        return replace(arrival, attachments=tuple(contents.values()))


_RESPONDER = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
_DOMAIN = "urn:riv-application:complaints:casehandling:1"


def _json(status: int, values: Mapping[str, object]) -> Answer:
    return Answer(status, json.dumps(values).encode(), "application/json")


def _error(error: str, sub_code: str, why: str) -> Answer:
    codes = f"<c:resultCode>ERROR</c:resultCode><c:errorCode>{error}</c:errorCode>"
    message = f"<c:message>{escape(why)}</c:message>"
    return _result(f"{codes}<c:subCode>{sub_code}</c:subCode><c:logId>1</c:logId>{message}")


def _result(result: str, case_id: str | None = None) -> Answer:
    external = f"<r:externalCaseId>{case_id}</r:externalCaseId>" if case_id else ""
    envelope = f'''<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<r:ProcessCaseResponse xmlns:r="{_RESPONDER}" xmlns:c="{_DOMAIN}">
<r:result>{result}</r:result>{external}
</r:ProcessCaseResponse></s:Body></s:Envelope>'''
    return Answer(200, envelope.encode(), "text/xml; charset=utf-8")


def _arrival_of_element(case: etree._Element) -> Arrival:
    contents = (node.text or "" for node in case.iterfind(".//{*}attachment/{*}content"))
    return Arrival(
        case.findtext("{*}messageId", ""),
        case.findtext("{*}caseNumber", ""),
        case.findtext("{*}caseEvent", ""),
        tuple(base64.b64decode(content) for content in contents),
    )
