"""A load of cases: many clients, each sending its next case when it has the last receipt."""

import asyncio
import os
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvloop

from bench.ways import SOAP, Way

_HUNG_UP = "hung up before the answer"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass
class Run:
    """What came back; times in seconds."""

    receipts: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Receipts a second."""
        return len(self.receipts) / self.seconds

    def percentile_ms(self, percent: int) -> float:
        """The time that so many percent of the receipts came within."""
        return statistics.quantiles(self.times, n=100)[percent - 1] * 1000


def send(port: int, unit: str, clients: int, seconds: float, name: str, way: Way = SOAP) -> Run:
    """Send cases to `unit` for so many seconds, after a short warm-up that is not counted."""
    warm_up = min(1.0, seconds / 4)
    with _ahead_of_others():
        uvloop.run(_run(Sender(port, unit, way), clients, warm_up, f"{name}-warm"))
        return uvloop.run(_run(Sender(port, unit, way), clients, seconds, name))


def send_so_many(
    port: int, unit: str, cases: int, name: str = "case", clients: int = 16
) -> list[str]:
    """Send so many cases and wait for every receipt; gives their ids."""
    case_ids = [f"{name}-{number}" for number in range(cases)]
    uvloop.run(_send_all(Sender(port, unit), case_ids, clients))
    return case_ids


async def send_one(port: int, unit: str, case_id: str) -> bool:
    """Send one case over a connection of its own; tells whether there is a receipt."""
    async with Sender(port, unit).connected() as connection:
        return await connection.send(case_id) is not None


class Connection(asyncio.Protocol):
    """One kept connection, with one request at a time."""

    # A protocol, and not a pair of streams: what sends shares the machine with what is measured.

    def __init__(self, sender: "Sender") -> None:
        self._sender = sender
        self._came = b""
        self._answered: asyncio.Future[bytes] | None = None

    async def __aenter__(self) -> "Connection":
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(
            lambda: self, "127.0.0.1", self._sender.port
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Put together what came, until it is a whole answer."""
        self._came += data
        head = self._came.find(b"\r\n\r\n") + 4
        if head < 4 or self._answered is None:
            return
        length = _LENGTH.search(self._came, 0, head)
        if len(self._came) >= head + (int(length[1]) if length else 0):
            self._answered.set_result(self._came)
            self._came, self._answered = b"", None

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits; nobody does when all is well."""
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or EOFError(_HUNG_UP))

    async def send(self, case_id: str) -> str | None:
        """Send a case; gives the number of its receipt. Raises when the connection is lost."""
        if self._transport.is_closing():
            raise EOFError(_HUNG_UP)
        way = self._sender.way
        self._answered = answered = asyncio.get_running_loop().create_future()
        self._transport.write(way.request(self._sender.unit, case_id))
        answer = await answered
        taken = answer.split(b" ", 2)[1] in (b"200", b"201")
        number = way.number.search(answer)
        return number[1].decode() if taken and number else None


def goes_first() -> bool:
    """Tell whether the machine lets a load go before all others."""
    with _ahead_of_others() as is_ahead:
        return is_ahead


@contextmanager
def _ahead_of_others() -> Iterator[bool]:
    """
    Let this process run as soon as an answer comes; gives whether the machine lets us.

    It stands for clients that are elsewhere: their next case would not wait until a database here
    has had its turn. Processes that are started meanwhile do not inherit it.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except PermissionError:
        yield False
        return
    try:
        yield True
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


@dataclass(frozen=True)
class Sender:
    """Where cases are sent, and by which way in."""

    port: int
    unit: str
    way: Way = SOAP

    def connected(self) -> Connection:
        """Open a connection, for the block."""
        return Connection(self)


async def _send_all(sender: Sender, case_ids: Sequence[str], clients: int) -> None:
    async def client(own: Sequence[str]) -> None:
        async with sender.connected() as connection:
            for case_id in own:
                if await connection.send(case_id) is None:
                    raise RuntimeError("a case was not accepted")

    await asyncio.gather(*(client(case_ids[n::clients]) for n in range(clients)))


async def _run(sender: Sender, clients: int, seconds: float, name: str) -> Run:
    run = Run()
    start = time.perf_counter()
    until = start + seconds
    each = (_client(sender, f"{name}-{n}", until, run) for n in range(clients))
    await asyncio.gather(*each)
    run.seconds = time.perf_counter() - start
    return run


async def _client(sender: Sender, name: str, until: float, run: Run) -> None:
    async with sender.connected() as connection:
        count = 0
        while (began := time.perf_counter()) < until:
            count += 1
            number = await connection.send(f"{name}-{count}")
            if number is None:
                run.refused += 1
                continue
            run.times.append(time.perf_counter() - began)
            run.receipts.append(number)
