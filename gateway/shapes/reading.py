"""Read JSON that comes in: bounded, strict, and parsed once."""

import json
import re
from itertools import islice

from pydantic import ValidationError

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json
from gateway.shapes.faults import shape_faults
from gateway.shapes.shape import Shape

MOST_KEYS = 2000
MOST_COMMAS = 100_000
_LISTS = (tuple, list)
_IS_SHAPE = "__pydantic_fields_set__"
_KEY = re.compile(rb'"[ \t\r\n]*:')


def read_shape(body: bytes, shape: type[Shape]) -> Json:
    """
    Read a body and give its notation, what is left out left out.

    Refuses what is not JSON, or has another shape; every fault of the shape is told.
    """
    keys = _counted_keys(body)
    try:
        read = shape.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise Refusal(*shape_faults(found)) from None
    # No shape takes a key that it does not know: fewer than stand there is one twice, or a text
    # that looks as if it had keys.
    if keys != _kept_keys(read):
        json.loads(body, object_pairs_hook=_check_once)
    return read.model_dump(by_alias=True, exclude_none=True)


def _counted_keys(body: bytes) -> int:
    # Each key or item too many is a fault to build, and millions fit in a body that is not too
    # large. Base64 has neither quotes nor commas, and no text is allowed so many.
    keys = sum(1 for _ in islice(_KEY.finditer(body), MOST_KEYS + 1))
    if keys > MOST_KEYS or body.count(b",") > MOST_COMMAS:
        words = f"more than {MOST_KEYS} keys or {MOST_COMMAS} commas; no request needs so many"
        raise Refusal(Fault(Rule.SCHEMA, "body", words))
    return keys


def _kept_keys(shape: Shape) -> int:
    # By what makes a shape one: asking pydantic whether it is takes longer than reading it.
    kept, values = shape.__pydantic_fields_set__, shape.__dict__
    count = len(kept)
    for name in kept:
        value = values[name]
        if hasattr(value, _IS_SHAPE):
            count += _kept_keys(value)
        elif type(value) in _LISTS:
            count += sum(_kept_keys(one) for one in value if hasattr(one, _IS_SHAPE))
    return count


def _check_once(pairs: list[tuple[str, object]]) -> None:
    """Refuse an object in which a key stands twice: which of them was meant, nobody can tell."""
    if len({key for key, _ in pairs}) < len(pairs):
        words = "a key stands twice in the same object; send each once"
        raise Refusal(Fault(Rule.UNREADABLE, "body", words))
