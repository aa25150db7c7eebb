"""A case that the database cannot keep fails alone, and says nothing of what it holds."""

import asyncio
import traceback
from dataclasses import replace

import pytest

from gateway.flow.ports import Kept
from gateway.store.committer import Committer
from gateway.store.engine import NotKept
from gateway.testing.builders import NOW, TOLVAN, make_message, make_new_case

pytest_plugins = ["gateway.testing.postgres"]


def test_a_batch_with_a_bad_row_is_not_kept_at_all(store):
    """The port: all are kept or none."""
    good, taken = make_new_case(), make_new_case()
    with pytest.raises(NotKept) as caught:
        store.cases.add([good, taken, make_new_case(number=taken.number)])
    words = "".join(traceback.format_exception(caught.value))
    assert store.cases.find(good.number) is None
    assert not any(value in words for value in (TOLVAN.number, taken.number, "VALUES"))


def test_a_bad_row_fails_alone(store):
    """DESIGN decision 3: one bad row fails alone."""
    batch = [make_new_case() for _ in range(9)]
    batch[4] = replace(batch[4], number=batch[0].number)
    committer = Committer(store.cases.add, store.quick_cases())

    async def keep_all():
        answers = await asyncio.gather(*map(committer.keep, batch), return_exceptions=True)
        await committer.stop()
        return answers

    answers = asyncio.run(keep_all())
    assert [isinstance(answer, Kept) for answer in answers].count(True) == 8
    assert isinstance(answers[0], NotKept) or isinstance(answers[4], NotKept)
    assert len(store.deliveries.listed(None, None, None, 20)) == 8


def test_a_moment_without_a_time_zone_is_refused(store):
    """It would mean something else on every machine."""
    with pytest.raises(ValueError, match="without a time zone"):
        store.cases.add([make_new_case(received_at=NOW.replace(tzinfo=None))])


def test_a_case_that_is_unknown_cannot_be_put_in_an_inbox(store):
    """DOMAIN E1: the inbox shows cases, and nothing else."""
    with pytest.raises(LookupError, match="no case"):
        store.unit_inboxes.put(make_message())
