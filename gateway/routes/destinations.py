"""The `[destinations.<name>]` tables of a region: read, and judged with their adapters' help."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import MappingProxyType

from gateway.domain.destination import INBOX, Destination
from gateway.domain.policy import Policy, policy_faults
from gateway.routes.finding import Rule
from gateway.routes.page import Shape, Table, open_table
from gateway.routes.values import did_you_mean, hsa_fault, name_fault

# Tells what is wrong with the adapter of a destination, or with its settings.
AdapterFaults = Callable[[Destination], list[str]]

_REQUIRED: Shape = {"title": str, "adapter": str}
_OPTIONAL: Shape = {"system": str, "settings": dict, "policy": dict}
_POLICY: Shape = {field.name: type(field.default) for field in fields(Policy)}


def read_destinations(region: str, root: Table, adapters: AdapterFaults) -> dict[str, Destination]:
    """Read every destination of a region by its name."""
    tables = root.values.get("destinations")
    found: dict[str, Destination] = {}
    for name, values in tables.items() if isinstance(tables, dict) else ():
        table = open_table(root.page, ("destinations", name), values, _REQUIRED, _OPTIONAL)
        found[name] = destination = _read(region, name, table)
        if bad_name := name_fault(name):
            table.page.fault(table.where, Rule.BAD_NAME, bad_name)
        if destination.adapter:
            _judge(destination, table, adapters)
    return found


def named(table: Table, region: str, known: Mapping[str, Destination]) -> Destination:
    """Find the destination that a table names; a wrong name is told, and stood in for."""
    name = table.text("destination")
    if name and name not in known:
        table.fault("destination", Rule.UNKNOWN_DESTINATION, unknown(name, known))
    return known.get(name) or stand_in(region, name)


def unknown(name: str, known: Mapping[str, object]) -> str:
    """Word that a destination is not there."""
    return f"{name!r} is no destination of this region; {did_you_mean(name, known)}"


def stand_in(region: str, name: str) -> Destination:
    """Make what a wrong name can point at while checking goes on."""
    return Destination(f"{region}/{name}", region, name, INBOX, {}, Policy(), None, name)


def _read(region: str, name: str, table: Table) -> Destination:
    settings = table.values.get("settings", {})
    return Destination(
        key=f"{region}/{name}",
        region=region,
        name=name,
        adapter=table.text("adapter"),
        settings=MappingProxyType(settings if isinstance(settings, dict) else {}),
        policy=_policy(table),
        system=table.hsa_id("system"),
        title=table.text("title"),
    )


def _policy(table: Table) -> Policy:
    where = (*table.where, "policy")
    values = open_table(table.page, where, table.values.get("policy", {}), {}, _POLICY).values
    policy = Policy(**values)  # type: ignore[arg-type] # the shape has checked the types
    for words in policy_faults(policy):
        table.fault("policy", Rule.BAD_POLICY, words)
    return policy


def _judge(destination: Destination, table: Table, adapters: AdapterFaults) -> None:
    for fault in adapters(destination):
        table.fault("adapter", Rule.BAD_ADAPTER, fault)
    if destination.adapter == INBOX:
        _judge_inbox(destination, table)
    elif destination.system is None:
        words = "system is missing: the HSA-id of the case system that may post replies from here"
        table.fault("system", Rule.BAD_SYSTEM, words)


def _judge_inbox(destination: Destination, table: Table) -> None:
    if destination.system is not None:
        words = "the built-in inbox has no case system; remove it, or choose another adapter"
        table.fault("system", Rule.BAD_SYSTEM, words)
    owner = destination.settings.get("owner")
    if isinstance(owner, str) and (bad_owner := hsa_fault(owner)):
        table.page.fault((*table.where, "settings", "owner"), Rule.BAD_HSA_ID, bad_owner)
