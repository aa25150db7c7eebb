"""The route table as the settings have it: the folder, and what was published."""

from functools import partial

from gateway import plugins
from gateway.adapter import AdapterTypes
from gateway.domain.publication import Files, Publication
from gateway.domain.routing import RouteTable
from gateway.routes import Draft, build, read
from gateway.routes.destinations import AdapterFaults
from gateway.routes.finding import Finding
from gateway.routes.publishing import publish_first
from gateway.settings import Settings
from gateway.store.sql_store import SqlStore


def load_routes(settings: Settings, types: AdapterTypes) -> RouteTable | list[Finding]:
    """Read and check `routing_rules/`: a table, or every fault in it."""
    return build(read(settings.routing_rules), _adapter_faults(settings, types))


def build_routes(
    settings: Settings, types: AdapterTypes, files: Files
) -> RouteTable | list[Finding]:
    """Check the files of a publication: a table, or every fault in them."""
    return build(Draft(files), _adapter_faults(settings, types))


def _adapter_faults(settings: Settings, types: AdapterTypes) -> AdapterFaults:
    return partial(plugins.faults, types=types, secrets=settings.secrets)


AT_FIRST_START = "the routing rules that were there at the first start"


def publish_folder(settings: Settings, store: SqlStore, author: str, reason: str) -> Publication:
    """Publish the routing rules in the folder, where nothing was published before."""
    made = partial(build_routes, settings, plugins.found())
    draft, at = read(settings.routing_rules), store.clock()
    return publish_first(store.publications, draft, made, author, reason, at)
