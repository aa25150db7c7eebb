"""A load of cases: many clients, each sending its next case when it has the last receipt."""

import asyncio
import re
import statistics
import time
from dataclasses import dataclass, field

from bench.envelope import make_envelope
from gateway.testing.process import E_SERVICE

_CASE_NUMBER = re.compile(rb"<(?:\w+:)?caseNumber>([^<]+)</")
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


def send(port: int, unit: str, clients: int, seconds: float, name: str) -> Run:
    """Send cases to `unit` for so many seconds, after a short warm-up that is not counted."""
    asyncio.run(_run(port, unit, clients, min(1.0, seconds / 4), f"{name}-warm"))
    return asyncio.run(_run(port, unit, clients, seconds, name))


async def _run(port: int, unit: str, clients: int, seconds: float, name: str) -> Run:
    run = Run()
    start = time.perf_counter()
    until = start + seconds
    each = (_client(port, unit, f"{name}-{n}", until, run) for n in range(clients))
    await asyncio.gather(*each)
    run.seconds = time.perf_counter() - start
    return run


async def _client(port: int, unit: str, name: str, until: float, run: Run) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while (began := time.perf_counter()) < until:
        count += 1
        body = make_envelope(unit, f"{name}-{count}")
        writer.write(_head(len(body)) + body)
        status, answer = await _answer(reader)
        number = _CASE_NUMBER.search(answer)
        if status != 200 or number is None:
            run.refused += 1
            continue
        run.times.append(time.perf_counter() - began)
        run.receipts.append(number[1].decode())
    writer.close()


def _head(length: int) -> bytes:
    return (
        "POST /soap HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml; charset=UTF-8\r\n"
        f'SOAPAction: ""\r\nx-vp-sender-id: {E_SERVICE}\r\nContent-Length: {length}\r\n\r\n'
    ).encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length[1])) if length else b""
    return int(head.split(b" ", 2)[1]), body
