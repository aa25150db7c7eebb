"""What a producer of ProcessCase answers, or a platform before it, and what it means."""

import re

import httpx
from lxml import etree

from adapters.riv_soap.reading import SOAP, soap_body
from gateway.adapter import (
    Delivered,
    Outcome,
    Refused,
    TryLater,
    Unclear,
    outcome_of_status,
)

_DOMAIN = "urn:riv-application:complaints:casehandling:1"
_RESPONDER = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"


def outcome_of_answer(answer: httpx.Response) -> Outcome:
    """Read an answer; what proves nothing is unclear, whatever its status."""
    body = soap_body(answer)
    fault = None if body is None else body.find(f"{{{SOAP}}}Fault")
    if fault is not None:
        return _outcome_of_fault(fault)
    result = None if body is None else body.find(f"{{{_RESPONDER}}}ProcessCaseResponse")
    if answer.status_code != 200:
        return outcome_of_status(answer.status_code, answer.headers.get("Retry-After"))
    if result is None:
        return Unclear("HTTP 200: the answer is no ProcessCaseResponse")
    return _outcome_of_result(result)


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
            return Refused(f"SOAP fault {name}: it does not speak our RIV-TA")
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
    "VP005": (TryLater, "the platform's route is for another RIV-TA; see settings.profile"),
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
