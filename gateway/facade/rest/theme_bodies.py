"""What is said of themes of general feedback, over REST (DOMAIN F4)."""

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from gateway.domain.notation import Json
from gateway.domain.theme import Theme, ThemeLevel
from gateway.facade.rest.answers import A_CASE_NUMBER, A_UNIT, CaseStanding
from gateway.facade.rest.entrance import CASE_NUMBER_FORM
from gateway.facade.rest.parameters import NEXT
from gateway.facade.rest.shape import Time, Told
from gateway.shapes.shape import HsaIdText, Reason, Shape, Words

A_THEME = "5f0f2c1a-7b1e-5d3a-9b52-3f6f0c0a1b2c"
_A_TITLE = "Stolarna i väntrummet"
_A_WORD = "Tack för era synpunkter. Vi har bytt stolarna i väntrummet."


class ThemeBody(Shape):
    """A new theme."""

    title: Reason = Field(description="No personal data.", examples=[_A_TITLE])
    level: ThemeLevel = Field(
        description="UNIT for the staff of one inbox, REGION for all of the region."
    )
    owner_hsa_id: HsaIdText = Field(
        description="Which of the caller's units keeps it.", examples=[A_UNIT]
    )

    EXAMPLE: ClassVar[Json] = {"title": _A_TITLE, "level": "UNIT", "ownerHsaId": A_UNIT}


class ThemeCaseBody(Shape):
    """A case to be put in a theme."""

    case_number: Annotated[str, StringConstraints(pattern=CASE_NUMBER_FORM)] = Field(
        examples=[A_CASE_NUMBER]
    )

    EXAMPLE: ClassVar[Json] = {"caseNumber": A_CASE_NUMBER}


class ThemeClosingBody(Shape):
    """The end of a theme, and the common word to those who wrote about it."""

    text: Annotated[Words, StringConstraints(min_length=1)] | None = Field(
        None,
        description="What the citizens are told whose feedback is closed with it; left out, no "
        "case is closed.",
        examples=[_A_WORD],
    )

    EXAMPLE: ClassVar[Json] = {"text": _A_WORD}


class ThemeAnswer(Told):
    """A theme."""

    id: str = Field(examples=[A_THEME])
    title: str = Field(examples=[_A_TITLE])
    level: ThemeLevel
    owner_hsa_id: str = Field(examples=[A_UNIT])
    region: str = Field(examples=["stockholm"])
    made_time: Time
    made_by: str = Field(examples=["SE2321000016-NURSE"])
    closed_time: Time | None = None
    closed_by: str | None = Field(None, examples=["SE2321000016-NURSE"])
    closing_text: str | None = Field(None, examples=[_A_WORD])
    cases: int = Field(description="How many lie in it, of all units.", examples=[12])

    EXAMPLE: ClassVar[Json] = {
        "id": A_THEME,
        "title": _A_TITLE,
        "level": "UNIT",
        "ownerHsaId": A_UNIT,
        "region": "stockholm",
        "madeTime": "2026-03-02T08:30:00Z",
        "madeBy": "SE2321000016-NURSE",
        "cases": 12,
    }


class ThemePage(Told):
    """A page of themes, newest first."""

    items: tuple[ThemeAnswer, ...]
    next: str | None = Field(None, description=NEXT, examples=[A_THEME])

    EXAMPLE: ClassVar[Json] = {"items": [ThemeAnswer.EXAMPLE]}


class ThemeCasePage(Told):
    """A page of the cases in a theme that the caller's units hold, the oldest first."""

    items: tuple[CaseStanding, ...]
    next: str | None = Field(None, description=NEXT, examples=[A_CASE_NUMBER])

    EXAMPLE: ClassVar[Json] = {"items": [CaseStanding.EXAMPLE]}


class CaseLeft(Told):
    """A case that was not closed with its theme."""

    case_number: str = Field(examples=[A_CASE_NUMBER])
    reason: str = Field(examples=["the case is not classified"])

    EXAMPLE: ClassVar[Json] = {
        "caseNumber": A_CASE_NUMBER,
        "reason": "the case is not classified",
    }


class ThemeClosingAnswer(Told):
    """What came of closing a theme."""

    theme: ThemeAnswer
    told: int = Field(description="How many cases were closed now, and citizens told.")
    left: tuple[CaseLeft, ...]

    EXAMPLE: ClassVar[Json] = {
        "theme": ThemeAnswer.EXAMPLE
        | {
            "closedTime": "2026-03-09T08:30:00Z",
            "closedBy": "SE2321000016-NURSE",
            "closingText": _A_WORD,
        },
        "told": 12,
        "left": [],
    }


def theme_answer(theme: Theme) -> ThemeAnswer:
    """Give a theme as an answer."""
    return ThemeAnswer(
        id=str(theme.id),
        title=theme.title,
        level=theme.level,
        owner_hsa_id=theme.owner.text,
        region=theme.region,
        made_time=theme.made_at,
        made_by=theme.made_by,
        closed_time=theme.closed_at,
        closed_by=theme.closed_by,
        closing_text=theme.closing_text,
        cases=theme.cases,
    )
