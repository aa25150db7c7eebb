"""The e-service at the SOAP door: zeep, knowing nothing but the WSDL that the gateway serves."""

import logging
from collections.abc import Mapping
from typing import Any

import requests
import zeep

from gateway.demo.sending import Again, Answer, Read, Receipt, Refused, Unread
from gateway.demo.trust import session
from gateway.domain.case import Case, Supplement
from gateway.domain.notation import Json, case_to_json, supplement_to_json
from gateway.domain.person import PersonId

# At DEBUG it logs whole envelopes, and they are full of personal data.
logging.getLogger("zeep").setLevel(logging.INFO)

_TROUBLE = (requests.RequestException, zeep.exceptions.Error)


class SoapSender:
    """
    Calls ProcessCase and GetCaseMessages below `url`, known by its HSA-id (INTEROP §2.5).

    `gateway` is Växel's own logical address. The contracts are fetched when first needed, and
    again after a failure. zeep does not promise to be safe for threads: one sender for each.
    """

    def __init__(self, url: str, sender_id: str, gateway: str) -> None:
        self._url = url
        self._gateway = gateway
        self._session = session(sender_id)
        self._clients: dict[str, Any] = {}  # zeep has no types

    def submit(self, case: Case) -> Answer:
        """Send a case to the unit or committee that the citizen selected."""
        body = {"messageId": case.case_id, "caseEvent": "SUBMITTED", "case": case_to_json(case)}
        return self._process(str(case.receiver.hsa_id), body)

    def supplement(self, number: str, message_id: str, supplement: Supplement) -> Answer:
        """Send what the citizen adds to a case."""
        body = {
            "messageId": message_id,
            "caseEvent": "SUPPLEMENTED",
            "caseNumber": number,
            "supplement": supplement_to_json(supplement),
        }
        return self._process(self._gateway, body)

    def inbox(self, person: PersonId) -> list[Read]:
        """Read the inbox, files and all."""
        asked = {"personId": {"oid": person.oid, "number": person.number}}
        try:
            answer = self._call("GetCaseMessages", self._gateway, asked)
        except _TROUBLE as error:
            raise Unread(type(error).__name__) from error
        return [_read(case.caseNumber, m) for case in answer.caseInfo for m in case.message]

    def _process(self, address: str, body: Json) -> Answer:
        try:
            answer = self._call("ProcessCase", address, body)
        except zeep.exceptions.Fault as fault:
            return _answer_of_fault(fault)
        except _TROUBLE as error:
            return Again(type(error).__name__)
        if answer.result.resultCode in ("OK", "INFO"):
            return Receipt(answer.caseNumber)
        if answer.result.errorCode == "VALIDATION_ERROR":
            return Refused(answer.result.subCode)
        return Again(f"{answer.result.errorCode} {answer.result.subCode}")

    def _call(self, interaction: str, address: str, body: Json) -> Any:  # zeep has no types
        operation = getattr(self._client(interaction).service, interaction)
        return operation(_soapheaders={"LogicalAddress": address}, **as_elements(body))

    def _client(self, interaction: str) -> Any:  # zeep has no types
        if interaction not in self._clients:
            transport = zeep.Transport(timeout=10, operation_timeout=10, session=self._session)  # type: ignore[no-untyped-call] # zeep has no types
            wsdl = f"{self._url}/soap/{interaction}/1/rivtabp21?wsdl"
            self._clients[interaction] = zeep.Client(wsdl, transport=transport)  # type: ignore[no-untyped-call] # zeep has no types
        return self._clients[interaction]


def as_elements(json: Mapping[str, Any]) -> Json:  # any JSON value
    """Name things as the contract does: the same keys, except that a list is its repeated item."""
    return {
        "attachment" if key == "attachments" else key: as_elements(value)
        if isinstance(value, dict)
        else value
        for key, value in json.items()
    }


def _answer_of_fault(fault: zeep.exceptions.Fault) -> Answer:
    # "VP004 [vaxel] …": the code comes first (INTEROP §2.6).
    words = str(fault.message).split(maxsplit=1)
    if str(fault.code).rpartition(":")[2].startswith("Client"):
        return Refused(words[0] if words else "Client")
    return Again(words[0] if words else "Server")


def _read(case_number: str, message: Any) -> Read:  # zeep has no types
    opened = sum(1 for attachment in message.attachment if attachment.content)
    return Read(message.messageId, case_number, message.messageKind, opened)
