"""Long answers are written beside other requests, and sent as they are written."""

import asyncio
import threading
from dataclasses import replace

from lxml import etree

from gateway.domain.hsa import HsaId
from gateway.domain.routed import Row
from gateway.facade.soap import make_calls
from gateway.facade.soap.written import PART
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
    table = doors.operating.table()
    ((row,),) = table.units.values()
    of_many = (replace(row, unit=replace(row.unit, hsa_id=HsaId(f"u{n}"))) for n in range(2000))
    units = _Noted({row.unit.hsa_id.key: (row,) for row in of_many})
    many = replace(doors.operating, table=lambda: replace(table, units=units))
    asked = _asked(replace(doors, operating=many), ASKED)
    start, *parts = asyncio.run(asked)
    assert b"content-length" not in dict(start["headers"])
    assert threading.get_ident() not in units.threads
    sizes = [len(part["body"]) for part in parts]
    assert len(sizes) > 10
    assert max(sizes) < PART + 1000
    rows = etree.fromstring(b"".join(part["body"] for part in parts))[0][0]
    assert len(rows) == 2000 + 1 + len(SERVED) - 1


async def _asked(doors, data):
    """Ask the door as a server does; give all that it sends."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": data}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "client": ("127.0.0.1", 4711), "headers": _HEADERS}
    await make_calls(doors)(scope, receive, send)
    return sent


_HEADERS = [(b"x-vp-sender-id", SYSTEM.encode())]
