"""Write ProcessCase as its WSDL on disk says; nothing is ever fetched for it."""

import logging
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import zeep
from lxml import etree

from adapters.riv_soap.settings import RivSoapSettings
from gateway.adapter import Message, message_to_json

# At DEBUG it logs whole envelopes, and they are full of personal data.
logging.getLogger("zeep").setLevel(logging.INFO)

SOAP_ACTION = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1:ProcessCase"
_WSDL = "interactions/ProcessCaseInteraction/ProcessCaseInteraction_1.0_RIVTABP21.wsdl"
_EXTENSION = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1.1"
_EXTENDED = ("forwardedTo", "history")
_ADDRESSING = "http://www.w3.org/2005/08/addressing"


class Contract:
    """
    Writes envelopes; raises ValueError, TypeError or zeep's errors for what has no form in XML.

    zeep does not promise to be safe for threads, so they write one after the other. That costs
    nothing beside the call, which is made outside.
    """

    def __init__(self, contracts: Path, settings: RivSoapSettings) -> None:
        strict = zeep.Settings(strict=True, forbid_dtd=True, forbid_external=True)
        self._client: Any = zeep.Client(str(contracts / _WSDL), settings=strict)  # type: ignore[no-untyped-call] # zeep has no types
        self._service = self._client.service
        self._soap_header = _soap_header(settings)
        self._lock = threading.Lock()

    def envelope(self, message: Message) -> bytes:
        """Write a message, in UTF-8."""
        elements = _as_elements(message_to_json(message))
        with self._lock:
            more = [*self._extension(elements)]
            envelope = self._client.create_message(
                self._service,
                "ProcessCase",
                _soapheaders=self._soap_header,
                _value_1=more,
                **elements,
            )
        return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")

    def _extension(self, elements: dict[str, Any]) -> Iterator[Any]:  # zeep has no types
        """Take out what a minor version added: it stands at the end, in a namespace of its own."""
        for name in _EXTENDED:
            element = self._client.get_element(f"{{{_EXTENSION}}}{name}")
            told = elements.pop(name, None)
            for one in told if isinstance(told, list) else [told] if told else ():
                value = element(**one) if isinstance(one, dict) else one
                yield zeep.xsd.AnyObject(element, value)  # type: ignore[no-untyped-call] # as above


def _soap_header(settings: RivSoapSettings) -> Mapping[str, str] | list[etree._Element]:
    if settings.profile == "rivtabp21":
        return {"LogicalAddress": settings.logical_address}
    to = etree.Element(f"{{{_ADDRESSING}}}To", nsmap={"wsa": _ADDRESSING})
    to.text = settings.logical_address
    return [to]


def _as_elements(json: Mapping[str, Any]) -> dict[str, Any]:  # any JSON value
    """Name things as the contract does: the same keys, except that a list is its repeated item."""
    return {
        "attachment" if key == "attachments" else key: _below(value) for key, value in json.items()
    }


def _below(value: Any) -> Any:  # any JSON value
    match value:
        case dict():
            return _as_elements(value)
        case list():
            return [_below(one) for one in value]
        case _:
            return value
