"""From a draft to a table, or to every fault that stands in the way (DOMAIN B10)."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.domain.routing import RouteTable, Row
from gateway.routes.destinations import AdapterFaults
from gateway.routes.draft import (
    NATIONAL_FILE,
    PERMISSIONS_FILE,
    REGION_FILE,
    TREE_SUFFIXES,
    UNITS_FILE,
    Draft,
    read,
)
from gateway.routes.example import failure
from gateway.routes.finding import Finding, Rule
from gateway.routes.hsa_units_file import read_tree
from gateway.routes.national_file import NationalFile, default_of, read_national
from gateway.routes.permissions_file import read_permissions
from gateway.routes.region_checks import (
    committee_faults,
    provider_faults,
    twin_faults,
    under_faults,
)
from gateway.routes.region_file import RegionFile, read_region
from gateway.routes.unit_checks import start_of, unit_faults
from gateway.routes.units_file import read_units, units_sheet
from gateway.routes.values import name_fault

_DATE_RULES = (Rule.BAD_DATE, Rule.BAD_PERIOD)


def load(folder: Path, adapters: AdapterFaults) -> RouteTable | list[Finding]:
    """Read, check and compile the rules of a folder; bad content never raises."""
    return build(read(folder), adapters)


def build(draft: Draft, adapters: AdapterFaults) -> RouteTable | list[Finding]:
    """
    Check a draft and compile it; the same draft always gives the same, whatever the time.

    `adapters` tells what is wrong with a destination's adapter or its settings. The findings are
    in order of file and line, and are all that can be told at once.
    """
    with _nothing_collected():
        return _built(draft, adapters)


def _built(draft: Draft, adapters: AdapterFaults) -> RouteTable | list[Finding]:
    findings = list(draft.findings)
    if not draft.regions and not findings:
        words = f"there is no region; add a folder with {REGION_FILE} and {UNITS_FILE}"
        findings.append(Finding(".", 0, Rule.NO_REGIONS, words))
    national = read_national(draft.files.get(NATIONAL_FILE), findings)
    findings += [*_name_faults(draft), *_top_faults(draft, national, findings)]
    regions = [_read_region(draft, key, findings, adapters) for key in draft.regions]
    table = _table(draft, national, regions, findings)
    findings += _faults_between(regions, table, findings)
    return sorted(set(findings)) or table


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep the garbage collector out: of a million small things that are made, none is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


_Read = tuple[RegionFile, list[Row] | None]


def _name_faults(draft: Draft) -> Iterator[Finding]:
    for path in draft.files:
        region, _, name = path.rpartition("/")
        if region and name not in (REGION_FILE, UNITS_FILE):
            words = f"only {REGION_FILE} and {UNITS_FILE} are read; rename it or take it away"
            yield Finding(path, 0, Rule.UNKNOWN_FILE, words)
    for key in draft.regions:
        if bad_name := name_fault(key):
            yield Finding(key, 0, Rule.BAD_NAME, bad_name)


def _top_faults(
    draft: Draft, national: NationalFile, findings: list[Finding]
) -> Iterator[Finding]:
    known = {NATIONAL_FILE, PERMISSIONS_FILE, *national.tree_files}
    if any(finding.file == NATIONAL_FILE for finding in findings):
        # What it would have named may be any of these.
        known |= {path for path in draft.files if path.endswith(TREE_SUFFIXES)}
    for path in draft.files:
        if "/" not in path and path not in known:
            words = f"beside the regions only {NATIONAL_FILE}, {PERMISSIONS_FILE} and what [[tree]] names are read; rename it or take it away"  # noqa: E501 one sentence
            yield Finding(path, 0, Rule.UNKNOWN_FILE, words)


def _read_region(
    draft: Draft, key: str, findings: list[Finding], adapters: AdapterFaults
) -> _Read:
    data = draft.files.get(f"{key}/{REGION_FILE}")
    file = read_region(key, data, findings, adapters)
    sheet = units_sheet(key, file.destinations, findings)
    return file, read_units(sheet, draft.files.get(f"{key}/{UNITS_FILE}"))


def _table(
    draft: Draft, national: NationalFile, regions: list[_Read], findings: list[Finding]
) -> RouteTable:
    units: dict[str, list[Row]] = {}
    for _, rows in regions:
        for row in rows or ():
            units.setdefault(row.unit.hsa_id.key, []).append(row)
    known = {d.key: d for file, _ in regions for d in (file.destinations or {}).values()}
    tree = read_tree(national.trees, draft.files, findings)
    called = draft.files.get(PERMISSIONS_FILE)
    return RouteTable(
        version=draft.version,
        regions={file.region.key: file.region for file, _ in regions},
        destinations=known,
        units={key: _in_order(rows) for key, rows in units.items()},
        tree=tree,
        default=default_of(national, known),
        permissions=read_permissions(called, national.parts_rules, tree, findings),
    )


def _in_order(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(rows) if len(rows) == 1 else tuple(sorted(rows, key=start_of))


def _faults_between(
    regions: list[_Read], table: RouteTable, findings: list[Finding]
) -> Iterator[Finding]:
    yield from unit_faults(table, {(f.file, f.line) for f in findings if f.rule in _DATE_RULES})
    yield from committee_faults(table)
    yield from twin_faults(file for file, _ in regions)
    for file, rows in regions:
        # Where a whole file is missing, every rule and example would only say so again.
        if file.page is None or rows is None:
            continue
        yield from under_faults(file, file.page, table)
        yield from provider_faults(file, file.page, table)
        failures = (failure(one, file.region.key, table) for one in file.examples)
        yield from (found for found in failures if found)
