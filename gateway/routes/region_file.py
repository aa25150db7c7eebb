"""region.toml: a region's name, committee, destinations, rules and examples, every fault told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gateway.domain.case import Kind
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.region import FOUR_WEEKS
from gateway.domain.routing import Committee, Region, RouteRule
from gateway.routes import example
from gateway.routes.destinations import AdapterFaults, named, read_destinations, stand_in
from gateway.routes.draft import REGION_FILE
from gateway.routes.example import Example, read_example
from gateway.routes.finding import Finding, Rule
from gateway.routes.page import Page, Shape, Table, open_table, open_tables
from gateway.routes.retention import read_retention
from gateway.routes.tak.addresses import read_addresses
from gateway.routes.toml_file import open_toml

_PERIOD: Shape = {"valid_from": date, "valid_to": date}
_REQUIRED: Shape = {"name": str, "code": str}
_OPTIONAL: Shape = {
    "answer_within_days": int,
    "anonymous": bool,
    "committee": dict,
    "destinations": dict,
    "rules": list,
    "examples": list,
    "retention": dict,
    "tak": dict,
}
_COMMITTEE: Shape = {"hsa_id": str, "name": str, "destination": str}
_RULE: Shape = {"name": str, "destination": str}
_RULE_LIMITS: Shape = {"kind": str, "provider": str, "under": str, **_PERIOD}

_CODE = re.compile(r"[0-9]{2}")
_LONGEST_ANSWER_DAYS = 365


@dataclass(frozen=True, slots=True)
class RegionFile:
    """
    What could be read of a region's file.

    When it is no TOML, `page` and `destinations` are None, and `region` only keeps the place.
    """

    region: Region
    page: Page | None
    destinations: Mapping[str, Destination] | None
    examples: tuple[Example, ...]
    # Which destination each address in a TAK means.
    addresses: Mapping[str, str]


def read_region(
    key: str, data: bytes | None, findings: list[Finding], adapters: AdapterFaults
) -> RegionFile:
    """Read one region.toml; `adapters` tells what is wrong with a destination's settings."""
    opened = open_toml(f"{key}/{REGION_FILE}", data, findings)
    if opened is None:
        return RegionFile(_unread(key), None, None, (), {})
    page, values = opened
    root = open_table(page, (), values, _REQUIRED, _OPTIONAL)
    destinations = read_destinations(key, root, adapters)
    region = Region(
        key=key,
        name=root.text("name"),
        code=_code(root),
        committee=_committee(key, root, destinations),
        rules=tuple(_rules(key, root, destinations)),
        retention=read_retention(root),
        answer_within_days=_answer_within_days(root),
        anonymous=root.values.get("anonymous") is True,
    )
    examples = _examples(root, set(destinations))
    return RegionFile(region, page, destinations, examples, read_addresses(root, destinations))


def _unread(key: str) -> Region:
    """Keep the place of a region that cannot be read, so that its units raise no more faults."""
    somewhere = stand_in(key, "")
    committee = Committee(HsaId(""), "", somewhere)
    return Region(key, key, "", committee, (RouteRule("", somewhere),))


def _code(root: Table) -> str:
    code = root.text("code")
    if code and not _CODE.fullmatch(code):
        root.fault("code", Rule.BAD_CODE, f"{code!r} is not a county code: two digits")
    return code


def _answer_within_days(root: Table) -> int:
    days = root.values.get("answer_within_days", FOUR_WEEKS)
    if isinstance(days, int) and 1 <= days <= _LONGEST_ANSWER_DAYS:
        return days
    words = f"must be from 1 to {_LONGEST_ANSWER_DAYS} days; complaints are due after as many"
    root.fault("answer_within_days", Rule.BAD_DAYS, words)
    return FOUR_WEEKS


def _committee(key: str, root: Table, known: Mapping[str, Destination]) -> Committee:
    if "committee" not in root.values:
        words = "the region has no [committee]; until it has, nobody in the region can receive"
        root.fault("committee", Rule.NO_COMMITTEE, words)
        return _unread(key).committee
    table = open_table(root.page, ("committee",), root.values["committee"], _COMMITTEE, _PERIOD)
    return Committee(
        hsa_id=table.hsa_id("hsa_id") or HsaId(""),
        name=table.text("name"),
        destination=named(table, key, known),
        period=table.period(),
    )


def _rules(key: str, root: Table, known: Mapping[str, Destination]) -> list[RouteRule]:
    return [
        RouteRule(
            name=table.text("name"),
            destination=named(table, key, known),
            kind=table.choice("kind", Kind),
            provider=table.hsa_id("provider"),
            under=table.hsa_id("under"),
            period=table.period(),
        )
        for table in open_tables(root, "rules", _RULE, _RULE_LIMITS)
    ]


def _examples(root: Table, names: set[str]) -> tuple[Example, ...]:
    tables = open_tables(root, "examples", example.REQUIRED, example.OPTIONAL)
    read = [read_example(table, names) for table in tables]
    return tuple(one for one in read if one is not None)
