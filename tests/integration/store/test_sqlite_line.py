"""New cases are written into an SQLite file by a process of their own, whatever becomes of it."""

import asyncio
import os
import resource
import selectors
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import psutil
import pytest
import structlog
import uvloop
from sqlalchemy import func, select

from gateway.domain.errors import Unavailable
from gateway.store import quick_cases, sqlite_line, sqlite_writer
from gateway.store.at_once import on_sqlite
from gateway.store.new_cases import rows_of
from gateway.store.place import Place
from gateway.store.sql_store import open_store
from gateway.store.sqlite_writer import KEPT, REFUSED, Writer, asked
from gateway.store.tables import cases
from gateway.testing.builders import make_case, make_new_case

# What a slow machine may need (seconds); each wait ends as soon as it can.
SOON = 30
LOOPS = pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])


@pytest.fixture
def store(sqlite_url):
    """The store in an SQLite file."""
    store = open_store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def taken(store):
    """A case that is kept already: what has its number is refused."""
    new = make_new_case()
    store.cases.add([new])
    return new


def way_of(store) -> Any:
    """The short way of a store, also to look inside."""
    quick, *_ = store.quick_cases()
    return quick


@asynccontextmanager
async def short_way(store):
    """The short way of a store, open; closed at the end."""
    quick = way_of(store)
    await asyncio.to_thread(quick._line.open)
    try:
        yield quick
    finally:
        await quick.close()


def writer_of(quick):
    """The process that writes."""
    return psutil.Process(quick._line._writer._process.pid)


def count(store):
    """How many cases there are."""
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(cases))


def has_come(connection):
    """Wait until there is something to read, and leave it there."""
    with selectors.DefaultSelector() as looking:
        looking.register(connection, selectors.EVENT_READ)
        return looking.select(SOON)


def run_on(new_loop, work):
    """Run something on a loop of this kind."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


def kept(answers):
    """Whether a batch was kept the short way."""
    return answers is not None and len(answers) == 1


@LOOPS
def test_one_that_is_killed_while_it_waits_is_told_apart(store, new_loop):
    """DOMAIN C1: what it was asked last goes the long way, which looks for what is kept."""

    async def kill_it():
        async with short_way(store) as quick:
            first = await quick.add([make_new_case()])
            writer = writer_of(quick)
            writer.suspend()
            waiting = asyncio.create_task(quick.add([make_new_case()]))
            await asyncio.sleep(0.1)
            writer.kill()
            async with asyncio.timeout(SOON):
                return first, await waiting, quick._line.is_open

    first, second, is_open = run_on(new_loop, kill_it())
    assert (kept(first), second, is_open) == (True, None, False)
    assert count(store) == 1


@LOOPS
def test_another_is_started_when_it_is_gone(store, new_loop, monkeypatch):
    """DOMAIN G5: by the next batch, which goes the long way, and the operator reads why."""
    monkeypatch.setattr(quick_cases, "_REST_S", 0.0)

    async def kill_and_go_on():
        async with short_way(store) as quick:
            await quick.add([make_new_case()])
            writer_of(quick).kill()
            answers: list[Any] = []
            async with asyncio.timeout(SOON):
                while not answers or answers[-1] is None:
                    answers.append(await quick.add([make_new_case()]))
                    await asyncio.sleep(0.01)
            return answers

    with structlog.testing.capture_logs() as lines:
        answers = run_on(new_loop, kill_and_go_on())
    assert kept(answers[-1])
    told = [(one["event"], one["status"]) for one in lines]
    assert told == [("committer.writer_ended", -signal.SIGKILL)]


def test_one_that_stands_still_is_killed(store, monkeypatch):
    """DOMAIN C2: nobody waits for it for ever."""
    monkeypatch.setattr(sqlite_line, "LONGEST_S", 0.2)

    async def stand_still():
        async with short_way(store) as quick:
            writer_of(quick).suspend()
            async with asyncio.timeout(SOON):
                return await quick.add([make_new_case()])

    with structlog.testing.capture_logs() as lines:
        assert asyncio.run(stand_still()) is None
    assert [one["event"] for one in lines] == ["committer.writer_silent"]
    assert count(store) == 0


@LOOPS
def test_one_that_has_answered_a_gateway_that_stood_still_goes_on(store, new_loop, monkeypatch):
    """DOMAIN G2: nobody is told of a trouble that there was not."""
    monkeypatch.setattr(sqlite_line, "LONGEST_S", 0.2)

    async def stand_still():
        async with short_way(store) as quick:
            first = asyncio.create_task(quick.add([make_new_case()]))
            await asyncio.sleep(0)
            # The loop does nothing until the answer lies there, and patience has ended.
            assert has_come(quick._line._writer._socket)
            time.sleep(2 * sqlite_line.LONGEST_S)
            answer = await first
            quick._line._writer.asking._longest_s = SOON
            return [answer, await quick.add([make_new_case()])]

    with structlog.testing.capture_logs() as lines:
        answers = run_on(new_loop, stand_still())
    assert all(map(kept, answers))
    assert lines == []


@LOOPS
def test_the_next_is_sent_before_the_last_is_answered(store, taken, new_loop):
    """Decision 0034: each gets the answer to its own, however large the one before it was."""

    async def send_three():
        async with short_way(store) as quick:
            writer_of(quick).suspend()
            # Far more than the system keeps of what is sent and not read.
            large = [make_new_case(make_case(description="x" * 9_000)) for _ in range(100)]
            batches = [large, [replace(make_new_case(), number=taken.number)], [make_new_case()]]
            asked = [asyncio.create_task(quick.add(batch)) for batch in batches]
            await asyncio.sleep(0.1)
            assert not any(one.done() for one in asked)
            writer_of(quick).resume()
            async with asyncio.timeout(SOON):
                answers = [await one for one in asked]
            return [answer and len(answer) for answer in answers], quick._line.is_open

    assert run_on(new_loop, send_three()) == ([100, None, 1], True)
    assert count(store) == 102


@LOOPS
def test_all_that_were_under_way_are_told_when_it_is_killed(store, new_loop):
    """DOMAIN C1: each of them goes the long way; what was answered before stays answered."""

    async def kill_it():
        async with short_way(store) as quick:
            writer = writer_of(quick)
            writer.suspend()
            asked = [asyncio.create_task(quick.add([make_new_case()])) for _ in range(3)]
            await asyncio.sleep(0.1)
            writer.kill()
            async with asyncio.timeout(SOON):
                answers = [await one for one in asked]
            # Whoever asks now is told at once, until another was started.
            return answers, await quick._line.insert(rows_of([make_new_case()]))

    assert run_on(new_loop, kill_it()) == ([None, None, None], False)
    assert count(store) == 0


@LOOPS
def test_an_answer_is_for_the_one_that_asked(store, taken, new_loop):
    """DOMAIN C1: what was given up is not taken for the answer to the next one."""

    async def give_up_and_ask():
        async with short_way(store) as quick:
            writer = writer_of(quick)
            writer.suspend()
            given_up = asyncio.create_task(quick.add([make_new_case()]))
            await asyncio.sleep(0.1)
            given_up.cancel()
            await asyncio.wait([given_up])
            writer.resume()
            batches = ([replace(make_new_case(), number=taken.number)], [make_new_case()])
            return [kept(await quick.add(batch)) for batch in batches]

    assert run_on(new_loop, give_up_and_ask()) == [False, True]
    assert count(store) == 3


def test_signals_for_all_processes_of_a_gateway_do_not_end_it(store):
    """A terminal, or a service manager, tells all of them; the gateway ends what is under way."""

    async def tell_it():
        async with short_way(store) as quick:
            for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                writer_of(quick).send_signal(one)
            return await quick.add([make_new_case()])

    assert kept(asyncio.run(tell_it()))


# Keeps one case the short way, tells who wrote it, and waits to be killed.
GATEWAY = textwrap.dedent("""
    import asyncio, signal, sys
    from gateway.store.sql_store import open_store
    from gateway.testing.builders import make_new_case

    async def keep():
        quick, *_ = open_store(sys.argv[1]).quick_cases()
        quick._line.open()
        assert await quick.add([make_new_case()])
        print(quick._line._writer._process.pid, flush=True)
        signal.pause()

    asyncio.run(keep())
""")


def test_it_ends_with_its_gateway(store, sqlite_url):
    """Also when that was killed: nothing is left behind."""
    command = [sys.executable, "-c", GATEWAY, sqlite_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as gateway:
        assert gateway.stdout is not None
        writer = psutil.Process(int(gateway.stdout.readline()))
        assert writer.ppid() == gateway.pid
        gateway.kill()
    psutil.wait_procs([writer], timeout=SOON)
    assert not writer.is_running() or writer.status() == psutil.STATUS_ZOMBIE
    assert count(store) == 1


def test_it_ends_when_it_is_let_go(store):
    """A stop leaves nothing behind."""

    async def let_go():
        async with short_way(store) as quick:
            await quick.add([make_new_case()])
            return writer_of(quick)

    assert not asyncio.run(let_go()).is_running()


def test_a_file_that_cannot_be_written_now_is_told(store):
    """CONTRACT: 503; without SQL or values."""

    async def write_in_a_file_that_is_full():
        async with short_way(store) as quick:
            limits = resource.prlimit(0, resource.RLIMIT_FSIZE)
            resource.prlimit(writer_of(quick).pid, resource.RLIMIT_FSIZE, (2048, limits[1]))
            with pytest.raises(Unavailable) as caught:
                await quick.add([make_new_case() for _ in range(50)])
            resource.prlimit(writer_of(quick).pid, resource.RLIMIT_FSIZE, limits)
            return str(caught.value), await quick.add([make_new_case()])

    words, afterwards = asyncio.run(write_in_a_file_that_is_full())
    assert words.startswith("the database does not answer: OperationalError SQLITE_")
    assert kept(afterwards)


def test_those_behind_one_that_waited_in_vain_are_told_at_once(store, sqlite_url):
    """DOMAIN C2: they would wait as long as it did, for the same answer."""
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)

    async def ask_while_it_is_locked():
        async with short_way(store) as quick:
            writer_of(quick).suspend()
            asked = [asyncio.create_task(quick.add([make_new_case()])) for _ in range(3)]
            await asyncio.sleep(0.1)
            other.execute("BEGIN IMMEDIATE")
            writer_of(quick).resume()
            await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            # Those that were tried now would be kept.
            other.execute("ROLLBACK")
            answers = await asyncio.gather(*asked, return_exceptions=True)
            return answers, await quick.add([make_new_case()])

    answers, afterwards = asyncio.run(ask_while_it_is_locked())
    other.close()
    busy = "the database does not answer: OperationalError SQLITE_BUSY"
    assert [str(answer) for answer in answers] == [busy] * 3
    assert (kept(afterwards), count(store)) == (True, 1)


def test_a_file_that_was_moved_away_is_told(store, sqlite_url):
    """DOMAIN C1: else half of the cases would be in each of two files."""
    path = sqlite_url.removeprefix("sqlite:///")

    async def move_away():
        async with short_way(store) as quick:
            await quick.add([make_new_case()])
            os.rename(path, f"{path}.away")
            with pytest.raises(Unavailable, match="not where it was"):
                await quick.add([make_new_case()])
            open(path, "w").close()
            with pytest.raises(Unavailable, match="another file"):
                await quick.add([make_new_case()])

    asyncio.run(move_away())


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    """DOMAIN C1: what makes a database is the upgrade, and nothing else."""
    store = open_store(f"sqlite:///{tmp_path}/none.sqlite3")
    quick = way_of(store)
    with pytest.raises(Unavailable, match="not there"):
        quick._line.open()
    assert not quick._line.is_open
    assert list(tmp_path.iterdir()) == []
    store.close()


def test_a_file_that_is_no_database_is_told(store, sqlite_url):
    """CONTRACT: in our words, by the process that finds it out."""
    with open(sqlite_url.removeprefix("sqlite:///"), "wb") as file:
        file.write(b"x" * 8192)
    quick = way_of(store)
    with pytest.raises(Unavailable, match="does not answer: DatabaseError SQLITE_NOTADB"):
        quick._line.open()


@pytest.mark.parametrize(
    ("of", "name", "value", "kind"),
    [
        (sqlite_writer, "__name__", "gateway.store.nowhere", "ChildProcessError"),
        (sys, "executable", "/nowhere/python", "FileNotFoundError"),
    ],
)
def test_one_that_cannot_be_started_is_told_once(store, monkeypatch, of, name, value, kind):
    """DOMAIN G2: every batch goes the slower way, and the operator reads why."""
    monkeypatch.setattr(of, name, value)
    monkeypatch.setattr(quick_cases, "_REST_S", 0.0)

    async def send():
        quick = way_of(store)
        for _ in range(3):
            assert await quick.add([make_new_case()]) is None
            await asyncio.wrap_future(quick._opening)
        await quick.close()

    with structlog.testing.capture_logs() as lines:
        asyncio.run(send())
    told = [(one["event"], one["kind"]) for one in lines]
    assert told == [("committer.line_not_opened", kind)]


def test_a_way_serves_one_loop_after_another(store):
    """As in programs that run one for each thing they do."""
    quick = way_of(store)
    quick._line.open()
    answers = [asyncio.run(quick.add([make_new_case()])) for _ in range(2)]
    asyncio.run(quick.close())
    assert all(map(kept, answers))


@LOOPS
def test_what_one_loop_gave_up_does_not_hold_up_the_next(store, new_loop):
    """Whoever asks there listens anew."""
    quick = way_of(store)
    quick._line.open()

    async def give_up():
        writer_of(quick).suspend()
        asyncio.create_task(quick.add([make_new_case()]))  # noqa: RUF006 it is cancelled with the loop
        await asyncio.sleep(0.1)

    async def ask():
        writer_of(quick).resume()
        async with asyncio.timeout(SOON):
            answer = await quick.add([make_new_case()])
        await quick.close()
        return answer

    run_on(new_loop, give_up())
    assert kept(run_on(new_loop, ask()))
    assert count(store) == 2


def test_what_could_be_made_in_part_only_is_made_the_next_time(store):
    """A disk may be full for a moment."""
    statement = on_sqlite(store.database.dialect, rows_of([make_new_case()]))
    writer = Writer(Place(store.database.path))
    # The view is there already, as after a trigger that could not be made.
    writer._driver.execute(statement[0][0])
    assert writer.write(statement) == KEPT
    writer.close()
    assert count(store) == 1


@pytest.mark.parametrize("value", ["\ud800", 1 << 64])
def test_a_value_that_no_file_holds_is_refused(store, value):
    """The long way finds out which of a batch it belongs to."""
    made_by, sql, values = on_sqlite(store.database.dialect, rows_of([make_new_case()]))
    writer = Writer(Place(store.database.path))
    assert writer.write((made_by, sql, (value, *values[1:]))) == REFUSED
    assert writer.write((made_by, sql, values)) == KEPT
    writer.close()


def test_half_a_question_is_not_answered(store):
    """DOMAIN C1: a gateway that was killed while it asked; nothing is written in part."""
    ours, theirs = socket.socketpair()
    ours.sendall(asked(on_sqlite(store.database.dialect, rows_of([make_new_case()])))[:-1])
    ours.shutdown(socket.SHUT_WR)
    with ours, theirs:
        sqlite_writer.serve(theirs, Place(store.database.path))
        assert ours.recv(100) == b"kept\n"
    assert count(store) == 0


def test_it_writes_as_durably_as_all_others(store):
    """DOMAIN C1: what was committed survives a loss of power."""
    writer = Writer(Place(store.database.path))
    names = ("synchronous", "journal_mode", "foreign_keys")
    found = [writer._driver.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    writer.close()
    assert found == [2, "wal", 1]
