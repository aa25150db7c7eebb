"""`vaxel routes import-tak`: make a region's units go where a service address catalogue says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import unified_diff
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gateway import plugins
from gateway.domain.period import SWEDEN
from gateway.domain.routing import RouteTable
from gateway.routes import Draft, Finding, build, read
from gateway.routes.destinations import AdapterFaults
from gateway.routes.difference import difference
from gateway.routes.draft import PERMISSIONS_FILE, UNITS_FILE
from gateway.routes.replacing import replaced
from gateway.routes.tak.calling import called
from gateway.routes.tak.merge import imported
from gateway.routes.tak.permissions import lacking
from gateway.routes.tak.reading import read_tak_file
from gateway.routes.tak.table import TakOrder, TakTable
from gateway.settings import Settings, read_settings
from gateway.terminal import counted, line, stop


def import_tak(
    source: Annotated[
        str,
        typer.Argument(help="The address of SokVagvalsInfo v2, a published version, or an order."),
    ],
    region: Annotated[str, typer.Option(help="Whose units.csv would change.")],
    platform: Annotated[
        str | None, typer.Option(help="Whose TAK an order must be for, such as NTJP-PROD.")
    ] = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Write units.csv.")] = False,
) -> None:
    """Tell what routes from a TAK would change of a region's units; with --write, change it."""
    settings = read_settings()
    faults = partial(plugins.faults, types=plugins.found(), secrets=settings.secrets)
    draft = read(settings.routing_rules)
    before = _built(draft, faults)
    tak = _read(source, platform, settings, before)
    after = imported(draft, region, tak, faults, datetime.now(SWEDEN).date())
    if not isinstance(after, Draft):
        _refuse(after)
    file = f"{region}/{UNITS_FILE}"
    _show(before, _built(after, faults), tak, region)
    for text in _diff(file, draft.files[file], after.files[file]):
        line(text)
    if draft.files[file] == after.files[file]:
        line(f"{file} says this already.")
    elif write:
        replaced(settings.routing_rules / file, after.files[file])
        line(f"{file} is written; go on with: vaxel routes diff")
    else:
        line("Nothing is written; --write writes it.")


def _built(draft: Draft, faults: AdapterFaults) -> RouteTable:
    built = build(draft, faults)
    return built if isinstance(built, RouteTable) else _refuse(built)


def _refuse(findings: list[Finding]) -> NoReturn:
    stop("\n".join([*map(str, findings), "Nothing was changed; what is live is kept."]))


def _read(
    source: str, platform: str | None, settings: Settings, table: RouteTable
) -> TakTable | TakOrder:
    if source.startswith(("http://", "https://")):
        return called(source)
    try:
        data = Path(source).read_bytes()
    except OSError as error:
        stop(f"{source} cannot be read ({error.strerror}); name a file, or an address with http")
    systems = {one.system.key for one in table.destinations.values() if one.system}
    callers = {caller.hsa_id.lower() for caller in settings.callers}
    return read_tak_file(Path(source).name, data, platform, systems | callers)


def _show(before: RouteTable, after: RouteTable, tak: TakTable | TakOrder, region: str) -> None:
    now = datetime.now(UTC)
    changes = difference(before, after, now, {}).changes
    routes = counted(len(tak.routes), "route")
    permissions = counted(len(tak.permissions), "call permission")
    line(f"Read: {routes} and {permissions} of ProcessCase.")
    for permission in lacking(tak.permissions, after, region, now):
        line(f"{PERMISSIONS_FILE} lacks, for national operators to add: {permission}")
    line(f"Would change: {counted(len(changes), 'unit')}.")
    for change in changes:
        line(f"{change.name} {change.how}: {change.words}")


def _diff(file: str, before: bytes, after: bytes) -> Iterator[str]:
    old, new = (data.decode().splitlines() for data in (before, after))
    return unified_diff(old, new, file, file, lineterm="", n=0)
