"""Group commit: many requests in one transaction, each with its own answer."""

import asyncio
import threading
import time
from itertools import chain

import pytest

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Conflicting, Kept, Receipt
from gateway.store.committer import LONGEST_GATHERING_S, Committer
from gateway.testing.builders import NOW, make_new_case


class FakeCases:
    """Keeps cases in a list; can be held up, gone, or poisoned by some of them."""

    def __init__(self):
        self.batches = []
        self.gone = False
        self.poison = set()
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.begun = threading.Event()

    def add(self, batch):
        self.begun.set()
        self.may_go_on.wait()
        if self.gone:
            raise Unavailable("gone", retry_after=7)
        if not self.poison.isdisjoint(new.number for new in batch):
            raise ValueError("poison")
        self.batches.append([new.number for new in batch])
        return [Kept(Receipt(new.number, NOW), repeated=False) for new in batch]

    def hold(self):
        """Keep the writer in its next transaction until `may_go_on` is set."""
        self.may_go_on.clear()
        self.begun.clear()


@pytest.fixture
def cases():
    """The fake that is written to."""
    return FakeCases()


@pytest.fixture
def committer(cases):
    """A committer that lets four wait, and puts three in a transaction."""
    committer = Committer(cases.add, limit=4, largest_batch=3)
    yield committer
    cases.may_go_on.set()
    committer.stop()


async def send(committer, cases, count):
    """Let one case be under way, and that many wait behind it; gives the waiting requests."""
    cases.hold()
    first = asyncio.create_task(committer.keep(make_new_case()))
    await asyncio.to_thread(cases.begun.wait)
    waiting = [asyncio.create_task(committer.keep(make_new_case())) for _ in range(count)]
    await asyncio.sleep(0)
    return [first, *waiting]


def test_a_request_gets_the_answer_to_its_own_case(committer):
    """DESIGN decision 3: the receipt when it is on disk."""
    new = make_new_case()
    kept = asyncio.run(committer.keep(new))
    assert kept == Kept(Receipt(new.number, NOW), repeated=False)


def test_what_waits_goes_into_one_transaction(committer, cases):
    """DESIGN decision 3: group commit, up to the largest batch."""

    async def send_all():
        requests = await send(committer, cases, 4)
        cases.may_go_on.set()
        return await asyncio.gather(*requests)

    answers = asyncio.run(send_all())
    assert [len(batch) for batch in cases.batches] == [1, 3, 1]
    assert [kept.receipt.case_number for kept in answers] == [*chain(*cases.batches)]


def test_a_conflict_is_an_answer_like_any_other():
    """DESIGN decision 9: the request tells it to its sender."""
    committer = Committer(lambda batch: [Conflicting() for _ in batch])
    assert asyncio.run(committer.keep(make_new_case())) == Conflicting()
    committer.stop()


def test_too_many_that_wait_are_asked_to_come_back(committer, cases):
    """DESIGN decision 3: the queue is bounded: 503 with Retry-After."""

    async def send_one_too_many():
        requests = await send(committer, cases, 4)
        with pytest.raises(Unavailable) as caught:
            await committer.keep(make_new_case())
        cases.may_go_on.set()
        await asyncio.gather(*requests)
        return caught.value.retry_after

    assert asyncio.run(send_one_too_many()) == 1


def test_one_that_cannot_be_kept_fails_alone(committer, cases):
    """DESIGN decision 3: one bad row fails alone."""
    batch = [make_new_case() for _ in range(4)]
    cases.poison = {batch[2].number}

    async def send_all():
        requests = await send(committer, cases, 0)
        requests += [asyncio.create_task(committer.keep(new)) for new in batch]
        await asyncio.sleep(0)
        cases.may_go_on.set()
        return await asyncio.gather(*requests, return_exceptions=True)

    answers = asyncio.run(send_all())
    assert [type(answer) for answer in answers] == [Kept, Kept, Kept, ValueError, Kept]


def test_all_that_wait_are_told_that_the_database_is_gone(committer, cases):
    """CONTRACT: 503; each request gets an error of its own."""

    async def send_all():
        requests = await send(committer, cases, 2)
        cases.gone = True
        cases.may_go_on.set()
        return await asyncio.gather(*requests, return_exceptions=True)

    told = asyncio.run(send_all())
    assert [error.retry_after for error in told] == [7, 7, 7]
    assert len({id(error) for error in told}) == 3


def test_the_database_is_tried_again_for_the_next_one(committer, cases):
    """DOMAIN G5: recovery without a restart."""
    cases.gone = True
    with pytest.raises(Unavailable):
        asyncio.run(committer.keep(make_new_case()))
    cases.gone = False
    assert isinstance(asyncio.run(committer.keep(make_new_case())), Kept)


def test_a_cancelled_request_does_not_harm_the_others(committer, cases):
    """A client that hangs up has sent its case; the case is kept, and so are the others."""

    async def cancel_one():
        requests = await send(committer, cases, 2)
        requests[1].cancel()
        cases.may_go_on.set()
        return await asyncio.gather(*requests, return_exceptions=True)

    answers = asyncio.run(cancel_one())
    assert [type(answer) for answer in answers] == [Kept, asyncio.CancelledError, Kept]
    assert [len(batch) for batch in cases.batches] == [1, 2]


def test_a_loop_that_is_gone_does_not_harm_the_others(committer, cases):
    """A server that was stopped hard leaves nobody to be told."""
    cases.hold()
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(committer.keep(make_new_case()), 0.01))
    cases.may_go_on.set()
    assert isinstance(asyncio.run(committer.keep(make_new_case())), Kept)


def test_the_writer_goes_on_when_it_took_what_was_still_being_gathered(committer, cases):
    """DESIGN decision 3: a loop that comes late to hand over finds nothing, and harms nothing."""

    async def take_before_it_is_handed_over():
        first, waiting = await send(committer, cases, 1)
        await asyncio.sleep(2 * LONGEST_GATHERING_S)
        late = asyncio.create_task(committer.keep(make_new_case()))
        await asyncio.sleep(0)
        cases.may_go_on.set()
        time.sleep(0.05)
        await asyncio.gather(first, waiting, late)
        return await asyncio.wait_for(committer.keep(make_new_case()), 5)

    assert isinstance(asyncio.run(take_before_it_is_handed_over()), Kept)


def test_what_waits_is_kept_before_it_stops(committer, cases):
    """DOMAIN G5: a clean stop loses nothing."""

    async def stop_meanwhile():
        requests = await send(committer, cases, 4)
        stopping = asyncio.create_task(asyncio.to_thread(committer.stop))
        cases.may_go_on.set()
        await stopping
        return await asyncio.gather(*requests)

    answers = asyncio.run(stop_meanwhile())
    assert [type(answer) for answer in answers] == [Kept] * 5


def test_nothing_is_taken_after_the_stop(committer):
    """What could not be kept is refused, and not left hanging."""
    committer.stop()
    with pytest.raises(Unavailable, match="stopping"):
        asyncio.run(committer.keep(make_new_case()))


def test_the_worker_is_told_when_something_was_kept(cases):
    """DESIGN, one case from door to inbox: the worker need not look for itself."""
    told = threading.Event()
    committer = Committer(cases.add, on_kept=told.set)
    asyncio.run(committer.keep(make_new_case()))
    committer.stop()
    assert told.is_set()


def test_the_worker_is_not_told_when_nothing_was_kept(cases):
    """A database that is gone has nothing new to deliver."""
    told = threading.Event()
    committer = Committer(cases.add, on_kept=told.set)
    cases.gone = True
    with pytest.raises(Unavailable):
        asyncio.run(committer.keep(make_new_case()))
    committer.stop()
    assert not told.is_set()
