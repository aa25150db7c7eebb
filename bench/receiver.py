"""
A case system that takes everything after a while: `python -m bench.receiver PORT DELAY_MS`.

`GET /N` tells what has arrived after the first N, a line each: the case's id and the monotonic
clock, which all processes of one machine share.
"""

import asyncio
import re
import sys
import time

import uvloop

_CASE_ID = re.compile(rb'"caseId": ?"([^"]+)"')
_ASKED = re.compile(rb"GET /(\d+) ")
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


async def serve(port: int, delay_s: float) -> None:
    """Take until killed."""
    arrived: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            told = b"{}"
            if found := _CASE_ID.search(body):
                arrived.append(f"{found[1].decode()} {time.monotonic()}")
                await asyncio.sleep(delay_s)
            elif asked := _ASKED.match(head):
                told = "\n".join(arrived[int(asked[1]) :]).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told))
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2]) / 1000))
