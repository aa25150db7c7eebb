"""What must be true between regions, and between a region's own file and the units."""

from collections.abc import Iterable, Iterator

from gateway.domain.routing import RouteTable
from gateway.routes.finding import Finding, Rule
from gateway.routes.page import Page
from gateway.routes.region_file import RegionFile


def committee_faults(table: RouteTable) -> Iterator[Finding]:
    """Tell which committees are also units: the two are separate receivers (DOMAIN B5)."""
    for region in table.regions.values():
        for row in table.units.get(region.committee.hsa_id.key, ()):
            words = f"{row.unit.hsa_id} is the committee of region {region.key}; remove this row"
            yield Finding(row.file, row.line, Rule.COMMITTEE_IS_UNIT, words)


def twin_faults(files: Iterable[RegionFile]) -> Iterator[Finding]:
    """Tell what two regions both claim as theirs: a county code, or a committee."""
    first: dict[tuple[Rule, str], str] = {}
    for file in files:
        region = file.region
        for where, rule, value in (
            (("code",), Rule.SAME_CODE, region.code),
            (("committee", "hsa_id"), Rule.SAME_COMMITTEE, region.committee.hsa_id.key),
        ):
            other = first.setdefault((rule, value), region.key)
            if other != region.key and value and file.page:
                words = f"this is also that of region {other}; each region has its own"
                yield file.page.finding(where, rule, words)


def under_faults(file: RegionFile, page: Page, table: RouteTable) -> Iterator[Finding]:
    """Tell which rules are for the units under one that the region does not have."""
    for number, rule in enumerate(file.region.rules):
        if rule.under is None:
            continue
        rows = table.units.get(rule.under.key, ())
        if not any(row.unit.region == file.region.key for row in rows):
            words = f"{rule.under} is no unit of this region's file; add it, or correct the id"
            yield page.finding(("rules", number, "under"), Rule.UNKNOWN_UNIT, words)


def provider_faults(file: RegionFile, page: Page, table: RouteTable) -> Iterator[Finding]:
    """Tell which rules are for the units of a provider that has none in the region."""
    rows = (row for of_unit in table.units.values() for row in of_unit)
    known = {row.unit.provider for row in rows if row.unit.region == file.region.key}
    for number, rule in enumerate(file.region.rules):
        if rule.provider is not None and rule.provider not in known:
            words = f"{rule.provider} is the provider of no unit in this region's file; correct it"
            yield page.finding(("rules", number, "provider"), Rule.UNKNOWN_PROVIDER, words)
