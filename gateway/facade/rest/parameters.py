"""The parameters that several resources share; no personal number is ever in a path or a query."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Path, Query
from starlette.requests import Request

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json
from gateway.domain.person import PersonId
from gateway.facade.rest.entrance import CASE_NUMBER_FORM
from gateway.shapes.shape import OID, ONE_LINE, PERSON_NUMBER

T = TypeVar("T")

NEXT = "What to give as `after` for the next page; left out on the last."

CaseNumber = Annotated[
    str,
    Path(
        alias="caseNumber",
        pattern=CASE_NUMBER_FORM,
        description="Växel's number of the case.",
        examples=["2026-7F3K-9QWM2X"],
    ),
]
DeliveryId = Annotated[
    UUID, Path(alias="deliveryId", examples=["0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"])
]
ReplayId = Annotated[
    UUID, Path(alias="replayId", examples=["0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"])
]
AttachmentNumber = Annotated[
    int, Path(alias="number", ge=1, le=100_000, description="Counted from 1.", examples=[1])
]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=256,
        pattern=ONE_LINE,
        description="The sender's own key of this request: a repeat with the same content gets "
        "the same receipt and changes nothing.",
        examples=["s-2041"],
    ),
]
Limit = Annotated[int, Query(alias="limit", ge=1, le=100, description="How many, at most.")]


def key_beside(field: str, example: str) -> Json:
    """Describe the header Idempotency-Key where a field of the body is the key already."""
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": f"May be left out: `{field}` is the key; when sent, it must be equal.",
        "schema": {"type": "string", "examples": [example]},
    }


def check_key_beside(request: Request, body: Json, field: str) -> None:
    """Refuse a header Idempotency-Key that is not the field of the body that is the key."""
    if request.headers.get("Idempotency-Key", body[field]) != body[field]:
        words = f"{field} is the key here; send the same in both, or leave this header out"
        raise Refusal(Fault(Rule.SCHEMA, "Idempotency-Key", words))


async def _citizen(
    oid: Annotated[
        str,
        Header(
            alias="X-Citizen-Id-Oid",
            max_length=64,
            pattern=OID,
            description="Which register the citizen's identity is from.",
            examples=["1.2.752.129.2.1.3.1"],
        ),
    ],
    identity: Annotated[
        str,
        Header(
            alias="X-Citizen-Id",
            pattern=PERSON_NUMBER,
            description="The identity of the signed-in citizen, twelve characters.",
            examples=["191212121212"],
        ),
    ],
) -> PersonId:
    return PersonId(oid, identity)


Citizen = Annotated[PersonId, Depends(_citizen)]


def page(
    found: Sequence[T], limit: int, key: Callable[[T], str]
) -> tuple[Sequence[T], str | None]:
    """Cut a page from one row more than was asked for, and tell where the next begins."""
    shown = found[:limit]
    return shown, key(shown[-1]) if len(found) > limit else None
