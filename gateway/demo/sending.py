"""What an e-service can do at Växel's doors, whichever door it takes, and what it is answered."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from gateway.domain.case import Case, Supplement
from gateway.domain.person import PersonId


class Door(StrEnum):
    """The ways in; both take the same case and give the same receipt (DOMAIN A1)."""

    SOAP = "SOAP"
    REST = "REST"

    @property
    def other(self) -> "Door":
        """The other door."""
        return Door.REST if self is Door.SOAP else Door.SOAP


@dataclass(frozen=True, slots=True)
class Receipt:
    """It is on disk at Växel."""

    case_number: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Sending it again is pointless; `rule` is what Växel calls the broken rule."""

    rule: str


@dataclass(frozen=True, slots=True)
class Again:
    """No answer that can be trusted: the same must be sent again, with the same id."""

    reason: str


Answer = Receipt | Refused | Again


@dataclass(frozen=True, slots=True)
class Read:
    """A message in a citizen's inbox; `files` is how many attachments could be opened."""

    message_id: str
    case_number: str
    kind: str
    files: int


class Unread(Exception):
    """The inbox could not be read now."""


class Sender(Protocol):
    """One door, seen from the e-service."""

    def submit(self, case: Case) -> Answer:
        """Send a case."""
        ...

    def supplement(self, number: str, message_id: str, supplement: Supplement) -> Answer:
        """Send what the citizen adds to a case."""
        ...

    def inbox(self, person: PersonId) -> list[Read]:
        """Read a citizen's whole inbox; raises Unread."""
        ...
