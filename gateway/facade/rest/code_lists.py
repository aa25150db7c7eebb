"""The lists of codes that replies and classifications name; national, and the same for all."""

from typing import ClassVar

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.classification import CATEGORIES
from gateway.domain.fields_of_operation import FIELDS_OF_OPERATION
from gateway.domain.message import MessageKind
from gateway.domain.notation import Json
from gateway.domain.standard_texts import STANDARD_REPLIES
from gateway.facade.rest.answers import told
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Told


class Coded(Told):
    """A code, and what it means."""

    code: str = Field(examples=["3.4"])
    swedish: str = Field(examples=["Bemötande"])
    english: str = Field(examples=["Manner"])

    EXAMPLE: ClassVar[Json] = {"code": "3.4", "swedish": "Bemötande", "english": "Manner"}


class CodeList(Told):
    """Every code of a list."""

    items: tuple[Coded, ...]

    EXAMPLE: ClassVar[Json] = {"items": [Coded.EXAMPLE]}


class StandardTextAnswer(Told):
    """A text that a reply of its kind can name instead of words; the citizen reads the Swedish."""

    code: str = Field(examples=["WILL_CALL"])
    message_kind: MessageKind
    swedish: str = Field(examples=["Vi kommer att ringa dig om ditt ärende."])
    english: str = Field(examples=["We will call you about your case."])

    EXAMPLE: ClassVar[Json] = {
        "code": "WILL_CALL",
        "messageKind": "PARTIAL_REPLY",
        "swedish": "Vi kommer att ringa dig om ditt ärende.",
        "english": "We will call you about your case.",
    }


class StandardTextList(Told):
    """Every standard text."""

    items: tuple[StandardTextAnswer, ...]

    EXAMPLE: ClassVar[Json] = {"items": [StandardTextAnswer.EXAMPLE]}


async def list_standard_texts(_: Request) -> Response:
    """List the standard texts.

    The national ones, which regions cannot edit.
    """
    return told(
        StandardTextList(
            items=tuple(
                StandardTextAnswer(
                    code=text.code,
                    message_kind=text.kind,
                    swedish=text.swedish,
                    english=text.english,
                )
                for text in STANDARD_REPLIES
            )
        )
    )


async def list_problem_categories(_: Request) -> Response:
    """List the problems that a case can be about.

    The patients' committees' common categories: a code with a point is a sub-problem of the main
    problem before the point.
    """
    return told(
        CodeList(
            items=tuple(
                Coded(code=one.code, swedish=one.swedish, english=one.english)
                for one in CATEGORIES
            )
        )
    )


async def list_fields_of_operation(_: Request) -> Response:
    """List the fields of operation.

    A case belongs to one of them.
    """
    return told(
        CodeList(
            items=tuple(
                Coded(code=one.code, swedish=one.swedish, english=one.english)
                for one in FIELDS_OF_OPERATION
            )
        )
    )


CODE_LISTS = (
    Resource(
        "GET",
        "/standard-texts",
        list_standard_texts,
        (Answer(200, "The standard texts.", StandardTextList),),
        needs_store=False,
    ),
    Resource(
        "GET",
        "/problem-categories",
        list_problem_categories,
        (Answer(200, "The problems.", CodeList),),
        needs_store=False,
    ),
    Resource(
        "GET",
        "/fields-of-operation",
        list_fields_of_operation,
        (Answer(200, "The fields.", CodeList),),
        needs_store=False,
    ),
)
