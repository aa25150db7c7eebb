"""The long-lived processes: what serves and what delivers, from start until told to stop."""

import gc
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import uvicorn

from gateway import log
from gateway.app.gateway import Gateway, open_gateway
from gateway.facade.metrics import metrics_server
from gateway.facade.protocol import BoundedHead
from gateway.facade.tls import Tls, checked_context
from gateway.facade.tokens import tokens_of
from gateway.routes.following import look
from gateway.routes.live import LiveTable
from gateway.settings import Settings

# Those that are connected have this long to end when we are told to stop (seconds).
GRACE_S = 10


def serve(
    settings: Settings,
    *,
    with_worker: bool,
    opened: Callable[[Settings], Gateway] = open_gateway,
) -> None:
    """Open the doors until told to stop, with a worker in the same process or without."""
    # Only here: a worker has no doors, and starts a fifth sooner without them.
    from gateway.app.facade import make_facade

    log.configure()
    _hold({signal.SIGHUP})
    gateway = opened(settings)
    worker = gateway.worker() if with_worker else None
    tls = Tls(settings.tls) if settings.tls else None
    threading.Thread(target=_look_at_hangups, args=(gateway.live, tls), daemon=True).start()
    server = uvicorn.Server(
        uvicorn.Config(
            make_facade(gateway, worker),
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http=BoundedHead,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
            ssl_context_factory=(lambda *_: tls.context) if tls else None,
        )
    )
    _tune_the_interpreter()
    server.run()


def check_files(settings: Settings) -> None:
    """Tell whether certificates and keys could be used now; raises StartRefused."""
    if settings.tls:
        checked_context(settings.tls)
    tokens_of(settings.oauth)


def work(settings: Settings) -> None:
    """Deliver until told to stop."""
    log.configure()
    told = {signal.SIGHUP, signal.SIGTERM, signal.SIGINT}
    _hold(told)
    gateway = open_gateway(settings)
    with gateway.delivering(gateway.worker()), _open_to_monitors(gateway):
        while signal.sigwait(told) is signal.SIGHUP:
            look(gateway.live)


def _open_to_monitors(gateway: Gateway) -> AbstractContextManager[None]:
    bind = gateway.settings.metrics_bind
    if bind is None:
        return nullcontext()
    host, _, port = bind.rpartition(":")
    return metrics_server(gateway.metrics_route(), host, int(port))


def _tune_the_interpreter() -> None:
    """
    Spend the time on requests: measured, these two together give about a fifth more of them.

    What was built at start (routes, schemas, libraries) stays to the end, so the garbage collector
    need not look through it again; and threads that want the interpreter, which the event loop
    has most of the time, get it sooner than after the default of five milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(0.001)


def _hold(signals: set[signal.Signals]) -> None:
    """
    Keep signals for those that wait for them, in this thread and all it starts.

    A handler would run in the middle of anything, and wait for ever for a lock that is held there.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)


def _look_at_hangups(live: LiveTable, tls: Tls | None) -> None:
    """Look for newer routes and certificates at each SIGHUP, beside the work: it takes seconds."""
    while signal.sigwait({signal.SIGHUP}):
        if tls is not None:
            tls.reload()
        look(live)
