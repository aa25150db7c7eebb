"""Long answers are written beside other requests, and sent as they are written."""

import asyncio
import threading
from dataclasses import replace

from lxml import etree

from gateway.domain.errors import Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.routed import Row
from gateway.facade.soap import make_calls
from gateway.facade.soap.interaction import Asked
from gateway.facade.soap.written import AT_ONCE, MOST_WAITING, PART, write_beside
from gateway.flow.catalogue import SERVED

SYSTEM = "SE2321000016-AVV1"
ASKED = (
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
    b'<v:hamtaAllaVirtualiseringar xmlns:v="urn:skl:tp:vagvalsinfo:v2"/></e:Body></e:Envelope>'
)


class _Noted(dict[str, tuple[Row, ...]]):
    """Rows of units, and which threads have read them."""

    def __init__(self, rows):
        super().__init__(rows)
        self.threads = set()

    def values(self):
        for value in super().values():
            self.threads.add(threading.get_ident())
            yield value


def test_a_long_answer_is_written_beside_other_requests_and_sent_in_parts(doors):
    """DOMAIN B10: 100 000 routes neither fill the memory nor keep a case waiting."""
    units, many = _with_units(doors, 2000)
    start, *parts = asyncio.run(_asked(many, ASKED))
    assert b"content-length" not in dict(start["headers"])
    assert threading.get_ident() not in units.threads
    sizes = [len(part["body"]) for part in parts]
    assert len(sizes) > 10
    assert max(sizes) < PART + 1000
    rows = etree.fromstring(b"".join(part["body"] for part in parts))[0][0]
    assert len(rows) == 2000 + 1 + len(SERVED) - 1


def test_what_nobody_reads_any_more_is_not_written(doors):
    """DOMAIN B12: a server takes what is sent to nobody, and says nothing."""
    _, many = _with_units(doors, 2000)
    sent = asyncio.run(_asked(many, ASKED, gone_after=3))
    assert 3 <= len(sent) < 8
    assert sent[-1]["more_body"]


def test_few_answers_are_written_at_once_and_few_more_wait(doors):
    """DOMAIN B12: the threads are for everybody; INTEROP §2.6: VP012 tells to come again."""
    go, writing, most = threading.Event(), [], []
    asked = Asked({}, doors.hsa_id, doors.identity.known[0].caller)

    def write(*_):
        writing.append(1)
        most.append(len(writing))
        go.wait(5)
        yield writing.pop() * ""

    async def all_at_once():
        asking = [write_beside(write, doors, asked) for _ in range(AT_ONCE + MOST_WAITING + 3)]
        tasks = [asyncio.create_task(one) for one in asking]
        await asyncio.wait(tasks, timeout=3, return_when=asyncio.FIRST_EXCEPTION)
        go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    answers = asyncio.run(all_at_once())
    assert len([one for one in answers if isinstance(one, Unavailable)]) == 3
    assert max(most) <= AT_ONCE


def _with_units(doors, number):
    """Give a table of many units, and the doors before it."""
    table = doors.operating.table()
    ((row,),) = table.units.values()
    rows = (replace(row, unit=replace(row.unit, hsa_id=HsaId(f"u{n}"))) for n in range(number))
    units = _Noted({row.unit.hsa_id.key: (row,) for row in rows})
    many = replace(doors.operating, table=lambda: replace(table, units=units))
    return units, replace(doors, operating=many)


async def _asked(doors, data, gone_after=None):
    """Ask the door as a server does; give all that it sends, and hang up after some of that."""
    coming, sent, gone = [{"type": "http.request", "body": data}], [], asyncio.Event()

    async def receive():
        if coming:
            return coming.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)
        if len(sent) == gone_after:
            gone.set()

    scope = {"type": "http", "client": ("127.0.0.1", 4711), "headers": _HEADERS}
    await make_calls(doors)(scope, receive, send)
    return sent


_HEADERS = [(b"x-vp-sender-id", SYSTEM.encode())]
