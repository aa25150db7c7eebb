"""A case as the citizen submitted it: what it says, who it concerns and who shall receive it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gateway.domain.content import Content
from gateway.domain.hsa import HsaId
from gateway.domain.person import PersonId


class Kind(StrEnum):
    """What a case asks for (DOMAIN A11)."""

    COMPLAINT = "COMPLAINT"
    FEEDBACK = "FEEDBACK"


class ReceiverType(StrEnum):
    """The citizen's first choice: the care, or the region's patients' committee (DOMAIN A2)."""

    CARE = "CARE"
    COMMITTEE = "COMMITTEE"


class AnswerWanted(StrEnum):
    """Whether an answer is wanted, and how (DOMAIN A5)."""

    INBOX = "INBOX"
    PHONE = "PHONE"
    MEETING = "MEETING"
    NONE = "NONE"


class Relation(StrEnum):
    """How a submitter stands to a patient who is someone else (DOMAIN A6)."""

    GUARDIAN = "GUARDIAN"
    REPRESENTATIVE = "REPRESENTATIVE"
    RELATED_PERSON = "RELATED_PERSON"


class CaseEvent(StrEnum):
    """What happened to a case that its holder must know (CONTRACT, ProcessCase)."""

    SUBMITTED = "SUBMITTED"
    SUPPLEMENTED = "SUPPLEMENTED"
    FORWARDED = "FORWARDED"
    WITHDRAWN = "WITHDRAWN"


# These bring a case to a holder that has not had it before.
BRINGING_EVENTS = frozenset({CaseEvent.SUBMITTED, CaseEvent.FORWARDED})


@dataclass(frozen=True, slots=True)
class Receiver:
    """
    Where the citizen sent the case.

    `hsa_id` is the selected unit's or the committee's own. `place` is where it happened in
    free text, and `care_unit` the unit where it happened: both only for the committee (DOMAIN A3).
    """

    type: ReceiverType
    hsa_id: HsaId | None
    place: str | None = field(default=None, repr=False)
    care_unit: HsaId | None = None


@dataclass(frozen=True, slots=True)
class Submitter:
    """The citizen who submits, signed in with an e-id; gets every further message."""

    person_id: PersonId
    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient who is not the submitter, and what gives the submitter the right to submit."""

    person_id: PersonId
    relation: Relation
    power_of_attorney: bool
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """A file that goes with a case or a message; the same when name, type and digest are."""

    file_name: str = field(repr=False)
    media_type: str
    content: Content = field(repr=False)

    def read(self) -> bytes:
        """Give all the bytes; raises what `Content.chunks` does."""
        return b"".join(self.content.chunks())

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same file, wherever its bytes are."""
        return isinstance(other, Attachment) and self._key == other._key

    def __hash__(self) -> int:
        """Digest what makes it the same."""
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, str, str]:
        return self.file_name, self.media_type, self.content.digest


@dataclass(frozen=True, slots=True)
class Case:
    """One complaint or piece of feedback; `case_id` is the sender's own id of it."""

    case_id: str
    kind: Kind
    receiver: Receiver
    event_date: date
    answer_wanted: AnswerWanted
    submitter: Submitter
    description: str = field(repr=False)
    patient: Patient | None = None
    desired_outcome: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Supplement:
    """What the citizen adds to a case later (DOMAIN A10)."""

    text: str = field(repr=False)
    attachments: tuple[Attachment, ...] = ()
