"""
The one place that names concrete things and wires them into a gateway.

Here is what commands need; a whole gateway and its doors, which take longer to load, are in
`gateway.app.gateway` and `gateway.app.facade`.
"""

from gateway.app.commands import (
    live_routes,
    open_keeping,
    open_outbox,
    open_publishing,
    open_replaying,
    open_retaining,
    open_retaining_unmatched,
    publish_first_routes,
)
from gateway.app.contents import check_contents
from gateway.app.database import check_database, upgrade
from gateway.app.routes import build_routes, load_routes

__all__ = [
    "build_routes",
    "check_contents",
    "check_database",
    "live_routes",
    "load_routes",
    "open_keeping",
    "open_outbox",
    "open_publishing",
    "open_replaying",
    "open_retaining",
    "open_retaining_unmatched",
    "publish_first_routes",
    "upgrade",
]
