"""What JSON may look like at this door: kinds of text, strict, and never a key that is unknown."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

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


class Told(Shape):
    """A JSON object that we make, by the names of its fields."""

    model_config = ConfigDict(validate_by_name=True)


class PlainJsonSchema(GenerateJsonSchema):
    """
    JSON Schema without titles that only repeat the name.

    What there is not is left out of our answers; in what comes in, null says the same.
    """

    _answers = False

    def field_title_should_be_set(self, schema: Any) -> bool:  # any of pydantic's core schemas
        """Tell that no field gets a title."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Write an object, which is an answer or comes in."""
        outer, self._answers = self._answers, issubclass(schema["cls"], Told)
        written = super().model_schema(schema)
        self._answers = outer
        return written

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Write what may be left out: in an answer as if it were there, else with null."""
        written = self.generate_inner(schema["schema"])
        if self._answers:
            return written
        if "type" in written:
            return written | {"type": [written["type"], "null"]}
        return {"anyOf": [written, {"type": "null"}]}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Write a default, unless it says nothing."""
        written = super().default_schema(schema)
        if written.get("default", ...) is None:
            del written["default"]
        return written


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

_Text = Annotated[str, StringConstraints(pattern=SPEAKABLE), Field(json_schema_extra=_text())]

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
HsaIdText = Annotated[_Text, StringConstraints(min_length=1, max_length=255)]
Name = Annotated[_Text, StringConstraints(max_length=216)]
Phone = Annotated[_Text, StringConstraints(max_length=64)]
Email = Annotated[_Text, StringConstraints(max_length=254)]
Place = Annotated[_Text, StringConstraints(max_length=1000)]
FileName = Annotated[_Text, StringConstraints(min_length=1, max_length=255)]
MediaType = Annotated[_Text, StringConstraints(min_length=1, max_length=127)]
Words = Annotated[_Text, StringConstraints(max_length=20_000)]
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

# A time that we tell is always in UTC, so that it reads the same every time.
Time = Annotated[
    datetime,
    AfterValidator(lambda at: at.astimezone(UTC)),
    Field(json_schema_extra={"example": "2026-03-02T08:30:00Z"}),
]
