"""Group commit: many requests in one transaction, each with its own answer."""

import asyncio
import threading
from itertools import chain

import pytest

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Conflicting, Kept, Receipt
from gateway.store import committer as committer_module
from gateway.store.committer import Committer, NoShortWay, Sizes
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


class FakeWay:
    """A short way that is held up, gone, closed or out of order as a test wants it."""

    def __init__(self):
        self.batches = []
        self.open = True
        self.fault = None
        self.closed = False
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def add(self, batch):
        await self.may_go_on.wait()
        if self.fault:
            raise self.fault
        if not self.open:
            return None
        self.batches.append([new.number for new in batch])
        return [Kept(Receipt(new.number, NOW), repeated=False) for new in batch]

    async def close(self):
        self.closed = True


@pytest.fixture
def committer(cases):
    """A committer that lets four wait, and puts three in a transaction."""
    yield Committer(cases.add, limit=4, sizes=Sizes(3, 3))
    cases.may_go_on.set()


def run(committer, acting):
    """Act, and stop the committer, on one event loop."""

    async def act_and_stop():
        try:
            return await asyncio.wait_for(acting, 30)
        finally:
            await committer.stop()

    return asyncio.run(act_and_stop())


async def send(committer, cases, count):
    """Let one case be under way, and that many wait behind it; gives the waiting requests."""
    cases.hold()
    first = asyncio.create_task(committer.keep(make_new_case()))
    await asyncio.to_thread(cases.begun.wait)
    waiting = [asyncio.create_task(committer.keep(make_new_case())) for _ in range(count)]
    await asyncio.sleep(0)
    return [first, *waiting]


async def keep_all(committer, count):
    """Send so many cases at the same time."""
    asked = (committer.keep(make_new_case()) for _ in range(count))
    return await asyncio.gather(*asked, return_exceptions=True)


def test_a_request_gets_the_answer_to_its_own_case(committer):
    """DESIGN decision 3: the receipt when it is on disk."""
    new = make_new_case()
    kept = run(committer, committer.keep(new))
    assert kept == Kept(Receipt(new.number, NOW), repeated=False)


def test_what_waits_goes_into_one_transaction(committer, cases):
    """DESIGN decision 3: group commit, up to the largest batch."""

    async def send_all():
        requests = await send(committer, cases, 4)
        cases.may_go_on.set()
        return await asyncio.gather(*requests)

    answers = run(committer, send_all())
    assert [len(batch) for batch in cases.batches] == [1, 3, 1]
    assert [kept.receipt.case_number for kept in answers] == [*chain(*cases.batches)]


def test_a_batch_of_the_usual_size_does_not_wait_for_more(cases):
    """Decision 0032: the next is read while this one is on its way to the disk."""
    way = FakeWay()
    committer = Committer(cases.add, [way], sizes=Sizes(2, 8))
    run(committer, keep_all(committer, 5))
    assert [len(batch) for batch in way.batches] == [2, 2, 1]


def test_of_very_many_a_share_is_left_to_go_side_by_side(cases):
    """Decision 0032: batches grow with what waits, up to the largest."""
    way = FakeWay()
    committer = Committer(cases.add, [way], sizes=Sizes(1, 8))

    async def wait_together():
        way.may_go_on.clear()
        asked = [asyncio.create_task(committer.keep(make_new_case())) for _ in range(25)]
        await asyncio.sleep(0)
        way.may_go_on.set()
        await asyncio.gather(*asked)

    run(committer, wait_together())
    assert [len(batch) for batch in way.batches] == [1, 8, 8, 4, 2, 1, 1]


def test_several_ways_are_used_side_by_side(cases):
    """Decision 0032: one that is slow does not hold up the others."""
    slow, quick = FakeWay(), FakeWay()
    committer = Committer(cases.add, [slow, quick], sizes=Sizes(1, 1))

    async def pass_by():
        slow.may_go_on.clear()
        first = asyncio.create_task(committer.keep(make_new_case()))
        await asyncio.sleep(0)
        others = await keep_all(committer, 3)
        slow.may_go_on.set()
        return [await first, *others]

    answers = run(committer, pass_by())
    assert [type(answer) for answer in answers] == [Kept] * 4
    assert (len(slow.batches), len(quick.batches)) == (1, 3)


def test_the_last_way_is_left_to_batches_of_the_usual_size(cases, monkeypatch):
    """Decision 0034: small batches would cost more than they gain."""
    monkeypatch.setattr(committer_module, "_COURTESY_S", 30.0)
    slow, last = FakeWay(), FakeWay()
    committer = Committer(cases.add, [slow, last], sizes=Sizes(3, 3))

    async def come_one_by_one():
        slow.may_go_on.clear()
        asked = []
        for _ in range(6):
            asked.append(asyncio.create_task(committer.keep(make_new_case())))
            # Long enough to be taken in, and handed over if it were enough.
            for _ in range(5):
                await asyncio.sleep(0)
        done = [one.done() for one in asked]
        slow.may_go_on.set()
        await asyncio.gather(*asked)
        return done

    # The first went alone, three others past it, and what came then waited for one of them to end.
    assert run(committer, come_one_by_one()) == [False, True, True, True, False, False]
    assert [[len(batch) for batch in way.batches] for way in (slow, last)] == [[1], [3, 2]]


@pytest.mark.parametrize("ways", [2, 3])
def test_a_few_do_not_wait_for_those_that_are_held_up(cases, ways):
    """DOMAIN C2: only for a moment the last way is left to others."""
    held_up, last = [FakeWay() for _ in range(ways - 1)], FakeWay()
    committer = Committer(cases.add, [*held_up, last])

    async def pass_by():
        stuck = []
        for way in held_up:
            way.may_go_on.clear()
            stuck.append(asyncio.create_task(committer.keep(make_new_case())))
            for _ in range(5):
                await asyncio.sleep(0)
        for _ in range(3):
            await committer.keep(make_new_case())
        done = [one.done() for one in stuck]
        for way in held_up:
            way.may_go_on.set()
        await asyncio.gather(*stuck)
        return done

    assert run(committer, pass_by()) == [False] * (ways - 1)
    assert [len(batch) for batch in last.batches] == [1, 1, 1]


@pytest.mark.parametrize("fault", [None, ValueError("a bug, or a bad row")])
def test_what_the_short_way_does_not_keep_goes_the_long_way(cases, fault):
    """Decision 0032: whatever is wrong with it, nothing is lost and the way is used again."""
    way = FakeWay()
    way.open, way.fault = False, fault
    committer = Committer(cases.add, [way])

    async def fail_and_mend():
        answers = await keep_all(committer, 3)
        way.open, way.fault = True, None
        return answers + await keep_all(committer, 2)

    answers = run(committer, fail_and_mend())
    assert [type(answer) for answer in answers] == [Kept] * 5
    assert ([len(b) for b in cases.batches], [len(b) for b in way.batches]) == ([3], [2])
    assert way.closed


def test_a_short_way_that_says_that_the_database_is_gone_is_believed(cases):
    """CONTRACT: 503; nobody waits for the same answer twice."""
    way = FakeWay()
    way.fault = Unavailable("gone", retry_after=7)
    committer = Committer(cases.add, [way])
    told = run(committer, keep_all(committer, 2))
    assert [error.retry_after for error in told] == [7, 7]
    assert cases.batches == []


def test_no_thread_is_told_as_what_it_is(cases, monkeypatch):
    """A machine that is full: 503, and the way is used again."""
    committer = Committer(cases.add, [NoShortWay()])

    def fail(*_):
        raise RuntimeError("can't start new thread")

    async def fail_and_mend():
        with monkeypatch.context() as patched:
            patched.setattr(committer._long_way, "submit", fail)
            refused = await keep_all(committer, 2)
        return refused + await keep_all(committer, 2)

    answers = run(committer, fail_and_mend())
    assert [type(answer) for answer in answers] == [Unavailable, Unavailable, Kept, Kept]


def test_a_conflict_is_an_answer_like_any_other():
    """DESIGN decision 9: the request tells it to its sender."""
    committer = Committer(lambda batch: [Conflicting() for _ in batch])
    assert run(committer, committer.keep(make_new_case())) == Conflicting()


def test_too_many_that_wait_are_asked_to_come_back(committer, cases):
    """DESIGN decision 3: the queue is bounded: 503 with Retry-After."""

    async def send_one_too_many():
        requests = await send(committer, cases, 4)
        with pytest.raises(Unavailable) as caught:
            await committer.keep(make_new_case())
        cases.may_go_on.set()
        await asyncio.gather(*requests)
        return caught.value.retry_after

    assert run(committer, send_one_too_many()) == 1


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

    answers = run(committer, send_all())
    assert [type(answer) for answer in answers] == [Kept, Kept, Kept, ValueError, Kept]


def test_all_that_wait_are_told_that_the_database_is_gone(committer, cases):
    """CONTRACT: 503; each request gets an error of its own."""

    async def send_all():
        requests = await send(committer, cases, 2)
        cases.gone = True
        cases.may_go_on.set()
        return await asyncio.gather(*requests, return_exceptions=True)

    told = run(committer, send_all())
    assert [error.retry_after for error in told] == [7, 7, 7]
    assert len({id(error) for error in told}) == 3


def test_nobody_waits_for_the_same_answer_batch_after_batch(cases):
    """DESIGN decision 3: when the database is gone, all that wait are told so."""
    asked = []

    def fail_slowly(batch):
        cases.begun.set()
        cases.may_go_on.wait()
        asked.append(len(batch))
        raise Unavailable("gone")

    committer = Committer(fail_slowly, sizes=Sizes(2, 2))

    async def send_all():
        requests = await send(committer, cases, 20)
        cases.may_go_on.set()
        return await asyncio.gather(*requests, return_exceptions=True)

    answers = run(committer, send_all())
    assert [type(answer) for answer in answers] == [Unavailable] * 21
    assert asked == [1]


def test_large_batches_have_few_sizes(cases):
    """A database keeps a statement ready for each size that it has met."""
    way = FakeWay()
    committer = Committer(cases.add, [way], sizes=Sizes(1, 128))

    async def wait_together():
        for count in range(1, 120, 7):
            way.may_go_on.clear()
            asked = [asyncio.create_task(committer.keep(make_new_case())) for _ in range(count)]
            await asyncio.sleep(0)
            way.may_go_on.set()
            await asyncio.gather(*asked)

    run(committer, wait_together())
    large = {len(batch) for batch in way.batches if len(batch) > 16}
    assert large
    assert {size % 16 for size in large} == {0}


def test_the_database_is_tried_again_for_the_next_one(committer, cases):
    """DOMAIN G5: recovery without a restart."""

    async def go_and_come_back():
        cases.gone = True
        with pytest.raises(Unavailable):
            await committer.keep(make_new_case())
        cases.gone = False
        return await committer.keep(make_new_case())

    assert isinstance(run(committer, go_and_come_back()), Kept)


def test_a_cancelled_request_does_not_harm_the_others(committer, cases):
    """A client that hangs up has sent its case; the case is kept, and so are the others."""

    async def cancel_one():
        requests = await send(committer, cases, 2)
        requests[1].cancel()
        cases.may_go_on.set()
        return await asyncio.gather(*requests, return_exceptions=True)

    answers = run(committer, cancel_one())
    assert [type(answer) for answer in answers] == [Kept, asyncio.CancelledError, Kept]
    assert [len(batch) for batch in cases.batches] == [1, 2]


def test_what_waits_is_kept_before_it_stops(committer, cases):
    """DOMAIN G5: a clean stop loses nothing."""

    async def stop_meanwhile():
        requests = await send(committer, cases, 4)
        stopping = asyncio.create_task(committer.stop())
        cases.may_go_on.set()
        await stopping
        return await asyncio.gather(*requests)

    answers = asyncio.run(stop_meanwhile())
    assert [type(answer) for answer in answers] == [Kept] * 5


def test_what_was_still_being_gathered_is_kept_before_it_stops(committer):
    """DOMAIN G5: also what came a moment ago."""

    async def stop_at_once():
        requests = [asyncio.create_task(committer.keep(make_new_case())) for _ in range(2)]
        await asyncio.sleep(0)
        await committer.stop()
        return await asyncio.gather(*requests)

    assert [type(answer) for answer in asyncio.run(stop_at_once())] == [Kept] * 2


def test_what_is_too_few_for_the_last_way_is_kept_before_it_stops(cases):
    """DOMAIN G5: what waits for another batch to end is not left behind."""
    slow = FakeWay()
    committer = Committer(cases.add, [slow, slow])

    async def stop_meanwhile():
        slow.may_go_on.clear()
        requests = []
        for _ in range(3):
            requests.append(asyncio.create_task(committer.keep(make_new_case())))
            await asyncio.sleep(0)
        stopping = asyncio.create_task(committer.stop())
        await asyncio.sleep(0)
        slow.may_go_on.set()
        await stopping
        return [one.done() for one in requests]

    assert asyncio.run(stop_meanwhile()) == [True] * 3


def test_nothing_is_taken_after_the_stop(committer):
    """What could not be kept is refused, and not left hanging."""

    async def come_too_late():
        await committer.stop()
        await committer.keep(make_new_case())

    with pytest.raises(Unavailable, match="stopping"):
        asyncio.run(come_too_late())


def test_the_worker_is_told_when_something_was_kept(cases):
    """DESIGN, one case from door to inbox: the worker need not look for itself."""
    told = threading.Event()
    committer = Committer(cases.add, on_kept=told.set)
    run(committer, committer.keep(make_new_case()))
    assert told.is_set()


def test_the_worker_is_not_told_when_nothing_was_kept(cases):
    """A database that is gone has nothing new to deliver."""
    told = threading.Event()
    committer = Committer(cases.add, on_kept=told.set)
    cases.gone = True
    with pytest.raises(Unavailable):
        run(committer, committer.keep(make_new_case()))
    assert not told.is_set()
