"""External case systems that speak RIV-TA: calls ProcessCase, directly or through a platform."""

import logging
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import httpx
import zeep
from lxml import etree
from pydantic import BaseModel, Field

from gateway.adapter import (
    AdapterSettings,
    Can,
    Delivered,
    HsaIdText,
    Message,
    Outcome,
    Refused,
    Tools,
    TryLater,
    Unclear,
    WebAddress,
    message_to_json,
    outcome_of_status,
)

# At DEBUG it logs whole envelopes, and they are full of personal data.
logging.getLogger("zeep").setLevel(logging.INFO)


class RivSoapSettings(AdapterSettings):
    """How a producer of ProcessCase is reached."""

    url: WebAddress = Field(description="Where ProcessCase is called.")
    logical_address: HsaIdText = Field(
        description="HSA-id of the receiver, for the header LogicalAddress (INTEROP §1.1)."
    )
    original_consumer: HsaIdText | None = Field(
        default=None,
        description="HSA-id for x-rivta-original-serviceconsumer-hsaid, "
        "where the platform trusts us to set it (INTEROP §1.6).",
    )
    sender_id: HsaIdText | None = Field(
        default=None,
        description="HSA-id for x-vp-sender-id, where a producer or platform on plain http "
        "knows its callers by it (INTEROP §2.7).",
    )


class RivSoap:
    """
    Calls ProcessCase with the case.

    The receiver must tell repeats by messageId, as the contract says: it is the same on every
    attempt, and an attempt whose answer was lost is made again (DOMAIN C6).
    """

    can: ClassVar[Can] = Can(recognises_repeats=True)
    Settings: ClassVar[type[BaseModel]] = RivSoapSettings

    def __init__(self, settings: RivSoapSettings, tools: Tools) -> None:
        self._url = str(settings.url)
        self._headers = _headers(settings)
        self._contract = _Contract(tools.contracts / _WSDL, settings.logical_address)
        self._http = tools.http

    def deliver(self, message: Message) -> Outcome:
        """Call once and read the answer, or what came instead of one."""
        try:
            body = self._contract.envelope(message)
        except (ValueError, TypeError, zeep.exceptions.Error) as error:
            # Control characters, for one. Sent over REST they were no fault.
            return Refused(f"the message cannot be written as XML: {type(error).__name__}")
        headers = self._headers | {"x-skltp-correlation-id": message.message_id}
        try:
            answer = self._http.post(self._url, content=body, headers=headers)
        except _NOTHING_SENT as error:
            return TryLater(f"nothing was sent: {type(error).__name__}")
        except httpx.DecodingError as error:
            # The lent client's own words: what was broken off, and why.
            return Unclear(f"sent, and the answer cannot be read: {error}")
        except httpx.HTTPError as error:
            return Unclear(f"sent, and no answer came: {type(error).__name__}")
        return _outcome_of_answer(answer)


_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)

_WSDL = "interactions/ProcessCaseInteraction/ProcessCaseInteraction_1.0_RIVTABP21.wsdl"
_DOMAIN = "urn:riv-application:complaints:casehandling:1"
_RESPONDER = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def _headers(settings: RivSoapSettings) -> dict[str, str]:
    headers = {
        "Content-Type": "text/xml; charset=utf-8",
        "SOAPAction": f'"{_RESPONDER}:ProcessCase"',
        "x-rivta-original-serviceconsumer-hsaid": settings.original_consumer,
        "x-vp-sender-id": settings.sender_id,
    }
    return {name: value for name, value in headers.items() if value is not None}


class _Contract:
    """
    Writes ProcessCase as its WSDL on disk says; nothing is ever fetched for it.

    zeep does not promise to be safe for threads, so they write one after the other. That costs
    nothing beside the call, which is made outside.
    """

    def __init__(self, wsdl: Path, logical_address: str) -> None:
        settings = zeep.Settings(strict=True, forbid_dtd=True, forbid_external=True)
        self._client: Any = zeep.Client(str(wsdl), settings=settings)  # type: ignore[no-untyped-call] # zeep has no types
        self._service = self._client.service
        self._soap_headers = {"LogicalAddress": logical_address}
        self._lock = threading.Lock()

    def envelope(self, message: Message) -> bytes:
        elements = _as_elements(message_to_json(message))
        with self._lock:
            envelope = self._client.create_message(
                self._service, "ProcessCase", _soapheaders=self._soap_headers, **elements
            )
        return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")


def _as_elements(json: Mapping[str, Any]) -> dict[str, Any]:  # any JSON value
    """Name things as the contract does: the same keys, except that a list is its repeated item."""
    return {
        "attachment" if key == "attachments" else key: _as_elements(value)
        if isinstance(value, dict)
        else value
        for key, value in json.items()
    }


def _outcome_of_answer(answer: httpx.Response) -> Outcome:
    body = _soap_body(answer.content)
    fault = None if body is None else body.find(f"{{{_SOAP}}}Fault")
    if fault is not None:
        return _outcome_of_fault(fault)
    result = None if body is None else body.find(f"{{{_RESPONDER}}}ProcessCaseResponse")
    if answer.status_code != 200:
        return outcome_of_status(answer.status_code, answer.headers.get("Retry-After"))
    if result is None:
        return Unclear("HTTP 200: the answer is no ProcessCaseResponse")
    return _outcome_of_result(result)


def _soap_body(content: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        envelope = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    if envelope.getroottree().docinfo.doctype:
        return None
    return envelope.find(f"{{{_SOAP}}}Body")


def _outcome_of_result(response: etree._Element) -> Outcome:
    def told(name: str) -> str:
        text = response.findtext(f"{{{_RESPONDER}}}result/{{{_DOMAIN}}}{name}") or ""
        return text if _CODE.fullmatch(text) else ""

    code, error = told("resultCode"), told("errorCode")
    if code in ("OK", "INFO"):
        return Delivered(_external_case_id(response))
    if code == "ERROR":
        outcome = _BY_ERROR_CODE.get(error, Refused)
        return outcome(" ".join(filter(None, ["it answered", code, error, told("subCode")])))
    return Unclear("the ProcessCaseResponse has no resultCode of the contract")


# A code of the contract has no digits, so no personal number hides in it.
_CODE = re.compile(r"[A-Z][A-Z_]{0,63}")

# INTEROP §1.4: our contract has the first two, other domains the others as well.
_BY_ERROR_CODE: dict[str, type[Refused | TryLater]] = {
    "VALIDATION_ERROR": Refused,
    "APPLICATION_ERROR": TryLater,
    "TECHNICAL_ERROR": TryLater,
    "TRANSFORMATION_ERROR": Refused,
}


def _external_case_id(response: etree._Element) -> str | None:
    """Read their id of the case; one that breaks the contract is left out, as they have it."""
    text = (response.findtext(f"{{{_RESPONDER}}}externalCaseId") or "").strip()
    return text if 1 <= len(text) <= _LONGEST_ID and text.isprintable() else None


_LONGEST_ID = 256


def _outcome_of_fault(fault: etree._Element) -> Outcome:
    code = _VP_CODE.match(fault.findtext("faultstring") or "")
    known = _BY_VP_CODE.get(code[0]) if code else None
    if code and known:
        outcome, words = known
        return outcome(f"{code[0]}: {words}")
    match (fault.findtext("faultcode") or "").rpartition(":")[2].partition(".")[0].strip():
        case "Client":
            return Refused("SOAP fault Client: it does not take this message")
        case "MustUnderstand" | "VersionMismatch" as name:
            return Refused(f"SOAP fault {name}: it does not speak RIV-TA BP 2.1")
        case _:
            return Unclear("SOAP fault Server: whether it took the message is not known")


# INTEROP §2.6. What is wrong with routes, permissions or settings passes when it is mended, and
# nothing was taken meanwhile; VP009 stands also for a time-out behind the platform.
_VP_CODE = re.compile(r"VP\d{3}")
_BY_VP_CODE: dict[str, tuple[type[Refused | TryLater | Unclear], str]] = {
    "VP001": (TryLater, "the platform knows no RIV-TA version at this address; see settings.url"),
    "VP002": (TryLater, "the platform does not accept our certificate"),
    "VP003": (TryLater, "the platform found no logical address; see settings.logical_address"),
    "VP004": (TryLater, "the platform has no route to settings.logical_address"),
    "VP005": (TryLater, "the platform's route is for another RIV-TA profile"),
    "VP006": (TryLater, "the platform has more than one route to settings.logical_address"),
    "VP007": (TryLater, "we lack the permission to call ProcessCase on settings.logical_address"),
    "VP008": (TryLater, "the platform has no service address catalogue now"),
    "VP009": (Unclear, "the platform got no proper answer from the system behind it"),
    "VP010": (TryLater, "the platform's route has no address"),
    "VP011": (TryLater, "the platform does not know the network address we call from"),
    "VP012": (TryLater, "the platform lacks something it needs"),
    "VP013": (TryLater, "we may not name the first consumer; see settings.original_consumer"),
    "VP014": (TryLater, "the route goes in a circle between platforms"),
    "VP015": (Refused, "the platform cannot read the message"),
}
