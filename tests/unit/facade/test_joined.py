"""An answer goes out in one go, and what is written never gets lost or out of order."""

import asyncio

import pytest

from gateway.facade.joined import MOST_GATHERED, Joined

HEAD, BODY = b"HTTP/1.1 200 OK\r\n\r\n", b"well"


class Wire(asyncio.Transport):
    """Remembers what was done to it."""

    def __init__(self):
        """Begin open."""
        super().__init__()
        self.done = []
        self.closing = False

    def write(self, data):
        """Remember the bytes."""
        self.done.append(data)

    def close(self):
        """Remember that."""
        self.done.append("closed")
        self.closing = True

    def abort(self):
        """Remember that."""
        self.done.append("aborted")
        self.closing = True

    def is_closing(self):
        """Tell."""
        return self.closing

    def get_write_buffer_size(self):
        """Say that a hundred bytes wait to be sent."""
        return 100


def _after(*acts, rounds=1):
    """Give what has reached the wire when these were done and the loop went round."""

    async def act():
        wire = Wire()
        joined = Joined(wire, asyncio.get_running_loop())
        for one in acts:
            one(joined)
        for _ in range(rounds):
            await asyncio.sleep(0)
        return [*wire.done]

    return asyncio.run(act())


def _write(data):
    return lambda joined: joined.write(data)


def test_what_is_written_in_one_round_is_sent_in_one_go():
    """The head and the body of an answer are two writes."""
    assert _after(_write(HEAD), _write(BODY)) == [HEAD + BODY]


def test_lines_are_gathered_too():
    """As asyncio has it, they are written one after the other."""
    assert _after(_write(HEAD), lambda joined: joined.writelines([BODY, BODY])) == [
        HEAD + BODY + BODY
    ]


def test_nothing_is_handed_on_before_the_round_has_ended():
    """There may be more."""
    assert _after(_write(HEAD), rounds=0) == []


def test_what_is_large_goes_at_once_and_in_order():
    """The transport must know of it, to tell who writes to wait."""
    large = b"x" * MOST_GATHERED
    assert _after(_write(HEAD), _write(large), _write(BODY), rounds=0) == [HEAD + large]
    assert _after(_write(HEAD), _write(large), _write(BODY)) == [HEAD + large, BODY]


def test_it_closes_when_all_is_handed_on():
    """Who closes after an answer has answered."""
    assert _after(_write(HEAD), Joined.close) == [HEAD, "closed"]


def test_nothing_is_sent_after_it_was_aborted():
    """Who is hung up on hears nothing more."""
    assert _after(_write(HEAD), Joined.abort) == ["aborted"]


def test_nothing_is_written_to_a_wire_that_closes():
    """The client may have gone within the round."""
    assert _after(_write(HEAD), lambda joined: joined._transport.close()) == ["closed"]


@pytest.mark.parametrize(("written", "size"), [((), 100), ((HEAD, BODY), 123)])
def test_what_is_gathered_counts_as_not_sent(written, size):
    """Whoever watches a client that takes nothing must see it."""
    sizes = []
    _after(*map(_write, written), lambda joined: sizes.append(joined.get_write_buffer_size()))
    assert sizes == [size]
