"""The log: one JSON line per unit of work, and nothing in it that belongs to a person."""

import errno
import io
import json
import logging

import pytest
import structlog

from gateway import log
from gateway.log import without_personal_numbers

NUMBERS = [
    "191212121212",
    "188803099368",
    "196711222940",
    "200208012393",
    "19121212-1212",
    "19121212+1212",
    "121212-1212",
    "1212121212",
    "191212 121212",
    "191212 12-1212",
    "19 121212 1212",
    "19121212 - 1212",
    "19121212\u20131212",
    "1912-12-12-1212",
    "121212--1212",
    "197010632391",  # a samordningsnummer
]
NOT_PERSONAL = [
    "2026-7F3K-9QWM2X",
    "SE2321000016-2SG8",
    "0199d0a0-3f7b-7c11-8000-123456789012",
    "2026-03-02T12:00:00.123456Z",
    "1767225600000",
    "2026-03-02 1200 rows",
    "2321000016",
]


class Screen(io.StringIO):
    """A terminal that somebody watches."""

    def isatty(self):
        return True


class Full(io.StringIO):
    """A disk without room, until there is some."""

    is_full = True

    def write(self, text):
        if self.is_full:
            raise OSError(errno.ENOSPC, "no space left on device")
        return super().write(text)


@pytest.fixture
def logging_to():
    """Log to a stream, and put the process's logging back as it was."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, structlog.get_config()
    yield log.configure
    root.handlers[:], root.level = before[:2]
    structlog.configure(**before[2])


@pytest.fixture
def lines(logging_to):
    """Read what has been logged since the test began, line by line."""
    stream = io.StringIO()
    logging_to(stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_unit_of_work_is_one_json_line_with_its_ids_as_keys(lines):
    """AESTHETICS 4.5, rule 18: the event is noun.past_tense, the ids are fields."""
    structlog.get_logger().info("delivery.attempted", destination="halland/platina", attempt=2)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "delivery.attempted",
        "level": "info",
        "destination": "halland/platina",
        "attempt": 2,
    }


def test_lines_of_other_libraries_have_the_same_shape(lines):
    """DOMAIN G1: one log to read."""
    logging.getLogger("uvicorn.error").warning("slow %s", "start")
    (line,) = lines()
    assert (line["event"], line["level"]) == ("slow start", "warning")
    assert set(line) == {"event", "level", "timestamp"}


def test_what_is_bound_to_the_request_stands_on_every_line(lines):
    """DOMAIN G1: a trace is found by its id."""
    with structlog.contextvars.bound_contextvars(trace="4bf92f"):
        structlog.get_logger().info("case.accepted")
    assert lines()[0]["trace"] == "4bf92f"


def test_debug_lines_are_not_written(lines):
    """DESIGN decision 11: they show more than anybody needs."""
    structlog.get_logger().debug("body", body="…")
    logging.getLogger("somebody").debug("body")
    assert lines() == []


@pytest.mark.parametrize("name", ["zeep", "httpx", "httpcore", "alembic", "uvicorn.access"])
def test_talkative_libraries_only_warn(lines, name):
    """DESIGN decision 11: zeep logs whole envelopes, httpx and uvicorn log addresses."""
    logging.getLogger(name).info("GET https://p.test/?q=secret")
    logging.getLogger(name).warning("gone")
    assert [line["event"] for line in lines()] == ["gone"]


def test_a_line_that_is_cut_makes_no_line_for_each_piece_that_was_written(lines):
    """DOMAIN G1: a file to a server that went away would make hundreds."""
    logging.getLogger("asyncio").warning("socket.send() raised exception.")
    logging.getLogger("asyncio").error("a task failed")
    assert [line["event"] for line in lines()] == ["a task failed"]


@pytest.mark.parametrize("number", NUMBERS)
def test_what_looks_like_a_personal_number_is_blotted_out(lines, number):
    """DOMAIN A8: never logged; the last net."""
    structlog.get_logger().warning(f"odd.{number}", text=f"från {number}.", listed=[{"a": number}])
    logging.getLogger("somebody").warning("read %s", number)
    assert number not in json.dumps(lines(), ensure_ascii=False)
    assert lines()[0]["text"] == "från <number>."


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_other_numbers_are_left_as_they_are(text):
    """DOMAIN G1: an operator finds a case by its number, and a unit by its HSA-id."""
    event = {"text": text, "count": 1212121212, "nested": (text, {"key": [text]})}
    assert without_personal_numbers(None, "info", dict(event)) == event


def test_an_exception_is_told_by_type_and_place_without_its_words(lines):
    """DESIGN decision 11: an exception's words may hold anything."""
    try:
        int("Tolvan Tolvansson, 191212121212")
    except ValueError:
        structlog.get_logger().exception("delivery.not_recorded")
    (line,) = lines()
    assert line["exception"] == "ValueError"
    assert line["places"][-1].startswith("test_log.py:")
    assert "Tolvan" not in json.dumps(line)


def test_an_exception_of_another_library_is_told_the_same_way(lines):
    """DESIGN decision 11: the words stay away whoever logs them."""
    try:
        int("Tolvan Tolvansson")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed")
    (line,) = lines()
    assert (line["event"], line["exception"]) == ("failed", "ValueError")
    assert "Tolvan" not in json.dumps(line)


def test_an_exception_that_is_handed_over_is_told_the_same_way(lines):
    """DESIGN decision 11: with or without a place where it was raised."""
    structlog.get_logger().error("delivery.not_recorded", exc_info=ValueError("Tolvan"))
    (line,) = lines()
    assert (line["exception"], line["places"]) == ("ValueError", [])


def test_without_an_exception_there_is_none_to_tell(lines):
    """HOUSE: no key without a meaning."""
    structlog.get_logger().error("database.unavailable", exc_info=True)
    assert "exception" not in lines()[0]


def test_somebody_who_watches_reads_words_instead_of_json(logging_to):
    """DOMAIN G1: `vaxel demo` on a terminal."""
    screen = Screen()
    logging_to(screen)
    structlog.get_logger().info("case.accepted", case_number="2026-7F3K-9QWM2X")
    assert "case.accepted" in screen.getvalue()
    assert not screen.getvalue().startswith("{")


def test_a_log_that_cannot_be_written_stops_no_work(logging_to):
    """DOMAIN C1: lines are lost, and nothing else; with room again they are written."""
    stream = Full()
    logging_to(stream)
    structlog.get_logger().info("lost")
    logging.getLogger("another.library").warning("lost too")
    stream.is_full = False
    structlog.get_logger().info("kept")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["kept"]
