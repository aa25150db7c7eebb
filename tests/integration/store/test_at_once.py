"""New cases go the short way, and lie there as those that took the longer way (C1)."""

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
import structlog
import uvloop
from sqlalchemy import select, text

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Conflicting, Kept
from gateway.store import new_cases
from gateway.store.sql_store import open_store
from gateway.store.tables import case_events, cases, inbox_messages, outbox, timeline
from gateway.testing.builders import make_attachment, make_case, make_new_case
from gateway.testing.postgres import wait_until_locked_out

pytest_plugins = ["gateway.testing.postgres"]

NOT_KEPT = "committer.statement_not_kept"
TABLES = (cases, case_events, timeline, inbox_messages, outbox)
# What has a meaning of its own in JSON, in SQL or to a driver.
AWKWARD = "å \"x\" 'y' \\ \\u0041 %s ? :z $1 ${}\t\r\n\N{GRINNING FACE}\u2028\x7f"
ELSEWHERE = datetime(2026, 6, 1, 12, 30, 1, 20, tzinfo=timezone(timedelta(hours=-5)))


@asynccontextmanager
async def short_way(store):
    """The first short way of a store, open; closed at the end."""
    quick = store.quick_cases()[0]
    await until_open(quick)
    try:
        yield quick
    finally:
        await quick.close()


async def until_open(quick):
    """Do not leave it to the first batch to open it."""
    if not quick._line.is_open:
        await asyncio.to_thread(quick._line.open)


@asynccontextmanager
async def held_up(store, quick):
    """A batch under way that waits in the server, while the block lasts."""
    with store.database.writing() as holder:
        holder.execute(text("LOCK TABLE cases IN EXCLUSIVE MODE"))
        waiting = asyncio.create_task(quick.add([make_new_case()]))
        await asyncio.sleep(0.2)
        yield waiting


def add(store, *batches):
    """Send batches the short way, one after the other."""

    async def send():
        async with short_way(store) as quick:
            return [await quick.add(batch) for batch in batches]

    return asyncio.run(send())


def rows(store):
    """What lies in the tables."""
    with store.database.reading() as connection:
        return [connection.execute(select(table)).all() for table in TABLES]


def counts(store):
    """How much lies in each."""
    return [len(found) for found in rows(store)]


def test_all_of_a_batch_is_there_in_every_table(store):
    """DOMAIN C1: with its event, its timeline, its confirmation and its delivery."""
    batch = [make_new_case() for _ in range(100)]
    [answers] = add(store, batch)
    assert [one.receipt.case_number for one in answers] == [new.number for new in batch]
    assert counts(store) == [100] * len(TABLES)


def test_rows_are_the_same_by_both_ways(store):
    """Whichever way they came, they are read by the same code."""
    case = make_case(description=AWKWARD, desired_outcome=AWKWARD)
    new = make_new_case(case, unit_name=AWKWARD, received_at=ELSEWHERE, warnings=(AWKWARD, ""))
    new = replace(new, entry=replace(new.entry, details={"words": AWKWARD}))
    add(store, [new])
    short = rows(store)
    with store.database.writing() as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())
        new_cases.insert_all(connection, [new])
    assert short == rows(store)
    assert short[0][0].received_at == ELSEWHERE.astimezone(UTC)


def test_a_key_that_is_taken_leaves_nothing_of_its_batch(store):
    """The port: all are kept or none, in every table; the long way finds out which."""
    taken = make_new_case()
    refused = [make_new_case(), make_new_case(number=taken.number)]
    kept, second, third = add(store, [taken], refused, [make_new_case()])
    assert (len(kept), second, len(third)) == (1, None, 1)
    assert counts(store) == [2] * len(TABLES)


def test_repeats_in_a_batch_are_answered_as_the_first(store):
    """DOMAIN C3: whatever else is in the batch is kept."""
    first = make_new_case(make_case(case_id="a"))
    again = replace(make_new_case(first.case), fingerprint=first.fingerprint)
    other = replace(again, fingerprint="another")
    [answers] = add(store, [first, again, other])
    assert [type(one) for one in answers] == [Kept, Kept, Conflicting]
    assert [(one.receipt.case_number, one.repeated) for one in answers[:2]] == [
        (first.number, False),
        (first.number, True),
    ]
    assert counts(store) == [1] * len(TABLES)


def test_repeats_after_a_batch_go_the_long_way(store):
    """DOMAIN C3: which looks for what is here before it inserts."""
    first, other = make_new_case(make_case(case_id="a")), make_new_case(make_case(case_id="b"))
    again = replace(make_new_case(first.case), fingerprint=first.fingerprint)
    later = [again, other, replace(other, fingerprint="another")]
    assert add(store, [first], later)[1] is None
    answers = store.cases.add(later)
    assert [type(one) for one in answers] == [Kept, Kept, Conflicting]
    assert [one.repeated for one in answers[:2]] == [True, False]
    assert counts(store) == [2] * len(TABLES)


def test_cases_with_files_go_the_long_way(store):
    """Their files have rows too, and more than one a case."""
    file = make_attachment()
    assert add(store, [make_new_case(make_case(attachments=(file,)))]) == [None]
    assert counts(store) == [0] * len(TABLES)


def test_several_ways_write_side_by_side(url, store):
    """DOMAIN C1: nothing is lost or doubled when many are under way."""

    async def send():
        ways = [way for _ in range(2) for way in store.quick_cases()]
        for way in ways:
            await until_open(way)

        async def write(way):
            return [await way.add([make_new_case() for _ in range(5)]) for _ in range(6)]

        answers = await asyncio.gather(*map(write, ways))
        for way in ways:
            await way.close()
        return [one for of_way in answers for batch in of_way for one in batch or [None]]

    answers = asyncio.run(send())
    assert all(isinstance(one, Kept) for one in answers)
    assert counts(store) == [len(answers)] * len(TABLES)


def test_a_way_that_is_not_open_yet_lets_nobody_wait(store):
    """The first go the long way, which says it when the database is gone."""

    async def come_early():
        quick = store.quick_cases()[0]
        first = await quick.add([make_new_case()])
        await quick.close()
        return first

    assert asyncio.run(come_early()) is None


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_connection_that_is_cut_off_is_opened_again(store, caplog):
    """A firewall, or a restart of the server: nobody is refused, and the way is used again."""

    async def cut_off():
        async with short_way(store) as quick:
            first = await quick.add([make_new_case()])
            await asyncio.to_thread(end_of_others, store)
            lost = await quick.add([make_new_case()])
            await until_open(quick)
            return first, lost, await quick.add([make_new_case()])

    first, lost, again = asyncio.run(cut_off())
    assert (len(first), lost, len(again)) == (1, None, 1)
    assert caplog.records == []
    assert counts(store) == [2] * len(TABLES)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_connection_that_is_cut_off_while_it_waits_is_told_apart(store):
    """Whether it was kept is unknown then: the long way looks for it."""

    async def cut_off():
        async with short_way(store) as quick:
            await quick.add([make_new_case()])
            async with held_up(store, quick) as waiting:
                await asyncio.to_thread(end_of_others, store)
                return await waiting

    assert asyncio.run(cut_off()) is None
    assert counts(store) == [1] * len(TABLES)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_an_answer_is_for_the_one_that_asked(store):
    """DOMAIN C1: what was given up is not taken for the answer to the next one."""
    taken = make_new_case()
    store.cases.add([taken])

    async def give_up_and_ask():
        async with short_way(store) as quick:
            await quick.add([make_new_case()])
            async with held_up(store, quick) as given_up:
                given_up.cancel()
                await asyncio.wait([given_up])
            return await quick.add([replace(make_new_case(), number=taken.number)])

    assert asyncio.run(give_up_and_ask()) is None


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_server_that_ends_before_it_has_read_lets_nobody_wait(store, new_loop):
    """DOMAIN G5: a restart under load breaks the socket while an answer lies in it."""

    async def end_unread():
        async with short_way(store) as quick:
            await quick.add([make_new_case()])
            backend = quick._line._lent.connection.dbapi_connection.info.backend_pid
            os.kill(backend, signal.SIGSTOP)
            waiting = asyncio.create_task(quick.add([make_new_case()]))
            await asyncio.sleep(0.1)
            await asyncio.to_thread(end_of_others, store)
            os.kill(backend, signal.SIGCONT)
            # The loop is busy until the server has said its last word and broken the socket.
            time.sleep(0.3)
            async with asyncio.timeout(30):
                return await waiting, quick._line.is_open

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(end_unread()) == (None, False)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_lock_that_is_waited_for_too_long_is_told_at_once(url, store):
    """CONTRACT: 503; the long way would only wait for it once more."""
    hasty = open_store(f"{url}&options=-c%20lock_timeout%3D50ms")

    async def wait_for_a_lock():
        async with short_way(hasty) as quick:
            with store.database.writing() as holder:
                holder.execute(text("LOCK TABLE cases IN EXCLUSIVE MODE"))
                await quick.add([make_new_case()])

    with pytest.raises(Unavailable, match="55P03"):
        asyncio.run(wait_for_a_lock())
    hasty.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_another_node_keeps_meanwhile_is_answered_as_a_repeat(url, store):
    """DOMAIN C3: looked for, not found, and there when it is inserted."""
    first = make_new_case(make_case(case_id="a"))
    again = replace(make_new_case(first.case), fingerprint=first.fingerprint)
    with ThreadPoolExecutor(1) as thread:
        with store.database.writing() as other:
            new_cases.insert_all(other, [first])
            answering = thread.submit(store.cases.add, [again])
            with psycopg.connect(url, autocommit=True) as looking:
                wait_until_locked_out(looking)
        [answer] = answering.result(30)
    assert (answer.receipt.case_number, answer.repeated) == (first.number, True)
    assert counts(store) == [1] * len(TABLES)


def test_a_way_can_be_closed_twice(store):
    """A stop that comes while another goes on."""

    async def close_twice():
        async with short_way(store) as quick:
            await quick.add([make_new_case()])
            await quick.close()

    asyncio.run(close_twice())


def end_of_others(store):
    """Have the server end what writes the short way."""
    ends = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'WITH new_cases%'"
    )
    with store.database.reading() as connection:
        assert connection.execute(text(ends)).all() == [(True,)]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_pooler_that_keeps_no_statements_is_told_once(store):
    """DOMAIN G2: every batch goes the slower way, and the operator reads why."""

    async def send():
        async with short_way(store) as quick:
            statements_of(quick, "PREPARE new_cases AS SELECT 1")
            return [await quick.add([make_new_case()]) for _ in range(3)]

    with structlog.testing.capture_logs() as lines:
        assert asyncio.run(send()) == [None] * 3
    assert [(one["event"], one["sqlstate"]) for one in lines] == [(NOT_KEPT, "42P05")]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_statement_that_was_forgotten_is_prepared_again(store):
    """DOMAIN G2: one batch goes the slower way, and the next does not."""

    async def send():
        async with short_way(store) as quick:
            await quick.add([make_new_case()])
            statements_of(quick, "DEALLOCATE ALL")
            return [await quick.add([make_new_case()]) for _ in range(3)]

    with structlog.testing.capture_logs() as lines:
        first, *rest = asyncio.run(send())
    assert (first, [len(answers) for answers in rest]) == (None, [1, 1])
    assert [(one["event"], one["sqlstate"]) for one in lines] == [(NOT_KEPT, "26000")]


def statements_of(quick, sql):
    """Change what is prepared on a line's connection, as a pooler would between two batches."""
    quick._line._lent.connection.dbapi_connection.execute(sql)


def test_more_than_a_socket_holds_is_sent(store):
    """DOMAIN A4: long texts in a large batch are megabytes."""
    case = make_case(description="Ö" * 60_000)
    [answers] = add(store, [make_new_case(replace(case, case_id=str(n))) for n in range(64)])
    assert len(answers) == 64
    assert counts(store) == [64] * len(TABLES)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_text_stays_as_it_is_whatever_the_environment_prefers(url, monkeypatch):
    """DOMAIN A4: what the citizen wrote is what the unit reads."""
    monkeypatch.setenv("PGCLIENTENCODING", "latin1")
    case = make_case(description="Sjuksköterskan på mottagningen lyssnade")
    new = make_new_case(case)
    store = open_store(url)
    assert add(store, [new]) != [None]
    assert store.cases.content(new.number) == case
    store.close()
