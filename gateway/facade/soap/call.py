"""What is learnt about one request on the way through the door, and its one line in the log."""

import re
import time
from dataclasses import dataclass, field

import structlog
from uuid_utils import uuid4

from gateway.domain.hsa import is_loose
from gateway.facade.head import Head, first
from gateway.facade.soap.contracts import Contract
from gateway.flow.caller import Caller

CORRELATION_HEADER = "x-skltp-correlation-id"

_log = structlog.get_logger()
_CORRELATION_ID = re.compile(r"[!-~]{1,128}")
_OUR_NUMBER = re.compile(r"[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]{6}")


@dataclass(slots=True)
class Call:
    """Filled in step by step, so that the log tells how far a request came (no personal data)."""

    log_id: str
    started: float = field(default_factory=time.perf_counter)
    address: str | None = None
    namespace: str = ""
    caller: Caller | None = None
    contract: Contract | None = None
    case_number: str | None = None

    def tell(self, error: BaseException | None = None, **outcome: str | int | None) -> None:
        """Write the line; with an `error` of ours it is told too, by its type and places."""
        number = self.case_number or ""
        write = _log.error if error else _log.info
        write(
            "soap.answered",
            interaction=self.contract.interaction.name if self.contract else None,
            sender=self.caller.hsa_id.text if self.caller else None,
            **(_behind(self.caller) if self.caller else {}),
            # Somebody could put anything where an address should be.
            logical_address=self.address if is_loose(self.address or "") else None,
            # Somebody could put anything where a case number should be.
            case_number=number if _OUR_NUMBER.fullmatch(number) else None,
            correlation_id=self.log_id,
            duration_ms=round((time.perf_counter() - self.started) * 1000, 2),
            **outcome,
            **({"exc_info": error} if error else {}),
        )


def _behind(caller: Caller) -> dict[str, str | None]:
    # INTEROP §2.7: where nobody else is named, the sender began it.
    began, principal = caller.original_consumer or caller.hsa_id, caller.on_behalf_of
    return {
        "original_consumer": began.text,
        "on_behalf_of": principal.text if principal else None,
    }


def log_id(head: Head) -> str:
    """Give the caller's own correlation id, or a new one when there is none that can be used."""
    told = first(head, CORRELATION_HEADER) or ""
    return told if _CORRELATION_ID.fullmatch(told) else str(uuid4())


def shortened(text: str) -> str:
    """Cut text from outside to what an address can be."""
    return text[:255]
