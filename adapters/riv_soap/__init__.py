"""Systems that speak RIV-TA: calls ProcessCase, directly or through a service platform."""

from typing import ClassVar

import httpx
import zeep
from pydantic import BaseModel

from adapters.riv_soap.answers import outcome_of_answer
from adapters.riv_soap.contract import SOAP_ACTION, Contract
from adapters.riv_soap.settings import RivSoapSettings
from gateway.adapter import Can, Message, Outcome, Refused, Tools, Unclear, nothing_sent

__all__ = ["RivSoap", "RivSoapSettings"]


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
        self._headers = _headers(settings, tools.hsa_id)
        self._contract = Contract(tools.contracts, settings)
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
            return nothing_sent(error)
        except httpx.DecodingError as error:
            # The lent client's own words: what was broken off, and why.
            return Unclear(f"sent, and the answer cannot be read: {error}")
        except httpx.HTTPError as error:
            return Unclear(f"sent, and no answer came: {type(error).__name__}")
        return outcome_of_answer(answer)


_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


def _headers(settings: RivSoapSettings, own: str) -> dict[str, str]:
    headers = {
        "Content-Type": "text/xml;charset=UTF-8",
        "SOAPAction": f'"{SOAP_ACTION}"',
        "x-rivta-original-serviceconsumer-hsaid": settings.original_consumer,
        "x-rivta-routing-history": _history(settings, own) if settings.platform else None,
        "x-vp-sender-id": settings.sender_id,
    }
    return {name: value for name, value in headers.items() if value is not None}


def _history(settings: RivSoapSettings, own: str) -> str:
    """Begin with who began; each platform adds itself (INTEROP §2.5)."""
    return "#".join(filter(None, (settings.original_consumer, own)))
