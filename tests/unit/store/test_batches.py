"""What the committer tells those who measure."""

import asyncio

from gateway.flow.ports import Kept, Receipt
from gateway.metrics import Metrics
from gateway.store.committer import Committer
from gateway.testing.builders import NOW, make_new_case


def test_each_transaction_is_noted_once():
    """Issue 3, 10: the hot path pays for one note a batch, however many cases are in it."""
    metrics = Metrics()
    committer = Committer(
        lambda batch: [Kept(Receipt(new.number, NOW), repeated=False) for new in batch],
        watching=metrics,
    )

    async def send():
        await asyncio.gather(*(committer.keep(make_new_case()) for _ in range(5)))

        await committer.stop()

    asyncio.run(send())
    read = metrics.registry.get_sample_value
    assert (read("vaxel_commit_batch_cases_sum"), read("vaxel_commit_batch_cases_count")) == (5, 1)
    assert read("vaxel_commit_duration_seconds_count") == 1
