"""What JSON that comes in may look like: kinds of text, strict, and no key that is unknown."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from gateway.domain.notation import INSTANT, SPEAKABLE, Json


class Shape(BaseModel):
    """A JSON object: keys in camelCase, types never converted, unknown keys refused."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        strict=True,
    )

    EXAMPLE: ClassVar[Json]


def _text(**written: object) -> Callable[[Json], None]:
    """Write these words into the schema instead of the pattern that Rust reads."""

    def rewrite(schema: Json) -> None:
        schema.pop("pattern", None)
        schema.update(written)

    return rewrite


def _check(read: Callable[[str], object], error_type: str) -> AfterValidator:
    """Check that `read` can read a text, and keep it as it was written."""

    def check(text: str) -> str:
        try:
            read(text)
        except ValueError:
            raise PydanticCustomError(error_type, "cannot be read") from None
        return text

    return AfterValidator(check)


def _canonical(text: str) -> None:
    # Python's reader passes over padding that is too much and bits that mean nothing.
    if b64encode(b64decode(text, validate=True)) != text.encode():
        raise ValueError("not as it would be written")


# The kinds of text and their lengths are those of the SOAP contracts.
_UNSPEAKABLE = r"\x00-\x1f\x7f-\x9f\ufffe\uffff"
ONE_LINE = rf"^[^\s{_UNSPEAKABLE}]([^{_UNSPEAKABLE}]*[^\s{_UNSPEAKABLE}])?$"
# The longest number in one is made of a UUID.
OID = r"^[0-2](\.(0|[1-9][0-9]{0,38}))+$"
PERSON_NUMBER = r"^[0-9A-Za-z]{12}$"
DAY = r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$"

Text = Annotated[str, StringConstraints(pattern=SPEAKABLE), Field(json_schema_extra=_text())]

Id = Annotated[
    str,
    StringConstraints(max_length=256, pattern=ONE_LINE),
    Field(json_schema_extra=_text(minLength=1)),
]
Reason = Annotated[
    str,
    StringConstraints(max_length=500, pattern=ONE_LINE),
    Field(json_schema_extra=_text(minLength=1)),
]
HsaIdText = Annotated[Text, StringConstraints(min_length=1, max_length=255)]
Name = Annotated[Text, StringConstraints(max_length=216)]
Phone = Annotated[Text, StringConstraints(max_length=64)]
Email = Annotated[Text, StringConstraints(max_length=254)]
Place = Annotated[Text, StringConstraints(max_length=1000)]
FileName = Annotated[Text, StringConstraints(min_length=1, max_length=255)]
MediaType = Annotated[Text, StringConstraints(min_length=1, max_length=127)]
Words = Annotated[Text, StringConstraints(max_length=20_000)]
Oid = Annotated[str, StringConstraints(pattern=OID, max_length=64)]
PersonNumber = Annotated[str, StringConstraints(pattern=PERSON_NUMBER)]
Day = Annotated[
    str,
    StringConstraints(pattern=DAY),
    _check(date.fromisoformat, "no_such_day"),
    Field(json_schema_extra=_text(format="date", example="2026-03-01")),
]
Instant = Annotated[
    str,
    StringConstraints(pattern=INSTANT),
    _check(datetime.fromisoformat, "no_such_time"),
    Field(json_schema_extra=_text(format="date-time", example="2026-03-02T09:30:00+01:00")),
]
Base64 = Annotated[
    str,
    _check(_canonical, "no_base64"),
    Field(json_schema_extra={"contentEncoding": "base64"}),
]
