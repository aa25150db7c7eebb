"""Answers of the catalogue: written beside other requests, two at a time, sent as written."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from gateway.domain.errors import Unavailable
from gateway.facade.doors import Doors
from gateway.facade.soap.faults import CLOSING, OPENING
from gateway.facade.soap.interaction import Asked, Written
from gateway.flow.catalogue import Catalogue

# In characters: some milliseconds' work, and little memory however many routes there are.
PART = 64 * 1024
# More would only wait for each other, and hold the threads that others need.
AT_ONCE, MOST_WAITING = 2, 8

T = TypeVar("T")
Write = Callable[[Catalogue, Doors, Asked], Iterable[str]]


async def write_beside(write: Write, doors: Doors, asked: Asked) -> Written:
    """
    Write an answer in a thread: a whole table of routes would keep other requests waiting.

    Raises Unavailable when too many wait for that.
    """
    if _WRITERS.statistics().tasks_waiting >= MOST_WAITING:
        raise Unavailable("too many answers of the catalogue wait to be written")
    return await beside(partial(_written, write, doors, asked))


async def beside(work: Callable[[], T]) -> T:
    """Do a part of the writing in a thread, when it is its turn."""
    async with _WRITERS:
        return await to_thread.run_sync(work)


_WRITERS = CapacityLimiter(AT_ONCE)


def _written(write: Write, doors: Doors, asked: Asked) -> Written:
    # One table from the first part to the last, whatever is published meanwhile.
    catalogue = Catalogue(
        table=doors.operating.table(),
        callers=[known.caller for known in doors.identity.known],
        gateway=doors.hsa_id,
        name=doors.name,
    )
    parts = _parts(chain([OPENING], write(catalogue, doors, asked), [CLOSING]))
    start, more = next(parts), next(parts, None)
    return Written(start, None if more is None else chain([more], parts))


def _parts(texts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in texts:
        if size >= PART:
            yield "".join(held).encode()
            held, size = [], 0
        held.append(text)
        size += len(text)
    yield "".join(held).encode()
