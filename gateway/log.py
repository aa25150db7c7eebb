"""The log: one wide line per unit of work, JSON when nobody watches, never a personal number."""

import io
import logging
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TextIO, cast

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from gateway.domain.person import without_numbers

# No personal number is shorter, and what comes in line after line is no longer.
_SHORTEST, _LONGEST_NAME = 10, 64
# Values of these types cannot hold one.
_PLAIN = frozenset({type(None), bool, int, float})
# Their debug lines show whole envelopes and addresses.
_TALKATIVE = ("zeep", "httpx", "httpcore", "asyncssh", "alembic", "uvicorn.access")


def configure(stream: TextIO = sys.stderr) -> None:
    """Send every log line of this process, other libraries' too, to `stream` in one shape."""
    render, stream = _renderer(stream), cast("TextIO", _Lossy(stream))
    structlog.configure(
        processors=[*_SHARED, without_words_of_exceptions, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # Straight to the stream: a request should not pay for the way through stdlib logging.
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_of_other_libraries(render))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns of each piece that is written to a line which was cut; whoever writes hears it too.
    logging.getLogger("asyncio").setLevel(logging.ERROR)


def without_personal_numbers(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Blot out what looks like a personal number: a last net, as no personal data is logged."""
    return {
        key: value if type(value) in _PLAIN else _blotted(value) for key, value in event.items()
    }


def without_words_of_exceptions(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Tell an exception by its type and the places it passed; its words may hold anything."""
    told = event.pop("exc_info", None)
    error = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["exception"] = type(error).__qualname__
        event["places"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return event


class _Lossy(io.TextIOBase):
    """
    A stream that drops what it cannot write: a full disk, or nobody there to read.

    The work goes on, and with it whoever could tell: a line that raised would stop it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def _blotted(value: object) -> object:
    match value:
        case str():
            return _without_numbers(value)
        case list():
            return [_blotted(item) for item in value]
        case tuple():
            return tuple(_blotted(item) for item in value)
        case dict():
            return {key: _blotted(item) for key, item in value.items()}
        case _:
            return value


def _without_numbers(text: str) -> str:
    if len(text) < _SHORTEST:
        return text
    return _name_without_numbers(text) if len(text) <= _LONGEST_NAME else without_numbers(text)


# To look through who called what and where again takes as long as all else of a line.
_name_without_numbers = lru_cache(maxsize=256)(without_numbers)


_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    without_personal_numbers,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(_as_json)


def _as_json(line: EventDict, default: Callable[[object], object]) -> str:
    return orjson.dumps(line, default).decode()


def _of_other_libraries(render: Processor) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            without_words_of_exceptions,
            render,
        ],
    )
