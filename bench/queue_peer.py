"""
A task queue from PyPI, procrastinate, with the same job.

It brings what waits in PostgreSQL to a case system, by as many calls at once as our own worker
makes. It keeps no order within a case: with a lock for each case it takes several times as long.
"""

from collections.abc import Sequence

import httpcore
import uvloop
from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONDict

from bench.town import SLOTS
from bench.ways import make_case


def defer(database_url: str, unit: str, cases: int) -> list[str]:
    """Make the queue's tables in a bare database and put so many cases in; gives their ids."""
    case_ids = [f"case-{number}" for number in range(cases)]
    uvloop.run(_defer(_queue(database_url, port=0), unit, case_ids))
    return case_ids


def work(database_url: str, port: int) -> None:
    """Bring what waits to the system on a port, until stopped."""
    uvloop.run(_work(_queue(database_url, port)))


def _queue(database_url: str, port: int) -> App:
    app = App(connector=PsycopgConnector(conninfo=database_url, max_size=SLOTS + 4))
    http = httpcore.AsyncConnectionPool(max_connections=SLOTS, keepalive_expiry=5.0)

    @app.task(name="deliver", retry=10)
    async def deliver(body: str) -> None:
        url, content = f"http://127.0.0.1:{port}/", body.encode()
        answer = await http.request("POST", url, headers=_HEADERS, content=content)
        if answer.status != 200:
            raise RuntimeError("it was not taken")

    return app


async def _defer(app: App, unit: str, case_ids: Sequence[str]) -> None:
    jobs: list[JSONDict] = [{"body": make_case(unit, case_id).decode()} for case_id in case_ids]
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        await app.configure_task("deliver").batch_defer_async(*jobs)


async def _work(app: App) -> None:
    async with app.open_async():
        await app.run_worker_async(concurrency=SLOTS)


_HEADERS = [(b"Content-Type", b"application/json")]
