"""
Why something cannot be done, and whose fault it is.

    Refusal                   the outside asked for something it cannot have; nothing was stored
    └─ by its Rule            what it becomes outside is written beside each rule
    Unavailable               ours: cannot go on now, ask again later (503, Server fault)
    ├─ ContentAway            the bytes of files cannot be reached
    └─ FilesAway              files cannot be taken in; what comes without them can
    ContentLost               ours: the bytes of a file are not where they were put, or changed
    StartRefused              ours: something that was set up is wrong; every fault is listed
"""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Outside:
    """What a broken rule becomes outside: a REST problem and status, or a VP fault over SOAP."""

    problem: str
    status: int
    vp_code: str | None = None


class Rule(Enum):
    """Every rule that a request can break; without a VP code it is told in `result`."""

    UNREADABLE = Outside("unreadable", 400, "VP015")
    SCHEMA = Outside("schema", 400, "VP015")
    TOO_LARGE = Outside("too-large", 413, "VP015")
    NOT_AUTHENTICATED = Outside("not-authenticated", 401, "VP002")
    TOKEN_NOT_ACCEPTED = Outside("token-not-accepted", 401)
    UNTRUSTED_PEER = Outside("untrusted-peer", 401, "VP011")
    NOT_PERMITTED = Outside("not-permitted", 403, "VP007")
    ORIGINAL_CONSUMER_NOT_PERMITTED = Outside("original-consumer-not-permitted", 403, "VP013")
    ROUTING_LOOP = Outside("routing-loop", 422, "VP014")
    NO_LOGICAL_ADDRESS = Outside("no-logical-address", 400, "VP003")
    UNKNOWN_UNIT = Outside("unknown-unit", 422, "VP004")
    NO_ROUTE_NOW = Outside("no-route-now", 422, "VP004")
    UNIT_NOT_VISIBLE = Outside("unit-not-visible", 404)
    REGION_NOT_ACTIVE = Outside("region-not-active", 422)
    ANONYMOUS_NOT_TAKEN = Outside("anonymous-not-taken", 422)
    ADDRESS_MISMATCH = Outside("address-mismatch", 422)
    CARE_UNIT_MISSING = Outside("care-unit-missing", 422)
    COMMITTEE_MISSING = Outside("committee-missing", 422)
    NOT_A_COMMITTEE = Outside("not-a-committee", 422)
    NOT_A_CARE_UNIT = Outside("not-a-care-unit", 422)
    PLACE_ON_CARE_CASE = Outside("place-on-care-case", 422)
    EVENT_DATE_IN_FUTURE = Outside("event-date-in-future", 422)
    RECEIVED_IN_FUTURE = Outside("received-in-future", 422)
    PERSON_ID_INVALID = Outside("person-id-invalid", 422)
    HSA_ID_INVALID = Outside("hsa-id-invalid", 422)
    POWER_OF_ATTORNEY_MISSING = Outside("power-of-attorney-missing", 422)
    TEXT_MISSING = Outside("text-missing", 422)
    TOO_MANY_ATTACHMENTS = Outside("too-many-attachments", 422)
    ATTACHMENT_TOO_LARGE = Outside("attachment-too-large", 413)
    FILE_NAME_NOT_ACCEPTED = Outside("file-name-not-accepted", 422)
    MEDIA_TYPE_NOT_ACCEPTED = Outside("media-type-not-accepted", 415)
    MEDIA_TYPE_DISPUTED = Outside("media-type-disputed", 422)
    ATTACHMENT_INFECTED = Outside("attachment-infected", 422)
    ATTACHMENT_UNKNOWN = Outside("attachment-unknown", 422)
    EVENT_NOT_ACCEPTED = Outside("event-not-accepted", 422)
    IDEMPOTENCY_CONFLICT = Outside("idempotency-conflict", 409)
    CASE_UNKNOWN = Outside("case-unknown", 404)
    CASE_AMBIGUOUS = Outside("case-ambiguous", 409)
    CASE_DISPOSED = Outside("case-disposed", 410)
    NOT_THE_HOLDER = Outside("not-the-holder", 403)
    CASE_OVERTAKEN = Outside("case-overtaken", 409)
    ATTACHMENTS_NOT_ALLOWED = Outside("attachments-not-allowed", 422)
    NOT_CLASSIFIED = Outside("not-classified", 422)
    CODE_UNKNOWN = Outside("code-unknown", 422)
    STEP_NOT_LEGAL = Outside("step-not-legal", 409)
    FORWARD_TO_MISSING = Outside("forward-to-missing", 422)
    FORWARD_TO_UNREACHABLE = Outside("forward-to-unreachable", 422)
    FORWARD_LOOP = Outside("forward-loop", 409)
    FORWARDED_TOO_OFTEN = Outside("forwarded-too-often", 409)
    THEME_UNKNOWN = Outside("theme-unknown", 404)
    MEASURE_UNKNOWN = Outside("measure-unknown", 404)
    NOTHING_PARKED = Outside("nothing-parked", 422)
    ROUTES_FAULTY = Outside("routes-faulty", 422)
    NOTHING_CHANGED = Outside("nothing-changed", 422)
    PUBLICATION_OVERTAKEN = Outside("publication-overtaken", 409)
    PUBLICATION_UNKNOWN = Outside("publication-unknown", 404)


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: which, where in the request, and what to do about it, in plain words."""

    rule: Rule
    where: str
    message: str


class Refusal(Exception):
    """The request breaks one or more rules; the first fault decides what it becomes outside."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{f.where}: {f.message}" for f in faults))
        self.faults = faults

    @property
    def outside(self) -> Outside:
        """What this becomes outside."""
        return self.faults[0].rule.value


class Unavailable(Exception):
    """Växel cannot keep anything right now; `retry_after` is in seconds."""

    def __init__(self, reason: str, retry_after: int = 5) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ContentAway(Unavailable):
    """The place where the bytes of files are kept does not answer now."""


class FilesAway(Unavailable):
    """Files cannot be taken in right now; messages without them can."""


class NameAwaited(Unavailable):
    """No case of that name is known yet, and one may be on its way: this message has to wait."""


class ContentLost(Exception):
    """The bytes of a file are lost until a back-up brings them back."""


class StartRefused(Exception):
    """What was set up cannot work; the message lists every fault."""
