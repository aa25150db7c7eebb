"""How the contracts of one domain are named and written: ours, and those of the standard."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from lxml import etree

from gateway.domain.errors import FilesAway, Refusal
from gateway.domain.notation import Json
from gateway.facade.soap.notation import read_content, write_content


def _untold(*_: object) -> NoReturn:
    words = "answers without a result are written whole, and their rules all have VP codes"
    raise AssertionError(words)


@dataclass(frozen=True, slots=True)
class Language:
    """
    What all contracts of one domain have in common.

    `urn` is the domain's, without a version. `well`, `badly` and `without_files` give the `result`
    of an answer, with the id that finds the call in the log; some domains have none. The last is
    for what may be sent again, or now without its files.
    """

    urn: str
    read: Callable[[etree._Element, str], Json]
    write: Callable[[str, str, Json], str] = _untold
    well: Callable[[str], Json] = _untold
    badly: Callable[[Refusal, str], Json] = _untold
    without_files: Callable[[FilesAway, str], Json] = _untold

    @property
    def folders(self) -> str:
        """The domain as the profile writes it in addresses (INTEROP §1.2)."""
        return "/".join(self.urn.split(":")[2:])


def _well(log_id: str) -> Json:
    return {"resultCode": "OK", "logId": log_id}


def _badly(refusal: Refusal, log_id: str) -> Json:
    return {
        "resultCode": "ERROR",
        "errorCode": "VALIDATION_ERROR",
        "subCode": refusal.faults[0].rule.name,
        "logId": log_id,
        "message": str(refusal),
    }


def _without_files(away: FilesAway, log_id: str) -> Json:
    return {
        "resultCode": "ERROR",
        "errorCode": "APPLICATION_ERROR",
        "subCode": "FILES_AWAY",
        "logId": log_id,
        "message": "files cannot be taken in right now; send the message without them, "
        f"or send it again in {away.retry_after} seconds",
    }


OURS = Language(
    urn="urn:riv-application:complaints:casehandling",
    read=read_content,
    write=write_content,
    well=_well,
    badly=_badly,
    without_files=_without_files,
)
