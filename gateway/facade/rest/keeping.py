"""Taking a case to the diary and the archive, and keeping it from disposal (DOMAIN E3, E4)."""

from typing import ClassVar

from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.case import Attachment
from gateway.domain.content import InMemory
from gateway.domain.errors import Rule
from gateway.domain.keeping import Hold, Keeping
from gateway.domain.notation import Json
from gateway.facade.rest.answers import told
from gateway.facade.rest.attachments import FILE, fetched
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import CaseNumber
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import BODY_RULES, Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.shapes.shape import Id, Reason, Shape


class DiaryNumberBody(Shape):
    """The number that a case has in the official diary."""

    diary_number: Id = Field(examples=["PN 2026-118"])

    EXAMPLE: ClassVar[Json] = {"diaryNumber": "PN 2026-118"}


class LegalHoldBody(Shape):
    """Whether a case is kept from disposal, and why that changes."""

    held: bool
    reason: Reason = Field(
        description="For those who keep the case; it goes when the case is disposed of.",
        examples=["Begärd av domstol"],
    )

    EXAMPLE: ClassVar[Json] = {"held": True, "reason": "Begärd av domstol"}


class LegalHoldAnswer(Told):
    """A legal hold that stands."""

    reason: str | None = Field(
        None,
        description="Left out for those who may not hold cases.",
        examples=["Begärd av domstol"],
    )
    held_by: str = Field(examples=["SE2321000016-9Z8Y"])
    by_operator: bool = Field(description="Only an operator changes or lifts it.")
    since_time: Time

    EXAMPLE: ClassVar[Json] = {
        "reason": "Begärd av domstol",
        "heldBy": "SE2321000016-9Z8Y",
        "byOperator": False,
        "sinceTime": "2026-03-02T08:30:00Z",
    }


class KeepingAnswer(Told):
    """What is recorded about the keeping of a case; what is not is left out."""

    diary_number: str | None = Field(None, examples=["PN 2026-118"])
    legal_hold: LegalHoldAnswer | None = None
    lift_reason: str | None = Field(
        None,
        description="Why the hold that stood last was lifted; as `reason`.",
        examples=["Målet är över"],
    )

    EXAMPLE: ClassVar[Json] = {
        "diaryNumber": "PN 2026-118",
        "legalHold": LegalHoldAnswer.EXAMPLE,
    }


async def read_keeping(request: Request, number: CaseNumber) -> Response:
    """Read what is recorded about the keeping of a case.

    Its diary number and a legal hold; also after the case was disposed of.
    """
    keeping = visit_of(request).doors.keeping
    return told(_answer(await run_sync(keeping.read, number, known_caller(request))))


async def fetch_package(request: Request, number: CaseNumber) -> Response:
    """Fetch a case as a package for the diary and the archive.

    A ZIP file with all data as JSON and XML, a readable PDF/A, the attached files, the timeline
    with its hashes, and checksums. The reading, and by whom, is put on the case's timeline.
    """
    archiving = visit_of(request).doors.archiving
    packed = await run_sync(archiving.package, number, known_caller(request))
    file = Attachment(f"{number}.zip", "application/zip", InMemory(packed))
    return await fetched(request, file)


async def record_diary_number(request: Request, number: CaseNumber) -> Response:
    """Record the diary number.

    The one that the case got where it was registered; saying it again changes nothing.
    """
    keeping, body = visit_of(request).doors.keeping, await read_json(request, DiaryNumberBody)
    given = body["diaryNumber"]
    return told(
        _answer(await run_sync(keeping.record_diary_number, number, given, known_caller(request)))
    )


async def hold_case(request: Request, number: CaseNumber) -> Response:
    """Keep a case from disposal, or let it go.

    A case with a legal hold is not disposed of, however long ago it ended. What an operator holds,
    only an operator changes or lifts.
    """
    keeping, body = visit_of(request).doors.keeping, await read_json(request, LegalHoldBody)
    act = keeping.hold if body["held"] else keeping.lift
    return told(_answer(await run_sync(act, number, body["reason"], known_caller(request))))


def _answer(keeping: Keeping) -> KeepingAnswer:
    hold = _hold(keeping.hold) if keeping.hold else None
    return KeepingAnswer(
        diary_number=keeping.diary_number, legal_hold=hold, lift_reason=keeping.lift_reason
    )


def _hold(hold: Hold) -> LegalHoldAnswer:
    return LegalHoldAnswer(
        reason=hold.reason or None,
        held_by=hold.by,
        by_operator=hold.by_operator,
        since_time=hold.since,
    )


_RULES = (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN, Rule.NOT_THE_HOLDER)
_RECORDED = (Answer(200, "What is recorded now.", KeepingAnswer),)
_RECORDING_RULES = (*BODY_RULES, *_RULES, Rule.CASE_DISPOSED)

KEEPING = (
    Resource(
        "GET",
        "/unit-inbox/{caseNumber}/keeping",
        read_keeping,
        (Answer(200, "What is recorded.", KeepingAnswer),),
        _RULES,
    ),
    Resource(
        "GET",
        "/unit-inbox/{caseNumber}/package",
        fetch_package,
        (FILE,),
        (*_RULES, Rule.CASE_DISPOSED),
    ),
    Resource(
        "PUT",
        "/unit-inbox/{caseNumber}/diary-number",
        record_diary_number,
        _RECORDED,
        _RECORDING_RULES,
        body=DiaryNumberBody,
    ),
    Resource(
        "PUT",
        "/unit-inbox/{caseNumber}/legal-hold",
        hold_case,
        _RECORDED,
        _RECORDING_RULES,
        body=LegalHoldBody,
    ),
)
