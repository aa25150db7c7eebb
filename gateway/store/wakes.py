"""Other processes are woken when there is something new for them."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from time import monotonic

import psycopg
import structlog
from sqlalchemy import URL, Connection, make_url, text
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    wait_random_exponential,
)

from gateway.store.bounded_connection import BoundedConnection

log = structlog.get_logger()

# So often the server is asked whether it is still there: a firewall may have cut the connection
# without a word, or the server may hang while another has taken its place.
_LOOK_S = 5.0
# How often a process looks whether another has written to an SQLite file; it takes microseconds.
_GLANCE_S = 0.01
# What there can be something new for: workers, and everybody who routes.
OUTBOX, ROUTES = "vaxel_outbox", "vaxel_routes"
_NOTIFY = {channel: text(f"NOTIFY {channel}") for channel in (OUTBOX, ROUTES)}


def tell(connection: Connection, channel: str = OUTBOX) -> None:
    """
    Wake those that listen when this transaction is on disk; once, however much was put there.

    SQLite needs no telling: it shows to each connection that another one has written.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_NOTIFY[channel])


@dataclass(slots=True)
class Wakes:
    """
    Calls `wake` for everything new until it is stopped, whatever happens to the connection.

    Polling stands behind: what was told while nobody listened is found by it.
    """

    url: str
    wake: Callable[[], None]
    channel: str = OUTBOX
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Listen to the server, or watch the file, until `stop`."""
        parsed = make_url(self.url)
        if parsed.get_backend_name() == "postgresql":
            _listen_until(_plain(parsed), self.channel, self.wake, self._stopping)
        else:
            _watch_until(parsed.database or "", self.wake, self._stopping)

    def stop(self) -> None:
        """Wake nobody any more."""
        self._stopping.set()


def _plain(url: URL) -> str:
    """Give the URL as the driver itself takes it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _watch_until(place: str, wake: Callable[[], None], stopping: threading.Event) -> None:
    with closing(sqlite3.connect(place)) as connection:
        seen = version = None
        while not stopping.wait(_GLANCE_S):
            # Tells that another connection has written, without reading the file's content.
            with suppress(sqlite3.Error):
                (version,) = connection.execute("PRAGMA data_version").fetchone()
            if version != seen:
                seen = version
                wake()


def _listen_until(
    place: str, channel: str, wake: Callable[[], None], stopping: threading.Event
) -> None:
    again = Retrying(
        retry=retry_if_exception_type(psycopg.Error),
        wait=wait_random_exponential(multiplier=0.2, max=_LOOK_S),
        stop=lambda _: stopping.is_set(),
        sleep=sleep_using_event(stopping),
        before_sleep=_say_once,
        retry_error_callback=lambda _: None,
    )
    while not stopping.is_set():
        again(_listen, place, channel, wake, stopping)


def _listen(url: str, channel: str, wake: Callable[[], None], stopping: threading.Event) -> None:
    with BoundedConnection.connect(url, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"LISTEN {channel}".encode())
        # What came while nobody listened.
        wake()
        while not stopping.is_set():
            _hear(connection, wake, stopping)
            # A server that is there says so, and changes nothing.
            connection.execute(f"LISTEN {channel}".encode())


def _hear(
    connection: BoundedConnection, wake: Callable[[], None], stopping: threading.Event
) -> None:
    until = monotonic() + _LOOK_S
    while monotonic() < until and not stopping.is_set():
        for _ in connection.notifies(timeout=_LOOK_S / 10, stop_after=1):
            wake()


def _say_once(state: RetryCallState) -> None:
    # The words of the driver may carry the address and the user.
    if state.attempt_number == 1:
        log.warning("wakes.not_heard", reason="the database does not answer", instead="polling")
