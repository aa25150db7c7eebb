"""What was acknowledged is there after a kill -9 in the middle of group commits."""

import subprocess
import sys
import textwrap
from itertools import islice

import pytest

from gateway.domain.lifecycle import DeliveryState
from gateway.flow.timeline import Step, first_break
from gateway.testing.builders import TOLVAN

pytest_plugins = ["gateway.testing.postgres"]

# Thirty-two clients send cases without end, and tell the number of each that was acknowledged.
NODE = textwrap.dedent("""
    import asyncio, sys
    from gateway.store.committer import Committer
    from gateway.store.sql_store import open_store
    from gateway.testing.builders import make_new_case

    store = open_store(sys.argv[1])
    committer = Committer(store.cases.add, store.quick_cases())

    async def send():
        while True:
            kept = await committer.keep(make_new_case())
            print(kept.receipt.case_number, flush=True)

    async def send_all():
        await asyncio.gather(*(send() for _ in range(32)))

    asyncio.run(send_all())
""")


@pytest.fixture
def acknowledged(url):
    """The case numbers that a node acknowledged before it was killed."""
    command = [sys.executable, "-c", NODE, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as node:
        assert node.stdout is not None
        told = list(islice(node.stdout, 400))
        node.kill()
        told += node.stdout
    # What was cut off in the middle of a line was not told.
    return [line.strip() for line in told if line.endswith("\n")]


def waiting(store):
    """Give the numbers of the cases that wait to be delivered."""
    listed = store.deliveries.listed(DeliveryState.WAITING, None, None, 100_000)
    return {record.case_number for record in listed}


def test_what_was_acknowledged_is_there_whole(acknowledged, store):
    """DOMAIN C1: durable before the receipt, with its delivery, confirmation and timeline."""
    # What was on its way to the disk may get there while we look (decision 0034).
    before = waiting(store)
    confirmed = {m.case_number for m in store.cases.inbox_messages(TOLVAN, None, 100_000)}
    assert len(acknowledged) >= 400
    assert set(acknowledged) <= before <= confirmed <= waiting(store)
    for number in acknowledged[:: len(acknowledged) // 20]:
        links = store.cases.timeline(number)
        assert [link.entry.step for link in links] == [Step.CASE_ACCEPTED]
        assert first_break(links) is None
