"""Steps that an adapter took stay taken: what each came to is on disk before the next (C5)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import orjson

from gateway.domain.message import Message
from gateway.domain.notation import Json

# It is what the next step needs, such as a number: no place for a case (bytes of JSON).
LARGEST_RESULT = 16 * 1024


@dataclass(frozen=True, slots=True)
class DoneStep:
    """A step of a delivery that is done at its destination, and what came of it there."""

    delivery: UUID
    destination: str
    name: str
    result: Json = field(repr=False)
    at: datetime


class DoneSteps(Protocol):
    """What the steps of deliveries came to; raises Unavailable when the store cannot go on."""

    def find(self, delivery: UUID, destination: str, name: str) -> Json | None:
        """Read what a step came to at this destination; None when it is not done."""
        ...

    def keep(self, step: DoneStep) -> Json:
        """
        Keep what a step came to; gives what was kept first, which stays.

        So a worker that comes back late changes nothing for the one that took over.
        """
        ...


@dataclass(frozen=True, slots=True)
class SavedSteps:
    """The steps of all deliveries to one destination, as lent to its adapter."""

    steps: DoneSteps
    destination: str
    clock: Callable[[], datetime]

    def once(self, message: Message, name: str, do: Callable[[], Json]) -> Json:
        """
        Give what this step of the message came to: in an earlier attempt, or by `do` now.

        What `do` gives is on disk when this returns. Whatever it raises leaves the step undone.
        Raises ValueError when the result is no small JSON object, and Unavailable when it cannot
        be kept: then the step is done and nobody knows of it, as after any other lost answer.
        """
        delivery = UUID(message.message_id)
        done = self.steps.find(delivery, self.destination, name)
        if done is not None:
            return done
        result = _checked(do(), name)
        step = DoneStep(delivery, self.destination, name, result, self.clock())
        return self.steps.keep(step)


def _checked(result: Json, name: str) -> Json:
    """Give the result as it will be read back."""
    try:
        written = orjson.dumps(result)
    except orjson.JSONEncodeError:
        raise ValueError(f"the step {name!r} came to something that is no JSON") from None
    if not isinstance(result, dict) or len(written) > LARGEST_RESULT:
        words = f"give a JSON object of at most {LARGEST_RESULT} bytes"
        raise ValueError(f"the step {name!r} came to too much, or to no object; {words}")
    read: Json = orjson.loads(written)
    return read
