"""The whole gateway as real processes, every path taken once: `vaxel demo --once`."""

import json
import signal

import pytest

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def ended(demo):
    return demo.finish()


@pytest.fixture(scope="module")
def summary(ended):
    return json.loads(ended[1][-1])


def test_the_demo_ends_well_and_its_last_line_is_the_summary(ended, summary):
    """CONTRACT, Commands: exit 0, and one JSON object with these names."""
    code, lines = ended
    assert code == 0, "\n".join(lines)
    names = ["accepted", "delivered", "replies_in_inbox", "parked", "lost", "doubled"]
    assert list(summary) == names
    assert all(type(value) is int for value in summary.values())


def test_what_was_accepted_is_delivered_once(summary):
    """C1, B1-B5: every path, and a system that was down."""
    assert summary["accepted"] >= 40
    assert summary["delivered"] == summary["accepted"]
    assert (summary["lost"], summary["doubled"], summary["parked"]) == (0, 0, 0)


def test_replies_reach_the_citizens_inboxes(summary):
    """D1, D2, A7: from the built-in inbox, over SOAP and over REST."""
    assert summary["replies_in_inbox"] > summary["accepted"]


@pytest.mark.parametrize(
    "words",
    [
        "20 of 20 got the same receipt again",
        "over SOAP: VP004",
        "over REST: unknown-unit",
        "until midnight its cases went to nordmark/inkorg",
        "since then they go to nordmark/avvikelse",
        "15 supplements went the way of their cases, after them; 6 of them brought the picture",
        "6 cases came to the wrong unit and were forwarded 9 times",
        "6 cases began by phone",
        "3 cases of the committee have a diary number and were taken to the archive",
        "The statistics of this year count ",
        "final replies twice; the inbox has it once",
    ],
)
def test_the_story_tells_what_was_shown(ended, words):
    """A1, A10, A12, B4, B11, C3, D2, D6, E3, F1, INTEROP §2.6."""
    assert words in " ".join(ended[1])


def test_the_story_shows_no_personal_number(ended):
    """A8."""
    text = "\n".join(ended[1])
    assert [n for n in ("191212121212", "188803099368", "200208012393") if n in text] == []


def test_no_process_and_no_file_is_left(ended, demo):
    """G5: a demo leaves the machine as it was."""
    assert len(demo.seen) >= 7
    assert demo.left_behind() == ([], [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_told_to_stop_leaves_nothing(own_demo, number):
    """G5: Ctrl-C, and what a machine says when it shuts down."""
    own_demo.wait_for(lambda: own_demo.receipts() >= 1)
    own_demo.process.send_signal(number)
    code, lines = own_demo.finish()
    assert (code, lines[-1]) == (130, "Stopped.")
    assert own_demo.left_behind() == ([], [])
