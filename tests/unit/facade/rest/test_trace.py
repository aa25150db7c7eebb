"""The W3C trace context: gone on with when it can be read, begun anew when not."""

import re

import pytest

from gateway.facade.rest.trace import continued

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("header", "flags"),
    [
        (f"00-{TRACE}-{SPAN}-01", "01"),
        (f"00-{TRACE}-{SPAN}-00", "00"),
        (f"00-{TRACE}-{SPAN}-ff", "01"),
        (f"cc-{TRACE}-{SPAN}-01-what-the-future-brings", "01"),
    ],
)
def test_a_trace_goes_on_in_a_new_span(header, flags):
    """W3C Trace Context §3: the same trace, our own span, version 00."""
    found = re.fullmatch(rf"00-{TRACE}-([0-9a-f]{{16}})-{flags}", continued([header]).traceparent)
    assert found
    assert found[1] != SPAN


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        ["191212121212"],
        [f"00-{TRACE}-{SPAN}"],
        [f"00-{TRACE}-{SPAN}-01-more"],
        [f"cc-{TRACE}-{SPAN}-01.more"],
        [f"ff-{TRACE}-{SPAN}-01"],
        [f"00-{TRACE.upper()}-{SPAN}-01"],
        [f"00-{'0' * 32}-{SPAN}-01"],
        [f"00-{TRACE}-{'0' * 16}-01"],
        [f" 00-{TRACE}-{SPAN}-01"],
        [f"00-{TRACE}-{SPAN}-01\n"],
        [f"00-{TRACE}-{SPAN}-01"] * 2,
    ],
)
def test_a_trace_that_cannot_be_read_begins_anew(headers):
    """W3C Trace Context §3.2: strictly, since it ends in our log."""
    begun = continued(headers)
    assert begun.trace_id != TRACE
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", begun.traceparent)
