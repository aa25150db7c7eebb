"""Connections that can be cut and slowed: everything passes through this process on its way."""

import asyncio
import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# Where a link leads now: a port, a Unix socket, or nowhere.
Target = Callable[[], int | Path | None]

_AT_ONCE = 65536
# Closing tells the other end at once that the connection is broken.
_BREAK = struct.pack("ii", 1, 0)


@dataclass(eq=False, slots=True)
class Link:
    """Passes on what is said between those who connect to `port` and the target."""

    target: Target
    loop: asyncio.AbstractEventLoop
    port: int = 0
    _server: asyncio.Server | None = None
    _refusing: bool = False
    _answering: asyncio.Event = field(default_factory=asyncio.Event)
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    async def open(self) -> None:
        """Let connections in; `port` is told from now on."""
        self._answering.set()
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Break all connections, and listen no more; called in the loop."""
        self._break()
        if self._server:
            self._server.close()

    def slow(self, seconds: float) -> None:
        """Hold back every answer for so long; questions go through."""
        self.loop.call_soon_threadsafe(self._answering.clear)
        time.sleep(seconds)
        self.loop.call_soon_threadsafe(self._answering.set)

    def cut(self, seconds: float) -> None:
        """Break all connections, and let nobody in for so long."""
        self.loop.call_soon_threadsafe(self._break)
        time.sleep(seconds)
        self._refusing = False

    def _break(self) -> None:
        self._refusing = True
        for end in list(self._ends):
            _abort(end)

    async def _pass_on(self, asking: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        self._ends.add(near)
        far = None
        try:
            with contextlib.suppress(OSError):
                answering, far = await self._reach()
                self._ends.add(far)
                ways = [_pump(asking, far), _pump(answering, near, self._answering)]
                await _until_one_ends(ways)
        finally:
            for end in filter(None, (near, far)):
                end.close()
                self._ends.discard(end)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        match self.target():
            case _ if self._refusing:
                raise ConnectionRefusedError
            case int(port):
                return await asyncio.open_connection("127.0.0.1", port)
            case Path() as place:
                return await asyncio.open_unix_connection(place)
            case _:
                raise ConnectionRefusedError


@contextmanager
def open_links(*targets: Target) -> Iterator[tuple[Link, ...]]:
    """Open a link to each, in a thread of their own, until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    links = tuple(Link(target, loop) for target in targets)
    try:
        for link in links:
            asyncio.run_coroutine_threadsafe(link.open(), loop).result()
        yield links
    finally:
        asyncio.run_coroutine_threadsafe(_end(links), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _pump(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: asyncio.Event | None = None
) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(_AT_ONCE):
            if gate:
                await gate.wait()
            sink.write(data)
            await sink.drain()


async def _until_one_ends(ways: list[Coroutine[None, None, None]]) -> None:
    tasks = [asyncio.ensure_future(way) for way in ways]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _end(links: Iterable[Link]) -> None:
    for link in links:
        link.close()
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


def _abort(end: asyncio.StreamWriter) -> None:
    if (connection := end.get_extra_info("socket")) is not None:
        with contextlib.suppress(OSError):  # a Unix socket has no such option
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _BREAK)
    end.transport.abort()
