"""
A stand-in for a vendor's case system behind RIV-TA, built from the contracts alone.

It takes ProcessCase at any address, checked against the schema, and answers by itself: it calls
ProcessCaseMessage as the WSDL that the gateway serves says.
"""

import logging
import threading
from email.message import Message as Headers
from functools import cache, partial
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

import requests
import zeep
from lxml import etree

from gateway.demo.case_server import Answer, Dialect, Given, given, run
from gateway.demo.desk import Came, Desk, Posted, Reply
from gateway.demo.over_soap import as_elements
from gateway.demo.trust import session
from gateway.domain.registration import Registration, registration_to_json

# At DEBUG it logs whole envelopes, and they are full of personal data.
logging.getLogger("zeep").setLevel(logging.INFO)

# Beside the packages, in a checkout and in an installed wheel alike.
_SCHEMA = (
    Path(__file__).parents[2]
    / "wsdl/interactions/ProcessCaseInteraction/ProcessCaseResponder_1.0.xsd"
)
_RESPONDER = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
_DOMAIN = "urn:riv-application:complaints:casehandling:1"
_REGISTRY = "urn:riv:itintegration:registry:1"
_NAMES = {None: _RESPONDER, "c": _DOMAIN}
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def main() -> None:
    """Take cases and answer them until told to stop."""
    told = given("gateway.demo.soap_system", __doc__)
    desk = told.desk()
    run(told, desk, dialect(desk, told))


def dialect(desk: Desk, told: Given) -> Dialect:
    """Speak RIV-TA BP 2.1 in both directions."""
    caller = Caller(told.gateway_url, told.hsa_id, told.gateway_hsa_id)
    return Dialect(
        take=partial(_take, desk),
        busy=partial(_not_done, "APPLICATION_ERROR", "NOT_OPEN_YET"),
        post=caller.post,
        register=caller.register,
    )


class Caller:
    """
    Calls the gateway, known there by its HSA-id, from one thread.

    A contract is fetched when it is first needed, since the gateway may start later.
    """

    def __init__(self, gateway_url: str, hsa_id: str, gateway_hsa_id: str) -> None:
        self._soap = f"{gateway_url}/soap"
        self._address = {"LogicalAddress": gateway_hsa_id}
        self._session = session(hsa_id)
        self._clients: dict[str, Any] = {}  # zeep has no types

    def post(self, reply: Reply) -> Posted:
        """Send a reply."""
        try:
            answer = self._call("ProcessCaseMessage", _as_elements(reply))
        except zeep.exceptions.Fault as fault:
            # Permissions are mended some day, but what cannot be read never will be.
            return Posted.REFUSED if "VP015" in str(fault.message) else Posted.AGAIN
        except (requests.RequestException, zeep.exceptions.Error):
            return Posted.AGAIN
        if answer.result.resultCode in ("OK", "INFO"):
            return Posted.ACCEPTED
        refused = answer.result.errorCode == "VALIDATION_ERROR"
        return Posted.REFUSED if refused else Posted.AGAIN

    def register(self, registration: Registration) -> str | None:
        """Register a case that began here; gives its number, or None when not now."""
        told = as_elements(registration_to_json(registration))
        try:
            answer = self._call("RegisterCase", told)
        except (requests.RequestException, zeep.exceptions.Error):
            return None
        number: str | None = answer.caseNumber
        return number

    def _call(self, interaction: str, told: dict[str, Any]) -> Any:  # zeep has no types
        operation = getattr(self._opened(interaction).service, interaction)
        return operation(_soapheaders=self._address, **told)

    def _opened(self, interaction: str) -> Any:  # zeep has no types
        if interaction not in self._clients:
            transport = zeep.Transport(timeout=10, operation_timeout=10, session=self._session)  # type: ignore[no-untyped-call] # zeep has no types
            wsdl = f"{self._soap}/{interaction}/1/rivtabp21?wsdl"
            self._clients[interaction] = zeep.Client(wsdl, transport=transport)  # type: ignore[no-untyped-call] # zeep has no types
        return self._clients[interaction]


def _as_elements(reply: Reply) -> dict[str, object]:
    told: dict[str, object] = {
        "messageId": reply.message_id,
        "messageKind": reply.kind,
        "caseNumber": reply.case_number,
        "externalCaseId": reply.external_case_id,
        "sentTime": reply.sent_at,
    }
    if reply.text:
        told["text"] = reply.text
    if reply.forward_to:
        told["forwardTo"] = reply.forward_to
    if reply.allows_files:
        told["attachmentsAllowed"] = True
    if reply.letter:
        told["attachment"] = [
            {"fileName": "svar.txt", "mediaType": "text/plain", "content": reply.letter}
        ]
    return told


def _take(desk: Desk, _: Headers, body: bytes) -> Answer:
    try:
        envelope = etree.fromstring(body, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except etree.XMLSyntaxError:
        return _fault("the request is no XML")
    case = envelope.find(f"{{{_SOAP}}}Body/{{{_RESPONDER}}}ProcessCase")
    if case is None or not envelope.findtext(f"{{{_SOAP}}}Header/{{{_REGISTRY}}}LogicalAddress"):
        return _fault("the request is no ProcessCase with a logical address")
    if not _is_valid(case):
        return _not_done("VALIDATION_ERROR", "SCHEMA")
    return _done(_keep(desk, case))


def _is_valid(case: etree._Element) -> bool:
    with _ONE_BY_ONE:
        return _schema().validate(case)


# A schema keeps its errors, so threads may not use one at the same time.
_ONE_BY_ONE = threading.Lock()


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(file=_SCHEMA)


def _keep(desk: Desk, message: etree._Element) -> str:
    def told(path: str) -> str:
        return message.findtext(path, "", _NAMES)

    return desk.take(
        Came(
            told("messageId"),
            told("caseEvent"),
            told("caseNumber"),
            message.findtext("{*}forwardedTo") or told("case/c:receiver/c:hsaId"),
            told("case/c:kind"),
            told("case/c:description"),
            files=len(message.findall("supplement/c:attachment", _NAMES)),
        )
    )


def _done(case_id: str) -> Answer:
    result = f"<c:resultCode>OK</c:resultCode><c:logId>{uuid4()}</c:logId>"
    return _response(result, f"<externalCaseId>{escape(case_id)}</externalCaseId>")


def _not_done(error: str, sub_code: str) -> Answer:
    codes = f"<c:errorCode>{error}</c:errorCode><c:subCode>{sub_code}</c:subCode>"
    return _response(f"<c:resultCode>ERROR</c:resultCode>{codes}<c:logId>{uuid4()}</c:logId>")


def _response(result: str, more: str = "") -> Answer:
    body = f'<ProcessCaseResponse xmlns="{_RESPONDER}" xmlns:c="{_DOMAIN}">'
    return _soap(200, f"{body}<result>{result}</result>{more}</ProcessCaseResponse>")


def _fault(words: str) -> Answer:
    code = "<faultcode>s:Client</faultcode>"
    return _soap(500, f"<s:Fault>{code}<faultstring>{words}</faultstring></s:Fault>")


def _soap(status: int, body: str) -> Answer:
    envelope = f'<s:Envelope xmlns:s="{_SOAP}"><s:Body>{body}</s:Body></s:Envelope>'
    return Answer(status, envelope.encode(), "text/xml; charset=utf-8")


if __name__ == "__main__":
    main()
