"""What JSON looks like that we answer, and how shapes are described to others."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from gateway.shapes.shape import Shape


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


# A time that we tell is always in UTC, so that it reads the same every time.
Time = Annotated[
    datetime,
    AfterValidator(lambda at: at.astimezone(UTC)),
    Field(json_schema_extra={"example": "2026-03-02T08:30:00Z"}),
]
