"""The one place that names concrete things and wires them into a gateway."""

from gateway.app.commands import (
    live_routes,
    open_keeping,
    open_outbox,
    open_publishing,
    open_replaying,
    open_retaining,
    publish_first_routes,
)
from gateway.app.database import check_database
from gateway.app.facade import make_facade
from gateway.app.gateway import CONTRACTS, Gateway, open_gateway
from gateway.app.routes import build_routes, load_routes

__all__ = [
    "CONTRACTS",
    "Gateway",
    "build_routes",
    "check_database",
    "live_routes",
    "load_routes",
    "make_facade",
    "open_gateway",
    "open_keeping",
    "open_outbox",
    "open_publishing",
    "open_replaying",
    "open_retaining",
    "publish_first_routes",
]
