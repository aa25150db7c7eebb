"""What operators hear of a file that was left as a reply, and is none."""

import pytest
import structlog
from structlog.testing import capture_logs

from gateway.app import rejected
from gateway.app.rejected import tell_rejected
from gateway.log import _as_json  # the very words of the log
from gateway.testing.builders import TOLVAN


@pytest.fixture(autouse=True)
def _own_log(monkeypatch):
    monkeypatch.setattr(rejected, "log", structlog.get_logger())


def told_of(name, reason="sentTime: is missing"):
    with capture_logs() as lines:
        tell_rejected("norr/arkivet", name, reason)
    [line] = lines
    return line


def test_a_rejected_file_is_a_warning_with_where_what_and_why():
    """DOMAIN G2: as any other reply that is refused."""
    assert told_of("svar.json") == {
        "event": "reply.refused",
        "log_level": "warning",
        "destination": "norr/arkivet",
        "file": "svar.json",
        "reason": "sentTime: is missing",
    }


def test_a_name_tells_no_personal_number():
    """DOMAIN A8: some systems call a file by its person."""
    assert told_of(f"{TOLVAN.number}-svar.json")["file"] == "<number>-svar.json"


def test_a_name_that_is_no_text_stops_no_line():
    """DOMAIN G2: a log line is JSON in UTF-8, and one line."""
    line = told_of("sv\udce5r\n.json")
    assert line["file"] == "sv?r?.json"
    assert "sv?r?.json" in _as_json(line, str)
